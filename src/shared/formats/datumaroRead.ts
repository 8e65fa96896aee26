// Reads Datumaro's JSON files, an item at a time. Shapes of one label and group are one object.
import { isPlainObject } from '../coco/equal';
import { runsOf } from '../coco/segmentation';
import type { CocoCategory, CocoImage, Segmentation } from '../coco/types';
import type { Bbox, Size } from '../geometry/types';
import { unionAll } from '../mask/combine';
import { runsToString } from '../mask/rleString';
import { entriesOf, textField, type Listed } from './cocoLists';
import type { DatasetBuilder, FoundObject } from './datasetBuilder';
import type { SourceFiles } from './format';
import { jsonPartsOf, parseBytes } from './jsonParts';
import { messageOf, type LossLog } from './lossLog';
import { baseName } from '../coco/fileNames';
import { withoutExtension } from './paths';
import { keypointFields, sizeOf } from './shapes';

type Json = Record<string, unknown>;
type CategoryOf = (label: unknown, where: string) => CocoCategory;

export async function readDatumaro(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  for (const path of source.paths) {
    const category = await readCategories(source, path, builder, losses);
    for await (const item of entriesOf(source, path, ['items'], losses)) {
      await readItem(item, withoutExtension(baseName(path)), category, source, builder, losses);
    }
  }
}

