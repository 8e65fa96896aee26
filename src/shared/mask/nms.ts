// Non-maximum suppression on masks: of masks that overlap too much, only the best stays.
import { checkSameSize } from './combine';
import { measured, measuredIou } from './iou';
import type { Measured } from './iou';
import type { Runs } from './types';

/**
 * Goes through the masks from the highest score down and keeps each whose IoU with every kept one is at most `maxIou`.
 * Equal scores go by index.
 *
 * @param masks of one size
 * @param scores one a mask, higher is better
 * @returns indices of the kept masks, best first
 * @throws RangeError when sizes or lengths differ
 */
export function suppressOverlaps(
  masks: readonly Runs[],
  scores: readonly number[],
  maxIou: number,
): number[] {
  if (masks.length !== scores.length) {
    throw new RangeError(`${masks.length} masks need as many scores; found ${scores.length}.`);
  }
  const order = [...masks.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: { readonly index: number; readonly mask: Measured }[] = [];
  for (const index of order) {
    const mask = measured(masks[index]!);
    if (kept.length) checkSameSize(kept[0]!.mask.runs, mask.runs);
    if (kept.every((other) => measuredIou(other.mask, mask, false) <= maxIou)) {
      kept.push({ index, mask });
    }
  }
  return kept.map((entry) => entry.index);
}
