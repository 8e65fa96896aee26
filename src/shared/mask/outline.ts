// The boundary of a mask as line segments for drawing its outline.
import type { Bbox } from '../geometry/types';
import { boundaryOf } from './boundary';
import type { Runs } from './types';

/**
 * Segments along pixel edges, each as long as it can be: first the vertical, then the horizontal ones.
 *
 * @param clip only segments that touch this box (XYWH, image pixels); they are not cut
 * @returns x0, y0, x1, y1 of each segment, image pixels, whole numbers
 */
export function outlineSegments(runs: Runs, clip?: Bbox): Int32Array {
  const { x, y, partner } = boundaryOf(runs);
  const out = new Int32Array(x.length * 8);
  let length = 0;
  const [left, top] = clip ?? [0, 0];
  const right = clip ? left + clip[2] : Infinity;
  const bottom = clip ? top + clip[3] : Infinity;
  const add = (x0: number, y0: number, x1: number, y1: number): void => {
    if (x1 < left || x0 > right || y1 < top || y0 > bottom) return;
    out[length++] = x0;
    out[length++] = y0;
    out[length++] = x1;
    out[length++] = y1;
  };
  for (let i = 0; i < x.length; i++) add(x[i]!, y[2 * i]!, x[i]!, y[2 * i + 1]!);
  for (let end = 0; end < partner.length; end++) {
    const other = partner[end]!;
    const from = x[end >> 1]!;
    const to = x[other >> 1]!;
    if (from < to) add(from, y[end]!, to, y[end]!);
  }
  return out.slice(0, length);
}
