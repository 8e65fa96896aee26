// Checks of parsed entries before anything works with them: a COCO file may hold any JSON anywhere.
import { isPlainObject } from './equal';
import type { CaptionAnnotation, CocoCategory, CocoImage, InstanceAnnotation } from './types';

/** An image with a numeric id and a file_name. */
export function isUsableImage(entry: unknown): entry is CocoImage {
  return isPlainObject(entry) && isNumber(entry['id']) && typeof entry['file_name'] === 'string';
}

/** A category with a numeric id and a name. */
export function isUsableCategory(entry: unknown): entry is CocoCategory {
  return isPlainObject(entry) && isNumber(entry['id']) && typeof entry['name'] === 'string';
}

/** A sentence about an image. */
export function isUsableCaption(entry: unknown): entry is CaptionAnnotation {
  return (
    hasIds(entry) && typeof entry['caption'] === 'string' && entry['category_id'] === undefined
  );
}

/** An object on an image whose segmentation and bbox, where it has them, are of a known form. */
export function isUsableAnnotation(entry: unknown): entry is InstanceAnnotation {
  if (!hasIds(entry) || !isNumber(entry['category_id'])) return false;
  const { segmentation, bbox } = entry;
  return (
    (segmentation === undefined || isSegmentation(segmentation)) &&
    (bbox === undefined || (isNumbers(bbox) && bbox.length === 4))
  );
}

/** Beyond this no image has a pixel, and drawing would lose itself in rounding. */
const MOST_COORDINATE = 1e7;

/** Polygons with sane coordinates, compressed RLE or uncompressed RLE; whether the RLE is right is not checked. */
export function isSegmentation(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isRing);
  if (!isPlainObject(value)) return false;
  const { size, counts } = value;
  if (!isNumbers(size) || size.length !== 2) return false;
  return typeof counts === 'string' || isNumbers(counts);
}

function isRing(part: unknown): boolean {
  return (
    isNumbers(part) &&
    part.length % 2 === 0 &&
    part.every((coordinate) => Math.abs(coordinate) <= MOST_COORDINATE)
  );
}

function hasIds(entry: unknown): entry is Record<string, unknown> {
  return isPlainObject(entry) && isNumber(entry['id']) && isNumber(entry['image_id']);
}

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(isNumber);
