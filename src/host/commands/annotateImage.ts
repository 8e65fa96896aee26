// Opens images in the Promptmark editor, from Explorer, the editor title or the palette.
import { commands, Uri, window } from 'vscode';
import { EDITOR_VIEW_TYPE } from '../editor/provider';
import { IMAGE_EXTENSIONS } from '../editor/gallery';
import { isUri, type Command } from './command';

/** Argument: the file clicked; without it the active image, else one that is asked for. */
export const annotateImage: Command = {
  id: 'promptmark.annotateImage',
  run: async (_services, argument) => {
    const uri = isUri(argument) ? argument : (activeFile() ?? (await askForImage()));
    if (uri) await commands.executeCommand('vscode.openWith', uri, EDITOR_VIEW_TYPE);
  },
};

function activeFile(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = typeof input === 'object' && input !== null && 'uri' in input ? input.uri : null;
  if (!(uri instanceof Uri)) return undefined;
  const extension = /\.[^./\\]+$/.exec(uri.path)?.[0].toLowerCase() ?? '';
  return IMAGE_EXTENSIONS.has(extension) ? uri : undefined;
}

async function askForImage(): Promise<Uri | undefined> {
  const extensions = [...IMAGE_EXTENSIONS].map((extension) => extension.slice(1));
  const [uri] = (await window.showOpenDialog({ filters: { Images: extensions } })) ?? [];
  return uri;
}
