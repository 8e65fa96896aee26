// Reads YOLO label files: one line an object, numbers relative to the image's sides. What a line holds (box, polygon,
// keypoints) follows from its length and the data file's kpt_shape.
import { parse as parseYaml } from 'yaml';
import { isPlainObject } from '../coco/equal';
import type { CocoCategory, CocoImage } from '../coco/types';
import { roundTo } from '../geometry/round';
import type { Size } from '../geometry/types';
import { DatasetBuilder, type FoundObject } from './datasetBuilder';
import type { ReadContext, ReadResult } from './format';
import { LossLog, messageOf } from './lossLog';
import { folderOf, hasExtension, withoutExtension } from './paths';
import { keypointFields } from './shapes';

/** What the data file says. */
interface Names {
  readonly names: ReadonlyMap<number, string>;
  /** number of keypoints, and 2 or 3 values each */
  readonly keypoints: readonly [count: number, values: number] | null;
}

/** Reads YOLO files of any task; sizes of the images must be known. */
export function readYolo(files: ReadonlyMap<string, string>, context?: ReadContext): ReadResult {
  const losses = new LossLog();
  const builder = new DatasetBuilder(losses);
  const sizes = context?.imageSizes ?? new Map<string, Size>();
  const data = readNames(files, losses);
  const category = categoryFinder(builder, data, losses);
  const labels = [...files.keys()].filter((path) => hasExtension(path, '.txt'));
  const imageOf = imageFinder(sizes, labels);
  const found = new Map<string, string>();
  for (const path of labels.sort()) {
    const image = imageOf(path);
    if (image !== undefined) found.set(image, path);
    else if (looksLikeLabels(files.get(path)!)) {
      losses.add('image-missing', 'A label file has no image; it is left out.', path);
    }
  }
  for (const [path, size] of [...sizes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const image = builder.image(path, size, path);
    const label = found.get(path);
    if (!image || label === undefined) continue;
    files
      .get(label)!
      .split(/\r?\n/)
      .forEach((line, i) => {
        const where = `${label}:${i + 1}`;
        if (line.trim() === '') return;
        const object = parseLine(line, image, data);
        if (object) builder.object(image, category(object.index, where), object.found, where);
        else losses.add('line-unreadable', 'A line is not a YOLO label; it is left out.', where);
      });
  }
  return { dataset: builder.build(), losses: losses.list() };
}

function parseLine(
  line: string,
  image: CocoImage,
  data: Names,
): { index: number; found: FoundObject } | null {
  const [index, ...values] = line.trim().split(/\s+/).map(Number);
  if (index === undefined || !Number.isInteger(index) || index < 0) return null;
  if (!values.every(Number.isFinite)) return null;
  const scaled = (value: number, i: number): number =>
    roundTo(value * (i % 2 === 0 ? image.width : image.height), 2);
  if (data.keypoints && values.length === 4 + data.keypoints[0] * data.keypoints[1]) {
    const keypoints = readKeypoints(values.slice(4), data.keypoints[1], image);
    return { index, found: { ...readBox(values, image), fields: keypointFields(keypoints) } };
  }
  if (values.length === 4) return { index, found: readBox(values, image) };
  if (values.length === 5) {
    return { index, found: { ...readBox(values, image), fields: { score: values[4]! } } };
  }
  if (values.length < 6 || values.length % 2 !== 0) return null;
  return { index, found: { segmentation: [values.map(scaled)] } };
}

function readBox(values: readonly number[], image: CocoImage): FoundObject {
  const [cx, cy, w, h] = values as [number, number, number, number];
  const { width, height } = image;
  return { bbox: [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height] };
}

/** COCO's x, y, v; with two values a point, one at (0, 0) is not labelled. */
function readKeypoints(values: readonly number[], each: number, image: CocoImage): number[] {
  const out: number[] = [];
  for (let i = 0; i < values.length; i += each) {
    const [x, y] = [values[i]!, values[i + 1]!];
    const visible = each === 3 ? values[i + 2]! : x === 0 && y === 0 ? 0 : 2;
    out.push(roundTo(x * image.width, 2), roundTo(y * image.height, 2), visible);
  }
  return out;
}

/** The picture a label file belongs to: in the same folder, or in images/ instead of labels/, or the only one so named. */
function imageFinder(
  sizes: ReadonlyMap<string, Size>,
  labels: readonly string[],
): (label: string) => string | undefined {
  const byStem = new Map<string, string>();
  const byBase = new Map<string, string | null>();
  const base = (path: string): string => withoutExtension(path).slice(folderOf(path).length);
  for (const path of sizes.keys()) {
    byStem.set(withoutExtension(path), path);
    byBase.set(base(path), byBase.has(base(path)) ? null : path);
  }
  const labelsOf = new Map<string, number>();
  for (const path of labels) labelsOf.set(base(path), (labelsOf.get(base(path)) ?? 0) + 1);
  return (label) => {
    const stem = withoutExtension(label);
    const beside = byStem.get(stem.replace(/(^|.*\/)labels\//, '$1images/')) ?? byStem.get(stem);
    if (beside !== undefined || labelsOf.get(base(label)) !== 1) return beside;
    return byBase.get(base(label)) ?? undefined;
  };
}

function looksLikeLabels(text: string): boolean {
  const first = text.trim().split(/\r?\n/, 1)[0]!;
  return /^\d+(\s+[-+.\deE]+){4,}$/.test(first);
}

/** Category by class index; all named ones are added at once, so that ids follow the list. */
function categoryFinder(
  builder: DatasetBuilder,
  data: Names,
  losses: LossLog,
): (index: number, where: string) => CocoCategory {
  const fields: Record<string, unknown> = data.keypoints
    ? { keypoints: Array.from({ length: data.keypoints[0] }, (_, i) => `keypoint_${i + 1}`) }
    : {};
  for (const [, name] of [...data.names].sort(([a], [b]) => a - b)) builder.category(name, fields);
  return (index, where) => {
    const name = data.names.get(index);
    if (name === undefined) {
      losses.add('names-missing', 'A class has no name; it is called after its number.', where);
    }
    return builder.category(name ?? `class_${index}`, fields);
  };
}

function readNames(files: ReadonlyMap<string, string>, losses: LossLog): Names {
  const names = new Map<number, string>();
  let keypoints: Names['keypoints'] = null;
  for (const [path, text] of files) {
    if (/(^|\/)(obj|classes|.*)\.names$|(^|\/)classes\.txt$/i.test(path)) {
      const lines = text.split(/\r?\n/).map((line) => line.trim());
      lines.forEach((line, i) => line !== '' && names.set(i, line));
    } else if (hasExtension(path, '.yaml', '.yml')) {
      const data = readYaml(path, text, losses);
      for (const [index, name] of namesOf(data['names'])) names.set(index, name);
      const shape = data['kpt_shape'];
      if (Array.isArray(shape) && shape.length === 2 && shape.every(Number.isInteger)) {
        keypoints = shape as unknown as [number, number];
      }
    }
  }
  return { names, keypoints };
}

function readYaml(path: string, text: string, losses: LossLog): Record<string, unknown> {
  try {
    const data: unknown = parseYaml(text);
    return isPlainObject(data) ? data : {};
  } catch (error) {
    losses.add('file-unreadable', `A file cannot be read: ${messageOf(error)}`, path);
    return {};
  }
}

/** A list of names, or names by number. */
function namesOf(value: unknown): [number, string][] {
  const entries = Array.isArray(value)
    ? value.map((name: unknown, i) => [i, name] as const)
    : Object.entries(isPlainObject(value) ? value : {});
  return entries.flatMap(([index, name]) =>
    Number.isInteger(Number(index)) && (typeof name === 'string' || typeof name === 'number')
      ? [[Number(index), String(name)] as [number, string]]
      : [],
  );
}
