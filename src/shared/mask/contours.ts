// Closed contours of a mask along pixel edges, parts and holes apart.
import { signedArea } from '../geometry/polygon';
import { boundaryOf } from './boundary';
import type { Boundary } from './boundary';
import type { Runs } from './types';

/** Rings as flat [x0, y0, x1, y1, …] of whole numbers, corners only, not closed by a repeated point. */
export interface Contours {
  /** one outer ring a 4-connected part, clockwise on the screen */
  readonly polygons: readonly (readonly number[])[];
  /** rings around background enclosed by a part, anticlockwise on the screen */
  readonly holes: readonly (readonly number[])[];
}

/** Traces all contours. The mask is exactly what lies in an odd number of rings. */
export function contoursOf(runs: Runs): Contours {
  const boundary = boundaryOf(runs);
  const polygons: number[][] = [];
  const holes: number[][] = [];
  const visited = new Uint8Array(boundary.x.length);
  for (let edge = 0; edge < visited.length; edge++) {
    if (visited[edge]) continue;
    const ring = traceRing(boundary, edge, visited);
    (signedArea(ring) > 0 ? polygons : holes).push(ring);
  }
  return { polygons, holes };
}

/** Follows edges with the foreground at the right hand until back at the first. */
function traceRing(boundary: Boundary, first: number, visited: Uint8Array): number[] {
  const { x, y, rightInside, partner } = boundary;
  const ring: number[] = [];
  let edge = first;
  do {
    visited[edge] = 1;
    const upward = rightInside[edge] === 1;
    const from = 2 * edge + (upward ? 1 : 0);
    ring.push(x[edge]!, y[from]!, x[edge]!, y[from ^ 1]!);
    edge = partner[from ^ 1]! >> 1;
  } while (edge !== first);
  return ring;
}
