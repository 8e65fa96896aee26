// Changes which COCO file the active image belongs to.
import path from 'node:path';
import { Uri, window, type QuickPickItem } from 'vscode';
import { NEW_DATASET_NAME } from '../editor/findDataset';
import { requireEditor, type Command, type CommandServices } from './command';

interface DatasetItem extends QuickPickItem {
  /** absolute path; absent: ask for a file */
  readonly file?: string;
}

/** Argument: the path of a COCO file; without it a list is shown. */
export const chooseDataset: Command = {
  id: 'promptmark.chooseDataset',
  run: async (services, argument) => {
    const { image } = requireEditor(services).document;
    const file = typeof argument === 'string' ? argument : await ask(services, image.imagePath);
    if (!file) return;
    await image.useDataset(file);
    await services.finder.choose(image.imagePath, file);
  },
};

async function ask({ finder }: CommandServices, imagePath: string): Promise<string | undefined> {
  const folder = path.dirname(imagePath);
  const beside = path.join(folder, NEW_DATASET_NAME);
  const found = await finder.candidates(imagePath);
  const items: DatasetItem[] = [
    ...found.map((file) => ({
      label: path.basename(file),
      description: path.relative(folder, path.dirname(file)),
      detail: 'Lists this image',
      file,
    })),
    ...(found.includes(beside)
      ? []
      : [
          { label: NEW_DATASET_NAME, detail: 'Beside the image; made on first save', file: beside },
        ]),
    { label: 'Browse…', detail: 'Any COCO file' },
  ];
  const title = `Dataset of ${path.basename(imagePath)}`;
  const picked = await window.showQuickPick(items, { title, ignoreFocusOut: true });
  if (!picked || picked.file) return picked?.file;
  const filters = { 'COCO files': ['json'] };
  const defaultUri = Uri.file(folder);
  return (await window.showOpenDialog({ title, filters, defaultUri }))?.[0]?.fsPath;
}
