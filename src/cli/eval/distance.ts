// Exact Euclidean distance transform, in two passes of lower envelopes of parabolas.
// Method: Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions (2012).

/**
 * Distance of each region pixel to the nearest pixel outside the region; beyond the border is outside.
 *
 * @param region 1 inside, 0 outside, row-major
 * @returns float64[height, width]; 0 outside the region
 */
export function distanceToOutside(region: Uint8Array, width: number, height: number): Float64Array {
  const squared = new Float64Array(width * height);
  const scan = new EnvelopeScan(Math.max(width, height) + 2);
  // Down the columns: the distance within the column, from both ends.
  for (let x = 0; x < width; x++) {
    for (let y = 0, run = 0; y < height; y++)
      squared[y * width + x] = run = region[y * width + x] ? run + 1 : 0;
    for (let y = height - 1, run = 0; y >= 0; y--) {
      run = region[y * width + x] ? run + 1 : 0;
      squared[y * width + x] = Math.min(squared[y * width + x]!, run) ** 2;
    }
  }
  for (let y = 0; y < height; y++) scan.run(squared.subarray(y * width, (y + 1) * width));
  return squared.map(Math.sqrt);
}

/** One row; the pixels before the first and after the last count as outside (value 0). */
class EnvelopeScan {
  private readonly values: Float64Array;
  private readonly apex: Int32Array;
  private readonly from: Float64Array;

  constructor(length: number) {
    this.values = new Float64Array(length);
    this.apex = new Int32Array(length);
    this.from = new Float64Array(length + 1);
  }

  run(row: Float64Array): void {
    const { values, apex, from } = this;
    const length = row.length + 2;
    values[0] = 0;
    values[length - 1] = 0;
    values.set(row, 1);
    let last = 0;
    apex[0] = 0;
    from[0] = -Infinity;
    from[1] = Infinity;
    const crossing = (q: number, p: number): number =>
      (values[q]! + q * q - (values[p]! + p * p)) / (2 * (q - p));
    for (let q = 1; q < length; q++) {
      let s = crossing(q, apex[last]!);
      while (s <= from[last]!) s = crossing(q, apex[--last]!);
      apex[++last] = q;
      from[last] = s;
      from[last + 1] = Infinity;
    }
    for (let q = 1, k = 0; q < length - 1; q++) {
      while (from[k + 1]! < q) k++;
      row[q - 1] = (q - apex[k]!) ** 2 + values[apex[k]!]!;
    }
  }
}
