// Evaluation data: a tar archive or a folder of KEY.(jpg|png|webp|…) images with KEY.png label maps
// (8 bit: 0 background, 1..254 objects, 255 ignore). An entry that cannot be used is told with its reason.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openTar } from './tar';

export const IGNORE = 255;

/** Row-major label of each pixel. */
export interface Labels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export type EvalEntry =
  | { readonly key: string; readonly imagePath: string; readonly labels: Labels }
  | { readonly key: string; readonly problem: string };

/** A pair that was found but not read. */
interface Source {
  readonly key: string;
  /** null: there is none */
  readonly image: string | null;
  readonly labels: string | null;
  /** @returns a path the engine can open */
  imagePath(): Promise<string>;
  labelBytes(): Promise<Uint8Array>;
}

const imageExtensions = ['.jpg', '.jpeg', '.webp', '.tif', '.tiff', '.bmp', '.gif', '.avif'];

/**
 * Entries in the order of their keys. Images of an archive are written to a temporary folder while their entry is used.
 *
 * @param limit number of entries
 * @throws RangeError or a file error when the data as a whole cannot be read
 */
export async function* readEntries(data: string, limit = Infinity): AsyncGenerator<EvalEntry> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'promptmark-eval-'));
  const opened = (await stat(data)).isDirectory()
    ? await fromFolder(data)
    : await fromTar(data, folder);
  try {
    for (const source of opened.sources.slice(0, limit)) yield await readEntry(source);
  } finally {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readEntry(source: Source): Promise<EvalEntry> {
  const { key } = source;
  if (!source.labels) return { key, problem: `${source.image} has no label map ${key}.png` };
  if (!source.image) return { key, problem: `${source.labels} has no image beside it` };
  try {
    const labels = await readLabels(await source.labelBytes());
    return { key, imagePath: await source.imagePath(), labels };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { key, problem: `its label map cannot be read: ${reason.split('\n')[0]}` };
  }
}

async function readLabels(bytes: Uint8Array): Promise<Labels> {
  // Loaded here, so that other commands work where its binary is missing.
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes)
    .extractChannel(0)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

interface Opened {
  readonly sources: readonly Source[];
  close(): Promise<void>;
}

async function fromFolder(folder: string): Promise<Opened> {
  const names = (await readdir(folder, { recursive: true })).map((name) =>
    name.split(path.sep).join('/'),
  );
  const sources = pair(names).map(({ key, image, labels }) => ({
    key,
    image,
    labels,
    imagePath: () => Promise.resolve(path.join(folder, image ?? '')),
    labelBytes: () => readFile(path.join(folder, labels ?? '')),
  }));
  return { sources, close: () => Promise.resolve() };
}

async function fromTar(file: string, folder: string): Promise<Opened> {
  const tar = await openTar(file);
  const byName = new Map(tar.entries.map((entry) => [entry.name, entry]));
  let last = '';
  const sources = pair([...byName.keys()]).map(({ key, image, labels }) => ({
    key,
    image,
    labels,
    imagePath: async () => {
      if (last) await rm(last, { force: true });
      last = path.join(folder, path.basename(image ?? ''));
      await writeFile(last, await tar.read(byName.get(image ?? '')!));
      return last;
    },
    labelBytes: () => tar.read(byName.get(labels ?? '')!),
  }));
  return { sources, close: () => tar.close() };
}

/** Joins images and label maps by the name without its extension, sorted by key. */
function pair(
  names: readonly string[],
): { key: string; image: string | null; labels: string | null }[] {
  const pairs = new Map<string, { image: string | null; labels: string | null }>();
  for (const name of names) {
    const extension = path.posix.extname(name).toLowerCase();
    const isLabels = extension === '.png';
    if (!isLabels && !imageExtensions.includes(extension)) continue;
    const key = name.slice(0, name.length - extension.length);
    const known = pairs.get(key) ?? { image: null, labels: null };
    pairs.set(key, isLabels ? { ...known, labels: name } : { ...known, image: name });
  }
  return [...pairs]
    .map(([key, found]) => ({ key, ...found }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
