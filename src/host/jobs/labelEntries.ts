// From the results of a label job to COCO entries with ids. Deterministic: ids depend on the list, the results and the
// shard, never on the order in which images were finished.
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../../shared/coco/types';
import type { JobImage } from './jobImages';
import type { Labels, NewLabel } from './labeller';

export interface EntrySetup {
  /** the dataset's */
  readonly categories: readonly CocoCategory[];
  /** names a labeller may give, in the order their ids are given */
  readonly given: readonly string[];
  /** first free ids */
  readonly next: { readonly annotation: number; readonly category: number };
  readonly shard: { readonly index: number; readonly count: number };
}

/** The entries of one image. */
export interface ImageLabels {
  /** absolute */
  readonly path: string;
  readonly image: CocoImage;
  readonly isListed: boolean;
  readonly added: readonly InstanceAnnotation[];
  readonly changed: readonly {
    readonly before: InstanceAnnotation;
    readonly after: InstanceAnnotation;
  }[];
}

export interface LabelEntries {
  /** the dataset's categories and the new ones */
  readonly categories: readonly CocoCategory[];
  readonly newCategories: readonly CocoCategory[];
  /** in list order, made while they are gone through, as often as wanted */
  readonly images: Iterable<ImageLabels>;
}

/** Ids of new annotations are those free ids that belong to this shard, so that shards never collide. */
export function buildEntries(
  results: Iterable<{ readonly item: JobImage; readonly result: Labels }>,
  { categories, given, next, shard }: EntrySetup,
): LabelEntries {
  const ids = new Map(categories.map(({ name, id }) => [name, id]));
  const lower = new Map(categories.map(({ name, id }) => [name.toLowerCase(), id]));
  const newCategories: CocoCategory[] = [];
  const know = (name: string): void => {
    if (ids.has(name)) return;
    const id = lower.get(name.toLowerCase()) ?? next.category + newCategories.length;
    ids.set(name, id);
    if (lower.has(name.toLowerCase())) return;
    lower.set(name.toLowerCase(), id);
    newCategories.push({ id, name });
  };
  for (const name of given) know(name);
  for (const { result } of results) {
    for (const { category } of result.added) know(category);
    for (const { category } of result.changed) if (category !== undefined) know(category);
  }
  return {
    categories: [...categories, ...newCategories],
    newCategories,
    images: {
      *[Symbol.iterator]() {
        let id = next.annotation + shard.index;
        const nextId = (): number => (id += shard.count) - shard.count;
        for (const { item, result } of results) yield imageLabels(item, result, ids, nextId);
      },
    },
  };
}

function imageLabels(
  item: JobImage,
  { size, added, changed }: Labels,
  ids: ReadonlyMap<string, number>,
  nextId: () => number,
): ImageLabels {
  const [height, width] = size;
  const { imageId, fileName } = item;
  return {
    path: item.path,
    image: item.image ?? { id: imageId, file_name: fileName, width, height },
    isListed: item.image !== null,
    added: added.map((label) => entryOf(label, nextId(), imageId, ids.get(label.category)!)),
    changed: changed.map(({ before, after, category }) => ({
      before,
      after: category === undefined ? after : { ...after, category_id: ids.get(category)! },
    })),
  };
}

function entryOf(
  { segmentation, bbox, area, score, attributes, promptmark }: NewLabel,
  id: number,
  image_id: number,
  category_id: number,
): InstanceAnnotation {
  return {
    ...{ id, image_id, category_id },
    ...(segmentation ? { segmentation } : {}),
    ...{ bbox, area, iscrowd: 0 as const },
    ...(score === undefined ? {} : { score }),
    ...(attributes ? { attributes } : {}),
    promptmark,
  };
}
