// Brush and eraser strokes on pixels. A stroke covers every pixel whose centre lies within the radius of its path.
import { coverBox } from '../geometry/box';
import type { Box, ImagePoint } from '../geometry/types';
import type { Bitmap } from './types';

/** Half a pixel's diagonal: a thinner brush could pass between pixel centres and paint nothing. */
const MIN_RADIUS = Math.SQRT1_2;

/**
 * Paints a polyline with round ends and joins into the bitmap.
 *
 * @param path image pixels; one point paints a disc; points outside the image are allowed
 * @param radius image pixels; less than 0.71 counts as 0.71
 * @param value 1 paints, 0 erases
 * @returns the pixels that may have changed, whole numbers inside the image, or null when the stroke missed it
 */
export function paintStroke(
  bitmap: Bitmap,
  path: readonly ImagePoint[],
  radius: number,
  value: 0 | 1,
): Box | null {
  const r = Math.max(radius, MIN_RADIUS);
  let dirty: Box | null = null;
  for (let i = 0; i < path.length; i++) {
    if (i === 0 && path.length > 1) continue;
    const painted = paintCapsule(bitmap, path[Math.max(0, i - 1)]!, path[i]!, r, value);
    dirty = dirty && painted ? coverBox(dirty, painted) : (dirty ?? painted);
  }
  return dirty;
}

function paintCapsule(
  bitmap: Bitmap,
  a: ImagePoint,
  b: ImagePoint,
  r: number,
  value: 0 | 1,
): Box | null {
  const { width, height, data } = bitmap;
  const first = Math.max(0, Math.ceil(Math.min(a.y, b.y) - r - 0.5));
  const last = Math.min(height - 1, Math.floor(Math.max(a.y, b.y) + r - 0.5));
  let left = width;
  let right = 0;
  let top = height;
  let bottom = 0;
  for (let y = first; y <= last; y++) {
    const [low, high] = capsuleRow(a, b, r, y + 0.5);
    const start = Math.max(0, Math.ceil(low - 0.5));
    const end = Math.min(width, Math.floor(high - 0.5) + 1);
    if (!(start < end)) continue;
    data.fill(value, y * width + start, y * width + end);
    left = Math.min(left, start);
    right = Math.max(right, end);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  return right > left ? [left, top, right, bottom] : null;
}

/** Where the row at height y crosses a capsule, from..to in x; from > to when it does not. */
function capsuleRow(a: ImagePoint, b: ImagePoint, r: number, y: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const end of [a, b]) {
    const half = Math.sqrt(r * r - (y - end.y) ** 2); // NaN: the row passes the disc by
    if (half >= 0) {
      low = Math.min(low, end.x - half);
      high = Math.max(high, end.x + half);
    }
  }
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.hypot(dx, dy);
  if (length > 0) {
    // the band between the discs: along the path 0..length, across it −r..r
    const along = slab(dx / length, ((y - a.y) * dy) / length, 0, length);
    const across = slab(dy / length, (-(y - a.y) * dx) / length, -r, r);
    const from = Math.max(along[0], across[0]);
    const to = Math.min(along[1], across[1]);
    if (from <= to) {
      low = Math.min(low, a.x + from);
      high = Math.max(high, a.x + to);
    }
  }
  return [low, high];
}

/** The t for which min ≤ slope · t + offset ≤ max. */
function slab(slope: number, offset: number, min: number, max: number): [number, number] {
  if (slope === 0) return offset >= min && offset <= max ? [-Infinity, Infinity] : [1, 0];
  const p = (min - offset) / slope;
  const q = (max - offset) / slope;
  return p < q ? [p, q] : [q, p];
}
