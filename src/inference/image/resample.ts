// Pixel loops of resampling: half-size copies, area averages, bilinear interpolation. Every click passes here, so the
// loops index typed arrays directly (bench row segment/click).
import type { RgbPlane } from './image';

export type Rgb = readonly [red: number, green: number, blue: number];

/** Means of 2 × 2 pixels; the last column and row of odd sizes take what there is. */
export function halve({ width, height, data }: RgbPlane): RgbPlane {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const result = new Uint8Array(half.width * half.height * 3);
  const whole = Math.floor(width / 2);
  for (let y = 0, to = 0; y < half.height; y++) {
    let top = 2 * y * width * 3;
    let bottom = Math.min(2 * y + 1, height - 1) * width * 3;
    for (let x = 0; x < whole; x++, top += 6, bottom += 6, to += 3) {
      result[to] = (data[top]! + data[top + 3]! + data[bottom]! + data[bottom + 3]! + 2) >> 2;
      result[to + 1] =
        (data[top + 1]! + data[top + 4]! + data[bottom + 1]! + data[bottom + 4]! + 2) >> 2;
      result[to + 2] =
        (data[top + 2]! + data[top + 5]! + data[bottom + 2]! + data[bottom + 5]! + 2) >> 2;
    }
    if (whole === half.width) continue;
    for (let c = 0; c < 3; c++) result[to++] = (data[top + c]! + data[bottom + c]! + 1) >> 1;
  }
  return { ...half, data: result };
}

/** For each cell along an axis the pixels it covers and their weights (sum 1). count 0: the cell lies outside. */
export interface Axis {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** weights of cell k at k × stride */
  readonly weights: Float32Array;
  readonly stride: number;
}

/**
 * @param length of the image along the axis, in source pixels; may be fractional on half-size copies
 * @param cell length of a cell in source pixels
 * @param from index of the first cell wanted, `count` cells; of them 0..total-1 exist
 */
export function cellsAlong(
  length: number,
  cell: number,
  from: number,
  count: number,
  total: number,
): Axis {
  const stride = Math.ceil(cell) + 1;
  const first = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Float32Array(count * stride);
  for (let k = 0; k < count; k++) {
    if (from + k < 0 || from + k >= total) continue;
    const begin = (from + k) * cell;
    const end = Math.min((from + k + 1) * cell, length);
    const firstPixel = Math.min(Math.floor(begin), Math.ceil(length) - 1);
    const lastPixel = Math.max(firstPixel, Math.ceil(end) - 1);
    first[k] = firstPixel;
    counts[k] = lastPixel - firstPixel + 1;
    for (let p = firstPixel; p <= lastPixel; p++) {
      const covered = Math.min(end, p + 1) - Math.max(begin, p);
      weights[k * stride + p - firstPixel] = lastPixel === firstPixel ? 1 : covered / (end - begin);
    }
  }
  return { first, count: counts, weights, stride };
}

/** Area averages, rounded; a cell outside the image is padColor. Columns of pixels first: they lie side by side. */
export function averageCells(source: RgbPlane, columns: Axis, rows: Axis, padColor: Rgb): RgbPlane {
  const width = columns.first.length;
  const height = rows.first.length;
  const data = new Uint8Array(width * height * 3);
  const [from, end] = coveredRange(columns);
  const line = new Float32Array(Math.max(0, end - from) * 3);
  for (let j = 0; j < height; j++) {
    const out = data.subarray(j * width * 3, (j + 1) * width * 3);
    if (rows.count[j] === 0) {
      fillColour(out, padColor);
      continue;
    }
    averageRows(source, rows, j, from, line);
    averageAcross(line, columns, from, padColor, out);
  }
  return { width, height, data };
}

/** Pixels that any cell of the axis covers. */
function coveredRange({ first, count }: Axis): [number, number] {
  let from = Infinity;
  let end = 0;
  for (let k = 0; k < first.length; k++) {
    if (count[k] === 0) continue;
    from = Math.min(from, first[k]!);
    end = Math.max(end, first[k]! + count[k]!);
  }
  return end ? [from, end] : [0, 0];
}

/** Weighted mean of the source rows of cell j, from pixel `from` on; four rows a pass, so that sums are stored less. */
function averageRows(
  { data, width }: RgbPlane,
  rows: Axis,
  j: number,
  from: number,
  line: Float32Array,
): void {
  const { length } = line;
  const count = rows.count[j]!;
  for (let r = 0; r < count; r += 4) {
    // Rows beyond the cell are taken with weight 0.
    const at = (k: number): number =>
      ((rows.first[j]! + Math.min(r + k, count - 1)) * width + from) * 3;
    const weight = (k: number): number =>
      r + k < count ? rows.weights[j * rows.stride + r + k]! : 0;
    const [a, b, c, d] = [at(0), at(1), at(2), at(3)];
    const [wa, wb, wc, wd] = [weight(0), weight(1), weight(2), weight(3)];
    const keep = r === 0 ? 0 : 1;
    for (let k = 0; k < length; k++) {
      line[k] =
        keep * line[k]! +
        wa * data[a + k]! +
        wb * data[b + k]! +
        wc * data[c + k]! +
        wd * data[d + k]!;
    }
  }
}

