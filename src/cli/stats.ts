// promptmark stats: what a dataset holds. Parses one annotation at a time.
import { describeProblem } from '../host/dataset/problems';
import { Store, type Loaded } from '../host/dataset/store';
import { countEntries, isWritable, parseEntry } from '../shared/coco/cocoIndex';
import { isPlainObject } from '../shared/coco/equal';
import { isRle } from '../shared/coco/segmentation';
import { parseOptions, type Command } from './command';
import { jsonText, onlyFile, openFile, tableText } from './openDataset';
import { printable } from './validate';

/** Limits between small, medium and large, in pixels. @source pycocotools' COCOeval parameters */
const SMALL = 32 ** 2;
const MEDIUM = 96 ** 2;

export interface CategoryStats {
  readonly id: number;
  readonly name: string;
  annotations: number;
  images: number;
}

export interface DatasetStats {
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  readonly perCategory: readonly CategoryStats[];
  readonly areas: { small: number; medium: number; large: number; unknown: number };
  readonly masks: { polygons: number; rle: number; none: number };
  readonly crowds: number;
  readonly captions: number;
  readonly keypoints: number;
  readonly imagesWithoutAnnotations: number;
  readonly annotationsPerImage: { readonly mean: number; readonly most: number };
}

export const statsCommand: Command = {
  name: 'stats',
  usage: 'stats FILE [--json]',
  summary: 'Count images, annotations, categories, areas and kinds of masks.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
    const file = onlyFile(positionals);
    const loaded = await openFile(new Store(), file, io);
    const stats = statsOf(loaded);
    io.out(values.json ? jsonText({ file, ...stats }) : textOf(stats));
    if (loaded.index.kind === 'results' || isWritable(loaded.index)) return 0;
    io.err(`${file}, ${describeProblem(loaded.bytes, loaded.index)}\n`);
    return 1;
  },
};

/** Statistics of a file; entries that are no objects are counted and otherwise passed over. */
export function statsOf({ bytes, index }: Loaded): DatasetStats {
  const perCategory = categoriesOf({ bytes, index });
  const areas = { small: 0, medium: 0, large: 0, unknown: 0 };
  const masks = { polygons: 0, rle: 0, none: 0 };
  const kinds = { crowds: 0, captions: 0, keypoints: 0 };
  const perImage = new Map<number, number>();
  const pairs = new Set<string>();
  const list = index.lists.annotations;
  for (let row = 0; list && row < list.entries.length; row++) {
    const entry = parseEntry(bytes, list, row);
    if (!isPlainObject(entry)) continue;
    const { area, segmentation, iscrowd, caption, keypoints } = entry;
    const imageId = list.entries.image_id[row]!;
    perImage.set(imageId, (perImage.get(imageId) ?? 0) + 1);
    const category = perCategory.get(list.entries.category_id[row]!);
    if (category) countCategory(category, imageId, pairs);
    if (caption !== undefined) {
      kinds.captions++;
      continue;
    }
    areas[sizeOf(area)]++;
    masks[isRle(segmentation) ? 'rle' : isPolygonList(segmentation) ? 'polygons' : 'none']++;
    if (iscrowd === 1) kinds.crowds++;
    if (Array.isArray(keypoints)) kinds.keypoints++;
  }
  const images = countEntries(index, 'images');
  return {
    images,
    annotations: countEntries(index, 'annotations'),
    categories: countEntries(index, 'categories'),
    perCategory: [...perCategory.values()],
    areas,
    masks,
    ...kinds,
    ...imageStats({ bytes, index }, perImage),
  };
}

type Source = Pick<Loaded, 'bytes' | 'index'>;

function categoriesOf({ bytes, index }: Source): Map<number, CategoryStats> {
  const found = new Map<number, CategoryStats>();
  const list = index.lists.categories;
  for (let row = 0; list && row < list.entries.length; row++) {
    const id = list.entries.id[row]!;
    const entry = parseEntry(bytes, list, row);
    if (Number.isNaN(id) || found.has(id) || !isPlainObject(entry)) continue;
    const name = typeof entry['name'] === 'string' ? entry['name'] : '';
    found.set(id, { id, name, annotations: 0, images: 0 });
  }
  return found;
}

function countCategory(category: CategoryStats, imageId: number, pairs: Set<string>): void {
  category.annotations++;
  const pair = `${category.id} ${imageId}`;
  if (pairs.has(pair)) return;
  pairs.add(pair);
  category.images++;
}

function sizeOf(area: unknown): 'small' | 'medium' | 'large' | 'unknown' {
  if (typeof area !== 'number') return 'unknown';
  return area < SMALL ? 'small' : area < MEDIUM ? 'medium' : 'large';
}

const isPolygonList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

function imageStats(
  { index }: Source,
  perImage: ReadonlyMap<number, number>,
): Pick<DatasetStats, 'imagesWithoutAnnotations' | 'annotationsPerImage'> {
  const entries = index.lists.images?.entries;
  let [empty, sum, most] = [0, 0, 0];
  for (let row = 0; entries && row < entries.length; row++) {
    const count = perImage.get(entries.id[row]!) ?? 0;
    if (count === 0) empty++;
    sum += count;
    most = Math.max(most, count);
  }
  const mean = entries && entries.length > 0 ? sum / entries.length : 0;
  return { imagesWithoutAnnotations: empty, annotationsPerImage: { mean, most } };
}

function textOf(stats: DatasetStats): string {
  const { areas, masks, annotationsPerImage } = stats;
  const facts = tableText([
    ['images', stats.images],
    ['  without annotations', stats.imagesWithoutAnnotations],
    ['annotations', stats.annotations],
    ['  on one image, mean', Math.round(annotationsPerImage.mean * 100) / 100],
    ['  on one image, most', annotationsPerImage.most],
    ['  small (< 32²)', areas.small],
    ['  medium (< 96²)', areas.medium],
    ['  large', areas.large],
    ['  polygons', masks.polygons],
    ['  RLE', masks.rle],
    ['  crowds', stats.crowds],
    ['  with keypoints', stats.keypoints],
    ['captions', stats.captions],
    ['categories', stats.categories],
  ]);
  const rows = [...stats.perCategory].sort((a, b) => b.annotations - a.annotations);
  if (rows.length === 0) return facts;
  const head = ['id', 'category', 'annotations', 'images'];
  const body = rows.map(({ id, name, annotations, images }) => [
    id,
    printable(name),
    annotations,
    images,
  ]);
  return `${facts}\n${tableText([head, ...body])}`;
}
