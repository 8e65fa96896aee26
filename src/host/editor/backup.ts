// Hot exit: unsaved work as a JSON file that VS Code keeps and hands back.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CustomDocumentBackup, Uri } from 'vscode';
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

/** @throws Error when the backup cannot be read; the file is kept, so that nothing is lost */
export async function readBackup(file: string): Promise<DocumentBackup> {
  const backup = JSON.parse(await readFile(file, 'utf8')) as Partial<DocumentBackup>;
  const isBackup = backup.version === 1 && !!backup.core && typeof backup.datasetPath === 'string';
  if (!isBackup) throw new Error(`The unsaved work in ${file} was written by another version.`);
  return backup as DocumentBackup;
}
