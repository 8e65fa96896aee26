// YOLO as Ultralytics reads it, for detection, segmentation and pose. Label files lie beside the images, or in labels/
// where those lie in images/; images.txt lists the images.
import { stringify as formatYaml } from 'yaml';
import type { CocoImage, InstanceAnnotation } from '../coco/types';
import { joinRings } from '../geometry/joinRings';
import { roundTo } from '../geometry/round';
import type { Dataset, Format, WriteResult } from './format';
import { LossLog } from './lossLog';
import { hasExtension, OutputFiles } from './paths';
import { boxOf, keypointsOf, noteUnknownCategory, objectsByImage, ringsOf } from './shapes';
import { noteUnkept, type Feature } from './unkept';
import { readYolo } from './yoloRead';

/** Values of one line after the class index; null when the annotation has nothing for it. */
type LineOf = (
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
) => number[] | null;

interface Task {
  readonly id: string;
  readonly title: string;
  readonly kept: readonly Feature[];
  /** makes the writer of lines, and says what the data file needs for it */
  readonly prepare: (dataset: Dataset) => { lineOf: LineOf; data?: Record<string, unknown> };
}

const COMMON: readonly Feature[] = ['categories', 'unused-categories', 'empty-images'];

export const yoloDetect: Format = yoloFormat({
  id: 'yolo-det',
  title: 'YOLO boxes',
  kept: COMMON,
  prepare: () => ({ lineOf: boxLine }),
});

export const yoloSegment: Format = yoloFormat({
  id: 'yolo-seg',
  title: 'YOLO segments',
  kept: [...COMMON, 'mask'],
  prepare: () => ({ lineOf: segmentLine }),
});

export const yoloPose: Format = yoloFormat({
  id: 'yolo-pose',
  title: 'YOLO poses',
  kept: [...COMMON, 'keypoints'],
  prepare: (dataset) => {
    const counts = dataset.annotations.map(
      (a) => (keypointsOf(a as InstanceAnnotation) ?? []).length / 3,
    );
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    return { lineOf: poseLine(most), data: { kpt_shape: [most, 3] } };
  },
});

function yoloFormat(task: Task): Format {
  return {
    id: task.id,
    title: task.title,
    accepts: (path) => hasExtension(path, '.txt', '.yaml', '.yml', '.names'),
    read: readYolo,
    write: (dataset) => writeYolo(dataset, task),
  };
}

function writeYolo(dataset: Dataset, task: Task): WriteResult {
  const losses = new LossLog();
  noteUnkept(dataset, task.kept, losses);
  const { lineOf, data } = task.prepare(dataset);
  const classOf = new Map(dataset.categories.map((category, i) => [category.id, i]));
  const output = new OutputFiles(losses);
  const listed: string[] = [];
  for (const [image, annotations] of objectsByImage(dataset)) {
    const path = output.claim(image, labelPath);
    if (path === null) continue;
    listed.push(`./${image.file_name}`);
    const lines = annotations.flatMap((annotation) => {
      const index = classOf.get(annotation.category_id);
      if (index === undefined) {
        noteUnknownCategory(annotation, losses);
        return [];
      }
      const values = lineOf(annotation, image, losses);
      return values ? [[index, ...values.map((value) => roundTo(value, 6))].join(' ')] : [];
    });
    output.files.set(path, lines.map((line) => `${line}\n`).join(''));
  }
  output.files.set('images.txt', listed.map((line) => `${line}\n`).join(''));
  const names = Object.fromEntries(dataset.categories.map((category, i) => [i, category.name]));
  const header = { path: '.', train: 'images.txt', val: 'images.txt', ...data, names };
  output.files.set('data.yaml', formatYaml(header));
  return { files: output.files, losses: losses.list() };
}

/** Where Ultralytics looks for an image's labels: labels/ for the last images/ of its path. */
function labelPath(stem: string): string {
  return `${stem.replace(/(^|.*\/)images\//, '$1labels/')}.txt`;
}

function boxLine(
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
): number[] | null {
  const bbox = boxOf(annotation, image, losses);
  if (!bbox) return null;
  const [x, y, w, h] = bbox;
  const { width, height } = image;
  return [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height];
}

/** One ring an object: parts and holes are joined by bridges of no width. */
function segmentLine(
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
): number[] | null {
  const relative = (ring: readonly number[]): number[] =>
    ring.map((value, i) => value / (i % 2 === 0 ? image.width : image.height));
  const rings = ringsOf(annotation, image, losses);
  if (rings && rings.polygons.length > 0) {
    return relative(joinRings([...rings.polygons, ...rings.holes]));
  }
  const bbox = boxOf(annotation, image, losses);
  if (!bbox) return null;
  const message = 'A box without a mask is written as a rectangular segment.';
  losses.add('box-as-segment', message, `annotation ${annotation.id}`);
  const [x, y, w, h] = bbox;
  return relative([x, y, x + w, y, x + w, y + h, x, y + h]);
}

/** Box and keypoints; objects with fewer points than the most get unlabelled ones. */
function poseLine(points: number): LineOf {
  return (annotation, image, losses) => {
    const box = boxLine(annotation, image, losses);
    if (!box) return null;
    const keypoints = keypointsOf(annotation) ?? [];
    const scale = [1 / image.width, 1 / image.height, 1];
    const values = keypoints.map((value, i) => value * scale[i % 3]!);
    return [...box, ...values, ...new Array<number>(points * 3 - values.length).fill(0)];
  };
}
