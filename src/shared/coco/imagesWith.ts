// The images behind one bar of the statistics.
import { countByImage, fileNameOf, parseEntry } from './cocoIndex';
import type { Indexed } from './diff';
import { isPlainObject } from './equal';
import { aspectOf, categoriesByImage } from './statistics';

/** From low (inclusive) to high (exclusive); null: no end. */
export type Range = readonly [low: number, high: number | null];

/** All that is named must hold. */
export interface ImageQuery {
  /** the image has an annotation of each */
  readonly categories?: readonly number[];
  /** annotations on the image */
  readonly annotations?: Range;
  /** one annotation's `area`, pixels */
  readonly area?: Range;
  /** one annotation's bbox width through its height */
  readonly aspect?: Range;
}

export interface ListedImage {
  readonly id: number;
  readonly file_name: string;
  readonly annotations: number;
}

export interface ImageList {
  /** the first of them, in file order */
  readonly images: readonly ListedImage[];
  /** images there are */
  readonly total: number;
}

const STEP = 2000;

/** Yields how many annotations are done. @param most images listed; all are counted */
export function* imagesWithSteps(
  source: Indexed,
  query: ImageQuery,
  most: number,
): Generator<number, ImageList, void> {
  const { bytes, index } = source;
  const counts = countByImage(index);
  const categories = query.categories ? categoriesByImage(index) : null;
  const matching = query.area || query.aspect ? yield* matchingImages(source, query) : null;
  const found: ListedImage[] = [];
  let total = 0;
  const list = index.lists.images;
  for (let row = 0; list && row < list.entries.length; row++) {
    const id = list.entries.id[row]!;
    const annotations = counts.get(id) ?? 0;
    const own = categories?.get(id);
    const isFound =
      !Number.isNaN(id) &&
      (!query.annotations || isWithin(annotations, query.annotations)) &&
      (query.categories?.every((category) => own?.has(category)) ?? true) &&
      (matching?.has(id) ?? true);
    if (!isFound || total++ >= most) continue;
    found.push({ id, file_name: fileNameOf(bytes, list, row), annotations });
  }
  return { images: found, total };
}

function* matchingImages(
  { bytes, index }: Indexed,
  { area, aspect, categories }: ImageQuery,
): Generator<number, Set<number>, void> {
  const found = new Set<number>();
  const list = index.lists.annotations;
  for (let row = 0; list && row < list.entries.length; row++) {
    if (row % STEP === 0) yield row;
    const imageId = list.entries.image_id[row]!;
    if (found.has(imageId)) continue;
    if (categories && !categories.includes(list.entries.category_id[row]!)) continue;
    const entry = parseEntry(bytes, list, row);
    if (!isPlainObject(entry) || entry['caption'] !== undefined) continue;
    if (area && !(typeof entry['area'] === 'number' && isWithin(entry['area'], area))) continue;
    const ratio = aspect ? aspectOf(entry['bbox']) : null;
    if (aspect && (ratio === null || !isWithin(ratio, aspect))) continue;
    found.add(imageId);
  }
  return found;
}

const isWithin = (value: number, [low, high]: Range): boolean =>
  value >= low && (high === null || value < high);
