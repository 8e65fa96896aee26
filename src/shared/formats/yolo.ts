// YOLO as Ultralytics reads it, for detection, segmentation and pose. Label files lie beside the images, or in labels/
// where those lie in images/; images.txt lists the images.
import { stringify as formatYaml } from 'yaml';
import type { CocoImage, InstanceAnnotation } from '../coco/types';
import { joinRings } from '../geometry/joinRings';
import { roundTo } from '../geometry/round';
import type { DatasetSource, Format, TargetFiles } from './format';
import type { LossLog } from './lossLog';
import { hasExtension, PathClaims } from './paths';
import { boxOf, byId, isInstance, keypointsOf, objectsOf, ringsOf } from './shapes';
import type { Feature } from './unkept';
import { readYolo } from './yoloRead';

/** Values of one line after the class index; null when the annotation has nothing for it. */
type LineOf = (
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
) => number[] | null;

interface Lines {
  readonly lineOf: LineOf;
  readonly data?: Record<string, unknown>;
}

interface Task {
  readonly id: string;
  readonly title: string;
  readonly kept: readonly Feature[];
  readonly note?: string;
  /** makes the writer of lines, and says what the data file needs for it */
  readonly prepare: (dataset: DatasetSource) => Promise<Lines>;
}

const COMMON: readonly Feature[] = ['categories', 'unused-categories', 'empty-images'];

export const yoloDetect: Format = yoloFormat({
  id: 'yolo-det',
  title: 'YOLO boxes',
  kept: COMMON,
  prepare: async () => ({ lineOf: boxLine }),
});

export const yoloSegment: Format = yoloFormat({
  id: 'yolo-seg',
  title: 'YOLO segments',
  kept: [...COMMON, 'mask'],
  note: 'A hole is joined to its outline by a bridge of no width; a box becomes a rectangle.',
  prepare: async () => ({ lineOf: segmentLine }),
});

export const yoloPose: Format = yoloFormat({
  id: 'yolo-pose',
  title: 'YOLO poses',
  kept: [...COMMON, 'keypoints'],
  prepare: async (dataset) => {
    let most = 0;
    for await (const { annotations } of dataset.records()) {
      for (const annotation of annotations.filter(isInstance)) {
        most = Math.max(most, (keypointsOf(annotation) ?? []).length / 3);
      }
    }
    return { lineOf: poseLine(most), data: { kpt_shape: [most, 3] } };
  },
});

function yoloFormat(task: Task): Format {
  return {
    id: task.id,
    title: task.title,
    kept: task.kept,
    ...(task.note === undefined ? {} : { note: task.note }),
    accepts: (path) => hasExtension(path, '.txt', '.yaml', '.yml', '.names'),
    read: readYolo,
    write: (dataset, target, losses) => writeYolo(dataset, task, target, losses),
  };
}

async function writeYolo(
  dataset: DatasetSource,
  task: Task,
  target: TargetFiles,
  losses: LossLog,
): Promise<void> {
  const { lineOf, data } = await task.prepare(dataset);
  const categories = byId(dataset.categories);
  const classOf = new Map(dataset.categories.map((category, i) => [category, i]));
  const claims = new PathClaims(losses);
  await target.append('images.txt', '');
  for await (const record of dataset.records()) {
    const { image } = record;
    const path = claims.claim(image, labelPath);
    if (path === null) continue;
    await target.append('images.txt', `./${image.file_name}\n`);
    const lines = objectsOf(record, categories, losses).flatMap(({ annotation, category }) => {
      const values = lineOf(annotation, image, losses);
      const words = [classOf.get(category)!, ...(values ?? []).map((value) => roundTo(value, 6))];
      return values ? [`${words.join(' ')}\n`] : [];
    });
    await target.write(path, lines.join(''));
  }
  const names = Object.fromEntries(dataset.categories.map((category, i) => [i, category.name]));
  const header = { path: '.', train: 'images.txt', val: 'images.txt', ...data, names };
  await target.write('data.yaml', formatYaml(header));
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
