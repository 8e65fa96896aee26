// The methods of the dataset worker over a store; also what the command line calls directly.
import * as path from 'node:path';
import {
  annotationsOfImage,
  countByImage,
  countEntries,
  parseEntry,
  type ListIndex,
} from '../../shared/coco/cocoIndex';
import {
  isUsableAnnotation,
  isUsableCaption,
  isUsableCategory,
  isUsableImage,
} from '../../shared/coco/guards';
import { nextIds } from '../../shared/coco/ids';
import type {
  CaptionAnnotation,
  CocoCategory,
  CocoImage,
  InstanceAnnotation,
} from '../../shared/coco/types';
import { encodeMask } from '../../shared/edits/encodeMask';
import { runsFromString } from '../../shared/mask/rleString';
import type {
  DatasetEvents,
  DatasetMethods,
  DatasetSummary,
  ImageEntries,
} from '../../shared/protocol/dataset';
import type { CancelSignal, Handlers } from '../../shared/protocol/wire';
import { findDatasets } from './findDatasets';
import { findImageRow, findImagesRoot, imageFile } from './imageLookup';
import { toProblems } from './problems';
import { saveDataset } from './save';
import { statisticsHandlers } from './statisticsHandlers';
import type { Loaded, Store } from './store';
import { textHandlers } from './textHandlers';

type Progress = (data: DatasetEvents['dataset/progress']) => void;

const noImage: ImageEntries = { image: null, annotations: [], captions: [] };

/** Handlers for every method. Saves of one file run one after the other. */
export function datasetHandlers(
  store: Store,
  onProgress: Progress = () => undefined,
): Handlers<DatasetMethods> {
  const saving = new Map<string, Promise<unknown>>();
  const use = <T>(
    file: string,
    signal: CancelSignal,
    work: (loaded: Loaded | null) => T | Promise<T>,
  ): Promise<T> => {
    const tell = (doneBytes: number, totalBytes: number): void =>
      onProgress({ path: file, doneBytes, totalBytes });
    return store.use(file, { signal, onProgress: tell }, work);
  };
  return {
    'dataset/open': ({ path: file }, signal) =>
      use(file, signal, (loaded) => summarize(file, loaded)),
    'dataset/image': ({ path: file, imagePath }, signal) =>
      use(file, signal, (loaded) => (loaded ? readImage(store, loaded, imagePath) : noImage)),
    'dataset/nextIds': ({ path: file }, signal) =>
      use(file, signal, (loaded) => {
        const next = nextIds(loaded?.index ?? null);
        return { image: next.images, annotation: next.annotations, category: next.categories };
      }),
    'dataset/list': ({ path: file }, signal) =>
      use(file, signal, async (loaded) => ({
        images: loaded ? await listImages(store, loaded) : [],
      })),
    'dataset/categoryUse': ({ path: file, categoryId, imageId }, signal) =>
      use(file, signal, (loaded) => ({ count: countCategoryUse(loaded, categoryId, imageId) })),
    'mask/encode': ({ masks, polygonTolerance }) => ({
      encoded: masks.map((mask) => encodeMask(runsFromString(mask), polygonTolerance)),
    }),
    'dataset/save': async (params) => {
      const before = saving.get(params.path) ?? Promise.resolve();
      const mine = before.then(() => saveDataset(store, params));
      const settled = mine.catch(() => undefined);
      saving.set(params.path, settled);
      try {
        return await mine;
      } finally {
        if (saving.get(params.path) === settled) saving.delete(params.path);
      }
    },
    ...textHandlers(store),
    ...statisticsHandlers(use, onProgress),
    'dataset/find': async ({ files, imagePath }, signal) => ({
      files: await findDatasets(store, files, imagePath, signal),
    }),
  };
}

/** What the editor shows of a file before it asks for an image. */
export function summarize(file: string, loaded: Loaded | null): DatasetSummary {
  if (!loaded) {
    const empty = { images: 0, annotations: 0, categories: [], errors: [] };
    return { path: file, exists: false, contentHash: '', ...empty };
  }
  const { bytes, index, contentHash } = loaded;
  return {
    path: file,
    exists: true,
    contentHash,
    images: countEntries(index, 'images'),
    annotations: countEntries(index, 'annotations'),
    categories: readCategories(loaded),
    errors: toProblems(
      bytes,
      index.problems.filter(({ severity }) => severity === 'error'),
    ),
  };
}

/** Categories with an id and a name; of several with one id the first. */
export function readCategories({ bytes, index }: Loaded): CocoCategory[] {
  const list = index.lists.categories;
  const found = new Map<number, CocoCategory>();
  for (let row = 0; list && row < list.entries.length; row++) {
    const entry = parseEntry(bytes, list, row);
    if (isUsableCategory(entry) && !found.has(entry.id)) found.set(entry.id, entry);
  }
  return [...found.values()];
}

/**
 * The image's entries. Annotations that the editor could not show without guessing (no id, wrong types) are left
 * out; they stay in the file and validation tells about them.
 */
export async function readImage(
  store: Store,
  loaded: Loaded,
  imagePath: string,
): Promise<ImageEntries> {
  const row = await findImageRow(store.files, loaded, imagePath);
  const images = loaded.index.lists.images;
  const image = row === null || !images ? undefined : parseEntry(loaded.bytes, images, row);
  if (!isUsableImage(image)) return noImage;
  const annotations: InstanceAnnotation[] = [];
  const captions: CaptionAnnotation[] = [];
  const seen = new Set<number>();
  for (const entry of parsedAnnotations(loaded, image)) {
    const id = (entry as { id?: unknown } | undefined)?.id;
    if (typeof id === 'number' && seen.has(id)) continue;
    if (isUsableCaption(entry)) captions.push(entry);
    else if (isUsableAnnotation(entry)) annotations.push(entry);
    if (typeof id === 'number') seen.add(id);
  }
  return { image, annotations, captions };
}

function parsedAnnotations({ bytes, index }: Loaded, image: CocoImage): unknown[] {
  const list: ListIndex | null = index.lists.annotations;
  return list ? annotationsOfImage(index, image.id).map((row) => parseEntry(bytes, list, row)) : [];
}

/** Every image whose file_name may be opened, in file order. */
export async function listImages(
  store: Store,
  loaded: Loaded,
): Promise<DatasetMethods['dataset/list']['result']['images']> {
  const entries = loaded.index.lists.images?.entries;
  if (!entries) return [];
  const root = await findImagesRoot(store.files, loaded);
  const counts = countByImage(loaded.index);
  const images: { path: string; id: number; annotations: number }[] = [];
  for (let row = 0; row < entries.length; row++) {
    const file = imageFile(loaded, root, row);
    const id = entries.id[row]!;
    if (file === null || Number.isNaN(id)) continue;
    images.push({ path: path.normalize(file), id, annotations: counts.get(id) ?? 0 });
  }
  return images;
}

function countCategoryUse(loaded: Loaded | null, categoryId: number, imageId: number): number {
  const entries = loaded?.index.lists.annotations?.entries;
  let count = 0;
  for (let row = 0; entries && row < entries.length; row++) {
    if (entries.category_id[row] === categoryId && entries.image_id[row] !== imageId) count++;
  }
  return count;
}
