// Polygons to masks, pixel for pixel as pycocotools does it: vertices are rounded to fifths of a pixel, and each edge
// toggles a column at the row where it passes the column's centre. Only those places are computed, so cost follows
// the width an edge spans, not its length times five as in the original.
import type { Size } from '../geometry/types';
import { unionAll } from './combine';
import { pixelCount } from './rleString';
import type { Runs } from './types';

const SCALE = 5;
/** Far beyond any image; above it steps of one fifth of a pixel are lost in rounding. */
const MOST_COORDINATE = 1e9;

/**
 * The union of polygons, each filled by the even-odd rule. Parts outside the image are cut off.
 *
 * @param polygons one flat [x0, y0, x1, y1, …] per part, image pixels; closed by itself
 * @throws RangeError when a polygon has an odd number of values or one that is not finite or absurdly large
 * @source behaviour of rleFrPoly and rleMerge, pycocotools 2.0.11; golden values in test/fixtures/golden/polygon.json
 */
export function rasterizePolygons(polygons: readonly (readonly number[])[], size: Size): Runs {
  pixelCount(size);
  return unionAll(
    polygons.map((polygon) => rasterizePolygon(polygon, size)),
    size,
  );
}

/** One polygon, filled by the even-odd rule; see rasterizePolygons. */
export function rasterizePolygon(polygon: readonly number[], size: Size): Runs {
  const [height, width] = size;
  const corners = scaledCorners(polygon);
  const crossings: number[] = [];
  const add = (column: number, row: number): boolean => crossings.push(column * height + row) > 0;
  const n = corners.length / 2;
  for (let i = 0; i < n; i++) {
    const next = i + 1 < n ? i + 1 : 0;
    eachCrossing(
      [corners[2 * i]!, corners[2 * i + 1]!, corners[2 * next]!, corners[2 * next + 1]!],
      height,
      width,
      add,
    );
  }
  return { size, counts: runsFromChanges(Float64Array.from(crossings).sort(), height * width) };
}

/** Rounds a coordinate to the grid of fifths of a pixel, as the C code does (towards zero after adding a half). */
export function scaleCoordinate(value: number): number {
  return Math.trunc(SCALE * value + 0.5);
}

/** An edge between two corners in fifths of a pixel. */
export type ScaledEdge = readonly [x0: number, y0: number, x1: number, y1: number];

/**
 * Calls `add` for each column whose centre the edge passes, inside the image: pixels of the column from `row`
 * (0..height) downward change their side. Columns come in ascending order until `add` answers false.
 */
export function eachCrossing(
  edge: ScaledEdge,
  height: number,
  width: number,
  add: (column: number, row: number) => boolean,
): void {
  const dx = Math.abs(edge[0] - edge[2]);
  const dy = Math.abs(edge[1] - edge[3]);
  if (dx === 0) return;
  const flat = dx >= dy;
  const flip = flat ? edge[0] > edge[2] : edge[1] > edge[3];
  const [xs, ys, xe, ye] = flip ? [edge[2], edge[3], edge[0], edge[1]] : edge;
  const left = Math.min(xs, xe);
  const right = Math.max(xs, xe);
  // the centre of column n lies between the grid lines 5n + 2 and 5n + 3
  const first = Math.max(0, Math.ceil((left - 2) / SCALE));
  const last = Math.min(width - 1, Math.floor((right - 3) / SCALE));
  for (let column = first; column <= last; column++) {
    const line = SCALE * column + 2;
    const y = flat
      ? flatCrossing(line - xs, ys, (ye - ys) / dx)
      : steepCrossing(line, xs, ys, (xe - xs) / dy, dy);
    const row = (y + 0.5) / SCALE - 0.5;
    if (!add(column, row <= 0 ? 0 : row > height ? height : Math.ceil(row))) return;
  }
}

/** Lower of the grid rows of an edge at two neighbouring grid columns, t and t + 1 from its start. */
function flatCrossing(t: number, ys: number, slope: number): number {
  return Math.min(Math.trunc(ys + slope * t + 0.5), Math.trunc(ys + slope * (t + 1) + 0.5));
}

/** Grid row at which an edge that runs downward steps between grid columns `line` and `line + 1`. */
function steepCrossing(line: number, xs: number, ys: number, slope: number, dy: number): number {
  const beyond = (t: number): boolean => {
    const x = Math.trunc(xs + slope * t + 0.5);
    return slope > 0 ? x > line : x <= line;
  };
  // the first t that lies beyond: estimated, then corrected for rounding
  let t = Math.min(dy, Math.max(1, Math.round((line + 0.5 - xs) / slope)));
  while (t > 1 && beyond(t - 1)) t--;
  while (t < dy && !beyond(t)) t++;
  return ys + t - 1;
}

function scaledCorners(polygon: readonly number[]): Float64Array {
  if (polygon.length % 2 !== 0) {
    throw new RangeError(`A polygon needs an even number of values; found ${polygon.length}.`);
  }
  const corners = new Float64Array(polygon.length);
  for (let i = 0; i < polygon.length; i++) {
    const value: unknown = polygon[i];
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new RangeError(`Polygon value ${i} must be a finite number; found ${String(value)}.`);
    }
    if (Math.abs(value) > MOST_COORDINATE) {
      throw new RangeError(`Polygon value ${i} is beyond ${MOST_COORDINATE} pixels: ${value}.`);
    }
    corners[i] = scaleCoordinate(value);
  }
  return corners;
}

/** Runs between sorted places of change; two changes at one place cancel. */
function runsFromChanges(changes: Float64Array, pixels: number): Uint32Array {
  const counts = new Uint32Array(changes.length + 1);
  let length = 0;
  let last = 0;
  for (let i = 0; i < changes.length; i++) {
    const place = changes[i]!;
    if (place >= pixels) break;
    if (changes[i + 1] === place) {
      i++;
      continue;
    }
    counts[length++] = place - last;
    last = place;
  }
  counts[length++] = pixels - last;
  return counts.slice(0, length);
}
