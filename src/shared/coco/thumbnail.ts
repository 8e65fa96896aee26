// A small picture of an annotation's mask, as SVG: its surroundings in the image, the mask, its box.
import type { Bbox, Size } from '../geometry/types';
import { roundTo } from '../geometry/round';
import { bboxOf } from '../mask/bbox';
import { polygonsFromRuns } from '../mask/polygonize';
import type { Runs } from '../mask/types';

const MOST_PIXELS = 120;
const MARGIN = 0.25;
/** Longer paths would be slow to draw in a hover. */
const MOST_PATH = 40_000;
const MASK_COLOUR = '#3794ff';

/**
 * SVG text, at most 120 pixels in each direction; null where there is nothing to draw.
 *
 * @param mask null: only the box is drawn
 */
export function thumbnailSvg(mask: Runs | null, bbox: Bbox | null, size: Size): string | null {
  const box = mask && mask.counts.length > 1 ? bboxOf(mask) : bbox;
  if (!box || !box.every(Number.isFinite) || !(box[2] > 0 && box[3] > 0)) return null;
  const [left, top, width, height] = windowOf(box, size);
  const scale = MOST_PIXELS / Math.max(width, height);
  const path = mask ? pathOf(mask) : '';
  const line = roundTo(1.5 / scale, 3);
  const sides = (scaled: number): number => Math.max(1, Math.round(scaled));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sides(width * scale)}" height="${sides(height * scale)}" viewBox="${[left, top, width, height].join(' ')}">`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="#808080" fill-opacity="0.2"/>`,
    `<path d="${path}" fill="${MASK_COLOUR}" fill-opacity="0.6" fill-rule="evenodd" stroke="${MASK_COLOUR}" stroke-width="${line}"/>`,
    `<rect x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" fill="none" stroke="#808080" stroke-width="${line}"/>`,
    '</svg>',
  ].join('');
}

/** The box with a margin, inside the image. */
function windowOf([x, y, width, height]: Bbox, [imageHeight, imageWidth]: Size): Bbox {
  const margin = MARGIN * Math.max(width, height);
  const left = Math.max(Math.min(x, imageWidth) - margin, Math.min(x, 0));
  const top = Math.max(Math.min(y, imageHeight) - margin, Math.min(y, 0));
  const right = Math.min(x + width + margin, Math.max(x + width, imageWidth));
  const bottom = Math.min(y + height + margin, Math.max(y + height, imageHeight));
  const round = (value: number): number => roundTo(value, 2);
  return [round(left), round(top), round(right - left), round(bottom - top)];
}

function pathOf(mask: Runs): string {
  const { polygons, holes } = polygonsFromRuns(mask, { maxIouLoss: 0.02 });
  const path = [...polygons, ...holes]
    .map((ring) => `M${ring.map((value) => roundTo(value, 1)).join(' ')}Z`)
    .join('');
  return path.length > MOST_PATH ? '' : path;
}
