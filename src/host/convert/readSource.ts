// Reads a dataset of any format from disk: the texts that belong to the format, and the sizes of the pictures.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isWritable, parseEntry } from '../../shared/coco/cocoIndex';
import {
  isUsableAnnotation,
  isUsableCaption,
  isUsableCategory,
  isUsableImage,
} from '../../shared/coco/guards';
import type { ListName } from '../../shared/coco/entryTable';
import type { Dataset, Format, Loss, ReadResult } from '../../shared/formats/format';
import { LossLog } from '../../shared/formats/lossLog';
import type { Size } from '../../shared/geometry/types';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { findFiles, findImages } from '../caption/findImages';
import { fileError } from '../dataset/filePort';
import { findImagesRoot } from '../dataset/imageLookup';
import { readImageHeader } from '../dataset/imageHeader';
import { describeProblem } from '../dataset/problems';
import type { Loaded, Store } from '../dataset/store';

export interface ReadOptions {
  /** folder of the pictures, absolute; absent: the source's folder */
  readonly images?: string;
  readonly signal?: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Source extends ReadResult {
  /** folder that the images' file_name is relative to, absolute */
  readonly imagesFolder: string;
  /** files that were read */
  readonly files: number;
}

/**
 * Reads a COCO file.
 *
 * @throws DomainError when there is no such file, or it is no dataset
 */
export async function readCoco(store: Store, file: string, options: ReadOptions): Promise<Source> {
  const { signal, onProgress, images } = options;
  const loaded = await store.load(file, {
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  if (!loaded) throw new DomainError('not-found', `There is no file ${file}.`);
  if (!isWritable(loaded.index)) {
    const problem = describeProblem(loaded.bytes, loaded.index);
    throw new DomainError('dataset-invalid', `${file}, ${problem}`);
  }
  const imagesFolder = images ?? (await findImagesRoot(store.files, loaded));
  return { ...datasetOf(loaded), imagesFolder, files: 1 };
}

/** The usable entries of a file; others are losses. */
function datasetOf(loaded: Loaded): { dataset: Dataset; losses: readonly Loss[] } {
  const losses = new LossLog();
  const entriesOf = <T>(name: ListName, isUsable: (entry: unknown) => entry is T): T[] => {
    const list = loaded.index.lists[name];
    const found: T[] = [];
    for (let row = 0; list && row < list.entries.length; row++) {
      const entry = parseEntry(loaded.bytes, list, row);
      if (isUsable(entry)) found.push(entry);
      else losses.add('entry-unusable', UNUSABLE, `${name}[${row}]`);
    }
    return found;
  };
  const isSized = (entry: unknown): entry is Dataset['images'][number] =>
    isUsableImage(entry) && [entry.width, entry.height].every((side) => side > 0);
  const isAnnotation = (entry: unknown): entry is Dataset['annotations'][number] =>
    isUsableCaption(entry) || isUsableAnnotation(entry);
  const dataset = {
    images: entriesOf('images', isSized),
    annotations: entriesOf('annotations', isAnnotation),
    categories: entriesOf('categories', isUsableCategory),
  };
  return { dataset, losses: losses.list() };
}

const UNUSABLE =
  'An entry cannot be used and is left out; "promptmark validate" tells what is wrong.';

/**
 * Reads another format: one file, or every file of a folder that belongs to it.
 *
 * @param source absolute
 * @throws DomainError when there is nothing to read
 */
export async function readFormat(
  format: Format,
  source: string,
  options: ReadOptions,
): Promise<Source> {
  const { signal, onProgress } = options;
  const stats = await fs.stat(source).catch((error: unknown) => {
    throw fileError(error, `${source} cannot be read`, 'Nothing was written.');
  });
  const folder = stats.isDirectory() ? source : path.dirname(source);
  const found = stats.isDirectory() ? await findFiles(source, format.accepts, signal) : [source];
  if (found.length === 0) {
    throw new DomainError('not-found', `There is no file of the format ${format.id} in ${source}.`);
  }
  const imagesFolder = options.images ?? folder;
  const pictures = await findImages([imagesFolder], signal);
  const total = found.length + pictures.length;
  const files = new Map<string, string>();
  for (const file of found) {
    throwIfCancelled(signal);
    files.set(relativeTo(folder, file), await readText(file));
    onProgress?.(files.size, total);
  }
  const imageSizes = new Map<string, Size>();
  for (const [k, file] of pictures.entries()) {
    throwIfCancelled(signal);
    const size = await sizeOf(file);
    if (size) imageSizes.set(relativeTo(imagesFolder, file), size);
    onProgress?.(files.size + k + 1, total);
  }
  return { ...format.read(files, { imageSizes }), imagesFolder, files: files.size };
}

const relativeTo = (folder: string, file: string): string =>
  path.relative(folder, file).split(path.sep).join('/');

async function readText(file: string): Promise<string> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    throw fileError(error, `${file} cannot be read`, 'Nothing was written.');
  }
}

/** As displayed; null where the header does not tell, which the reader of the format reports when it needs it. */
async function sizeOf(file: string): Promise<Size | null> {
  const header = await readImageHeader(file).catch(() => null);
  if (!header) return null;
  const { width, height, orientation } = header;
  return orientation >= 5 ? [width, height] : [height, width];
}
