// The status bar's menu.
import { commands, window } from 'vscode';
import { requireEditor, type Command } from './command';

export const showActions: Command = {
  id: 'promptmark.showActions',
  run: async (services) => {
    const { image } = requireEditor(services).document;
    const { status } = services.engine;
    const items = [
      { label: '$(database) Choose Dataset File…', detail: image.store.path, id: 'chooseDataset' },
      { label: '$(go-to-file) Open Dataset File at This Image', id: 'openDatasetFile' },
      { label: '$(arrow-right) Next Unlabelled Image', id: 'nextUnlabelledImage' },
      { label: '$(wand) Segment Everything', id: 'segmentEverything' },
      {
        label: '$(debug-restart) Restart Engine',
        detail: [status.name, status.device, status.message].filter(Boolean).join(' · '),
        id: 'restartEngine',
      },
      { label: '$(output) Show Log', id: 'showLog' },
    ];
    const picked = await window.showQuickPick(items, { title: 'Promptmark' });
    if (picked) await commands.executeCommand(`promptmark.${picked.id}`);
  },
};
