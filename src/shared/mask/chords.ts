// Replaces the stairs of a contour by straight chords without changing a pixel: a chord is taken only when it passes
// every column centre where the stairs do, as pycocotools rasterises it. The saved polygon is short, and still the mask.
import type { Size } from '../geometry/types';
import { eachCrossing, scaleCoordinate } from './rasterize';

/**
 * Fewest chords found by going as far as possible each time, along corners and middles of the contour's edges.
 *
 * @param ring a contour of contoursOf, lying in the image
 * @returns flat [x0, y0, …] in halves of a pixel, at least 3 vertices, rasterising to the same pixels as the ring
 */
export function fitChords(ring: readonly number[], size: Size): number[] {
  const path = pathOf(ring);
  const n = path.crossingsBefore.length - 1; // candidate n is candidate 0 again
  const out: number[] = [];
  for (let from = 0; from < n;) {
    out.push(path.points[2 * from]!, path.points[2 * from + 1]!);
    from = farthestChord(path, from, n, size);
  }
  return out;
}

interface Path {
  /** candidate vertices, flat; the first one repeated at the end */
  readonly points: readonly number[];
  /** of each candidate: how many column centres the path has passed before it */
  readonly crossingsBefore: readonly number[];
  /** of each crossing: the row line */
  readonly rows: readonly number[];
  /** of each crossing: where its stretch in one direction (left or right) ends */
  readonly stretchEnd: readonly number[];
}

function pathOf(ring: readonly number[]): Path {
  const points: number[] = [];
  const crossingsBefore: number[] = [];
  const rows: number[] = [];
  const rightward: boolean[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const [xa, ya] = [ring[i]!, ring[i + 1]!];
    const j = i + 2 < ring.length ? i + 2 : 0;
    const [xb, yb] = [ring[j]!, ring[j + 1]!];
    const middle = (xa + xb) / 2;
    const toMiddle = xb > xa ? Math.floor(middle + 0.5) - xa : xa - Math.ceil(middle);
    points.push(xa, ya, middle, (ya + yb) / 2);
    crossingsBefore.push(rows.length, rows.length + toMiddle);
    for (let k = Math.abs(xb - xa); k > 0; k--) {
      rows.push(ya);
      rightward.push(xb > xa);
    }
  }
  points.push(points[0]!, points[1]!);
  crossingsBefore.push(rows.length);
  const stretchEnd = new Array<number>(rows.length);
  for (let c = rows.length - 1; c >= 0; c--) {
    stretchEnd[c] = rightward[c] === rightward[c + 1] ? stretchEnd[c + 1]! : c + 1;
  }
  return { points, crossingsBefore, rows, stretchEnd };
}

/** Gallops ahead while chords fit, then narrows down; the next candidate always fits. */
function farthestChord(path: Path, from: number, n: number, size: Size): number {
  let fits = from + 1;
  let step = 1;
  let tooFar = n + 1;
  while (fits + step <= n) {
    if (chordFits(path, from, fits + step, size)) {
      fits += step;
      step *= 2;
    } else {
      tooFar = fits + step;
      break;
    }
  }
  while (tooFar - fits > 1) {
    const middle = (fits + tooFar) >> 1;
    if (middle <= n && chordFits(path, from, middle, size)) fits = middle;
    else tooFar = middle;
  }
  return fits;
}

function chordFits(path: Path, from: number, to: number, size: Size): boolean {
  const { points, crossingsBefore, rows, stretchEnd } = path;
  const first = crossingsBefore[from]!;
  const end = crossingsBefore[to]!;
  if (end > first && stretchEnd[first]! < end) return false;
  const [x0, y0] = [points[2 * from]!, points[2 * from + 1]!];
  const [x1, y1] = [points[2 * to]!, points[2 * to + 1]!];
  const rightward = x1 >= x0;
  let passed = 0;
  let fits = true;
  eachCrossing(
    [scaleCoordinate(x0), scaleCoordinate(y0), scaleCoordinate(x1), scaleCoordinate(y1)],
    size[0],
    size[1],
    (_column, row) => {
      const crossing = rightward ? first + passed : end - 1 - passed;
      passed++;
      fits = rows[crossing] === row && crossing >= first && crossing < end;
      return fits;
    },
  );
  return fits && passed === end - first;
}
