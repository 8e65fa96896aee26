// Which of a workspace's JSON files are datasets that list an image. Most JSON files are no datasets: those are read
// once and then known by their stamp. Datasets are indexed once; a big one only if it holds the image's name at all.
import * as path from 'node:path';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import type { CancelSignal } from '../../shared/protocol/wire';
import { findImageRow } from './imageLookup';
import type { Store } from './store';

/** The files that list the image, in the order given. A file that cannot be read lists nothing. */
export async function findDatasets(
  store: Store,
  candidates: readonly string[],
  imagePath: string,
  signal?: CancelSignal,
): Promise<string[]> {
  const needles = spellings(path.basename(imagePath));
  const found: string[] = [];
  for (const file of candidates) {
    throwIfCancelled(signal);
    try {
      if (await lists(store, file, imagePath, needles, signal)) found.push(file);
    } catch {
      throwIfCancelled(signal); // else: unreadable; opening that file would tell why
    }
  }
  return found;
}

async function lists(
  store: Store,
  file: string,
  imagePath: string,
  needles: readonly Buffer[],
  signal: CancelSignal | undefined,
): Promise<boolean> {
  const stamp = await store.files.stamp(file);
  if (!stamp?.isFile || foreign.get(file) === stamp.key) return false;
  if (!store.isKnown(file, stamp)) {
    const { buffer, byteOffset, byteLength } = await store.files.read(file);
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    if (!listKeys.some((key) => bytes.includes(key))) {
      remember(file, stamp.key);
      return false;
    }
    if (bytes.length > BIG_BYTES && !needles.some((needle) => bytes.includes(needle))) return false;
  }
  return store.use(file, signal ? { signal } : {}, async (loaded) => {
    if (loaded?.index.kind !== 'coco') return false;
    return (await findImageRow(store.files, loaded, imagePath)) !== null;
  });
}

const BIG_BYTES = 32 << 20;
const MOST_FOREIGN = 10_000;
/** "images" as it is, and the beginning of every escape that could hide it. */
const listKeys = ['"images"', '"\\u0069', '"i\\u00', '"im\\u', '"ima\\', '"imag\\', '"image\\'].map(
  (key) => Buffer.from(key),
);
/** path → stamp of files that are no datasets */
const foreign = new Map<string, string>();

function remember(file: string, key: string): void {
  if (foreign.size >= MOST_FOREIGN) foreign.clear();
  foreign.set(file, key);
}

/** The ways JSON may write a name: as it is, with \u escapes, composed and decomposed. */
function spellings(name: string): Buffer[] {
  const texts = new Set<string>();
  for (const form of [name, name.normalize('NFC'), name.normalize('NFD')]) {
    const json = JSON.stringify(form).slice(1, -1);
    texts.add(json);
    texts.add(escaped(json, (code) => code.toLowerCase()));
    texts.add(escaped(json, (code) => code.toUpperCase()));
  }
  return [...texts].map((text) => Buffer.from(text));
}

function escaped(json: string, letters: (code: string) => string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${letters(char.charCodeAt(0).toString(16).padStart(4, '0'))}`,
  );
}
