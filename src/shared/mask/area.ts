// Number of foreground pixels, from run lengths.
import type { Runs } from './types';

/** Area in pixels. */
export function areaOf(runs: Runs): number {
  let area = 0;
  for (let i = 1; i < runs.counts.length; i += 2) area += runs.counts[i]!;
  return area;
}
