// The list of a caption job: every image with its ids, its name in the output and its annotations. The list is made
// before anything is captioned, so ids do not depend on shards, on what was done before or on what fails.
import * as path from 'node:path';
import { captionObjects } from '../../shared/caption/captionObjects';
import type { CaptionObject } from '../../shared/caption/types';
import { parseEntry } from '../../shared/coco/cocoIndex';
import { isUsableAnnotation, isUsableImage } from '../../shared/coco/guards';
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../../shared/coco/types';
import type { Size } from '../../shared/geometry/types';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { readCategories } from '../dataset/handlers';
import { findImageRow, imageFile, findImagesRoot } from '../dataset/imageLookup';
import type { Loaded, Store } from '../dataset/store';
import { commonFolder, findImages, isInside } from './findImages';

export interface CaptionItem {
  /** absolute */
  readonly path: string;
  /** id of the caption annotation, counted over the whole list */
  readonly captionId: number;
  readonly imageId: number;
  /** slashes; as the dataset has it, else relative to the output's folder or the images' common folder */
  readonly fileName: string;
  /** the dataset's size; null: the dataset does not list the image, or has no size */
  readonly size: Size | null;
  readonly objects: readonly CaptionObject[];
}

/**
 * @param paths absolute; none: every image of the dataset
 * @param coco the dataset, null: none
 * @param nameRoot folder that names of unlisted images are relative to where it holds them all
 */
export async function listItems(
  store: Store,
  paths: readonly string[],
  coco: string | null,
  nameRoot: string,
  signal?: CancelSignal,
): Promise<CaptionItem[]> {
  const loaded = coco === null ? null : await open(store, coco, signal);
  const files = paths.length > 0 ? await findImages(paths, signal) : [];
  if (!loaded) return unlisted(files, nameRoot, 0, 0);
  const dataset = new DatasetReader(store, loaded);
  const wanted = paths.length > 0 ? await dataset.rowsOf(files) : await dataset.allRows();
  const items = wanted.flatMap(({ file, row }) => (row === null ? [] : [{ file, row }]));
  const listed = items.map(({ file, row }, i) => dataset.item(file, row, i + 1));
  const others = wanted.flatMap(({ file, row }) => (row === null ? [file] : []));
  return [...listed, ...unlisted(others, nameRoot, dataset.largestId(), listed.length)];
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
  captionIdsTo: number,
): CaptionItem[] {
  if (files.length === 0) return [];
  const root = files.every((file) => isInside(nameRoot, file)) ? nameRoot : commonFolder(files);
  return files.map((file, i) => ({
    path: file,
    captionId: captionIdsTo + i + 1,
    imageId: imageIdsTo + i + 1,
    fileName: path.relative(root, file).split(path.sep).join('/'),
    size: null,
    objects: [],
  }));
}

/** Reads images and annotations of one dataset; every list is gone through once. */
class DatasetReader {
  private readonly categories: readonly CocoCategory[];
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

  item(file: string, row: number, captionId: number): CaptionItem {
    const image = this.image(row);
    if (!image) throw new DomainError('dataset-invalid', `Image ${row} of the dataset has no id.`);
    const { width, height } = image;
    return {
      path: file,
      captionId,
      imageId: image.id,
      fileName: image.file_name,
      size: width > 0 && height > 0 ? [height, width] : null,
      objects: captionObjects(this.annotations(image.id), this.categories),
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

  private annotations(imageId: number): InstanceAnnotation[] {
    const list = this.loaded.index.lists.annotations;
    if (!list) return [];
    const rows = this.rowsOfImage.get(imageId) ?? [];
    return rows
      .map((row) => parseEntry(this.loaded.bytes, list, row))
      .filter((entry) => isUsableAnnotation(entry));
  }
}
