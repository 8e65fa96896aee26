// Logits of a window to a mask at image resolution. The logits are interpolated bilinearly and then compared with the
// threshold, as upsampling the plane to image size would; but along an image column the interpolated values are
// piecewise linear, so the places where they cross the threshold are computed instead of all the pixels between.
// Cost: one step a logit row and image column, independent of the object's height in pixels; no image-sized array.
import type { Size } from '../../shared/geometry/types';
import type { Runs } from '../../shared/mask/types';
import type { Window } from '../image/window';

/** Value around a window, as training/predict.py (uncrop) has it: far background. */
export const OUTSIDE_LOGIT = -10;

/**
 * Pixels whose interpolated logit is greater than the threshold.
 *
 * @param logits float32[size, size] of the window, row-major
 * @param imageSize [height, width] of the mask
 */
export function logitsToMask(
  logits: Float32Array,
  size: number,
  window: Window,
  imageSize: Size,
  threshold = 0,
): Runs {
  const [height, width] = imageSize;
  const scale = size / window.side;
  const range = positiveRanges(logits, size, threshold);
  const column = new Float64Array(size + 2); // with the value outside before and after
  const runs = new RunBuilder();
  // A pixel takes part when a logit it mixes lies in the window.
  const firstX = Math.max(0, Math.floor(window.x0 - 1 / scale));
  const endX = Math.min(width, Math.ceil(window.x0 + window.side + 1 / scale));
  for (let x = firstX; x < endX; x++) {
    const gx = (x + 0.5 - window.x0) * scale - 0.5;
    const left = Math.floor(gx);
    if (left < -1 || left >= size) continue;
    const from = Math.min(range.first[left + 1]!, range.first[left + 2]!);
    const end = Math.max(range.end[left + 1]!, range.end[left + 2]!);
    if (from >= end) continue;
    mixColumns(logits, size, left, gx - left, threshold, column, from, end);
    addCrossings(column, from, end, scale, window.y0, height, x * height, runs);
  }
  return { size: imageSize, counts: runs.counts(width * height) };
}

/** Rows with a logit above the threshold, `first` to before `end`, a column; index 0 and size + 1 stand for outside. */
function positiveRanges(
  logits: Float32Array,
  size: number,
  threshold: number,
): { readonly first: Int32Array; readonly end: Int32Array } {
  const first = new Int32Array(size + 2).fill(size);
  const end = new Int32Array(size + 2);
  for (let k = 0, row = 0; row < size; row++) {
    for (let i = 1; i <= size; i++, k++) {
      if (!(logits[k]! > threshold)) continue;
      if (end[i] === 0) first[i] = row;
      end[i] = row + 1;
    }
  }
  return { first, end };
}

/**
 * Values of the image column between the logit columns `left` and `left + 1`, less the threshold: one row more on
 * both sides than `from` to before `end`, which are the rows that can be positive. column[j] is logit row j - 1.
 */
function mixColumns(
  logits: Float32Array,
  size: number,
  left: number,
  fraction: number,
  threshold: number,
  column: Float64Array,
  from: number,
  end: number,
): void {
  column[0] = OUTSIDE_LOGIT - threshold;
  column[size + 1] = OUTSIDE_LOGIT - threshold;
  const [begin, stop] = [Math.max(0, from - 1), Math.min(size, end + 1)];
  if (left < 0 || left + 1 >= size) {
    const inner = left < 0 ? 0 : left;
    const share = left < 0 ? fraction : 1 - fraction;
    for (let j = begin; j < stop; j++) {
      column[j + 1] =
        OUTSIDE_LOGIT + (logits[j * size + inner]! - OUTSIDE_LOGIT) * share - threshold;
    }
    return;
  }
  for (let j = begin, at = begin * size + left; j < stop; j++, at += size) {
    column[j + 1] = logits[at]! + (logits[at + 1]! - logits[at]!) * fraction - threshold;
  }
}

/** Finds the spans where the column is positive and adds their pixels. */
function addCrossings(
  column: Float64Array,
  from: number,
  end: number,
  scale: number,
  y0: number,
  height: number,
  offset: number,
  runs: RunBuilder,
): void {
  let start = -1;
  let before = column[from]!;
  for (let j = from + 1; j <= end + 1; j++) {
    const after = column[j]!;
    if (before > 0 !== after > 0) {
      // Logit row j - 1 has its centre j - 0.5 rows below the window's top.
      const y = (j - 1.5 + before / (before - after)) / scale + y0 - 0.5; // image row of the crossing
      if (after > 0) start = Math.max(0, Math.floor(y) + 1);
      else runs.add(offset + start, offset + Math.min(height, Math.ceil(y)));
    }
    before = after;
  }
}

/** Collects foreground spans in ascending order; spans that touch are joined. */
class RunBuilder {
  private spans = new Uint32Array(1024);
  private length = 0;

  add(begin: number, end: number): void {
    if (end <= begin) return;
    if (this.length && this.spans[this.length - 1] === begin) {
      this.spans[this.length - 1] = end;
      return;
    }
    if (this.length === this.spans.length) {
      const larger = new Uint32Array(2 * this.length);
      larger.set(this.spans);
      this.spans = larger;
    }
    this.spans[this.length++] = begin;
    this.spans[this.length++] = end;
  }

  /** Run lengths that add up to `pixels`, starting with background. */
  counts(pixels: number): Uint32Array {
    const counts = new Uint32Array(this.length + 1);
    let at = 0;
    for (let k = 0; k < this.length; k++) {
      const place = this.spans[k] as number;
      counts[k] = place - at;
      at = place;
    }
    counts[this.length] = pixels - at;
    return at === pixels && this.length ? counts.subarray(0, this.length) : counts;
  }
}
