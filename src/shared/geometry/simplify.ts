// Douglas–Peucker: fewer vertices, none of those dropped farther from the result than a given distance.
import { distanceToSegment } from './polygon';

/** Simplifies an open line; its two ends stay. @param line flat [x0, y0, …] @param tolerance pixels */
export function simplifyLine(line: readonly number[], tolerance: number): number[] {
  const n = line.length >> 1;
  if (n < 3) return [...line];
  const keep = new Uint8Array(n);
  keep[0] = keep[n - 1] = 1;
  markKept(line, 0, n - 1, tolerance, keep);
  return pick(line, (i) => keep[i] === 1);
}

/**
 * Simplifies a ring. The two vertices farthest apart (as seen from the first) stay.
 *
 * @param ring flat [x0, y0, …], closed by itself
 * @param tolerance pixels
 * @returns a ring of at least 3 vertices when the given one has as many; a new array
 */
export function simplifyRing(ring: readonly number[], tolerance: number): number[] {
  const n = ring.length >> 1;
  if (n <= 3) return [...ring];
  const opposite = farthest(ring, ring[0]!, ring[1]!);
  const closed = [...ring, ring[0]!, ring[1]!];
  const keep = new Uint8Array(n + 1);
  keep[0] = keep[opposite] = keep[n] = 1;
  markKept(closed, 0, opposite, tolerance, keep);
  markKept(closed, opposite, n, tolerance, keep);
  keep[n] = 0;
  if (keep.reduce((sum, k) => sum + k, 0) < 3) keep[farthestFromLine(closed, 0, opposite, n)] = 1;
  return pick(closed, (i) => keep[i] === 1);
}

function markKept(
  line: readonly number[],
  first: number,
  last: number,
  tolerance: number,
  keep: Uint8Array,
): void {
  const open: [number, number][] = [[first, last]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [a, b] = range;
    let worst = tolerance;
    let at = -1;
    for (let i = a + 1; i < b; i++) {
      const d = distanceToChord(line, i, a, b);
      if (d > worst) {
        worst = d;
        at = i;
      }
    }
    if (at < 0) continue;
    keep[at] = 1;
    open.push([a, at], [at, b]);
  }
}

function distanceToChord(line: readonly number[], i: number, a: number, b: number): number {
  const p = 2 * i;
  return distanceToSegment(
    line[p]!,
    line[p + 1]!,
    line[2 * a]!,
    line[2 * a + 1]!,
    line[2 * b]!,
    line[2 * b + 1]!,
  );
}

function farthest(ring: readonly number[], x: number, y: number): number {
  let at = 1;
  let most = -1;
  for (let i = 0; i < ring.length; i += 2) {
    const d = (ring[i]! - x) ** 2 + (ring[i + 1]! - y) ** 2;
    if (d > most) {
      most = d;
      at = i / 2;
    }
  }
  return Math.max(1, at);
}

function farthestFromLine(line: readonly number[], a: number, b: number, end: number): number {
  let at = 1;
  let most = -1;
  for (let i = 1; i < end; i++) {
    const d = i === b ? -1 : distanceToChord(line, i, a, b);
    if (d > most) {
      most = d;
      at = i;
    }
  }
  return at;
}

function pick(line: readonly number[], kept: (i: number) => boolean): number[] {
  const out: number[] = [];
  for (let i = 0; 2 * i < line.length; i++) {
    if (kept(i)) out.push(line[2 * i]!, line[2 * i + 1]!);
  }
  return out;
}
