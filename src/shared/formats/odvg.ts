// ODVG, the training form of Grounding DINO: a JSON line an image with its objects (detection), and a line a caption
// with the regions that its phrases name (grounding). Boxes are [x0, y0, x1, y1] in pixels.
import { isPlainObject } from '../coco/equal';
import type { CocoCategory, CocoImage } from '../coco/types';
import { boxFromBbox } from '../geometry/box';
import { roundTo } from '../geometry/round';
import type { Bbox } from '../geometry/types';
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, ImageRecord, SourceFiles, TargetFiles } from './format';
import { recordsOf, type JsonRecord } from './jsonLines';
import type { LossLog } from './lossLog';
import { hasExtension } from './paths';
import { phrasesOf } from './phrases';
import { boxOf, byId, captionsOf, objectsOf } from './shapes';
import { noteUnreadable, parseJson, textOf } from './texts';

const DETECTION = 'odvg_detection.jsonl';
const GROUNDING = 'odvg_grounding.jsonl';
const LABELS = 'label_map.json';

export const odvg: Format = {
  id: 'odvg',
  title: 'ODVG JSON lines (detection and grounding)',
  kept: ['categories', 'unused-categories', 'empty-images', 'caption'],
  note: 'A caption grounds the objects whose category it names; the others are in the detection file.',
  accepts: (path) => hasExtension(path, '.jsonl') || path.endsWith(LABELS),
  read,
  write,
};

async function read(source: SourceFiles, builder: DatasetBuilder, losses: LossLog): Promise<void> {
  const names = await readLabels(source, builder, losses);
  const known = new KnownBoxes();
  for (const path of source.paths.filter((each) => hasExtension(each, '.jsonl'))) {
    for await (const record of recordsOf(source, path, losses)) {
      await readRecord(record, names, known, source, builder, losses);
    }
  }
}

/** Boxes by image: grounding repeats those of detection. */
class KnownBoxes {
  private readonly seen = new Set<string>();

  /** False when this object was there before in the other file; the same box twice in one is two objects. */
  isNew(image: CocoImage, category: CocoCategory, bbox: Bbox, isGrounding: boolean): boolean {
    const key = `${image.id} ${category.id} ${bbox.map((value) => roundTo(value, 2)).join(' ')}`;
    if (isGrounding && this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }
}

async function readLabels(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const path of source.paths.filter((each) => each.endsWith(LABELS))) {
    try {
      const map = parseJson(await textOf(source, path));
      for (const [key, name] of Object.entries(isPlainObject(map) ? map : {})) {
        if (typeof name === 'string' && name !== '') names.set(key, name);
      }
    } catch (error) {
      noteUnreadable(path, error, losses);
    }
  }
  for (const name of names.values()) builder.category(name);
  return names;
}

async function readRecord(
  { entry, where }: JsonRecord,
  names: ReadonlyMap<string, string>,
  known: KnownBoxes,
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const { filename, detection, grounding } = entry;
  const fileName = typeof filename === 'string' ? filename : '';
  const given = [Number(entry['height']), Number(entry['width'])] as const;
  const size = given.every((side) => side > 0) ? given : await source.sizeOf(fileName);
  const image = builder.image(fileName, size, where);
  if (!image) return;
  const add = (name: string, box: unknown, isGrounding: boolean): void => {
    const bbox = bboxOf(box);
    if (!bbox || name === '') {
      losses.add('shape-unreadable', 'A region without box or name is left out.', where);
      return;
    }
    const category = builder.category(name);
    if (known.isNew(image, category, bbox, isGrounding))
      builder.object(image, category, { bbox }, where);
  };
  for (const one of listIn(detection, 'instances')) {
    const label = one['label'];
    const named = typeof one['category'] === 'string' ? one['category'] : names.get(String(label));
    add(named ?? (label === undefined ? '' : `label_${JSON.stringify(label)}`), one['bbox'], false);
  }
  if (!isPlainObject(grounding)) return;
  if (typeof grounding['caption'] === 'string' && grounding['caption'] !== '') {
    builder.caption(image, grounding['caption']);
  }
  for (const region of listIn(grounding, 'regions')) {
    // A phrase that was stored as several words names one thing.
    const { phrase } = region;
    const name = Array.isArray(phrase)
      ? phrase.join(' ')
      : typeof phrase === 'string'
        ? phrase
        : '';
    for (const box of boxesIn(region['bbox'])) add(name, box, true);
  }
}

const listIn = (holder: unknown, key: string): Record<string, unknown>[] => {
  const list = isPlainObject(holder) ? holder[key] : [];
  return Array.isArray(list) ? list.map((item) => (isPlainObject(item) ? item : {})) : [];
};

/** A region has one box, or a list of them. */
const boxesIn = (value: unknown): unknown[] =>
  Array.isArray(value) && Array.isArray(value[0]) ? (value as unknown[]) : [value];

function bboxOf(value: unknown): Bbox | null {
  if (!Array.isArray(value) || value.length !== 4 || !value.every(Number.isFinite)) return null;
  const [x0, y0, x1, y1] = value as [number, number, number, number];
  return [x0, y0, x1 - x0, y1 - y0];
}

async function write(dataset: DatasetSource, target: TargetFiles, losses: LossLog): Promise<void> {
  const categories = byId(dataset.categories);
  const labels = new Map(dataset.categories.map((category, k) => [category, k]));
  const map = Object.fromEntries(dataset.categories.map(({ name }, k) => [k, name]));
  await target.write(LABELS, `${JSON.stringify(map)}\n`);
  await target.append(DETECTION, '');
  for await (const record of dataset.records()) {
    const { image } = record;
    const head = { filename: image.file_name, height: image.height, width: image.width };
    const instances = objectsOf(record, categories, losses).flatMap(({ annotation, category }) => {
      const bbox = boxOf(annotation, image, losses);
      if (!bbox) return [];
      const box = boxFromBbox(bbox).map((value) => roundTo(value, 2));
      return [{ bbox: box, label: labels.get(category)!, category: category.name }];
    });
    await target.append(DETECTION, lineOf({ ...head, detection: { instances } }));
    await writeGrounding(record, head, instances, target);
  }
}

async function writeGrounding(
  record: ImageRecord,
  head: object,
  instances: readonly { readonly bbox: readonly number[]; readonly category: string }[],
  target: TargetFiles,
): Promise<void> {
  for (const caption of captionsOf(record)) {
    const named = phrasesOf(caption, [...new Set(instances.map(({ category }) => category))]);
    const regions = [...named].map((phrase) => {
      const boxes = instances.filter(({ category }) => category === phrase);
      return { bbox: boxes.map(({ bbox }) => bbox), phrase };
    });
    await target.append(GROUNDING, lineOf({ ...head, grounding: { caption, regions } }));
  }
}

const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`;
