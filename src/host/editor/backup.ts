// Hot exit: unsaved work as a JSON file that VS Code keeps and hands back.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CustomDocumentBackup, Uri } from 'vscode';
import { errorCode } from '../dataset/filePort';
import type { DocumentBackup } from './imageDocument';

/** Writes a backup to the place VS Code names. */
export async function writeBackup(
  destination: Uri,
  backup: DocumentBackup,
): Promise<CustomDocumentBackup> {
  const file = destination.fsPath;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(backup));
  return { id: file, delete: () => void rm(file, { force: true }) };
}

/**
 * @returns undefined when the file is gone: VS Code removes a backup after a save, and a window killed right then still
 *     names it when it opens the editor again
 * @throws Error when the backup cannot be read; the file is kept, so that nothing is lost
 */
export async function readBackup(file: string): Promise<DocumentBackup | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const backup = JSON.parse(text) as Partial<DocumentBackup>;
  const isBackup = backup.version === 1 && !!backup.core && typeof backup.datasetPath === 'string';
  if (!isBackup) throw new Error(`The unsaved work in ${file} was written by another version.`);
  return backup as DocumentBackup;
}