/** The labels, which may stand after the items. A file that breaks is told when the items are read. */
async function readCategories(
  source: SourceFiles,
  path: string,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<CategoryOf> {
  const names: string[] = [];
  try {
    for await (const part of jsonPartsOf(source, path)) {
      if (part.key === 'categories' && part.row < 0)
        addLabels(parseBytes(part.bytes), names, builder);
    }
  } catch {
    // told by entriesOf
  }
  return (label, where) => {
    const name = typeof label === 'number' ? names[label] : undefined;
    if (name === undefined) {
      losses.add('names-missing', 'A label has no name; it is called after its number.', where);
    }
    return builder.category(name ?? `label_${String(label)}`);
  };
}

function addLabels(categories: unknown, names: string[], builder: DatasetBuilder): void {
  const parts = isPlainObject(categories) ? categories : {};
  const labels = isPlainObject(parts['label']) ? parts['label']['labels'] : [];
  const points = isPlainObject(parts['points']) ? parts['points']['items'] : [];
  const skeletons = new Map<unknown, Json>();
  for (const item of listOf(points)) skeletons.set(item['label_id'], item);
  for (const [k, label] of listOf(labels).entries()) {
    const name = textField(label['name']) || `label_${k}`;
    const skeleton = skeletons.get(k);
    const joints =
      skeleton && Array.isArray(skeleton['joints']) ? (skeleton['joints'] as unknown[]) : [];
    builder.category(name, {
      ...(textField(label['parent']) !== '' && { supercategory: label['parent'] }),
      ...(skeleton &&
        Array.isArray(skeleton['labels']) && { keypoints: skeleton['labels'] as unknown[] }),
      ...(joints.length > 0 && { skeleton: joints }),
    });
    names.push(name);
  }
}

const listOf = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter(isPlainObject) : [];

async function readItem(
  { entry, where }: Listed,
  subset: string,
  category: CategoryOf,
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const described = isPlainObject(entry['image']) ? entry['image'] : {};
  const named = textField(described['path']) || `${textField(entry['id'])}.jpg`;
  const inFolder = `images/${subset}/${named}`;
  const picture = source.pictures.includes(inFolder) ? inFolder : named;
  const size = sizeOfList(described['size']) ?? (await source.sizeOf(picture));
  const id = isPlainObject(entry['attr']) ? entry['attr']['id'] : undefined;
  const image = builder.image(picture, size, where, typeof id === 'number' ? { id } : {});
  if (!image) return;
  const shapes = listOf(entry['annotations']);
  const done = new Set<Json>();
  for (const shape of shapes) {
    if (done.has(shape)) continue;
    const parts = shapes.filter((other) => other === shape || isSameObject(shape, other));
    for (const part of parts) done.add(part);
    if (shape['type'] === 'caption') {
      if (textField(shape['caption']) !== '') builder.caption(image, textField(shape['caption']));
      continue;
    }
    try {
      const found = readObject(parts, image, where, losses);
      if (found) builder.object(image, category(shape['label_id'], where), found, where);
    } catch (error) {
      losses.add('shape-unreadable', `A shape is left out: ${messageOf(error)}`, where);
    }
  }
}

const sizeOfList = (value: unknown): Size | undefined =>
  Array.isArray(value) && value.length === 2 && value.every((side) => typeof side === 'number')
    ? (value as unknown as Size)
    : undefined;

const AREAS: readonly unknown[] = ['polygon', 'mask', 'bbox', 'points'];

function isSameObject(a: Json, b: Json): boolean {
  const isGrouped = typeof a['group'] === 'number' && a['group'] > 0 && a['group'] === b['group'];
  return (
    isGrouped &&
    a['label_id'] === b['label_id'] &&
    AREAS.includes(a['type']) &&
    AREAS.includes(b['type'])
  );
}

function readObject(
  parts: readonly Json[],
  image: CocoImage,
  where: string,
  losses: LossLog,
): FoundObject | null {
  const fields = fieldsOf(parts[0]!);
  const rings: number[][] = [];
  const masks: Segmentation[] = [];
  let bbox: Bbox | undefined;
  let keypoints: number[] | undefined;
  for (const part of parts) {
    if (part['type'] === 'polygon') rings.push(numbersOf(part['points']));
    else if (part['type'] === 'mask') masks.push(rleOf(part['rle']));
    else if (part['type'] === 'bbox') bbox = numbersOf(part['bbox']) as unknown as Bbox;
    else if (part['type'] === 'points') keypoints = keypointsOf(part);
    else {
      const type = String(part['type']).slice(0, 40);
      losses.add('shape-type', `Annotations of type "${type}" are not read.`, where);
    }
  }
  const points = keypoints ? keypointFields(keypoints) : {};
  const all = { ...fields, ...points };
  const drawn = rings.filter((ring) => ring.length >= 6);
  if (masks.length === 0 && drawn.length > 0) return { segmentation: drawn, fields: all };
  if (masks.length === 1 && drawn.length === 0) return { segmentation: masks[0]!, fields: all };
  if (masks.length > 0) {
    const areas = [...masks, ...(drawn.length > 0 ? [drawn] : [])];
    const runs = unionAll(
      areas.map((area) => runsOf(area, sizeOf(image))),
      sizeOf(image),
    );
    return { segmentation: runsToString(runs), fields: all };
  }
  const box = bbox ?? (keypoints && boxOfPoints(keypoints));
  return box ? { bbox: box, fields: all } : null;
}

/** is_crowd and score are attributes there, fields here. */
function fieldsOf(shape: Json): Json {
  const { is_crowd, score, ...attributes } = isPlainObject(shape['attributes'])
    ? shape['attributes']
    : {};
  return {
    ...(is_crowd === true || is_crowd === 1 ? { iscrowd: 1 } : {}),
    ...(typeof score === 'number' ? { score } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}

/** @throws RangeError when it is no list of numbers */
function numbersOf(value: unknown): number[] {
  if (Array.isArray(value) && value.every(Number.isFinite)) return value as number[];
  throw new RangeError('a list of numbers is expected');
}

/** @throws RangeError when it is no RLE */
function rleOf(value: unknown): Segmentation {
  if (!isPlainObject(value)) throw new RangeError('an RLE is expected');
  const size = numbersOf(value['size']) as unknown as Size;
  const { counts } = value;
  return { size, counts: typeof counts === 'string' ? counts : numbersOf(counts) } as Segmentation;
}

function keypointsOf(part: Json): number[] {
  const points = numbersOf(part['points']);
  const visible = Array.isArray(part['visibility']) ? numbersOf(part['visibility']) : [];
  return Array.from({ length: points.length >> 1 }, (_, k) => [
    points[2 * k]!,
    points[2 * k + 1]!,
    visible[k] ?? 2,
  ]).flat();
}

/** The box around the points that are labelled. */
function boxOfPoints(keypoints: readonly number[]): Bbox {
  const labelled = keypoints.filter((_, k) => keypoints[k - (k % 3) + 2]! > 0);
  const xs = labelled.filter((_, k) => k % 3 === 0);
  const ys = labelled.filter((_, k) => k % 3 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x, Math.max(...ys) - y];
}
