// Rules over bbox and area, and whether they fit the mask. COCO's own files compute them from the polygon at another
// resolution, not from the pixels, so both count as right, within tolerances that its files need.
import { polygonArea } from '../../geometry/polygon';
import type { Bbox } from '../../geometry/types';
import { areaOf } from '../../mask/area';
import { bboxOf } from '../../mask/bbox';
import { isPolygons } from '../segmentation';
import type { Entry } from '../types';
import type { AnnotationRule, AnnotationView, Fix } from './rule';

const BBOX_TOLERANCE_PX = 2;
const BBOX_TOLERANCE = 0.02;
const AREA_TOLERANCE_PX = 12;
const AREA_TOLERANCE = 0.12;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** bbox when it is four numbers. */
export function bboxOfEntry({ bbox }: Entry): Bbox | null {
  const isBox = Array.isArray(bbox) && bbox.length === 4 && bbox.every(isNumber);
  return isBox ? (bbox as unknown as Bbox) : null;
}

/** Sets bbox from the mask; only where there is a mask with pixels. */
function bboxFix(view: AnnotationView): { fix: Fix } | undefined {
  const mask = view.mask();
  if (!mask || areaOf(mask) === 0) return undefined;
  return { fix: (entry) => ({ ...entry, bbox: bboxOf(mask) }) };
}

function areaFix(view: AnnotationView): { fix: Fix } | undefined {
  const mask = view.mask();
  return mask ? { fix: (entry) => ({ ...entry, area: areaOf(mask) }) } : undefined;
}

export const boxRules: readonly AnnotationRule[] = [
  {
    id: 'bbox-missing',
    severity: 'info',
    summary: 'An annotation with a mask has a bbox.',
    fixable: true,
    check: (view) =>
      view.entry['bbox'] === undefined && view.segmentation
        ? { path: [], message: 'There is a mask but no bbox.', ...bboxFix(view) }
        : null,
  },
  {
    id: 'bbox-type',
    severity: 'error',
    summary: 'bbox is [x, y, width, height].',
    fixable: true,
    check: (view) =>
      view.entry['bbox'] === undefined || bboxOfEntry(view.entry)
        ? null
        : {
            path: ['bbox'],
            message: 'bbox must be four numbers: x, y, width, height.',
            ...bboxFix(view),
          },
  },
  {
    id: 'bbox-empty',
    severity: 'error',
    summary: 'width and height of a bbox are above 0.',
    fixable: true,
    check: (view) => {
      const bbox = bboxOfEntry(view.entry);
      if (!bbox || (bbox[2] > 0 && bbox[3] > 0)) return null;
      const message = `The bbox is ${bbox[2]} wide and ${bbox[3]} high.`;
      return { path: ['bbox'], message, ...bboxFix(view) };
    },
  },
  {
    id: 'bbox-outside',
    severity: 'warning',
    summary: 'A bbox lies inside its image.',
    check: ({ entry, image }) => {
      const bbox = bboxOfEntry(entry);
      if (!bbox || !image?.size) return null;
      const [x, y, width, height] = bbox;
      const [imageHeight, imageWidth] = image.size;
      const isInside =
        x >= -1 && y >= -1 && x + width <= imageWidth + 1 && y + height <= imageHeight + 1;
      if (isInside) return null;
      const message = `The bbox leaves the image of ${imageWidth} × ${imageHeight} pixels.`;
      return { path: ['bbox'], message };
    },
  },
  {
    id: 'bbox-mismatch',
    severity: 'warning',
    summary: 'The bbox is the box around the mask.',
    fixable: true,
    check: (view) => {
      const bbox = bboxOfEntry(view.entry);
      if (!bbox || !view.segmentation || fitsExtent(view, bbox)) return null;
      const mask = view.mask();
      if (!mask || areaOf(mask) === 0 || isNear(bbox, bboxOf(mask))) return null;
      const message = `The mask's box is [${bboxOf(mask).join(', ')}], not [${bbox.join(', ')}].`;
      return { path: ['bbox'], message, ...bboxFix(view) };
    },
  },
  {
    id: 'area-missing',
    severity: 'info',
    summary: 'An annotation with a mask has an area; evaluation by size needs it.',
    fixable: true,
    check: (view) =>
      view.entry['area'] === undefined && view.segmentation && !view.facts.isResults
        ? { path: [], message: 'There is a mask but no area.', ...areaFix(view) }
        : null,
  },
  {
    id: 'area-type',
    severity: 'error',
    summary: 'area is a number from 0.',
    fixable: true,
    check: (view) => {
      const { area } = view.entry;
      if (area === undefined || (isNumber(area) && area >= 0)) return null;
      return { path: ['area'], message: 'area must be a number from 0.', ...areaFix(view) };
    },
  },
  {
    id: 'area-mismatch',
    severity: 'warning',
    summary: 'area is the number of pixels of the mask.',
    fixable: true,
    check: (view) => {
      const { area } = view.entry;
      if (!isNumber(area) || area < 0 || !view.segmentation) return null;
      if (isNearArea(area, polygonAreaOf(view))) return null;
      const mask = view.mask();
      if (!mask || isNearArea(area, areaOf(mask))) return null;
      const message = `The mask has ${areaOf(mask)} pixels, area says ${area}.`;
      return { path: ['area'], message, ...areaFix(view) };
    },
  },
];

/** Compares with the corners of the polygons, which costs less than drawing them. */
function fitsExtent({ segmentation }: AnnotationView, bbox: Bbox): boolean {
  if (!isPolygons(segmentation) || segmentation.length === 0) return false;
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of segmentation) {
    for (let k = 0; k + 1 < ring.length; k += 2) {
      x0 = Math.min(x0, ring[k]!);
      x1 = Math.max(x1, ring[k]!);
      y0 = Math.min(y0, ring[k + 1]!);
      y1 = Math.max(y1, ring[k + 1]!);
    }
  }
  return isNear(bbox, [x0, y0, x1 - x0, y1 - y0]);
}

function isNear(a: Bbox, b: Bbox): boolean {
  const toleranceX = Math.max(BBOX_TOLERANCE_PX, BBOX_TOLERANCE * b[2]);
  const toleranceY = Math.max(BBOX_TOLERANCE_PX, BBOX_TOLERANCE * b[3]);
  return (
    Math.abs(a[0] - b[0]) <= toleranceX &&
    Math.abs(a[0] + a[2] - b[0] - b[2]) <= toleranceX &&
    Math.abs(a[1] - b[1]) <= toleranceY &&
    Math.abs(a[1] + a[3] - b[1] - b[3]) <= toleranceY
  );
}

function polygonAreaOf({ segmentation }: AnnotationView): number {
  if (!isPolygons(segmentation)) return NaN;
  return segmentation.reduce((sum, ring) => sum + polygonArea(ring), 0);
}

function isNearArea(area: number, expected: number): boolean {
  return Math.abs(area - expected) <= Math.max(AREA_TOLERANCE_PX, AREA_TOLERANCE * expected);
}
