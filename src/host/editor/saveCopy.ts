// "Save As" for an image: the picture is copied to its new place and listed there, with its annotations under new
// ids, in the dataset that holds for that place. The open document and its dataset stay as they are.
import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CocoCategory, CocoImage } from '../../shared/coco/types';
import type { DatasetDelta, EntryDelta, ImageEntries } from '../../shared/protocol/dataset';
import { DomainError } from '../../shared/protocol/wire';
import type { DatasetStore } from './datasetStore';
import type { DocumentPorts, ImageDocument } from './imageDocument';

/**
 * Copies an image with its annotations, unsaved ones included.
 *
 * @param destination absolute path of the new image; one that exists is replaced, with its annotations
 * @throws DomainError; then neither the new image nor its entries are there
 */
export async function saveCopy(
  document: ImageDocument,
  destination: string,
  ports: DocumentPorts,
): Promise<void> {
  const block = ports.writeBlock();
  if (block) throw new DomainError('read-only', `Nothing was saved: ${block}`);
  if (path.extname(destination).toLowerCase() !== path.extname(document.imagePath).toLowerCase()) {
    throw new DomainError(
      'invalid-params',
      'Keep the image type: Promptmark copies the picture as it is.',
    );
  }
  const store = ports.stores.acquire(await ports.findDataset(destination));
  try {
    await store.load();
    await store.exclusive(() => copyInto(store, document, destination));
  } finally {
    ports.stores.release(store);
  }
}

async function copyInto(
  store: DatasetStore,
  document: ImageDocument,
  destination: string,
): Promise<void> {
  const summary = await store.load();
  const [error] = summary.errors;
  if (error)
    throw new DomainError('dataset-invalid', `${store.name} cannot be written: ${error.message}`);
  const entries: ImageEntries = summary.exists
    ? await store.image(destination)
    : { image: null, annotations: [], captions: [] };
  const delta = copyDelta(store, document, destination, entries, summary.categories);
  const isNew = await copyPicture(document.imagePath, destination);
  try {
    const result = await store.write({ delta });
    if (!result.saved)
      throw new DomainError('conflict', `${store.name} was changed meanwhile. Save again.`);
  } catch (failure) {
    if (isNew) await rm(destination, { force: true });
    throw failure;
  }
  await store.refresh();
}

/** @returns whether the file was not there before */
async function copyPicture(source: string, destination: string): Promise<boolean> {
  try {
    await copyFile(source, destination, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new DomainError(
        'invalid-params',
        `The image could not be copied: ${(error as Error).message}`,
      );
    }
    await copyFile(source, destination);
    return false;
  }
}

function copyDelta(
  store: DatasetStore,
  document: ImageDocument,
  destination: string,
  existing: ImageEntries,
  present: readonly CocoCategory[],
): DatasetDelta {
  const { state } = document.core;
  const used = new Set(state.annotations.map((annotation) => annotation.category_id));
  const categories: EntryDelta<CocoCategory>[] = [];
  const categoryIds = new Map<number, number>();
  for (const category of state.categories.filter(({ id }) => used.has(id))) {
    const same = present.find(({ name }) => name === category.name);
    // In its own dataset an unsaved category keeps its id, so that saving the document adds no second one.
    const id = same?.id ?? (store === document.store ? category.id : store.nextCategoryId());
    categoryIds.set(category.id, id);
    if (!same) categories.push({ id, before: null, after: { ...category, id } });
  }
  const image = copyImage(store, state.image, destination, existing.image);
  const added = [...state.annotations, ...state.captions].map((entry) => {
    const id = store.nextAnnotationId();
    const category = entry['category_id'];
    const mapped = typeof category === 'number' ? categoryIds.get(category) : undefined;
    const after = { ...entry, id, image_id: image.id };
    return {
      id,
      before: null,
      after: mapped === undefined ? after : { ...after, category_id: mapped },
    };
  });
  const replaced = [...existing.annotations, ...existing.captions];
  return {
    images: [{ id: image.id, before: existing.image, after: image }],
    annotations: [...replaced.map((before) => ({ id: before.id, before, after: null })), ...added],
    categories,
  };
}

function copyImage(
  store: DatasetStore,
  source: CocoImage,
  destination: string,
  existing: CocoImage | null,
): CocoImage {
  const { width, height } = source;
  if (existing) return { ...existing, width, height };
  const relative = path.relative(path.dirname(store.path), destination);
  return { ...source, id: store.reserveImageId(), file_name: relative.split(path.sep).join('/') };
}
