// Changes of polygons, corner by corner. A polygon is flat [x0, y0, x1, y1, …], image pixels.
import { nearestOnPolygon } from '../../src/shared/geometry/polygon';
import { roundTo } from '../../src/shared/geometry/round';
import type { ImagePoint } from '../../src/shared/geometry/types';

/** Hundredths of a pixel are more than a hand can place, and keep files small. */
export const DECIMALS = 2;

/** Corner `index` of polygon `part`. */
export interface Corner {
  readonly part: number;
  readonly index: number;
}

type Polygons = readonly (readonly number[])[];

export function cornersOf(polygon: readonly number[]): readonly ImagePoint[] {
  const corners: ImagePoint[] = [];
  for (let i = 0; i + 1 < polygon.length; i += 2)
    corners.push({ x: polygon[i]!, y: polygon[i + 1]! });
  return corners;
}

/** The corner nearest to a point, at most `reach` image pixels away. */
export function nearestCorner(polygons: Polygons, at: ImagePoint, reach: number): Corner | null {
  let best: Corner | null = null;
  let distance = reach;
  polygons.forEach((polygon, part) => {
    for (let i = 0; i + 1 < polygon.length; i += 2) {
      const d = Math.hypot(polygon[i]! - at.x, polygon[i + 1]! - at.y);
      if (d > distance) continue;
      distance = d;
      best = { part, index: i / 2 };
    }
  });
  return best;
}

/** The edge nearest to a point, named by its first corner, at most `reach` image pixels away. */
export function nearestEdge(polygons: Polygons, at: ImagePoint, reach: number): Corner | null {
  let best: Corner | null = null;
  let distance = reach;
  polygons.forEach((polygon, part) => {
    const found = nearestOnPolygon(polygon, at.x, at.y);
    if (found.edge < 0 || found.distance > distance) return;
    distance = found.distance;
    best = { part, index: found.edge };
  });
  return best;
}

export function moveCorner(polygons: Polygons, corner: Corner, to: ImagePoint): Polygons {
  return replacePart(polygons, corner.part, (polygon) => {
    const copy = [...polygon];
    copy.splice(corner.index * 2, 2, roundTo(to.x, DECIMALS), roundTo(to.y, DECIMALS));
    return copy;
  });
}

/** Adds a corner after the edge's first corner. */
export function insertCorner(polygons: Polygons, edge: Corner, at: ImagePoint): Polygons {
  return replacePart(polygons, edge.part, (polygon) => {
    const copy = [...polygon];
    copy.splice(edge.index * 2 + 2, 0, roundTo(at.x, DECIMALS), roundTo(at.y, DECIMALS));
    return copy;
  });
}

/** Takes a corner away; a part with fewer than three corners goes with it. */
export function deleteCorner(polygons: Polygons, corner: Corner): Polygons {
  return replacePart(polygons, corner.part, (polygon) => {
    const copy = [...polygon];
    copy.splice(corner.index * 2, 2);
    return copy;
  }).filter((polygon) => polygon.length >= 6);
}

function replacePart(
  polygons: Polygons,
  part: number,
  change: (polygon: readonly number[]) => readonly number[],
): Polygons {
  return polygons.map((polygon, index) => (index === part ? change(polygon) : polygon));
}
