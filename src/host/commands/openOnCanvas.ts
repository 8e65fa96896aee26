// Opens an entry of a COCO file where it can be seen: its image in the editor, its annotation selected.
import { realpath } from 'node:fs/promises';
import { commands, Uri, window } from 'vscode';
import { DomainError } from '../../shared/protocol/wire';
import { CocoEntries } from '../cocoFile/entryProviders';
import { EDITOR_VIEW_TYPE } from '../editor/provider';
import type { EditorSession } from '../editor/session';
import type { Command, CommandServices } from './command';

/** An entry of a dataset. */
export interface CanvasPlace {
  /** absolute path of the COCO file */
  readonly dataset: string;
  readonly imageId: number;
  readonly annotationId?: number;
}

/** Argument: a CanvasPlace; without it the entry at the cursor. */
export const openOnCanvas: Command = {
  id: 'promptmark.openOnCanvas',
  run: async (services, argument) => {
    const place = isPlace(argument) ? argument : await placeAtCursor(services);
    const { dataset, imageId, annotationId } = place;
    const { images } = await services.cocoTexts.port.request('dataset/list', { path: dataset });
    const image = images.find(({ id }) => id === imageId);
    if (!image) {
      const message = `The dataset on disk has no image ${imageId} that can be opened. Save the file, then try again.`;
      throw new DomainError('not-found', message);
    }
    await commands.executeCommand('vscode.openWith', Uri.file(image.path), EDITOR_VIEW_TYPE);
    const session = await sessionOf(services, image.path);
    const { image: shown } = session.document;
    if ((await isOther(shown.store.path, dataset)) && !shown.core.isChanged)
      await shown.useDataset(dataset);
    if (annotationId !== undefined) session.select([annotationId]);
  },
};

/** Whether two paths name different files, links followed. */
async function isOther(one: string, other: string): Promise<boolean> {
  const real = (file: string): Promise<string> => realpath(file).catch(() => file);
  return (await real(one)) !== (await real(other));
}

function isPlace(argument: unknown): argument is CanvasPlace {
  const given = argument as Partial<CanvasPlace> | null | undefined;
  return typeof given?.dataset === 'string' && typeof given.imageId === 'number';
}

async function placeAtCursor({ cocoTexts }: CommandServices): Promise<CanvasPlace> {
  const editor = window.activeTextEditor;
  const entries = new CocoEntries(cocoTexts);
  const entry = editor && (await entries.entryAt(editor.document, editor.selection.active));
  if (!editor || !entry || entry.imageId === null) {
    throw new Error('Put the cursor on an image or an annotation of a COCO file first.');
  }
  const { list, id, imageId } = entry;
  const annotation = list === 'annotations' && id !== null ? { annotationId: id } : {};
  return { dataset: editor.document.uri.fsPath, imageId, ...annotation };
}

/** The editor of an image that VS Code was asked to open. */
function sessionOf({ editors }: CommandServices, file: string): Promise<EditorSession> {
  const find = (): EditorSession | undefined => {
    const all = editors.all.filter(({ document }) => document.uri.fsPath === file);
    return all.find(({ panel }) => panel.active) ?? all.at(-1);
  };
  return new Promise((resolve) => {
    const found = find();
    if (found) return resolve(found);
    const listener = editors.onDidChange(() => {
      const opened = find();
      if (!opened) return;
      listener.dispose();
      resolve(opened);
    });
  });
}
