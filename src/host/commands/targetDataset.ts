// Which COCO file a command is for: the one it was called on, the one in sight, else one that is asked for.
import { window } from 'vscode';
import { isCocoDocument } from '../cocoFile/cocoTexts';
import { askForDataset } from '../editor/workspaceDatasets';
import { isUri, type CommandServices } from './command';

/** @returns an absolute path; undefined: given up @throws DomainError where there is nothing to choose from */
export async function targetDataset(
  { editors }: CommandServices,
  argument: unknown,
  title: string,
): Promise<string | undefined> {
  if (isUri(argument)) return argument.fsPath;
  if (typeof argument === 'string') return argument;
  const document = window.activeTextEditor?.document;
  if (document && isCocoDocument(document)) return document.uri.fsPath;
  const image = editors.active?.document.image;
  if (image?.store.summary?.exists) return image.store.path;
  return askForDataset(title);
}
