// The COCO files of the workspace, and asking which of them is meant.
import { open } from 'node:fs/promises';
import path from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import { HEAD_LENGTH, looksLikeCoco } from '../../shared/coco/looksLikeCoco';
import { DomainError } from '../../shared/protocol/wire';
import { EXCLUDED_FOLDERS } from './findDataset';

const MAX_FILES = 1000;
/** files whose beginnings are read at once */
const BATCH = 16;

/** Absolute paths of the workspace's JSON files that begin as COCO files do, in order. */
export async function workspaceDatasets(): Promise<readonly string[]> {
  const uris = await workspace.findFiles('**/*.json', EXCLUDED_FOLDERS, MAX_FILES);
  const files = uris.map(({ fsPath }) => fsPath).sort();
  const found: string[] = [];
  for (let at = 0; at < files.length; at += BATCH) {
    const batch = files.slice(at, at + BATCH);
    const isCoco = await Promise.all(batch.map(beginsAsCoco));
    found.push(...batch.filter((_, k) => isCoco[k]));
  }
  return found;
}

async function beginsAsCoco(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_LENGTH));
      return looksLikeCoco(path.basename(file), buffer.toString('utf8', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return false; // deleted or unreadable meanwhile: there is nothing to choose
  }
}

/**
 * Asks for one of the workspace's COCO files; the only one is not asked for.
 *
 * @returns undefined: the person gave up, or was told that there is none
 */
export async function askForDataset(title: string): Promise<string | undefined> {
  const files = await workspaceDatasets();
  if (files.length === 0) return tellThereIsNone();
  if (files.length === 1) return files[0];
  const items = files.map((file) => ({
    label: path.basename(file),
    description: path.dirname(workspace.asRelativePath(Uri.file(file))),
    file,
  }));
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.file;
}

/** The way out of an empty workspace: make a dataset, or bring one. */
async function tellThereIsNone(): Promise<undefined> {
  if (!workspace.workspaceFolders?.length) {
    throw new DomainError('not-found', 'Open a folder with a COCO file first.');
  }
  const answer = await window.showInformationMessage(
    'There is no COCO file in this workspace yet.',
    'Annotate Image…',
  );
  if (answer) await commands.executeCommand('promptmark.annotateImage');
  return undefined;
}
