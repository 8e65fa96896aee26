// The boundary between background and foreground as edges on the lines between pixels, from run lengths.
// Vertical edges are found by comparing neighbouring columns; horizontal edges follow from them, because along each
// line between rows the corners pair up in order.
import { columnSpansOf } from './spans';
import type { ColumnSpans } from './spans';
import type { Runs } from './types';

/**
 * Vertical edges, ordered by x and then by y, each as long as it can be, with how their ends are joined by horizontal
 * edges. Edge i has the ends 2i (upper) and 2i + 1 (lower).
 */
export interface Boundary {
  /** of edge i: the line it lies on, 0..width */
  readonly x: readonly number[];
  /** of end e: its row line, 0..height */
  readonly y: readonly number[];
  /** of edge i: 1 when the foreground is at its right, 0 when at its left */
  readonly rightInside: readonly number[];
  /** of end e: the end that a horizontal edge joins it to */
  readonly partner: Uint32Array;
}

/** Finds the boundary. Pixels that touch only at a corner are not joined there (4-connected foreground). */
export function boundaryOf(runs: Runs): Boundary {
  const [height, width] = runs.size;
  const columns = columnSpansOf(runs);
  const x: number[] = [];
  const y: number[] = [];
  const rightInside: number[] = [];
  for (let line = 0; line <= width; line++) {
    compareColumns(columns, line, (top, bottom, right) => {
      x.push(line);
      y.push(top, bottom);
      rightInside.push(right);
    });
  }
  return { x, y, rightInside, partner: pairEnds(x, y, rightInside, height) };
}

/** Emits the rows, as long as can be, where the columns left and right of a line differ. */
function compareColumns(
  columns: ColumnSpans,
  line: number,
  emit: (top: number, bottom: number, rightInside: number) => void,
): void {
  const { rows, first } = columns;
  let i = line > 0 ? first[line - 1]! : 0;
  const endLeft = line > 0 ? first[line]! : 0;
  let j = first[line]!;
  const endRight = line + 1 < first.length ? first[line + 1]! : j;
  let left = 0;
  let right = 0;
  let from = 0;
  while (i < endLeft || j < endRight) {
    const y = Math.min(
      i < endLeft ? rows[i]! : Number.MAX_SAFE_INTEGER,
      j < endRight ? rows[j]! : Number.MAX_SAFE_INTEGER,
    );
    if (left !== right) emit(from, y, right);
    while (i < endLeft && rows[i] === y) {
      left ^= 1;
      i++;
    }
    while (j < endRight && rows[j] === y) {
      right ^= 1;
      j++;
    }
    from = y;
  }
}

/** Joins the ends along each row line: first with second, third with fourth, and so on, from left to right. */
function pairEnds(
  x: readonly number[],
  y: readonly number[],
  rightInside: readonly number[],
  height: number,
): Uint32Array {
  const start = new Uint32Array(height + 2);
  for (const row of y) start[row + 1]!++;
  for (let row = 0; row <= height; row++) start[row + 1]! += start[row]!;
  const next = start.slice();
  const order = new Uint32Array(y.length); // by row, then by x, since ends come by x
  for (let end = 0; end < y.length; end++) order[next[y[end]!]!++] = end;
  const partner = new Uint32Array(y.length);
  for (let k = 0; k < order.length; k += 2) {
    const here = order[k + 1]!;
    const after = order[k + 2];
    // Two ends at one point: pixels touch at the corner. The upper edge keeps to the pixel it bounds.
    if (after !== undefined && y[after] === y[here] && x[after >> 1] === x[here >> 1]) {
      if (rightInside[here >> 1] === 1) {
        order[k + 1] = after;
        order[k + 2] = here;
      }
    }
    const a = order[k]!;
    const b = order[k + 1]!;
    partner[a] = b;
    partner[b] = a;
  }
  return partner;
}
