// Which entry of a dataset is an image on disk, and where on disk an entry's image is. COCO does not say which folder
// file_name is relative to: usually the dataset's own, in COCO's own layout one beside it (annotations/x.json, val2017/).
import * as path from 'node:path';
import { fileNameOf, type CocoIndex, type ListIndex } from '../../shared/coco/cocoIndex';
import { baseName, matchFileName, readFileName } from '../../shared/coco/fileNames';
import type { FilePort } from './filePort';
import type { Loaded } from './store';

const SAMPLED_IMAGES = 6;
const MOST_FOLDERS = 64;
/** Images may be copied to their place later; looking costs up to a thousand file system calls. */
const LOOK_AGAIN_MS = 10_000;

/**
 * Row of the image's entry, null when the dataset does not list it. The same base name in another folder counts only
 * when no other entry has it and the entry's own file is not there.
 */
export async function findImageRow(
  files: FilePort,
  loaded: Loaded,
  imagePath: string,
): Promise<number | null> {
  const images = loaded.index.lists.images;
  if (!images || images.entries.length === 0) return null;
  const base = path.basename(imagePath);
  const rows = rowsWithBaseName(loaded.bytes, images, base);
  if (rows.length === 0) return null;
  const root = await findImagesRoot(files, loaded);
  const wanted = await wantedPaths(files, loaded, root, imagePath);
  const found: Record<'exact' | 'suffix' | 'base', number[]> = { exact: [], suffix: [], base: [] };
  for (const row of rows) {
    const name = readFileName(fileNameOf(loaded.bytes, images, row));
    const kind = name.ok ? matchFileName(name.relative.normalize(), wanted) : 'none';
    if (kind !== 'none') found[kind].push(row);
  }
  if (found.exact[0] !== undefined) return found.exact[0];
  if (found.suffix.length === 1) return found.suffix[0]!;
  const [only] = found.base;
  if (found.suffix.length > 0 || found.base.length !== 1 || only === undefined) return null;
  const own = imageFile(loaded, root, only);
  return own && (await files.stamp(own).catch(() => null)) ? null : only;
}

/** The image's path relative to every folder that file_name may start from; slashes, composed Unicode. */
async function wantedPaths(
  files: FilePort,
  loaded: Loaded,
  root: string,
  imagePath: string,
): Promise<string[]> {
  const real = await files.realPath(imagePath).catch(() => imagePath);
  const folders = new Set([path.dirname(loaded.path), path.dirname(loaded.realPath), root]);
  const result = new Set<string>();
  for (const folder of folders) {
    for (const image of [imagePath, real]) {
      const relative = path.relative(folder, image).split(path.sep).join('/').normalize();
      // "../x.jpg" still tells the base name, which is all that a file outside may match by
      result.add(relative);
    }
  }
  return [...result];
}

/** Absolute path of an entry's image below `root`; null where its file_name is refused. */
export function imageFile(loaded: Loaded, root: string, row: number): string | null {
  const images = loaded.index.lists.images;
  const name = images ? readFileName(fileNameOf(loaded.bytes, images, row)) : null;
  return name?.ok ? path.join(root, ...name.relative.split('/')) : null;
}

/**
 * The folder that file_name is relative to: the first of the usual places where some of the first images are, else
 * the dataset's own folder.
 */
export async function findImagesRoot(files: FilePort, loaded: Loaded): Promise<string> {
  if (loaded.imagesRoot !== undefined) return loaded.imagesRoot;
  const folder = path.dirname(loaded.path);
  if (Date.now() < (loaded.imagesRootUnknownUntil ?? 0)) return folder;
  const names = sampleNames(loaded.bytes, loaded.index);
  if (names.length === 0) return folder;
  const found = await findRootOf(files, loaded.path, names);
  if (found !== null) loaded.imagesRoot = found;
  else loaded.imagesRootUnknownUntil = Date.now() + LOOK_AGAIN_MS;
  return found ?? folder;
}

/** The first of the usual places where one of the images is; null: none. @param names file_name of some images */
export async function findRootOf(
  files: FilePort,
  datasetPath: string,
  names: readonly string[],
): Promise<string | null> {
  const relatives = names.map(readFileName).flatMap((name) => (name.ok ? [name.relative] : []));
  if (relatives.length === 0) return null;
  for (const candidate of await candidateFolders(files, datasetPath)) {
    for (const name of relatives) {
      const stamp = await files.stamp(path.join(candidate, ...name.split('/'))).catch(() => null);
      if (stamp) return candidate;
    }
  }
  return null;
}

/** file_name of the first images that are not refused. */
function sampleNames(bytes: Uint8Array, index: CocoIndex): string[] {
  const images = index.lists.images;
  const names: string[] = [];
  for (let row = 0; images && row < images.entries.length && names.length < SAMPLED_IMAGES; row++) {
    const name = fileNameOf(bytes, images, row);
    if (readFileName(name).ok) names.push(name);
  }
  return names;
}

/** The usual places, those first whose name is part of the dataset's name (instances_val2017.json, val2017). */
async function candidateFolders(files: FilePort, datasetPath: string): Promise<string[]> {
  const own = path.dirname(datasetPath);
  const parent = path.dirname(own);
  const stem = path.basename(datasetPath, path.extname(datasetPath)).toLowerCase();
  const near = [own, path.join(own, 'images'), parent, path.join(parent, 'images')];
  const inside: string[] = [];
  for (const folder of near) {
    const entries = await files.list(folder);
    const folders = entries.filter(({ isFolder, name }) => isFolder && !name.startsWith('.'));
    for (const { name } of folders.slice(0, MOST_FOLDERS)) inside.push(path.join(folder, name));
  }
  const isNamed = (folder: string): boolean => stem.includes(path.basename(folder).toLowerCase());
  const [named, others] = [inside.filter(isNamed), inside.filter((folder) => !isNamed(folder))];
  return [...new Set([own, path.join(own, 'images'), ...named, ...near, ...others])];
}

/** Rows whose file_name ends with this base name; a look at the bytes before anything is decoded. */
function rowsWithBaseName(bytes: Uint8Array, images: ListIndex, base: string): number[] {
  const { entries } = images;
  const tail = Buffer.from(base);
  const isAscii = tail.length === base.length;
  const composed = base.normalize();
  const rows: number[] = [];
  for (let row = 0; row < entries.length; row++) {
    const end = entries.nameEnd[row]! - 1;
    if (end <= 0) continue;
    if (
      endsWithBytes(bytes, end, tail) ||
      // escapes, and names beyond ASCII that may be composed differently, need decoding
      ((!isAscii || hasBackslash(bytes, entries.nameStart[row]!, end)) &&
        baseName(fileNameOf(bytes, images, row)).normalize() === composed)
    ) {
      rows.push(row);
    }
  }
  return rows;
}

/** The bytes before `end` are the whole last part of a path. */
function endsWithBytes(bytes: Uint8Array, end: number, tail: Uint8Array): boolean {
  const start = end - tail.length;
  const before = bytes[start - 1];
  if (before !== 0x22 && before !== 0x2f && before !== 0x5c) return false;
  for (let k = tail.length - 1; k >= 0; k--) if (bytes[start + k] !== tail[k]) return false;
  return true;
}

function hasBackslash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === 0x5c) return true;
  return false;
}
