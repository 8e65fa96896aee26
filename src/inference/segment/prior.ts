// The mask a prediction starts from, as the probability plane of a window: either the logits of an earlier prediction
// (kept in their own window) or a saved mask.
import type { Bbox, Size } from '../../shared/geometry/types';
import type { Runs } from '../../shared/mask/types';
import type { Window } from '../image/window';
import { OUTSIDE_LOGIT } from './logitsMask';
import type { Plane } from './promptPlanes';

export interface LogitsPrior {
  readonly kind: 'logits';
  readonly window: Window;
  /** float32[size, size], row-major */
  readonly logits: Float32Array;
  readonly size: number;
  /** of the mask at image resolution */
  readonly bbox: Bbox;
  readonly area: number;
}

export interface MaskPrior {
  readonly kind: 'mask';
  readonly runs: Runs;
  readonly bbox: Bbox;
  readonly area: number;
}

export type Prior = LogitsPrior | MaskPrior;

/** A saved mask counts as logits of ±4, as in training/evaluate.py (refine). */
const MASK_LOGIT = 4;

/**
 * Fills `plane` (zeros before) with the prior's probability in the window; 0 outside the image.
 *
 * @param imageSize [height, width]
 */
export function drawPrior(plane: Plane, window: Window, prior: Prior, imageSize: Size): void {
  if (prior.kind === 'logits') drawLogits(plane, window, prior);
  else drawMask(plane, window, prior.runs);
  clearOutside(plane, window, imageSize);
}

/** Where the window's pixels see the earlier window: mean of the probabilities at a grid as fine as the earlier one. */
function drawLogits(plane: Plane, window: Window, prior: LogitsPrior): void {
  const { size, data } = plane;
  const priorScale = prior.size / prior.window.side;
  // One sample a pixel while the scales are about the same, as they are from click to click.
  const fine = Math.max(1, Math.round((window.side / size) * priorScale));
  const columns = samplesAlong(
    window.x0,
    window.side,
    size * fine,
    prior.window.x0,
    priorScale,
    prior.size,
  );
  const rows = samplesAlong(
    window.y0,
    window.side,
    size * fine,
    prior.window.y0,
    priorScale,
    prior.size,
  );
  const share = 1 / (fine * fine);
  for (let j = 0; j < size * fine; j++) {
    const top = rows.place[j]!;
    if (top < -1 || top >= prior.size) continue;
    const to = Math.floor(j / fine) * size;
    for (let i = 0; i < size * fine; i++) {
      const left = columns.place[i]!;
      if (left < -1 || left >= prior.size) continue;
      const logit = mixLogits(prior, left, top, columns.fraction[i]!, rows.fraction[j]!);
      data[to + Math.floor(i / fine)]! += share / (1 + Math.exp(-logit));
    }
  }
}

/** Where samples along an axis lie among the prior's pixels: between `place` and `place` + 1, at `fraction`. */
function samplesAlong(
  from: number,
  side: number,
  count: number,
  priorFrom: number,
  priorScale: number,
  priorSize: number,
): { readonly place: Int32Array; readonly fraction: Float64Array } {
  const place = new Int32Array(count);
  const fraction = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const at = (from + ((k + 0.5) * side) / count - priorFrom) * priorScale - 0.5;
    const below = Math.floor(Math.min(Math.max(at, -2), priorSize));
    place[k] = below;
    fraction[k] = at - below;
  }
  return { place, fraction };
}

/** Bilinear mixture of four logits; far background outside the prior's window. */
function mixLogits(
  { logits, size }: LogitsPrior,
  left: number,
  top: number,
  fx: number,
  fy: number,
): number {
  if (left >= 0 && top >= 0 && left + 1 < size && top + 1 < size) {
    const at = top * size + left;
    const upper = logits[at]! + (logits[at + 1]! - logits[at]!) * fx;
    const lower = logits[at + size]! + (logits[at + size + 1]! - logits[at + size]!) * fx;
    return upper + (lower - upper) * fy;
  }
  const at = (u: number, v: number): number =>
    u < 0 || v < 0 || u >= size || v >= size ? OUTSIDE_LOGIT : logits[v * size + u]!;
  const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * fx;
  const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * fx;
  return upper + (lower - upper) * fy;
}

/** Share of each window pixel that the mask covers, computed from the runs; no image-sized array. */
function drawMask(plane: Plane, window: Window, runs: Runs): void {
  const { size, data } = plane;
  const [height, width] = runs.size;
  const scale = size / window.side;
  const low = 1 / (1 + Math.exp(MASK_LOGIT));
  let at = 0;
  for (let k = 0; k < runs.counts.length; k++) {
    const end = at + runs.counts[k]!;
    if (k % 2 === 1) {
      // A run may pass the lower end of a column and go on in the next one.
      for (let begin = at; begin < end;) {
        const x = Math.floor(begin / height);
        const columnEnd = Math.min(end, (x + 1) * height);
        const from = (x - window.x0) * scale;
        const rowFrom = (begin - x * height - window.y0) * scale;
        const rowTo = (columnEnd - x * height - window.y0) * scale;
        addRectangle(data, size, from, from + scale, rowFrom, rowTo);
        begin = columnEnd;
      }
    }
    at = end;
  }
  if (width > 0)
    for (let k = 0; k < data.length; k++) data[k] = low + Math.min(1, data[k]!) * (1 - 2 * low);
}

/** Adds the covered share of each pixel, for a rectangle in the plane's coordinates. */
function addRectangle(
  data: Float32Array,
  size: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
): void {
  const endX = Math.min(size, Math.ceil(right));
  const endY = Math.min(size, Math.ceil(bottom));
  for (let u = Math.max(0, Math.floor(left)); u < endX; u++) {
    const across = Math.min(right, u + 1) - Math.max(left, u);
    for (let v = Math.max(0, Math.floor(top)); v < endY; v++) {
      const share = across * (Math.min(bottom, v + 1) - Math.max(top, v));
      data[v * size + u] = data[v * size + u]! + share;
    }
  }
}

function clearOutside({ data, size }: Plane, window: Window, [height, width]: Size): void {
  const step = window.side / size;
  const isOutside = (k: number, from: number, length: number): boolean => {
    const centre = from + (k + 0.5) * step;
    return centre < 0 || centre > length;
  };
  for (let k = 0; k < size; k++) {
    if (isOutside(k, window.y0, height)) data.fill(0, k * size, (k + 1) * size);
    if (isOutside(k, window.x0, width)) for (let v = 0; v < size; v++) data[v * size + k] = 0;
  }
}
