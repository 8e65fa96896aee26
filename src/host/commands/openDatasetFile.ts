// Opens the COCO file as text, at the entry of the active image.
import { Range, Uri, window, workspace } from 'vscode';
import { requireEditor, type Command } from './command';

export const openDatasetFile: Command = {
  id: 'promptmark.openDatasetFile',
  run: async (services) => {
    const { image } = requireEditor(services).document;
    const { store, core } = image;
    if (!(await store.load()).exists) {
      throw new Error(`${store.name} does not exist yet. Saving an annotation makes it.`);
    }
    const text = await workspace.openTextDocument(Uri.file(store.path));
    const content = text.getText();
    const name = JSON.stringify(core.state.image.file_name);
    const at = content.indexOf(name);
    const start = text.positionAt(Math.max(at, 0));
    const end = text.positionAt(at < 0 ? 0 : at + name.length);
    await window.showTextDocument(text, { selection: new Range(start, end), preview: false });
  },
};
