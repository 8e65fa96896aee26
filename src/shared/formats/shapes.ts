// Shapes of annotations for writers: rings, boxes, keypoints.
import { isPolygons, maskOf } from '../coco/segmentation';
import type { CaptionAnnotation, CocoCategory, CocoImage, InstanceAnnotation } from '../coco/types';
import { isPlainObject } from '../coco/equal';
import { bboxOf } from '../mask/bbox';
import { polygonsFromRuns } from '../mask/polygonize';
import type { Runs } from '../mask/types';
import type { Bbox, Size } from '../geometry/types';
import type { ImageRecord } from './format';
import { messageOf, type LossLog } from './lossLog';

/** An annotation's outline: outer rings and holes, flat [x0, y0, …], image pixels. */
export interface Rings {
  readonly polygons: readonly (readonly number[])[];
  readonly holes: readonly (readonly number[])[];
}

/** True for an object, false for a caption. */
export function isInstance(
  annotation: InstanceAnnotation | CaptionAnnotation,
): annotation is InstanceAnnotation {
  return typeof annotation['category_id'] === 'number';
}

/** Size of an image as COCO writes it in RLE. */
export function sizeOf(image: CocoImage): Size {
  return [image.height, image.width];
}

/** Objects of an image with their categories, in file order; those of an unknown category are noted and left out. */
export function objectsOf(
  { annotations }: ImageRecord,
  categories: ReadonlyMap<number, CocoCategory>,
  losses: LossLog,
): { readonly annotation: InstanceAnnotation; readonly category: CocoCategory }[] {
  return annotations.filter(isInstance).flatMap((annotation) => {
    const category = categories.get(annotation.category_id);
    if (category) return [{ annotation, category }];
    const message = 'An annotation of an unknown category is left out.';
    losses.add('category-missing', message, `annotation ${annotation.id}`);
    return [];
  });
}

/** Captions of an image, in file order. */
export function captionsOf({ annotations }: ImageRecord): string[] {
  return annotations.flatMap(({ caption }) => (typeof caption === 'string' ? [caption] : []));
}

/** Categories by id; the first one where an id is there twice. */
export function byId(categories: readonly CocoCategory[]): Map<number, CocoCategory> {
  return new Map([...categories].reverse().map((category) => [category.id, category]));
}

/** Mask of an annotation; null when it has none, or a malformed one, which is noted. */
export function readMask(
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
): Runs | null {
  try {
    const mask = maskOf(annotation, sizeOf(image));
    return mask && mask.counts.length > 1 ? mask : null;
  } catch (error) {
    const message = `A mask cannot be read and is left out: ${messageOf(error)}`;
    losses.add('mask-unreadable', message, `annotation ${annotation.id}`);
    return null;
  }
}

/** Rings of an annotation: polygons as stored, masks along pixel edges without loss; null without a mask. */
export function ringsOf(
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
): Rings | null {
  const mask = readMask(annotation, image, losses);
  if (!mask) return null;
  const { segmentation } = annotation;
  if (isPolygons(segmentation)) {
    return { polygons: segmentation.filter((ring) => ring.length >= 6), holes: [] };
  }
  return polygonsFromRuns(mask);
}

/** Box of an annotation: the stored one, else its mask's; null when there is neither. */
export function boxOf(
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
): Bbox | null {
  const { bbox } = annotation;
  const isBox = Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite);
  if (isBox && bbox[2] > 0 && bbox[3] > 0) return bbox;
  const mask = readMask(annotation, image, losses);
  if (mask) return bboxOf(mask);
  const message = 'An annotation without box and mask is left out.';
  losses.add('no-shape', message, `annotation ${annotation.id}`);
  return null;
}

/** COCO keypoints, x, y, v each; null when there are none or they are malformed. */
export function keypointsOf(annotation: InstanceAnnotation): readonly number[] | null {
  const keypoints = annotation['keypoints'];
  const isList = Array.isArray(keypoints) && keypoints.length > 0 && keypoints.length % 3 === 0;
  return isList && keypoints.every(Number.isFinite) ? (keypoints as number[]) : null;
}

/** Attributes as names and plain values; what is nested is left out. */
export function attributesOf(
  annotation: InstanceAnnotation,
): [string, string | number | boolean][] {
  const { attributes } = annotation;
  if (!isPlainObject(attributes)) return [];
  return Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, value] as [string, string | number | boolean]]
      : [],
  );
}

/** COCO fields of keypoints. */
export function keypointFields(keypoints: readonly number[]): Record<string, unknown> {
  const visible = keypoints.filter((value, i) => i % 3 === 2 && value > 0).length;
  return { keypoints, num_keypoints: visible };
}
