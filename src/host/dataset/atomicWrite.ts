// Replaces a file so that after a crash at any moment it is whole: the old one or the new one.
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import { errorCode, type FilePort, type FileStamp, type NewFile } from './filePort';

const RENAME_TRIES = 8;
const STALE_MS = 10 * 60_000;
const SUFFIX = '.promptmark-tmp';

/**
 * Writes the parts to a temporary file beside `target`, syncs it and renames it over `target`.
 *
 * @param target the file itself, not a link to it
 * @param old the file that is replaced, whose mode and owner are kept; null: there is none
 * @param beforeRename last chance to stop by throwing; the temporary file is removed
 * @throws Node's file errors; `target` is untouched then
 */
export async function atomicWrite(
  files: FilePort,
  target: string,
  parts: Iterable<Uint8Array>,
  old: FileStamp | null,
  beforeRename: () => Promise<void> = async () => undefined,
): Promise<void> {
  const folder = path.dirname(target);
  const unique = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const temporary = path.join(folder, `.${path.basename(target)}.${unique}${SUFFIX}`);
  const file = await files.create(temporary, 0o666);
  try {
    try {
      await writeParts(file, parts);
      if (old) await file.keepOwner(old);
      await file.sync();
    } finally {
      await file.close();
    }
    await beforeRename();
    await renameOver(files, temporary, target);
  } catch (error) {
    // The first error is the one to tell; a temporary file that stays is removed by a later save.
    await files.remove(temporary).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(folder).catch(() => undefined); // the file is whole either way
}

/** Writes one part while the next one is made, which may take as long (hashing). */
async function writeParts(file: NewFile, parts: Iterable<Uint8Array>): Promise<void> {
  let writing = Promise.resolve();
  try {
    for (const part of parts) {
      await writing;
      writing = file.write(part);
      writing.catch(() => undefined); // told by the next await
    }
  } finally {
    await writing;
  }
}

/** Windows refuses the rename while a virus scanner or an indexer has the file open for a moment. */
async function renameOver(files: FilePort, from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await files.rename(from, to);
    } catch (error) {
      const isBusy = ['EPERM', 'EBUSY', 'EACCES'].includes(errorCode(error));
      if (process.platform !== 'win32' || !isBusy || attempt === RENAME_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** attempt));
    }
  }
}

/** Removes what a killed process left beside `target`. */
export async function removeStale(files: FilePort, target: string, nowMs: number): Promise<void> {
  const folder = path.dirname(target);
  const prefix = `.${path.basename(target)}.`;
  for (const { name, isFolder } of await files.list(folder)) {
    if (isFolder || !name.startsWith(prefix) || !name.endsWith(SUFFIX)) continue;
    const stale = path.join(folder, name);
    const stamp = await files.stamp(stale).catch(() => null);
    if (stamp && nowMs - stamp.modifiedMs > STALE_MS)
      await files.remove(stale).catch(() => undefined);
  }
}
