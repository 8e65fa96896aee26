// The list of a job: every image with its ids and its name in the output. The list is made before anything is worked
// on, so ids do not depend on shards, on what was done before or on what fails. Annotations are read when asked for.
import * as path from 'node:path';
import { parseEntry } from '../../shared/coco/cocoIndex';
import { isUsableAnnotation, isUsableImage } from '../../shared/coco/guards';
import { nextIds } from '../../shared/coco/ids';
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../../shared/coco/types';
import type { Size } from '../../shared/geometry/types';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { readCategories } from '../dataset/handlers';
import { findImageRow, imageFile, findImagesRoot } from '../dataset/imageLookup';
import type { Loaded, Store } from '../dataset/store';
import { commonFolder, findImages, isInside } from '../caption/findImages';
import type { JobItem } from './runJob';

export interface JobImage extends JobItem {
  /** 1-based place in the whole list, dataset's images first */
  readonly place: number;
  readonly imageId: number;
  /** slashes; as the dataset has it, else relative to the output's folder or the images' common folder */
  readonly fileName: string;
  /** the dataset's entry; null: the dataset does not list the image */
  readonly image: CocoImage | null;
  /** the dataset's size; null: not listed, or without one */
  readonly size: Size | null;
}

export interface JobImages {
  readonly images: readonly JobImage[];
  readonly categories: readonly CocoCategory[];
  /** ids that neither the dataset nor the list uses */
  readonly next: { readonly annotation: number; readonly category: number };
  annotationsOf(image: JobImage): readonly InstanceAnnotation[];
}

/**
 * @param paths absolute; none: every image of the dataset
 * @param coco the dataset, null: none
 * @param nameRoot folder that names of unlisted images are relative to where it holds them all
 */
export async function listJobImages(
  store: Store,
  paths: readonly string[],
  coco: string | null,
  nameRoot: string,
  signal?: CancelSignal,
): Promise<JobImages> {
  const loaded = coco === null ? null : await open(store, coco, signal);
  const files = paths.length > 0 ? await findImages(paths, signal) : [];
  if (!loaded) {
    const images = unlisted(files, nameRoot, 0, 0);
    const next = { annotation: 1, category: 1 };
    return { images, categories: [], next, annotationsOf: () => [] };
  }
  const dataset = new DatasetReader(store, loaded);
  const wanted = paths.length > 0 ? await dataset.rowsOf(files) : await dataset.allRows();
  const rows = wanted.flatMap(({ file, row }) => (row === null ? [] : [{ file, row }]));
  const listed = rows.map(({ file, row }, i) => dataset.item(file, row, i + 1));
  const others = wanted.flatMap(({ file, row }) => (row === null ? [file] : []));
  const { annotations: annotation, categories: category } = nextIds(loaded.index);
  return {
    images: [...listed, ...unlisted(others, nameRoot, dataset.largestId(), listed.length)],
    categories: dataset.categories,
    next: { annotation, category },
    annotationsOf: ({ image }) => (image ? dataset.annotations(image.id) : []),
  };
}

async function open(store: Store, coco: string, signal: CancelSignal | undefined): Promise<Loaded> {
  const loaded = await store.load(coco, signal ? { signal } : {});
  if (!loaded) throw new DomainError('not-found', `${coco} does not exist.`);
  if (loaded.index.kind !== 'coco') {
    throw new DomainError('dataset-invalid', `${coco} is no COCO file: it has no list of images.`);
  }
  return loaded;
}

function unlisted(
  files: readonly string[],
  nameRoot: string,
  imageIdsTo: number,
  placesTo: number,
): JobImage[] {
  if (files.length === 0) return [];
  const root = files.every((file) => isInside(nameRoot, file)) ? nameRoot : commonFolder(files);
  return files.map((file, i) => ({
    path: file,
    place: placesTo + i + 1,
    imageId: imageIdsTo + i + 1,
    fileName: path.relative(root, file).split(path.sep).join('/'),
    image: null,
    size: null,
  }));
}

/** Reads images and annotations of one dataset; every list is gone through once. */
class DatasetReader {
  readonly categories: readonly CocoCategory[];
  private readonly rowsOfImage = new Map<number, number[]>();

  constructor(
    private readonly store: Store,
    private readonly loaded: Loaded,
  ) {
    this.categories = readCategories(loaded);
    const entries = loaded.index.lists.annotations?.entries;
    for (let row = 0; entries && row < entries.length; row++) {
      const id = entries.image_id[row]!;
      const rows = this.rowsOfImage.get(id);
      if (rows) rows.push(row);
      else this.rowsOfImage.set(id, [row]);
    }
  }

  largestId(): number {
    let largest = 0;
    const ids = this.loaded.index.lists.images?.entries.id;
    for (let row = 0; row < this.count(); row++) largest = Math.max(largest, ids?.[row] || 0);
    return largest;
  }

  /** The row of each file, null for one that the dataset does not list. */
  async rowsOf(files: readonly string[]): Promise<{ file: string; row: number | null }[]> {
    const byPath = new Map((await this.allRows()).map(({ file, row }) => [file, row]));
    const rows = [];
    for (const file of files) {
      // Names that match only by suffix or base name, or through links, take the slow way.
      const row = byPath.get(file) ?? (await findImageRow(this.store.files, this.loaded, file));
      rows.push({ file, row });
    }
    return rows;
  }

  /** Every image whose file_name may be opened, in file order. */
  async allRows(): Promise<{ file: string; row: number }[]> {
    const root = await findImagesRoot(this.store.files, this.loaded);
    const rows = [];
    for (let row = 0; row < this.count(); row++) {
      const file = imageFile(this.loaded, root, row);
      if (file !== null && this.image(row)) rows.push({ file: path.normalize(file), row });
    }
    return rows;
  }

  item(file: string, row: number, place: number): JobImage {
    const image = this.image(row);
    if (!image) throw new DomainError('dataset-invalid', `Image ${row} of the dataset has no id.`);
    const { width, height } = image;
    return {
      path: file,
      place,
      imageId: image.id,
      fileName: image.file_name,
      image,
      size: width > 0 && height > 0 ? [height, width] : null,
    };
  }

  private count(): number {
    return this.loaded.index.lists.images?.entries.length ?? 0;
  }

  private image(row: number): CocoImage | null {
    const images = this.loaded.index.lists.images;
    const entry = images ? parseEntry(this.loaded.bytes, images, row) : undefined;
    return isUsableImage(entry) ? entry : null;
  }

  annotations(imageId: number): InstanceAnnotation[] {
    const list = this.loaded.index.lists.annotations;
    if (!list) return [];
    const rows = this.rowsOfImage.get(imageId) ?? [];
    return rows
      .map((row) => parseEntry(this.loaded.bytes, list, row))
      .filter((entry) => isUsableAnnotation(entry));
  }
}
