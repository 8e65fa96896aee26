// Masks to polygons along pixel edges: parts and holes apart, fewer vertices at a stated loss.
import { findSelfIntersection } from '../geometry/selfIntersection';
import { simplifyRing } from '../geometry/simplify';
import type { Size } from '../geometry/types';
import { fitChords } from './chords';
import { xor, emptyRuns } from './combine';
import { contoursOf } from './contours';
import { iou } from './iou';
import { rasterizePolygon } from './rasterize';
import type { Runs } from './types';

export interface PolygonizeOptions {
  /** the IoU with the mask may fall to 1 − maxIouLoss; default 0: rasterising gives back every pixel */
  readonly maxIouLoss?: number;
}

export interface MaskPolygons {
  /** outer rings, clockwise on the screen, one a 4-connected part; flat [x0, y0, …], image pixels */
  readonly polygons: number[][];
  /** rings of the holes, anticlockwise on the screen */
  readonly holes: number[][];
  /** IoU of the rasterised rings (even-odd over all of them) with the mask; 1 for an empty mask */
  readonly iou: number;
}

/**
 * Polygons of a mask.
 *
 * Every part and every hole keeps at least a triangle. Rings do not cross themselves.
 */
export function polygonsFromRuns(runs: Runs, options: PolygonizeOptions = {}): MaskPolygons {
  const contours = contoursOf(runs);
  const exact = [...contours.polygons, ...contours.holes].map((ring) => fitRing(ring, runs.size));
  const parts = contours.polygons.length;
  const maxIouLoss = options.maxIouLoss ?? 0;
  const rings = maxIouLoss > 0 ? simplifyWithin(exact, runs, 1 - maxIouLoss) : exact;
  return { polygons: rings.slice(0, parts), holes: rings.slice(parts), iou: ringsIou(rings, runs) };
}

function fitRing(ring: readonly number[], size: Size): number[] {
  const fitted = fitChords(ring, size);
  return findSelfIntersection(fitted) ? [...ring] : fitted;
}

/** The coarsest Douglas–Peucker result found whose IoU is high enough. */
function simplifyWithin(
  exact: readonly (readonly number[])[],
  runs: Runs,
  minIou: number,
): number[][] {
  let best = exact.map((ring) => [...ring]);
  let good = 0;
  let bad = Infinity;
  let tolerance = 0.5;
  for (let round = 0; round < 10; round++) {
    const tried = exact.map((ring) => simplifyUncrossed(ring, tolerance));
    if (ringsIou(tried, runs) >= minIou) {
      best = tried;
      good = tolerance;
    } else {
      bad = tolerance;
    }
    tolerance = bad === Infinity ? good * 2 : (good + bad) / 2;
  }
  return best;
}

function simplifyUncrossed(ring: readonly number[], tolerance: number): number[] {
  const simplified = simplifyRing(ring, tolerance);
  return findSelfIntersection(simplified) ? [...ring] : simplified;
}

function ringsIou(rings: readonly (readonly number[])[], runs: Runs): number {
  let level = rings.map((ring) => rasterizePolygon(ring, runs.size));
  while (level.length > 1) {
    level = level.flatMap((mask, i) => {
      if (i % 2 === 1) return [];
      const other = level[i + 1];
      return [other ? xor(mask, other) : mask];
    });
  }
  const drawn = level[0] ?? emptyRuns(runs.size);
  return runs.counts.length <= 1 ? 1 : iou(drawn, runs);
}
