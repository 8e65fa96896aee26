// Datumaro's own format: annotations/SUBSET.json with categories and items, images beside it in images/SUBSET.
import { isPlainObject } from '../coco/equal';
import { isPolygons, isRle } from '../coco/segmentation';
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../coco/types';
import { runsToString } from '../mask/rleString';
import { readDatumaro } from './datumaroRead';
import type { DatasetSource, Format, ImageRecord, TargetFiles } from './format';
import { ListWriter } from './listWriter';
import type { LossLog } from './lossLog';
import { hasExtension, withoutExtension } from './paths';
import { boxOf, byId, captionsOf, keypointsOf, objectsOf, readMask } from './shapes';

const FILE = 'annotations/default.json';

export const datumaro: Format = {
  id: 'datumaro',
  title: 'Datumaro',
  kept: [
    ...(['mask', 'crowd', 'attributes', 'score', 'keypoints', 'caption'] as const),
    ...(['supercategory', 'categories', 'unused-categories', 'empty-images'] as const),
  ],
  note: 'Ids of images are kept, those of annotations are not.',
  accepts: (path) => hasExtension(path, '.json'),
  read: readDatumaro,
  write,
};

async function write(dataset: DatasetSource, target: TargetFiles, losses: LossLog): Promise<void> {
  const categories = byId(dataset.categories);
  const numberOf = new Map(dataset.categories.map((category, k) => [category, k]));
  const file = new ListWriter(target, FILE);
  await file.member('dm_format_version', '1.0');
  await file.member('media_type', 2);
  await file.member('infos', {});
  await file.member('categories', categoriesOf(dataset.categories));
  await file.begin('items');
  for await (const record of dataset.records()) {
    const { image } = record;
    let [id, group] = [0, 0];
    const found = objectsOf(record, categories, losses).flatMap(
      ({ annotation, category }, order) => {
        const shapes = shapesOf(annotation, record, losses);
        if (shapes.length > 1) group++;
        const common = {
          attributes: attributesOf(annotation),
          group: shapes.length > 1 ? group : 0,
          label_id: numberOf.get(category),
          z_order: order,
        };
        return shapes.map((shape) => ({ id: id++, ...common, ...shape }));
      },
    );
    const captions = captionsOf(record).map((caption) => ({
      ...{ id: id++, type: 'caption', attributes: {}, group: 0, caption },
    }));
    await file.add({
      id: withoutExtension(image.file_name),
      annotations: [...found, ...captions],
      attr: { id: image.id },
      image: { path: image.file_name, size: [image.height, image.width] },
    });
  }
  await file.end();
}

function categoriesOf(categories: readonly CocoCategory[]): object {
  const labels = categories.map(({ name, supercategory }) => ({
    name,
    parent: supercategory ?? '',
    attributes: [],
  }));
  const points = categories.flatMap(({ keypoints, skeleton }, label_id) =>
    Array.isArray(keypoints)
      ? [
          {
            label_id,
            labels: keypoints as unknown[],
            joints: Array.isArray(skeleton) ? skeleton : [],
          },
        ]
      : [],
  );
  return {
    label: { labels, label_groups: [], attributes: [] },
    ...(points.length > 0 ? { points: { items: points } } : {}),
  };
}

function attributesOf({ attributes, iscrowd, score }: InstanceAnnotation): object {
  return {
    ...(isPlainObject(attributes) ? attributes : {}),
    is_crowd: iscrowd === 1,
    ...(score === undefined ? {} : { score }),
  };
}

/** A mask, polygons or a box, and the keypoints; several make a group. */
function shapesOf(
  annotation: InstanceAnnotation,
  { image }: ImageRecord,
  losses: LossLog,
): object[] {
  const keypoints = keypointsOf(annotation);
  const area = areaOf(annotation, image, losses);
  if (!keypoints) return area;
  const points = keypoints.filter((_, k) => k % 3 !== 2);
  const visibility = keypoints.filter((_, k) => k % 3 === 2);
  return [...area, { type: 'points', points, visibility }];
}

function areaOf(annotation: InstanceAnnotation, image: CocoImage, losses: LossLog): object[] {
  const { segmentation } = annotation;
  const mask = readMask(annotation, image, losses);
  if (mask && isPolygons(segmentation)) {
    const rings = segmentation.filter((ring) => ring.length >= 6);
    return rings.map((points) => ({ type: 'polygon', points }));
  }
  if (mask && isRle(segmentation)) return [{ type: 'mask', rle: runsToString(mask) }];
  const bbox = boxOf(annotation, image, losses);
  return bbox ? [{ type: 'bbox', bbox }] : [];
}
