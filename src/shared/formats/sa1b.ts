// Segment Anything's SA-1B: one JSON file an image, masks as compressed RLE, no categories. Its fields predicted_iou,
// crop_box and point_coords stay on the annotations under their names; predicted_iou is also our iou_score.
import { isPlainObject } from '../coco/equal';
import { measure } from '../coco/segmentation';
import type { CocoImage, InstanceAnnotation, Segmentation } from '../coco/types';
import { runsToString } from '../mask/rleString';
import { DatasetBuilder } from './datasetBuilder';
import type { Dataset, Format, ReadResult, WriteResult } from './format';
import { LossLog, messageOf } from './lossLog';
import { folderOf, hasExtension, OutputFiles } from './paths';
import { boxOf, objectsByImage, readMask } from './shapes';
import { noteUnkept } from './unkept';

export const sa1b: Format = {
  id: 'sa1b',
  title: 'Segment Anything (SA-1B)',
  accepts: (path) => hasExtension(path, '.json'),
  read: readSa1b,
  write: writeSa1b,
};

const OWN_FIELDS = ['predicted_iou', 'stability_score', 'crop_box', 'point_coords'] as const;

function readSa1b(files: ReadonlyMap<string, string>): ReadResult {
  const losses = new LossLog();
  const builder = new DatasetBuilder(losses);
  for (const path of [...files.keys()].sort()) {
    if (!hasExtension(path, '.json')) continue;
    try {
      readFile(JSON.parse(files.get(path)!) as unknown, path, builder, losses);
    } catch (error) {
      losses.add('file-unreadable', `A file cannot be read: ${messageOf(error)}`, path);
    }
  }
  return { dataset: builder.build(), losses: losses.list() };
}

function readFile(data: unknown, path: string, builder: DatasetBuilder, losses: LossLog): void {
  const described = isPlainObject(data) ? data['image'] : undefined;
  if (!isPlainObject(data) || !isPlainObject(described)) {
    throw new SyntaxError('an object with "image" and "annotations" is expected');
  }
  const fileName = typeof described['file_name'] === 'string' ? described['file_name'] : '';
  const size = [Number(described['height']), Number(described['width'])] as const;
  const image = builder.image(folderOf(path) + fileName, size, path);
  const annotations: unknown = data['annotations'];
  if (!image || !Array.isArray(annotations)) return;
  for (const [i, annotation] of (annotations as unknown[]).entries()) {
    const where = `${path}, annotations[${i}]`;
    if (!isPlainObject(annotation) || !annotation['segmentation']) {
      losses.add('shape-unreadable', 'An annotation without segmentation is left out.', where);
      continue;
    }
    const segmentation = annotation['segmentation'] as Segmentation;
    const found = { segmentation, fields: fieldsOf(annotation) };
    builder.object(image, builder.category('object'), found, where);
  }
}

function fieldsOf(annotation: Record<string, unknown>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of OWN_FIELDS) {
    if (annotation[name] !== undefined) fields[name] = annotation[name];
  }
  const scores = {
    ...(typeof fields['predicted_iou'] === 'number' && { iou_score: fields['predicted_iou'] }),
    ...(typeof fields['stability_score'] === 'number' && {
      stability_score: fields['stability_score'],
    }),
  };
  return Object.keys(scores).length ? { ...fields, promptmark: scores } : fields;
}

function writeSa1b(dataset: Dataset): WriteResult {
  const losses = new LossLog();
  const known: readonly string[] = OWN_FIELDS;
  const plain = {
    ...dataset,
    annotations: dataset.annotations.map((a) => withoutFields(a, known)),
  };
  noteUnkept(plain, ['mask', 'empty-images'], losses);
  const output = new OutputFiles(losses);
  for (const [image, annotations] of objectsByImage(dataset)) {
    const path = output.claim(image, (stem) => `${stem}.json`);
    if (path === null) continue;
    const base = image.file_name.slice(folderOf(image.file_name).length);
    const described = {
      image_id: image.id,
      width: image.width,
      height: image.height,
      file_name: base,
    };
    const written = annotations.flatMap((annotation) => sa1bAnnotation(annotation, image, losses));
    output.files.set(path, JSON.stringify({ image: described, annotations: written }));
  }
  return { files: output.files, losses: losses.list() };
}

function sa1bAnnotation(
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
): Record<string, unknown>[] {
  const mask = readMask(annotation, image, losses);
  if (!mask) {
    const message = 'An annotation without a mask is left out.';
    if (boxOf(annotation, image, losses)) losses.add('box', message, `annotation ${annotation.id}`);
    return [];
  }
  const { bbox, area } = measure(mask);
  return [
    {
      id: annotation.id,
      segmentation: runsToString(mask),
      bbox,
      area,
      predicted_iou: annotation['predicted_iou'] ?? annotation.promptmark?.iou_score ?? 1,
      stability_score: annotation['stability_score'] ?? annotation.promptmark?.stability_score ?? 1,
      crop_box: annotation['crop_box'] ?? [0, 0, image.width, image.height],
      point_coords: annotation['point_coords'] ?? [],
    },
  ];
}

function withoutFields<T extends object>(entry: T, names: readonly string[]): T {
  const kept = Object.entries(entry).filter(([name]) => !names.includes(name));
  return Object.fromEntries(kept) as T;
}
