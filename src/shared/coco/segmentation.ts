// Between COCO's segmentation field, in its three encodings, and masks. iscrowd plays no part here: the encoding
// says nothing about crowds.
import { roundTo } from '../geometry/round';
import type { Bbox, Size } from '../geometry/types';
import { areaOf } from '../mask/area';
import { bboxOf } from '../mask/bbox';
import { hasHoles } from '../mask/holes';
import { polygonsFromRuns } from '../mask/polygonize';
import { rasterizePolygons } from '../mask/rasterize';
import { runsFromCounts, runsFromString, runsToString } from '../mask/rleString';
import type { Rle, Runs } from '../mask/types';
import type { InstanceAnnotation, Polygons, Segmentation, UncompressedRle } from './types';

/** True for RLE of either form: an object with size and counts. */
export function isRle(segmentation: unknown): segmentation is Rle | UncompressedRle {
  return (
    typeof segmentation === 'object' &&
    segmentation !== null &&
    !Array.isArray(segmentation) &&
    'size' in segmentation &&
    'counts' in segmentation
  );
}

/** True for a list of flat coordinate lists. */
export function isPolygons(segmentation: unknown): segmentation is Polygons {
  return Array.isArray(segmentation) && segmentation.every((part) => Array.isArray(part));
}

/**
 * The mask a segmentation stands for, at the image's size.
 *
 * @throws RangeError naming what is wrong: malformed RLE or polygon, or an RLE of another size than the image
 */
export function runsOf(segmentation: Segmentation, size: Size): Runs {
  if (isPolygons(segmentation)) return rasterizePolygons(segmentation, size);
  if (!isRle(segmentation)) {
    throw new RangeError('A segmentation must be a list of polygons or an RLE object.');
  }
  const runs =
    typeof segmentation.counts === 'string'
      ? runsFromString(segmentation as Rle)
      : runsFromCounts(segmentation as UncompressedRle);
  if (runs.size[0] !== size[0] || runs.size[1] !== size[1]) {
    throw new RangeError(
      `The mask's size is ${runs.size.join(' × ')}, the image's is ${size.join(' × ')} (height × width).`,
    );
  }
  return runs;
}

const masks = new WeakMap<object, Runs>();

/**
 * The annotation's mask; null when it has no segmentation. Kept while the segmentation object lives: annotations are
 * immutable, so the same object always has the same mask (of one image size).
 *
 * @throws RangeError as runsOf
 */
export function maskOf(annotation: InstanceAnnotation, size: Size): Runs | null {
  const { segmentation } = annotation;
  if (segmentation === undefined || segmentation === null) return null;
  const known = masks.get(segmentation);
  if (known && known.size[0] === size[0] && known.size[1] === size[1]) return known;
  const runs = runsOf(segmentation, size);
  masks.set(segmentation, runs);
  return runs;
}

/**
 * How a mask is stored: as polygons when it has no hole and drawing them gives the mask back well enough, else as
 * compressed RLE. An empty mask is RLE, since COCO readers fail on an empty list.
 *
 * @param options.tolerance the IoU of the polygons with the mask may be as low as 1 − tolerance; default 0: no loss
 */
export function segmentationFromMask(
  mask: Rle | Runs,
  options: { readonly tolerance?: number } = {},
): Polygons | Rle {
  const runs = toRuns(mask);
  if (runs.counts.length <= 1 || hasHoles(runs)) return runsToString(runs);
  const tolerance = options.tolerance ?? 0;
  const { polygons, iou } = polygonsFromRuns(runs, { maxIouLoss: tolerance });
  return iou >= 1 - tolerance
    ? polygons.map((ring) => ring.map((value) => roundTo(value, 2)))
    : runsToString(runs);
}

/** COCO's bbox and area of a mask. */
export function measure(mask: Rle | Runs): { readonly bbox: Bbox; readonly area: number } {
  const runs = toRuns(mask);
  return { bbox: bboxOf(runs), area: areaOf(runs) };
}

function toRuns(mask: Rle | Runs): Runs {
  return typeof mask.counts === 'string' ? runsFromString(mask as Rle) : (mask as Runs);
}
