// Boolean operations on masks, run by run; cost follows the number of runs, not of pixels.
import type { Runs } from './types';

/** Pixels in a or in b. Sizes must be equal (RangeError), as in all operations here. */
export function union(a: Runs, b: Runs): Runs {
  return combine(a, b, 0b1110);
}

/** Pixels in both. */
export function intersect(a: Runs, b: Runs): Runs {
  return combine(a, b, 0b1000);
}

/** Pixels in a and not in b. */
export function subtract(a: Runs, b: Runs): Runs {
  return combine(a, b, 0b0010);
}

/** Pixels in exactly one of them. */
export function xor(a: Runs, b: Runs): Runs {
  return combine(a, b, 0b0110);
}

/** Pixels not in the mask. */
export function invert(runs: Runs): Runs {
  const counts = runs.counts;
  if (counts[0] === 0 && counts.length > 1) return { size: runs.size, counts: counts.slice(1) };
  const inverted = new Uint32Array(counts.length + 1);
  inverted.set(counts, 1);
  return { size: runs.size, counts: inverted };
}

/** Union of any number of masks of one size. */
export function unionAll(masks: readonly Runs[], size: Runs['size']): Runs {
  let level = masks.length ? masks : [emptyRuns(size)];
  // pairwise in rounds: each run is copied log n times instead of n times
  while (level.length > 1) {
    const next: Runs[] = [];
    for (let i = 0; i < level.length; i += 2) {
      next.push(i + 1 < level.length ? union(level[i]!, level[i + 1]!) : level[i]!);
    }
    level = next;
  }
  return level[0]!;
}

/** A mask without foreground. */
export function emptyRuns(size: Runs['size']): Runs {
  return { size, counts: Uint32Array.of(size[0] * size[1]) };
}

/** @throws RangeError when the sizes differ */
export function checkSameSize(a: Runs, b: Runs): void {
  if (a.size[0] !== b.size[0] || a.size[1] !== b.size[1]) {
    throw new RangeError(
      `Masks have different sizes: ${a.size[0]} × ${a.size[1]} and ${b.size[0]} × ${b.size[1]} (height × width).`,
    );
  }
}

/**
 * @param table result for the pixel values (a, b) in bit a + 2b
 */
function combine(a: Runs, b: Runs, table: number): Runs {
  checkSameSize(a, b);
  const ca = a.counts;
  const cb = b.counts;
  const pixels = a.size[0] * a.size[1];
  const out = new Uint32Array(ca.length + cb.length);
  let length = 0;
  let written = 0; // pixels in out
  let value = 0; // of the run being collected
  let state = 0; // values of a and b: bit 0 and bit 1
  let ia = 0;
  let ib = 0;
  let endA = ca[0] ?? pixels; // where their present runs end
  let endB = cb[0] ?? pixels;
  for (;;) {
    const position = endA < endB ? endA : endB;
    if (position >= pixels) break;
    while (endA === position) {
      endA += ca[++ia] ?? pixels;
      state ^= 1;
    }
    while (endB === position) {
      endB += cb[++ib] ?? pixels;
      state ^= 2;
    }
    const next = (table >> state) & 1;
    if (next === value) continue;
    out[length++] = position - written;
    written = position;
    value = next;
  }
  out[length++] = pixels - written;
  return { size: a.size, counts: out.slice(0, length) };
}
