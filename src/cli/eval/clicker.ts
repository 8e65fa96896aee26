// The standard simulated user: the next click lies at the deepest pixel of the largest error. Rules as in
// training/evaluate.py (next_click): ties go to the background, the first pixel in reading order is taken, no pixel
// is clicked twice, ignored pixels are never wrong.
import type { PointPrompt } from '../../shared/protocol/prompt';
import { distanceToOutside } from './distance';

/** What an object looks like in the label map. */
export interface Target {
  readonly width: number;
  readonly height: number;
  /** 1 object, 0 background, 255 ignore */
  readonly truth: Uint8Array;
}

interface Region {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

/**
 * @param predicted 0 or 1, row-major
 * @param used pixels clicked already; the chosen one is added
 * @param perturb moves the click by up to this many pixels inside the same error region; 0: exact
 * @param random in [0, 1), for the perturbation
 */
export function nextClick(
  target: Target,
  predicted: Uint8Array,
  used: Set<number>,
  perturb = 0,
  random: () => number = () => 0.5,
): PointPrompt {
  const { width, truth } = target;
  const missed = truth.map((label, k) => (label === 1 && !predicted[k] ? 1 : 0));
  const extra = truth.map((label, k) => (label === 0 && predicted[k] ? 1 : 0));
  const [positive, negative] = [deepest(target, missed, used), deepest(target, extra, used)];
  const label = positive.depth > negative.depth ? 1 : 0;
  const exact = label ? positive : negative;
  const { x, y } =
    perturb > 0 ? nearby(exact, label ? missed : extra, target, perturb, random) : exact;
  used.add(exact.y * width + exact.x);
  return { at: { x: x + 0.5, y: y + 0.5 }, label };
}

/** Only the box around the error is transformed: beyond it there is nothing. */
function deepest({ width, height }: Target, region: Uint8Array, used: ReadonlySet<number>): Region {
  const box = boxOf(region, width, height);
  if (!box) return { x: 0, y: 0, depth: 0 };
  const [x0, y0, w, h] = box;
  const part = new Uint8Array(w * h);
  for (let y = 0; y < h; y++)
    part.set(region.subarray((y0 + y) * width + x0, (y0 + y) * width + x0 + w), y * w);
  const depths = distanceToOutside(part, w, h);
  let best: Region = { x: x0, y: y0, depth: 0 };
  depths.forEach((depth, k) => {
    const [x, y] = [x0 + (k % w), y0 + Math.floor(k / w)];
    if (depth > best.depth + 1e-9 && !used.has(y * width + x)) best = { x, y, depth };
  });
  return best;
}

function nearby(
  { x, y }: Region,
  region: Uint8Array,
  { width, height }: Target,
  perturb: number,
  random: () => number,
): { readonly x: number; readonly y: number } {
  for (let tries = 0; tries < 20; tries++) {
    const [u, v] = [
      x + Math.round((2 * random() - 1) * perturb),
      y + Math.round((2 * random() - 1) * perturb),
    ];
    if (u >= 0 && v >= 0 && u < width && v < height && region[v * width + u]) return { x: u, y: v };
  }
  return { x, y };
}

/** Tight box [x, y, width, height] of the ones; null when there are none. */
export function boxOf(
  region: ArrayLike<number>,
  width: number,
  height: number,
): [number, number, number, number] | null {
  let [x0, y0, x1, y1] = [width, height, -1, -1];
  for (let k = 0; k < width * height; k++) {
    if (region[k] !== 1) continue;
    const [x, y] = [k % width, Math.floor(k / width)];
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  return x1 < 0 ? null : [x0, y0, x1 - x0 + 1, y1 - y0 + 1];
}

/** IoU outside the ignored pixels; 0 when both are empty. */
export function iouOf({ truth }: Target, predicted: Uint8Array): number {
  let both = 0;
  let either = 0;
  for (let k = 0; k < truth.length; k++) {
    const label = truth[k]!;
    if (label > 1) continue;
    both += label & predicted[k]!;
    either += label | predicted[k]!;
  }
  return either ? both / either : 0;
}
