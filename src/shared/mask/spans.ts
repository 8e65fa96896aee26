// Masks as spans inside one column each, and back to runs: the form for algorithms that look at neighbouring columns.
import type { Size } from '../geometry/types';
import type { Runs } from './types';

/** Foreground spans of each column. */
export interface ColumnSpans {
  /** top, bottom of each span, rows of the image, bottom exclusive; by column, then by row; flat */
  readonly rows: readonly number[];
  /** of column c: place of its first span's top in rows; one more at the end */
  readonly first: Uint32Array;
}

/** Cuts runs at the columns' ends. */
export function columnSpansOf(runs: Runs): ColumnSpans {
  const [height, width] = runs.size;
  const counts = runs.counts;
  const rows: number[] = [];
  const first = new Uint32Array(width + 1);
  let filled = 0; // columns whose `first` is known
  let position = 0;
  for (let i = 1; i < counts.length; i += 2) {
    position += counts[i - 1]!;
    const stop = position + counts[i]!;
    while (position < stop) {
      const column = Math.floor(position / height);
      const top = position - column * height;
      const bottom = Math.min(height, top + stop - position);
      while (filled <= column) first[filled++] = rows.length;
      rows.push(top, bottom);
      position += bottom - top;
    }
  }
  while (filled <= width) first[filled++] = rows.length;
  return { rows, first };
}

/** Builds runs from spans that come in order and do not overlap; spans that meet are joined. */
export class SpanWriter {
  private readonly counts: number[] = [];
  private end = 0;

  constructor(private readonly size: Size) {}

  /** @param start, end column-major pixel positions, end exclusive */
  add(start: number, end: number): void {
    if (end <= start) return;
    if (start === this.end && this.counts.length > 0) {
      this.counts[this.counts.length - 1]! += end - start;
    } else {
      this.counts.push(start - this.end, end - start);
    }
    this.end = end;
  }

  /** Adds rows top..bottom of a column. */
  addRows(column: number, top: number, bottom: number): void {
    const start = column * this.size[0];
    this.add(start + top, start + bottom);
  }

  finish(): Runs {
    const rest = this.size[0] * this.size[1] - this.end;
    if (rest > 0 || this.counts.length === 0) this.counts.push(rest);
    return { size: this.size, counts: Uint32Array.from(this.counts) };
  }
}
