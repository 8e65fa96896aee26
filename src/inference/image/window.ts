// Square windows of an image, and the image's pixels resampled into a model's square input.
// The rules are those of training/predict.py (crop): shrinking averages areas on a grid aligned to the image and then
// interpolates, enlarging interpolates, parts outside the image get the padding colour.
import type { DecodedImage, RgbPlane } from './image';
import { averageCells, cellsAlong, halve, interpolate, type Axis, type Rgb } from './resample';

/** A square in image pixels; may reach outside the image. */
export interface Window {
  readonly x0: number;
  readonly y0: number;
  readonly side: number;
}

/** The square around the whole image, centred. */
export function wholeWindow([height, width]: DecodedImage['size']): Window {
  const side = Math.max(width, height);
  return { x0: (width - side) / 2, y0: (height - side) / 2, side };
}

/** Below this scale training averages areas before it interpolates. */
const AREA_BELOW = 0.7;
/** Half-size copies are used as long as a target pixel still averages this many of their pixels a side. */
const MIN_CELL = 1.5;

/**
 * Resamples a window of the image.
 *
 * @param size side of the result
 * @param padColor RGB outside the image
 * @returns float32[3, size, size], RGB 0..255, whole numbers
 */
export function cropImage(
  image: DecodedImage,
  window: Window,
  size: number,
  padColor: Rgb,
): Float32Array {
  const scale = size / window.side;
  const level0 = image.levels[0] as RgbPlane;
  const cell = 1 / scale;
  if (scale >= AREA_BELOW) {
    const [x, y] = [window.x0 + (cell - 1) / 2, window.y0 + (cell - 1) / 2];
    return interpolate(level0, x, y, cell, size, padColor);
  }
  // Cells of the shrunken image that the window touches; one more than size, because it starts inside a cell.
  const columnFrom = Math.floor(window.x0 * scale);
  const rowFrom = Math.floor(window.y0 * scale);
  const step = Math.max(0, Math.floor(Math.log2(cell / MIN_CELL)));
  const source = levelOf(image, step);
  const half = 2 ** step;
  const axis = (length: number, from: number): Axis =>
    cellsAlong(length / half, cell / half, from, size + 1, Math.max(1, Math.round(length * scale)));
  const columns = axis(image.size[1], columnFrom);
  const rows = axis(image.size[0], rowFrom);
  const shrunken = averageCells(source, columns, rows, padColor);
  const [x, y] = [window.x0 * scale - columnFrom, window.y0 * scale - rowFrom];
  return interpolate(shrunken, x, y, 1, size, padColor);
}

/** The image at 1/2^step of its size; made once and kept. */
function levelOf(image: DecodedImage, step: number): RgbPlane {
  while (image.levels.length <= step) image.levels.push(halve(image.levels.at(-1) as RgbPlane));
  return image.levels[step] as RgbPlane;
}
