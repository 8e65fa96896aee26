// Intersection over union of masks, run by run, with pycocotools' meaning of crowd.
import type { Bbox } from '../geometry/types';
import { areaOf } from './area';
import { bboxOf } from './bbox';
import { checkSameSize } from './combine';
import type { Runs } from './types';

export interface IouOptions {
  /** b is a crowd region: divide by the area of a instead of the union */
  readonly crowd?: boolean;
}

/**
 * IoU of two masks, 0..1; 0 when they do not meet (also when both are empty).
 *
 * @throws RangeError when the sizes differ
 * @source behaviour of rleIou, pycocotools 2.0.11; golden values in test/fixtures/golden/mask.json
 */
export function iou(a: Runs, b: Runs, options: IouOptions = {}): number {
  checkSameSize(a, b);
  return measuredIou(measured(a), measured(b), options.crowd ?? false);
}

/**
 * IoU of every a with every b.
 *
 * @param crowd for each b whether it is a crowd region
 * @returns float64[a.length, b.length], row-major
 * @throws RangeError when sizes differ
 */
export function iouMatrix(
  a: readonly Runs[],
  b: readonly Runs[],
  crowd: readonly boolean[] = [],
): Float64Array {
  const rows = a.map(measured);
  const symmetric = a === b && !crowd.some(Boolean);
  const columns = a === b ? rows : b.map(measured);
  const n = columns.length;
  const [sample] = a;
  for (const mask of sample ? [...a, ...b] : []) checkSameSize(sample!, mask);
  const out = new Float64Array(rows.length * n);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let j = symmetric ? i : 0; j < n; j++) {
      const value = measuredIou(row, columns[j]!, crowd[j] ?? false);
      if (value === 0) continue;
      out[i * n + j] = value;
      if (symmetric) out[j * n + i] = value;
    }
  }
  return out;
}

/** A mask with what its comparisons need. */
export interface Measured {
  readonly runs: Runs;
  readonly area: number;
  readonly bbox: Bbox;
  /** start, end of each foreground run, column-major pixel positions, end exclusive */
  readonly spans: Uint32Array;
}

/** Prepares a mask for many comparisons. */
export function measured(runs: Runs): Measured {
  const counts = runs.counts;
  const spans = new Uint32Array(counts.length & ~1);
  let position = 0;
  for (let i = 0; i < spans.length; i++) {
    position += counts[i]!;
    spans[i] = position;
  }
  return { runs, area: areaOf(runs), bbox: bboxOf(runs), spans };
}

/** As iou, of prepared masks of one size. */
export function measuredIou(a: Measured, b: Measured, crowd: boolean): number {
  if (!boxesMeet(a.bbox, b.bbox)) return 0;
  const common = intersectionArea(a.spans, b.spans);
  if (common === 0) return 0;
  return common / (crowd ? a.area : a.area + b.area - common);
}

function boxesMeet(a: Bbox, b: Bbox): boolean {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}

function intersectionArea(a: Uint32Array, b: Uint32Array): number {
  let common = 0;
  let i = firstSpanEndingAfter(a, b[0] ?? 0);
  let j = firstSpanEndingAfter(b, a[0] ?? 0);
  while (i < a.length && j < b.length) {
    const endA = a[i + 1]!;
    const endB = b[j + 1]!;
    const start = a[i]! > b[j]! ? a[i]! : b[j]!;
    const end = endA < endB ? endA : endB;
    if (end > start) common += end - start;
    if (endA <= endB) i += 2;
    if (endB <= endA) j += 2;
  }
  return common;
}

function firstSpanEndingAfter(spans: Uint32Array, position: number): number {
  let low = 0;
  let high = spans.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[2 * middle + 1]! > position) high = middle;
    else low = middle + 1;
  }
  return low * 2;
}
