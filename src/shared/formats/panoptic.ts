// COCO panoptic: a JSON file with the segments of each image, and a PNG an image in which the colour of a pixel is
// the id of its segment (red + 256 green + 65536 blue).
import { isPlainObject } from '../coco/equal';
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../coco/types';
import { measure } from '../coco/segmentation';
import {
  listsOf,
  entriesOf,
  otherFields,
  sizeOfEntry,
  textField,
  type Lists,
  type Listed,
} from './cocoLists';
import type { Rle } from '../mask/types';
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, ImageRecord, SourceFiles, TargetFiles } from './format';
import { ListWriter } from './listWriter';
import { masksOf, paintObjects } from './labelMap';
import type { LossLog } from './lossLog';
import { folderOf, hasExtension, PathClaims, withoutExtension } from './paths';
import { checkMapSize, decodeRaster, encodeNumbers, numbersOf } from './raster';
import { byId, sizeOf } from './shapes';
import { noteUnreadable } from './texts';
import { FEATURES } from './unkept';

const NAME = 'panoptic';
const MOST_ID = 0xffffff;

export const panoptic: Format = {
  id: 'coco-panoptic',
  title: 'COCO panoptic',
  kept: [
    ...(['mask', 'crowd', 'supercategory', 'categories', 'unused-categories'] as const),
    ...(['category-fields', 'image-fields', 'empty-images'] as const),
  ],
  note: 'A category without isthing is a thing; objects of stuff (isthing 0) become one segment an image.',
  accepts: (path) => hasExtension(path, '.json', '.png'),
  read,
  write,
};

async function read(source: SourceFiles, builder: DatasetBuilder, losses: LossLog): Promise<void> {
  const maps = source.paths.filter((path) => hasExtension(path, '.png'));
  for (const path of source.paths.filter((each) => hasExtension(each, '.json'))) {
    const lists = await listsOf(source, path, losses);
    let isBegun = false;
    for await (const listed of entriesOf(source, path, ['annotations'], losses)) {
      if (!Array.isArray(listed.entry['segments_info'])) {
        const message = 'An annotation without segments_info is no panoptic one; it is left out.';
        losses.add('segments-missing', message, listed.where);
        continue;
      }
      if (!isBegun) addCategories(lists, builder);
      isBegun = true;
      await readImage(listed, lists, mapFinder(path, maps), source, builder, losses);
    }
    if (isBegun) addImages(lists, builder);
  }
}

function addCategories({ categories }: Lists, builder: DatasetBuilder): void {
  for (const { entry } of categories.values()) {
    const name = textField(entry['name']);
    if (name !== '') builder.category(name, otherFields(entry, 'name'));
  }
}

/** Images that have no segments. */
function addImages({ images }: Lists, builder: DatasetBuilder): void {
  for (const { entry, where } of images.values()) addImage(entry, where, builder);
}

function addImage(
  entry: Record<string, unknown>,
  where: string,
  builder: DatasetBuilder,
): CocoImage | null {
  const fields = otherFields(entry, 'file_name', 'width', 'height');
  return builder.image(textField(entry['file_name']), sizeOfEntry(entry), where, fields);
}

/** The PNG of an annotation: in the folder of the JSON file's name, else the only one of that name. */
function mapFinder(path: string, maps: readonly string[]): (name: string) => string | undefined {
  return (name) => {
    const wanted = `${withoutExtension(path)}/${name}`;
    if (maps.includes(wanted)) return wanted;
    const others = maps.filter((map) => map === name || map.endsWith(`/${name}`));
    return others.find((map) => map.startsWith(folderOf(path))) ?? others[0];
  };
}

async function readImage(
  { entry, where }: Listed,
  lists: Lists,
  mapOf: (name: string) => string | undefined,
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const listed = lists.images.get(entry['image_id']);
  const image = listed && addImage(listed.entry, listed.where, builder);
  const path = mapOf(textField(entry['file_name']));
  if (!image || path === undefined) {
    const message = image ? 'The PNG of an image is missing.' : 'Segments of an unknown image.';
    losses.add(image ? 'map-missing' : 'image-missing', `${message} They are left out.`, where);
    return;
  }
  try {
    const raster = decodeRaster(await source.bytes(path));
    checkMapSize(raster, sizeOf(image));
    const masks = masksOf(numbersOf(raster), sizeOf(image));
    addSegments(entry['segments_info'] as unknown[], where, image, masks, lists, builder, losses);
    const [unknown] = masks.keys();
    if (unknown !== undefined) {
      const message = 'Pixels of a segment that is not in segments_info are left out.';
      losses.add('segment-unknown', message, `${path}, segment ${unknown}`);
    }
  } catch (error) {
    noteUnreadable(path, error, losses);
  }
}

