// Erosion and dilation by a disc. What lies outside the image counts as neither: a mask cut off by the image's border
// does not shrink away from it.
import { invert } from './combine';
import { columnSpansOf, SpanWriter } from './spans';
import type { Runs } from './types';

/**
 * Grows a mask: every pixel whose centre is at most `radius` pixels from a foreground pixel's centre.
 *
 * @throws RangeError when the radius is negative or not finite
 */
export function dilate(runs: Runs, radius: number): Runs {
  if (!(radius >= 0 && radius < Infinity)) {
    throw new RangeError(`radius must be a number ≥ 0; found ${radius}.`);
  }
  const [height, width] = runs.size;
  const { rows, first } = columnSpansOf(runs);
  const reach = Math.floor(radius);
  const depth = new Uint32Array(height + 1); // spans covering a row begin minus end there (modulo 2³²)
  const writer = new SpanWriter(runs.size);
  for (let x = 0; x < width; x++) {
    let low = height;
    let high = 0;
    for (let dx = -reach; dx <= reach; dx++) {
      const column = x + dx;
      if (column < 0 || column >= width) continue;
      const half = Math.floor(Math.sqrt(radius * radius - dx * dx));
      for (let i = first[column]!; i < first[column + 1]!; i += 2) {
        const top = Math.max(0, rows[i]! - half);
        const bottom = Math.min(height, rows[i + 1]! + half);
        depth[top]! += 1;
        depth[bottom]! -= 1;
        if (top < low) low = top;
        if (bottom > high) high = bottom;
      }
    }
    addCovered(depth, low, high, x, writer);
  }
  return writer.finish();
}

/** Shrinks a mask: every pixel all of whose neighbours in the image, to `radius` pixels, are foreground. */
export function erode(runs: Runs, radius: number): Runs {
  return invert(dilate(invert(runs), radius));
}

/** Writes the rows covered at least once, and clears `depth` behind it. */
function addCovered(
  depth: Uint32Array,
  low: number,
  high: number,
  column: number,
  writer: SpanWriter,
): void {
  let covering = 0;
  let top = 0;
  for (let y = low; y <= high; y++) {
    const change = depth[y]! | 0;
    if (change === 0) continue;
    depth[y] = 0;
    if (covering === 0) top = y;
    covering += change;
    if (covering === 0) writer.addRows(column, top, y);
  }
}
