// Connected parts of a mask, from run lengths: spans of neighbouring columns that touch are joined (union-find).
import { areaOf } from './area';
import { columnSpansOf, SpanWriter } from './spans';
import type { ColumnSpans } from './spans';
import type { Runs } from './types';

/** 4: pixels that share an edge are joined; 8: also those that share a corner. */
export type Connectivity = 4 | 8;

/** The connected parts, ordered by their first pixel (column by column). Together they are the mask. */
export function partsOf(runs: Runs, connectivity: Connectivity): Runs[] {
  const [height, width] = runs.size;
  const spans = columnSpansOf(runs);
  const root = joinSpans(spans, width, connectivity);
  const writers = new Map<number, SpanWriter>();
  for (let x = 0; x < width; x++) {
    for (let i = spans.first[x]!; i < spans.first[x + 1]!; i += 2) {
      const part = findRoot(root, i >> 1);
      let writer = writers.get(part);
      if (!writer) writers.set(part, (writer = new SpanWriter([height, width])));
      writer.addRows(x, spans.rows[i]!, spans.rows[i + 1]!);
    }
  }
  return [...writers.values()].map((writer) => writer.finish());
}

/** The mask without its parts smaller than `minArea` pixels. */
export function removeSmallParts(
  runs: Runs,
  minArea: number,
  connectivity: Connectivity = 8,
): Runs {
  const [height, width] = runs.size;
  const spans = columnSpansOf(runs);
  const root = joinSpans(spans, width, connectivity);
  const area = new Float64Array(root.length);
  for (let span = 0; span < root.length; span++) {
    area[findRoot(root, span)]! += spans.rows[2 * span + 1]! - spans.rows[2 * span]!;
  }
  const writer = new SpanWriter([height, width]);
  for (let x = 0; x < width; x++) {
    for (let i = spans.first[x]!; i < spans.first[x + 1]!; i += 2) {
      if (area[findRoot(root, i >> 1)]! < minArea) continue;
      writer.addRows(x, spans.rows[i]!, spans.rows[i + 1]!);
    }
  }
  return writer.finish();
}

/** The part with most pixels; the mask itself when it is empty. */
export function largestPart(runs: Runs, connectivity: Connectivity = 8): Runs {
  let largest = runs;
  let most = -1;
  for (const part of partsOf(runs, connectivity)) {
    const area = areaOf(part);
    if (area > most) {
      most = area;
      largest = part;
    }
  }
  return largest;
}

/** Union-find parents by span number; the root of a part is its first span. */
function joinSpans(spans: ColumnSpans, width: number, connectivity: Connectivity): Uint32Array {
  const { rows, first } = spans;
  const root = Uint32Array.from({ length: rows.length / 2 }, (_, i) => i);
  const slack = connectivity === 8 ? 1 : 0;
  for (let x = 1; x < width; x++) {
    let i = first[x - 1]!;
    let j = first[x]!;
    const endLeft = first[x]!;
    const endRight = first[x + 1]!;
    while (i < endLeft && j < endRight) {
      if (rows[i]! < rows[j + 1]! + slack && rows[j]! < rows[i + 1]! + slack)
        join(root, i >> 1, j >> 1);
      if (rows[i + 1]! < rows[j + 1]!) i += 2;
      else j += 2;
    }
  }
  return root;
}

function findRoot(root: Uint32Array, span: number): number {
  while (root[span] !== span) {
    root[span] = root[root[span]!]!; // halves the path for the next search
    span = root[span]!;
  }
  return span;
}

function join(root: Uint32Array, a: number, b: number): void {
  const ra = findRoot(root, a);
  const rb = findRoot(root, b);
  if (ra < rb) root[rb] = ra;
  else root[ra] = rb;
}
