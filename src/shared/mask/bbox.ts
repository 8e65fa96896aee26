// The tight box around a mask, from run lengths.
import type { Bbox } from '../geometry/types';
import type { Runs } from './types';

/**
 * Tight box of the foreground pixels; [0, 0, 0, 0] for an empty mask.
 *
 * @source behaviour of rleToBbox, pycocotools 2.0.11; golden values in test/fixtures/golden/mask.json
 */
export function bboxOf(runs: Runs): Bbox {
  const [height, width] = runs.size;
  const counts = runs.counts;
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  let position = 0;
  for (let i = 1; i < counts.length; i += 2) {
    const start = position + counts[i - 1]!;
    position = start + counts[i]!;
    if (position === start) continue;
    const firstColumn = Math.floor(start / height);
    const lastColumn = Math.floor((position - 1) / height);
    if (firstColumn < left) left = firstColumn;
    right = lastColumn; // runs come in order of columns
    if (firstColumn !== lastColumn) {
      top = 0;
      bottom = height - 1;
      continue;
    }
    const firstRow = start - firstColumn * height;
    const lastRow = position - 1 - lastColumn * height;
    if (firstRow < top) top = firstRow;
    if (lastRow > bottom) bottom = lastRow;
  }
  return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
}
