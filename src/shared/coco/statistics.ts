// What a dataset holds, in numbers. Runs over the index in steps; parses one annotation at a time.
import {
  countByImage,
  countEntries,
  parseEntry,
  type CocoIndex,
  type ListIndex,
} from './cocoIndex';
import type { Indexed } from './diff';
import { isPlainObject } from './equal';
import { AREA_EDGES, ASPECT_EDGES, COUNT_EDGES, Histogram, type Bin } from './histograms';
import { isRle } from './segmentation';

/** Limits between small, medium and large, in pixels. @source pycocotools' COCOeval parameters */
const SMALL = 32 ** 2;
const MEDIUM = 96 ** 2;
/** categories whose pairs are counted: a larger table cannot be read */
export const MOST_PAIRED = 24;
const STEP = 2000;

export interface CategoryStats {
  readonly id: number;
  readonly name: string;
  annotations: number;
  images: number;
}

/** How many images have annotations of two categories. */
export interface Cooccurrence {
  /** the categories with most annotations, most first */
  readonly ids: readonly number[];
  /** images that have both; on the diagonal the images that have the category */
  readonly images: readonly (readonly number[])[];
}

export interface DatasetStats {
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  /** in file order */
  readonly perCategory: readonly CategoryStats[];
  readonly areas: { small: number; medium: number; large: number; unknown: number };
  readonly masks: { polygons: number; rle: number; none: number };
  readonly crowds: number;
  readonly captions: number;
  readonly keypoints: number;
  readonly imagesWithoutAnnotations: number;
  readonly annotationsPerImage: { readonly mean: number; readonly most: number };
  readonly histograms: {
    /** `area` of objects, pixels */
    readonly area: readonly Bin[];
    /** width through height of `bbox` */
    readonly aspect: readonly Bin[];
    /** annotations on an image */
    readonly perImage: readonly Bin[];
  };
  readonly cooccurrence: Cooccurrence;
}

/**
 * Statistics of a file; entries that are no objects are counted and otherwise passed over. Yields how many annotations
 * are done.
 */
export function* statisticsSteps({ bytes, index }: Indexed): Generator<number, DatasetStats, void> {
  const areas = { small: 0, medium: 0, large: 0, unknown: 0 };
  const masks = { polygons: 0, rle: 0, none: 0 };
  const kinds = { crowds: 0, captions: 0, keypoints: 0 };
  const area = new Histogram(AREA_EDGES);
  const aspect = new Histogram(ASPECT_EDGES);
  const list = index.lists.annotations;
  for (let row = 0; list && row < list.entries.length; row++) {
    if (row % STEP === 0) yield row;
    const entry = parseEntry(bytes, list, row);
    if (!isPlainObject(entry)) continue;
    const { segmentation, iscrowd, caption, keypoints } = entry;
    if (caption !== undefined) {
      kinds.captions++;
      continue;
    }
    areas[sizeOf(entry['area'])]++;
    masks[isRle(segmentation) ? 'rle' : isPolygonList(segmentation) ? 'polygons' : 'none']++;
    if (iscrowd === 1) kinds.crowds++;
    if (Array.isArray(keypoints)) kinds.keypoints++;
    if (typeof entry['area'] === 'number') area.add(entry['area']);
    const ratio = aspectOf(entry['bbox']);
    if (ratio !== null) aspect.add(ratio);
  }
  const { perImage, ...images } = imageStats(index);
  return {
    images: countEntries(index, 'images'),
    annotations: countEntries(index, 'annotations'),
    categories: countEntries(index, 'categories'),
    ...categoryStats({ bytes, index }),
    areas,
    masks,
    ...kinds,
    ...images,
    histograms: { area: area.bins(), aspect: aspect.bins(), perImage },
  };
}

/** Width through height; null where the box is none or has no height. */
export function aspectOf(bbox: unknown): number | null {
  if (!Array.isArray(bbox) || bbox.length !== 4) return null;
  const [width, height] = [bbox[2] as unknown, bbox[3] as unknown];
  if (typeof width !== 'number' || typeof height !== 'number') return null;
  return width > 0 && height > 0 ? width / height : null;
}

function sizeOf(area: unknown): 'small' | 'medium' | 'large' | 'unknown' {
  if (typeof area !== 'number') return 'unknown';
  return area < SMALL ? 'small' : area < MEDIUM ? 'medium' : 'large';
}

const isPolygonList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

function categoryStats(source: Indexed): Pick<DatasetStats, 'perCategory' | 'cooccurrence'> {
  const categories = categoriesOf(source);
  const entries = source.index.lists.annotations?.entries;
  for (let row = 0; entries && row < entries.length; row++) {
    const category = categories.get(entries.category_id[row]!);
    if (category) category.annotations++;
  }
  const paired = [...categories.values()]
    .filter(({ annotations }) => annotations > 0)
    .sort((a, b) => b.annotations - a.annotations || a.id - b.id)
    .slice(0, MOST_PAIRED);
  const place = new Map(paired.map(({ id }, k) => [id, k]));
  const images = paired.map(() => paired.map(() => 0));
  for (const ids of categoriesByImage(source.index).values()) {
    const here: number[] = [];
    for (const id of ids) {
      const category = categories.get(id);
      if (category) category.images++;
      const k = place.get(id);
      if (k !== undefined) here.push(k);
    }
    for (const a of here) for (const b of here) images[a]![b]!++;
  }
  const cooccurrence = { ids: paired.map(({ id }) => id), images };
  return { perCategory: [...categories.values()], cooccurrence };
}

/** Ids of the categories on each image id. */
export function categoriesByImage(index: CocoIndex): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>();
  const entries = index.lists.annotations?.entries;
  for (let row = 0; entries && row < entries.length; row++) {
    const [imageId, categoryId] = [entries.image_id[row]!, entries.category_id[row]!];
    if (Number.isNaN(categoryId)) continue;
    const known = found.get(imageId);
    if (known) known.add(categoryId);
    else found.set(imageId, new Set([categoryId]));
  }
  return found;
}

function categoriesOf({ bytes, index }: Indexed): Map<number, CategoryStats> {
  const found = new Map<number, CategoryStats>();
  const list: ListIndex | null = index.lists.categories;
  for (let row = 0; list && row < list.entries.length; row++) {
    const id = list.entries.id[row]!;
    const entry = parseEntry(bytes, list, row);
    if (Number.isNaN(id) || found.has(id) || !isPlainObject(entry)) continue;
    const name = typeof entry['name'] === 'string' ? entry['name'] : '';
    found.set(id, { id, name, annotations: 0, images: 0 });
  }
  return found;
}

function imageStats(
  index: CocoIndex,
): Pick<DatasetStats, 'imagesWithoutAnnotations' | 'annotationsPerImage'> & { perImage: Bin[] } {
  const counts = countByImage(index);
  const perImage = new Histogram(COUNT_EDGES);
  const entries = index.lists.images?.entries;
  let [empty, sum, most] = [0, 0, 0];
  for (let row = 0; entries && row < entries.length; row++) {
    const count = counts.get(entries.id[row]!) ?? 0;
    perImage.add(count);
    if (count === 0) empty++;
    sum += count;
    most = Math.max(most, count);
  }
  const mean = entries && entries.length > 0 ? sum / entries.length : 0;
  return {
    imagesWithoutAnnotations: empty,
    annotationsPerImage: { mean, most },
    perImage: perImage.bins(),
  };
}
