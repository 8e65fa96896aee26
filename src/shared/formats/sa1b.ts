// Segment Anything's SA-1B: one JSON file an image, masks as compressed RLE, no categories. Its fields predicted_iou,
// crop_box and point_coords stay on the annotations under their names; predicted_iou is also our iou_score.
import { isPlainObject } from '../coco/equal';
import { measure } from '../coco/segmentation';
import type { CocoImage, InstanceAnnotation, Segmentation } from '../coco/types';
import { runsToString } from '../mask/rleString';
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import type { LossLog } from './lossLog';
import { folderOf, hasExtension, PathClaims } from './paths';
import { boxOf, isInstance, readMask } from './shapes';
import { JsonFile, noteUnreadable, textOf } from './texts';

const OWN_FIELDS = ['predicted_iou', 'stability_score', 'crop_box', 'point_coords'] as const;

export const sa1b: Format = {
  id: 'sa1b',
  title: 'Segment Anything (SA-1B)',
  kept: ['mask', 'empty-images'],
  ownFields: OWN_FIELDS,
  note: 'Objects without a mask are left out.',
  accepts: (path) => hasExtension(path, '.json'),
  read: readSa1b,
  write: writeSa1b,
};

async function readSa1b(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  for (const path of source.paths) {
    try {
      readFile(new JsonFile(path, await textOf(source, path)), path, builder, losses);
    } catch (error) {
      noteUnreadable(path, error, losses);
    }
  }
}

function readFile(file: JsonFile, path: string, builder: DatasetBuilder, losses: LossLog): void {
  const data = file.object('an object with "image" and "annotations"', ({ image }) =>
    isPlainObject(image),
  );
  const described = data['image'] as Record<string, unknown>;
  const fileName = typeof described['file_name'] === 'string' ? described['file_name'] : '';
  const size = [Number(described['height']), Number(described['width'])] as const;
  const image = builder.image(folderOf(path) + fileName, size, file.place('image'));
  const annotations: unknown = data['annotations'];
  if (!image || !Array.isArray(annotations)) return;
  for (const [i, annotation] of (annotations as unknown[]).entries()) {
    if (!isPlainObject(annotation) || !annotation['segmentation']) {
      const message = 'An annotation without segmentation is left out.';
      losses.add('shape-unreadable', message, file.place('annotations', i));
      continue;
    }
    const segmentation = annotation['segmentation'] as Segmentation;
    const found = { segmentation, fields: fieldsOf(annotation) };
    builder.object(image, builder.category('object'), found, () => file.place('annotations', i));
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

async function writeSa1b(
  dataset: DatasetSource,
  target: TargetFiles,
  losses: LossLog,
): Promise<void> {
  const claims = new PathClaims(losses);
  for await (const { image, annotations } of dataset.records()) {
    const path = claims.claim(image, (stem) => `${stem}.json`);
    if (path === null) continue;
    const base = image.file_name.slice(folderOf(image.file_name).length);
    const described = {
      image_id: image.id,
      width: image.width,
      height: image.height,
      file_name: base,
    };
    const objects = annotations.filter(isInstance);
    const written = objects.flatMap((annotation) => sa1bAnnotation(annotation, image, losses));
    await target.write(path, JSON.stringify({ image: described, annotations: written }));
  }
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