function averageAcross(
  line: Float32Array,
  columns: Axis,
  from: number,
  padColor: Rgb,
  out: Uint8Array,
): void {
  const { first, count, weights, stride } = columns;
  for (let i = 0, to = 0; i < first.length; i++, to += 3) {
    if (count[i] === 0) {
      fillColour(out.subarray(to, to + 3), padColor);
      continue;
    }
    let red = 0.5;
    let green = 0.5;
    let blue = 0.5;
    const end = i * stride + count[i]!;
    for (let k = i * stride, at = (first[i]! - from) * 3; k < end; k++, at += 3) {
      const weight = weights[k]!;
      red += weight * line[at]!;
      green += weight * line[at + 1]!;
      blue += weight * line[at + 2]!;
    }
    out[to] = red;
    out[to + 1] = green;
    out[to + 2] = blue;
  }
}

function fillColour(out: Uint8Array, [red, green, blue]: Rgb): void {
  for (let k = 0; k < out.length; k += 3) {
    out[k] = red;
    out[k + 1] = green;
    out[k + 2] = blue;
  }
}

/**
 * Samples a square grid at x0 + u × step, y0 + v × step, where pixel k of the source has its centre at k. Pixels
 * outside the source are padColor, also in the mixture at the border.
 *
 * @returns float32[3, size, size], whole numbers 0..255
 */
export function interpolate(
  source: RgbPlane,
  x0: number,
  y0: number,
  step: number,
  size: number,
  padColor: Rgb,
): Float32Array {
  const result = new Float32Array(3 * size * size);
  const columns = placesAlong(x0, step, size, source.width);
  const rows = placesAlong(y0, step, size, source.height);
  for (let v = 0; v < size; v++) interpolateRow(source, columns, rows, v, padColor, result);
  return result;
}

function interpolateRow(
  source: RgbPlane,
  columns: Places,
  rows: Places,
  v: number,
  padColor: Rgb,
  result: Float32Array,
): void {
  const { width, data } = source;
  const size = columns.place.length;
  const green = size * size;
  const blue = 2 * green;
  const top = rows.place[v]!;
  const fy = rows.fraction[v]!;
  for (let u = 0, to = v * size; u < size; u++, to++) {
    const left = columns.place[u]!;
    const fx = columns.fraction[u]!;
    if (rows.isInside[v] && columns.isInside[u]) {
      const a = (top * width + left) * 3;
      const c = a + width * 3;
      const wd = fx * fy;
      const wb = fx - wd;
      const wc = fy - wd;
      const wa = 1 - fx - wc;
      result[to] =
        (wa * data[a]! + wb * data[a + 3]! + wc * data[c]! + wd * data[c + 3]! + 0.5) | 0;
      result[green + to] =
        (wa * data[a + 1]! + wb * data[a + 4]! + wc * data[c + 1]! + wd * data[c + 4]! + 0.5) | 0;
      result[blue + to] =
        (wa * data[a + 2]! + wb * data[a + 5]! + wc * data[c + 2]! + wd * data[c + 5]! + 0.5) | 0;
    } else {
      for (let k = 0; k < 3; k++) {
        result[k * green + to] = mixAtBorder(source, left, top, fx, fy, k, padColor[k]!);
      }
    }
  }
}

/** Where samples lie between pixel centres; `isInside` when both neighbours exist. */
interface Places {
  readonly place: Int32Array;
  readonly fraction: Float64Array;
  readonly isInside: Uint8Array;
}

function placesAlong(from: number, step: number, count: number, length: number): Places {
  const place = new Int32Array(count);
  const fraction = new Float64Array(count);
  const isInside = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    const at = from + k * step;
    const below = Math.floor(at);
    place[k] = below;
    fraction[k] = at - below;
    isInside[k] = below >= 0 && below + 1 < length ? 1 : 0;
  }
  return { place, fraction, isInside };
}

function mixAtBorder(
  { width, height, data }: RgbPlane,
  left: number,
  top: number,
  fx: number,
  fy: number,
  channel: number,
  outside: number,
): number {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? outside : data[(y * width + x) * 3 + channel]!;
  const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * fx;
  const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * fx;
  return Math.floor(upper + (lower - upper) * fy + 0.5);
}