/** Adds the segments that have pixels, and takes them out of `masks`. */
function addSegments(
  segments: readonly unknown[],
  where: string,
  image: CocoImage,
  masks: Map<number, Rle>,
  lists: Lists,
  builder: DatasetBuilder,
  losses: LossLog,
): void {
  for (const segment of segments) {
    const id = isPlainObject(segment) ? segment['id'] : undefined;
    const segmentation = masks.get(id as number);
    masks.delete(id as number);
    if (!isPlainObject(segment) || !segmentation) {
      const place = `${where}, segment ${String(id)}`;
      losses.add('segment-missing', 'A segment has no pixels in its PNG.', place);
      continue;
    }
    const category = lists.categories.get(segment['category_id'])?.entry;
    const name = textField(category?.['name']) || `category_${String(segment['category_id'])}`;
    const fields = segment['iscrowd'] === 1 ? { iscrowd: 1 } : {};
    builder.object(image, builder.category(name), { segmentation, fields }, where);
  }
}

async function write(dataset: DatasetSource, target: TargetFiles, losses: LossLog): Promise<void> {
  const claims = new PathClaims(losses);
  const categories = byId(dataset.categories);
  const images = new ListWriter(target, `${NAME}.json`);
  const taken = new Set<number>();
  await images.begin('images');
  for await (const { image } of dataset.records()) await images.add(image);
  await images.begin('annotations');
  for await (const record of dataset.records()) {
    const { image } = record;
    const path = claims.claim(image, (stem) => `${NAME}/${stem}.png`);
    if (path === null || taken.has(image.id)) continue;
    taken.add(image.id);
    const map = paintObjects(record, categories, segmentIds(losses), losses);
    if (!map) continue;
    await target.write(path, encodeNumbers(sizeOf(image), map.values));
    const segments_info = segmentsOf(record, map.values, map.painted);
    const file_name = path.slice(NAME.length + 1);
    await images.add({ image_id: image.id, file_name, segments_info });
  }
  await images.begin('categories');
  for (const category of dataset.categories) {
    const isthing = isStuff(category) ? 0 : 1;
    await images.add({ ...category, isthing });
  }
  await images.end();
}

const isStuff = (category: CocoCategory): boolean => category['isthing'] === 0;

/** The annotation's own id where a colour can hold it; stuff of one category shares a segment. */
function segmentIds(
  losses: LossLog,
): (annotation: InstanceAnnotation, category: CocoCategory, before: number) => number | null {
  let stuff = new Map<number, number>();
  let taken = new Set<number>();
  return ({ id }, category, before) => {
    if (before === 0) {
      stuff = new Map();
      taken = new Set();
    }
    const shared = isStuff(category) ? stuff.get(category.id) : undefined;
    if (shared !== undefined) {
      losses.add('instances', FEATURES.instances, `annotation ${id}`);
      return shared;
    }
    let given = Number.isInteger(id) && id > 0 && id <= MOST_ID && !taken.has(id) ? id : 1;
    while (taken.has(given)) given++;
    taken.add(given);
    if (isStuff(category)) stuff.set(category.id, given);
    return given;
  };
}

function segmentsOf(
  { image }: ImageRecord,
  values: Uint32Array,
  painted: NonNullable<ReturnType<typeof paintObjects>>['painted'],
): object[] {
  const masks = masksOf(values, sizeOf(image));
  const segments = new Map<number, object>();
  for (const { annotation, category, value } of painted) {
    if (segments.has(value)) continue;
    const { area, bbox } = measure(masks.get(value)!);
    const iscrowd = annotation.iscrowd === 1 ? 1 : 0;
    segments.set(value, { id: value, category_id: category.id, area, bbox, iscrowd });
  }
  return [...segments.values()];
}
