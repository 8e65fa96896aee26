// Images named on the command line or chosen in the palette: files as they are, folders with everything below.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { fileError } from '../dataset/filePort';

const EXTENSIONS = /\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif)$/i;
const SKIPPED = new Set(['node_modules', '__pycache__']);

/**
 * Absolute paths of the images, each once, in the order of their paths (by UTF-16 units, the same on every machine).
 * Links to folders and folders whose name begins with a dot are not followed.
 *
 * @param paths absolute; a file is taken whatever its extension
 * @throws DomainError 'not-found' for a path that is not there
 */
export async function findImages(
  paths: readonly string[],
  signal?: CancelSignal,
): Promise<string[]> {
  const found = new Set<string>();
  for (const one of paths) {
    const stats = await fs.stat(one).catch((error: unknown) => {
      throw fileError(error, `${one} cannot be read`, 'Nothing was written.');
    });
    if (stats.isDirectory()) await walk(one, isImage, found, signal);
    else found.add(path.normalize(one));
  }
  return sorted(found);
}

/**
 * Absolute paths of the files below a folder that are wanted, in the order of findImages and with its exceptions.
 *
 * @param isWanted judges a file by its name
 */
export async function findFiles(
  folder: string,
  isWanted: (name: string) => boolean,
  signal?: CancelSignal,
): Promise<string[]> {
  const found = new Set<string>();
  await walk(folder, isWanted, found, signal);
  return sorted(found);
}

const isImage = (name: string): boolean => EXTENSIONS.test(name);

const sorted = (found: ReadonlySet<string>): string[] =>
  [...found].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

async function walk(
  folder: string,
  isWanted: (name: string) => boolean,
  found: Set<string>,
  signal: CancelSignal | undefined,
): Promise<void> {
  throwIfCancelled(signal);
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw fileError(error, `The folder ${folder} cannot be read`, 'Nothing was written.');
  });
  for (const entry of entries) {
    const child = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && !SKIPPED.has(entry.name)) {
        await walk(child, isWanted, found, signal);
      }
    } else if (isWanted(entry.name)) found.add(child);
  }
}

/** The longest folder that holds every file. @throws DomainError when there is none (two drives) */
export function commonFolder(files: readonly string[]): string {
  let folder = path.dirname(files[0] ?? path.sep);
  for (const file of files) {
    while (!isInside(folder, file)) {
      const parent = path.dirname(folder);
      if (parent === folder) {
        throw new DomainError(
          'invalid-params',
          'The images lie on different drives; caption them in two runs.',
        );
      }
      folder = parent;
    }
  }
  return folder;
}

export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
