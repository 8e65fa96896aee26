// Which COCO file tells what is on the images, when none was named: one beside them or in the folders above.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { countEntries } from '../../shared/coco/cocoIndex';
import type { CancelSignal } from '../../shared/protocol/wire';
import { findDatasets } from '../dataset/findDatasets';
import type { Store } from '../dataset/store';

const LEVELS = 3;
const MAX_BYTES = 256 << 20;

/**
 * COCO files with categories that list the image, nearest first. Looked at: JSON files in the image's folder, the
 * folders above it, and an `annotations` folder in each of them.
 */
export async function findCaptionDatasets(
  store: Store,
  imagePath: string,
  signal?: CancelSignal,
): Promise<string[]> {
  const candidates: string[] = [];
  let folder = path.dirname(imagePath);
  for (let level = 0; level < LEVELS; level++) {
    candidates.push(
      ...(await jsonFiles(folder)),
      ...(await jsonFiles(path.join(folder, 'annotations'))),
    );
    const parent = path.dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  const found = await findDatasets(store, candidates, imagePath, signal);
  const datasets: string[] = [];
  for (const file of found) {
    // A captions file lists the images too, but has no categories.
    const index = (await store.load(file))?.index;
    if (index && countEntries(index, 'categories') > 0) datasets.push(file);
  }
  return datasets;
}

async function jsonFiles(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((e) => e.isFile() && e.name.endsWith('.json')).map((e) => e.name);
  const files: string[] = [];
  for (const name of names.sort()) {
    const file = path.join(folder, name);
    const stats = await fs.stat(file).catch(() => null);
    if (stats && stats.size <= MAX_BYTES) files.push(file);
  }
  return files;
}
