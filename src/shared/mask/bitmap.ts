// Between row-major pixels and column-major runs. Both directions work on changes between a row and the row above,
// four pixels a step, so that memory is read in order; a plain transposition misses the cache at 4k.
import type { Bitmap, Runs } from './types';

/**
 * Encodes row-major pixels.
 *
 * @throws RangeError when the data's length is not width × height
 */
export function encodeBitmap(bitmap: Bitmap): Runs {
  const { width, height, data } = bitmap;
  checkLength(data.length, width, height);
  return encodeRows(width, height, (y, row) => row.set(data.subarray(y * width, (y + 1) * width)));
}

/**
 * Thresholds logits and encodes the pixels above it.
 *
 * @param logits float32[height, width], row-major
 * @param threshold a pixel is foreground when its value is greater; SAM's mask_threshold is 0
 * @throws RangeError when the logits' length is not width × height
 */
export function encodeLogits(
  logits: Float32Array,
  width: number,
  height: number,
  threshold = 0,
): Runs {
  checkLength(logits.length, width, height);
  return encodeRows(width, height, (y, row, words) => {
    const start = y * width;
    const whole = width >> 2;
    // four pixels a write is a third faster (bench row "encode 4k logits"); little-endian, as all our platforms are
    for (let i = 0, p = start; i < whole; i++, p += 4) {
      words[i] =
        (logits[p]! > threshold ? 1 : 0) |
        (logits[p + 1]! > threshold ? 0x100 : 0) |
        (logits[p + 2]! > threshold ? 0x1_0000 : 0) |
        (logits[p + 3]! > threshold ? 0x100_0000 : 0);
    }
    for (let x = whole << 2; x < width; x++) row[x] = logits[start + x]! > threshold ? 1 : 0;
  });
}

/** Decodes to row-major pixels, 0 or 1 each; a new array. */
export function decodeRuns(runs: Runs): Bitmap {
  const [height, width] = runs.size;
  const stride = (width + 3) & ~3;
  const padded = new Uint8Array(stride * height);
  const rows = markChanges(runs, stride, padded);
  const words = new Uint32Array(padded.buffer);
  const wordStride = stride >> 2;
  // each pixel becomes the exclusive or of the changes above it
  for (let i = (rows.first + 1) * wordStride; i < rows.end * wordStride; i++) {
    words[i]! ^= words[i - wordStride]!;
  }
  if (stride === width) return { width, height, data: padded };
  const data = new Uint8Array(width * height);
  for (let y = rows.first; y < rows.end; y++) {
    data.set(padded.subarray(y * stride, y * stride + width), y * width);
  }
  return { width, height, data };
}

/** Writes 1 where a column changes between background and foreground; answers the rows touched. */
function markChanges(
  runs: Runs,
  stride: number,
  marks: Uint8Array,
): { readonly first: number; readonly end: number } {
  const [height] = runs.size;
  const counts = runs.counts;
  let first = height;
  let end = 0;
  let position = 0;
  for (let i = 1; i < counts.length; i += 2) {
    position += counts[i - 1]!;
    const stop = position + counts[i]!;
    let x = Math.floor(position / height);
    let y = position - x * height;
    while (position < stop) {
      const bottom = Math.min(height, y + stop - position);
      marks[y * stride + x]! ^= 1;
      if (bottom < height) marks[bottom * stride + x]! ^= 1;
      if (y < first) first = y;
      if (bottom >= end) end = Math.min(height, bottom + 1); // the closing mark is cleared there
      position += bottom - y;
      x++;
      y = 0;
    }
  }
  return { first: Math.min(first, end), end };
}

/** Encodes rows that `readRow` writes, 0 or 1 each, into the first `width` places of `row`; `words` is the same memory. */
function encodeRows(
  width: number,
  height: number,
  readRow: (y: number, row: Uint8Array, words: Uint32Array) => void,
): Runs {
  const stride = (width + 3) & ~3;
  let above = new Uint8Array(stride);
  let row = new Uint8Array(stride);
  let aboveWords = new Uint32Array(above.buffer);
  let rowWords = new Uint32Array(row.buffer);
  const changes = new Changes(width);
  let top = row;
  for (let y = 0; y < height; y++) {
    readRow(y, row, rowWords);
    if (y === 0) top = row.slice();
    else addDifferences(changes, y, row, rowWords, above, aboveWords);
    [above, row] = [row, above];
    [aboveWords, rowWords] = [rowWords, aboveWords];
  }
  return { size: [height, width], counts: changes.runs(height, top, above) };
}

function addDifferences(
  changes: Changes,
  y: number,
  row: Uint8Array,
  rowWords: Uint32Array,
  above: Uint8Array,
  aboveWords: Uint32Array,
): void {
  for (let i = 0; i < rowWords.length; i++) {
    if (rowWords[i] === aboveWords[i]) continue;
    for (let x = i << 2; x < (i << 2) + 4; x++) if (row[x] !== above[x]) changes.add(y, x);
  }
}

/** Places (y, x) where a pixel differs from the one above it, found row by row, given out column by column. */
class Changes {
  private readonly perColumn: Uint32Array;
  private places = new Uint32Array(1024);
  private length = 0;

  constructor(private readonly width: number) {
    this.perColumn = new Uint32Array(width);
  }

  add(y: number, x: number): void {
    if (this.length + 2 > this.places.length) {
      const larger = new Uint32Array(this.places.length * 2);
      larger.set(this.places);
      this.places = larger;
    }
    this.places[this.length++] = y;
    this.places[this.length++] = x;
    this.perColumn[x]!++;
  }

  /** Run lengths; `top` and `bottom` are the first and the last row, which decide changes across columns. */
  runs(height: number, top: Uint8Array, bottom: Uint8Array): Uint32Array {
    const positions = this.inColumnOrder(height, top, bottom);
    const counts = new Uint32Array(positions.length + 1);
    let last = 0;
    for (let i = 0; i < positions.length; i++) {
      counts[i] = positions[i]! - last;
      last = positions[i]!;
    }
    counts[positions.length] = this.width * height - last;
    return counts;
  }

  private inColumnOrder(height: number, top: Uint8Array, bottom: Uint8Array): Uint32Array {
    const { width } = this;
    const next = new Uint32Array(width);
    const positions = new Uint32Array(this.length / 2 + width);
    let at = 0;
    for (let x = 0; x < width && height > 0; x++) {
      const before = x === 0 ? 0 : bottom[x - 1]!;
      if (top[x] !== before) positions[at++] = x * height;
      next[x] = at;
      at += this.perColumn[x]!;
    }
    for (let i = 0; i < this.length; i += 2) {
      const x = this.places[i + 1]!;
      positions[next[x]!++] = x * height + this.places[i]!;
    }
    return positions.subarray(0, at);
  }
}

function checkLength(length: number, width: number, height: number): void {
  if (length !== width * height) {
    throw new RangeError(
      `A mask of ${width} × ${height} pixels needs ${width * height} values; found ${length}.`,
    );
  }
}
