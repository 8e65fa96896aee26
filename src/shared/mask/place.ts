// Moves a mask between frames: cut out of an image, put into one, shifted, resized.
import type { Box, Size } from '../geometry/types';
import { pixelCount } from './rleString';
import { columnSpansOf, SpanWriter } from './spans';
import type { Runs } from './types';

/**
 * The part of a mask inside a box, as a mask of the box's size. What lies outside the image is background.
 *
 * @param box whole numbers
 * @throws RangeError when the box is not of whole numbers or is turned round
 */
export function cropRuns(runs: Runs, box: Box): Runs {
  return pasteRuns(runs, [box[3] - box[1], box[2] - box[0]], -box[0], -box[1]);
}

/**
 * A mask of another size with this mask's pixel (0, 0) at (x, y); what falls outside is cut off.
 *
 * @param x, y whole numbers
 * @throws RangeError when they, or the size, are not whole numbers
 */
export function pasteRuns(runs: Runs, size: Size, x: number, y: number): Runs {
  pixelCount(size);
  if (!Number.isInteger(x) || !Number.isInteger(y)) {
    throw new RangeError(`A mask moves by whole pixels; found (${x}, ${y}).`);
  }
  const [height, width] = size;
  const { rows, first } = columnSpansOf(runs);
  const writer = new SpanWriter(size);
  const end = Math.min(width, runs.size[1] + x);
  for (let column = Math.max(0, x); column < end; column++) {
    for (let i = first[column - x]!; i < first[column - x + 1]!; i += 2) {
      const top = Math.max(0, rows[i]! + y);
      const bottom = Math.min(height, rows[i + 1]! + y);
      writer.addRows(column, top, bottom);
    }
  }
  return writer.finish();
}

/** The mask shifted inside its image; what leaves the image is lost. */
export function translateRuns(runs: Runs, dx: number, dy: number): Runs {
  return pasteRuns(runs, runs.size, dx, dy);
}

/** Resizes by the nearest pixel: each new pixel takes the old one under its centre. */
export function resizeRuns(runs: Runs, size: Size): Runs {
  pixelCount(size);
  const [height, width] = size;
  const [oldHeight, oldWidth] = runs.size;
  const { rows, first } = columnSpansOf(runs);
  const writer = new SpanWriter(size);
  // the first new row whose centre lies at or below an old row's upper edge
  const newRow = (row: number): number => Math.ceil((row * height) / oldHeight - 0.5);
  for (let x = 0; x < width; x++) {
    const column = Math.floor(((2 * x + 1) * oldWidth) / (2 * width));
    for (let i = first[column]!; i < first[column + 1]!; i += 2) {
      writer.addRows(x, newRow(rows[i]!), newRow(rows[i + 1]!));
    }
  }
  return writer.finish();
}
