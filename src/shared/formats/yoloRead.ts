// Reads YOLO label files: one line an object, numbers relative to the image's sides. What a line holds (box, polygon,
// keypoints) follows from its length and the data file's kpt_shape.
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { isPlainObject } from '../coco/equal';
import type { CocoCategory, CocoImage } from '../coco/types';
import { roundTo } from '../geometry/round';
import type { DatasetBuilder, FoundObject } from './datasetBuilder';
import type { SourceFiles } from './format';
import { messageOf, type LossLog } from './lossLog';
import { hasExtension, pictureFinder } from './paths';
import { keypointFields } from './shapes';
import { noteUnreadable, PlacedError, textOf } from './texts';

/** What the data file says. */
interface Names {
  readonly names: ReadonlyMap<number, string>;
  /** number of keypoints, and 2 or 3 values each */
  readonly keypoints: readonly [count: number, values: number] | null;
}

/** Reads YOLO files of any task; sizes of the images must be known. */
export async function readYolo(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const data = await readNames(source, losses);
  const category = categoryFinder(builder, data, losses);
  const labels = source.paths.filter((path) => hasExtension(path, '.txt'));
  const pictureOf = pictureFinder(source.pictures, labels, 'labels');
  const found = new Map<string, string>();
  for (const path of labels) {
    const picture = pictureOf(path);
    if (picture !== undefined) found.set(picture, path);
    else if (looksLikeLabels(await textOf(source, path))) {
      losses.add('image-missing', 'A label file has no image; it is left out.', path);
    }
  }
  for (const picture of source.pictures) {
    const label = found.get(picture);
    const size = await source.sizeOf(picture);
    // Pictures that nothing can be said about are no images of the dataset.
    const image = size || label !== undefined ? builder.image(picture, size, picture) : null;
    if (image && label !== undefined) {
      readLabels(await textOf(source, label), label, image);
    }
  }

  function readLabels(text: string, label: string, image: CocoImage): void {
    for (const [i, line] of text.split(/\r?\n/).entries()) {
      const where = `${label}:${i + 1}`;
      if (line.trim() === '') continue;
      const object = parseLine(line, image, data);
      if (object) builder.object(image, category(object.index, where), object.found, where);
      else losses.add('line-unreadable', 'A line is not a YOLO label; it is left out.', where);
    }
  }
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

async function readNames(source: SourceFiles, losses: LossLog): Promise<Names> {
  const names = new Map<number, string>();
  let keypoints: Names['keypoints'] = null;
  for (const path of source.paths) {
    if (/\.names$|(^|\/)classes\.txt$/i.test(path)) {
      const lines = (await textOf(source, path)).split(/\r?\n/).map((line) => line.trim());
      lines.forEach((line, i) => line !== '' && names.set(i, line));
    } else if (hasExtension(path, '.yaml', '.yml')) {
      const data = readYaml(path, await textOf(source, path), losses);
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
    const at = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
    const message = messageOf(error).split('\n')[0]!;
    noteUnreadable(path, at ? new PlacedError(message, at.line, at.col) : error, losses);
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
