// Histograms with fixed edges, so that two datasets, or one before and after a change, can be compared bar by bar.

/** Values from `low` (inclusive) to `high` (exclusive). JSON has no infinity: null is none. */
export interface Bin {
  readonly low: number;
  readonly high: number | null;
  readonly count: number;
}

export class Histogram {
  private readonly counts: number[];

  /** @param edges rising; values below the first or not below the last are counted in the outer bins */
  constructor(private readonly edges: readonly number[]) {
    this.counts = new Array<number>(edges.length).fill(0);
  }

  add(value: number): void {
    let [low, high] = [0, this.edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.edges[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    const bin = Math.max(low - 1, 0);
    this.counts[bin] = this.counts[bin]! + 1;
  }

  /** From the first bin that holds something to the last one; [] when nothing was added. */
  bins(): Bin[] {
    const first = this.counts.findIndex((count) => count > 0);
    if (first < 0) return [];
    let end = this.counts.length;
    while (this.counts[end - 1] === 0) end--;
    return this.counts.slice(first, end).map((count, k) => ({
      low: this.edges[first + k]!,
      high: this.edges[first + k + 1] ?? null,
      count,
    }));
  }
}

/** Areas in pixels: a bin is twice as wide as the one before it. */
export const AREA_EDGES: readonly number[] = [0, ...Array.from({ length: 32 }, (_, k) => 2 ** k)];

/** Width through height: half octaves; 1 is inside a bin, not an edge. */
export const ASPECT_EDGES: readonly number[] = [
  0,
  ...Array.from({ length: 12 }, (_, k) => 2 ** ((k - 6) / 2 + 0.25)),
];

/** Annotations on one image. */
export const COUNT_EDGES: readonly number[] = [
  ...[0, 1, 2, 3, 4, 5, 6, 8, 11, 16, 21, 31, 51, 101, 201, 501, 1001],
];
