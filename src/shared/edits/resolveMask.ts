// Masks of intents: what the page sends is checked before it is measured.
import { isPolygons, runsOf } from '../coco/segmentation';
import type { Polygons, Segmentation } from '../coco/types';
import type { Size } from '../geometry/types';
import type { Rle, Runs } from '../mask/types';
import { refuse } from './resolveContext';

/**
 * Any segmentation as runs of the image's size.
 *
 * @throws DomainError 'invalid-params' when it is not a mask of this size, saying why
 */
export function checkedRuns(segmentation: Rle | Segmentation, size: Size): Runs {
  if (isPolygons(segmentation)) checkPolygons(segmentation);
  try {
    return runsOf(segmentation, size);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) refuse(error.message);
    throw error;
  }
}

/** Cuts corners to the image, so that no polygon reaches outside. */
export function clampPolygons(polygons: Polygons, [height, width]: Size): Polygons {
  return polygons.map((polygon) =>
    polygon.map((value, i) => Math.min(Math.max(value, 0), i % 2 === 0 ? width : height)),
  );
}

function checkPolygons(polygons: Polygons): void {
  if (polygons.length === 0) refuse('A polygon is missing.');
  for (const polygon of polygons) {
    if (polygon.length < 6 || polygon.length % 2 !== 0 || !polygon.every(Number.isFinite)) {
      refuse('A polygon needs at least three corners with x and y.');
    }
  }
}
