// Rules over segmentation: polygons and both forms of RLE.
import { findSelfIntersection } from '../../geometry/selfIntersection';
import { areaOf } from '../../mask/area';
import { isPlainObject } from '../equal';
import { isRle } from '../segmentation';
import type { AnnotationRule, Finding } from './rule';

const MOST_PARTS = 20;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** Parts of a polygon segmentation, whatever they hold; [] for other values. */
function partsOf(segmentation: unknown): readonly unknown[] {
  return Array.isArray(segmentation) ? segmentation : [];
}

export const maskRules: readonly AnnotationRule[] = [
  {
    id: 'segmentation-type',
    severity: 'error',
    summary: 'segmentation is a list of polygons or an RLE with size and counts.',
    check: ({ entry: { segmentation } }) => {
      if (segmentation === undefined || Array.isArray(segmentation)) return null;
      if (isPlainObject(segmentation) && isRle(segmentation)) return null;
      const message = 'segmentation must be a list of polygons, or an object with size and counts.';
      return { path: ['segmentation'], message };
    },
  },
  {
    id: 'segmentation-empty',
    severity: 'warning',
    summary: 'A segmentation holds something.',
    check: ({ entry: { segmentation, bbox } }) =>
      Array.isArray(segmentation) && segmentation.length === 0 && bbox === undefined
        ? { path: ['segmentation'], message: 'The segmentation is empty and there is no bbox.' }
        : null,
  },
  {
    id: 'polygon-type',
    severity: 'error',
    summary: 'A polygon is a list of numbers.',
    check: ({ entry: { segmentation } }) => {
      const part = partsOf(segmentation).findIndex(
        (ring) => !Array.isArray(ring) || !ring.every(isNumber),
      );
      if (part < 0) return null;
      const message = 'A polygon must be a list of numbers: x, y, x, y, …';
      return { path: ['segmentation', part], message };
    },
  },
  {
    id: 'polygon-odd',
    severity: 'error',
    summary: 'A polygon has as many x as y.',
    check: ({ entry: { segmentation } }) => {
      const part = partsOf(segmentation).findIndex(
        (ring) => Array.isArray(ring) && ring.length % 2 === 1,
      );
      if (part < 0) return null;
      const message = 'The polygon has an odd number of values; each point needs x and y.';
      return { path: ['segmentation', part], message };
    },
  },
  {
    id: 'polygon-too-short',
    severity: 'error',
    summary: 'A polygon has at least three points.',
    check: ({ rings }) => {
      const short = rings.find(({ ring }) => ring.length < 6);
      if (!short) return null;
      const message = `The polygon has ${short.ring.length / 2} points; it needs three.`;
      return { path: ['segmentation', short.part], message };
    },
  },
  {
    id: 'polygon-closed',
    severity: 'info',
    summary: 'The last point of a polygon is not its first one again.',
    fixable: true,
    check: ({ rings }) => {
      const closed = rings.find(({ ring }) => isClosed(ring));
      if (!closed) return null;
      return {
        path: ['segmentation', closed.part],
        message: 'The last point repeats the first; COCO closes polygons by itself.',
        fix: (entry) => ({
          ...entry,
          segmentation: partsOf(entry['segmentation']).map((ring) =>
            Array.isArray(ring) && isClosed(ring) ? ring.slice(0, -2) : ring,
          ),
        }),
      };
    },
  },
  {
    id: 'polygon-self-intersecting',
    severity: 'info',
    summary: 'A polygon does not cross itself.',
    check: ({ rings }) => {
      for (const { ring, part } of rings.slice(0, MOST_PARTS)) {
        const edges = ring.length >= 8 ? findSelfIntersection(ring) : null;
        if (!edges) continue;
        const message = `The polygon crosses itself: its edges ${edges[0] + 1} and ${edges[1] + 1}.`;
        return { path: ['segmentation', part], message };
      }
      return null;
    },
  },
  {
    id: 'polygon-outside',
    severity: 'warning',
    summary: 'A polygon lies inside its image.',
    check: ({ rings, image }) => {
      if (!image?.size) return null;
      const [height, width] = image.size;
      for (const { ring, part } of rings) {
        const isOutside = ring.some(
          (value, k) => value < -1 || value > (k % 2 ? height : width) + 1,
        );
        if (!isOutside) continue;
        const message = `The polygon leaves the image of ${width} × ${height} pixels.`;
        return { path: ['segmentation', part], message };
      }
      return null;
    },
  },
  {
    id: 'rle-size',
    severity: 'error',
    summary: "The size of an RLE is the image's [height, width].",
    check: ({ entry: { segmentation }, image }) => {
      if (!isRle(segmentation) || !image?.size) return null;
      const size: unknown = segmentation.size;
      const [height, width] = image.size;
      if (Array.isArray(size) && size[0] === height && size[1] === width) return null;
      return { path: ['segmentation', 'size'], message: sizeMessage(size, height, width) };
    },
  },
  {
    id: 'rle-counts',
    severity: 'error',
    summary: 'The run lengths of an RLE add up to height × width.',
    check: (view): Finding | null => {
      const { segmentation } = view.entry;
      if (!isRle(segmentation)) return null;
      const message = view.maskError();
      return message ? { path: ['segmentation', 'counts'], message } : null;
    },
  },
  {
    id: 'mask-empty',
    severity: 'warning',
    summary: 'A mask has pixels.',
    check: (view) => {
      // Drawing every polygon would cost more than all other rules; one with an area has pixels.
      const isPolygon = Array.isArray(view.entry['segmentation']);
      if (isPolygon || !view.segmentation) return null;
      const mask = view.mask();
      return mask && areaOf(mask) === 0
        ? { path: ['segmentation'], message: 'The mask has no pixel.' }
        : null;
    },
  },
];

function isClosed(ring: readonly unknown[]): boolean {
  const n = ring.length;
  return n >= 8 && ring[0] === ring[n - 2] && ring[1] === ring[n - 1];
}

function sizeMessage(size: unknown, height: number, width: number): string {
  const isSwapped = Array.isArray(size) && size[0] === width && size[1] === height;
  const found = Array.isArray(size) ? `[${size.slice(0, 4).join(', ')}]` : typeof size;
  return isSwapped
    ? `size is [width, height]; it must be [height, width] = [${height}, ${width}].`
    : `size is ${found}, the image is [${height}, ${width}] (height, width).`;
}
