// Where the annotations of `promptmark segment` go: into a COCO file, through the same code the editor saves with,
// or into a COCO document that is printed.
import path from 'node:path';
import { datasetHandlers } from '../host/dataset/handlers';
import { Store } from '../host/dataset/store';
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../shared/coco/types';
import { computeDelta } from '../shared/edits/delta';
import type { IdSource } from '../shared/edits/resolveContext';
import type { ImageState } from '../shared/edits/types';
import type { Size } from '../shared/geometry/types';
import { createCancelSource } from '../shared/protocol/cancel';
import { DomainError } from '../shared/protocol/wire';

export interface SegmentTarget {
  readonly ids: IdSource;
  /** What is known of the image; a new entry when it is not listed. @param imagePath absolute */
  open(imagePath: string, size: Size): Promise<ImageState>;
  /** Takes over what was changed since `open`. @returns ids that another writer had taken meanwhile: wanted → got */
  save(base: ImageState, current: ImageState): Promise<Readonly<Record<number, number>>>;
  /** the document to print; null when it was written to a file */
  document(): object | null;
}

const { signal } = createCancelSource();

/** A COCO file, made by the first save when it does not exist. @param file absolute */
export async function fileTarget(file: string): Promise<SegmentTarget> {
  const dataset = datasetHandlers(new Store());
  const { errors } = await dataset['dataset/open']({ path: file }, signal);
  const [first] = errors;
  if (first) {
    throw new DomainError(
      'dataset-invalid',
      `${path.basename(file)} has errors and is left as it is: line ${first.line}, column ${first.column}: ${first.message}`,
    );
  }
  const next = await dataset['dataset/nextIds']({ path: file }, signal);
  const listed = new WeakSet<ImageState>();
  return {
    ids: { nextAnnotationId: () => next.annotation++, nextCategoryId: () => next.category++ },
    async open(imagePath, size) {
      const { categories } = await dataset['dataset/open']({ path: file }, signal);
      const { image, annotations, captions } = await dataset['dataset/image'](
        { path: file, imagePath },
        signal,
      );
      const entry = image ?? newImage(next.image++, path.dirname(file), imagePath, size);
      const state = { image: entry, annotations, captions, categories, draft: null };
      if (image) listed.add(state);
      return state;
    },
    async save(base, current) {
      const delta = computeDelta(base, current, { listed: listed.has(base) });
      const result = await dataset['dataset/save']({ path: file, delta }, signal);
      if (result.saved) return result.renumbered.annotations;
      throw new DomainError(
        'conflict',
        `${path.basename(file)} was changed meanwhile; nothing was written. Try again.`,
      );
    },
    document: () => null,
  };
}

/** Collects the entries of all images. @param folder file names are relative to it */
export function printedTarget(folder: string): SegmentTarget {
  const images: CocoImage[] = [];
  const annotations: InstanceAnnotation[] = [];
  let categories: readonly CocoCategory[] = [];
  let nextAnnotation = 1;
  let nextCategory = 1;
  return {
    ids: { nextAnnotationId: () => nextAnnotation++, nextCategoryId: () => nextCategory++ },
    open: (imagePath, size) =>
      Promise.resolve({
        image: newImage(images.length + 1, folder, imagePath, size),
        annotations: [],
        captions: [],
        categories,
        draft: null,
      }),
    save(_base, current) {
      images.push(current.image);
      annotations.push(...current.annotations);
      categories = current.categories;
      return Promise.resolve({});
    },
    document: () => ({ images, annotations, categories }),
  };
}

function newImage(id: number, folder: string, imagePath: string, [height, width]: Size): CocoImage {
  const file_name = path.relative(folder, imagePath).split(path.sep).join('/');
  return { id, file_name, width, height };
}
