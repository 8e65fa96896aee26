// COCO's text forms of a mask: the compressed string and the list of run lengths.
// Input comes from files of others, so everything is checked; the message names what is wrong.
import type { Size } from '../geometry/types';
import type { Rle, Runs } from './types';

const FIRST_CHARACTER = 48; // '0'
const CONTINUE = 0x20;
const SIGN = 0x10;
const MAX_PIXELS = 0xffff_ffff;

/**
 * Number of pixels of a mask of this size.
 *
 * @throws RangeError when the size is not two whole numbers ≥ 0 or the mask has more than 2³² − 1 pixels
 */
export function pixelCount(size: Size): number {
  const given: unknown = size;
  const whole = (n: unknown): boolean => Number.isInteger(n) && (n as number) >= 0;
  if (!Array.isArray(given) || given.length !== 2 || !given.every(whole)) {
    throw new RangeError(
      `Mask size must be [height, width], whole numbers; found ${JSON.stringify(size)}.`,
    );
  }
  const [height, width] = size;
  if (height * width > MAX_PIXELS) {
    throw new RangeError(`Mask of ${height} × ${width} pixels is too large.`);
  }
  return height * width;
}

/**
 * Reads run lengths and makes them canonical: no run but the first has length 0, and there is at least one run.
 *
 * @param mask uncompressed RLE, column-major
 * @throws RangeError when a length is not a whole number ≥ 0, or the lengths do not add up to height × width
 */
export function runsFromCounts(mask: {
  readonly size: Size;
  readonly counts: readonly number[];
}): Runs {
  const pixels = pixelCount(mask.size);
  if (!Array.isArray(mask.counts)) throw new RangeError('Mask counts must be a list of numbers.');
  const out = new Uint32Array(mask.counts.length + 1);
  const writer = new RunWriter(out, pixels);
  for (let i = 0; i < mask.counts.length; i++) {
    const count: unknown = mask.counts[i];
    if (!Number.isInteger(count) || (count as number) < 0) {
      throw new RangeError(`Mask counts[${i}] must be a whole number ≥ 0; found ${String(count)}.`);
    }
    writer.push(count as number);
  }
  return { size: mask.size, counts: writer.finish() };
}

/**
 * Reads COCO's compressed RLE. The runs are canonical (see runsFromCounts).
 *
 * @throws RangeError when the text has a character outside '0'..'o', ends inside a number, has a negative length,
 *   or the lengths do not add up to height × width
 * @source behaviour of rleFrString, pycocotools 2.0.11; golden values in test/fixtures/golden/mask.json
 */
export function runsFromString(rle: Rle): Runs {
  const pixels = pixelCount(rle.size);
  const text = rle.counts;
  if (typeof text !== 'string') throw new RangeError('Compressed mask counts must be a string.');
  const out = new Uint32Array(text.length + 1);
  const writer = new RunWriter(out, pixels);
  let last = 0; // the run before, and the one before that: lengths are stored as differences to it
  let beforeLast = 0;
  let index = 0;
  for (let p = 0; p < text.length; index++) {
    let code = text.charCodeAt(p++) - FIRST_CHARACTER; // NaN at the end of the text
    let value = code & 0x1f;
    let weight = 32;
    while (code >= CONTINUE && code < 64) {
      code = text.charCodeAt(p++) - FIRST_CHARACTER;
      if (weight > 2 ** 35) throw new RangeError(`Mask counts: number ${index} is too large.`);
      value += (code & 0x1f) * weight;
      weight *= 32;
    }
    if (!(code >= 0 && code < 64)) throw badCharacter(text, p - 1);
    if (code & SIGN) value -= weight;
    const count = index > 2 ? value + beforeLast : value;
    if (count < 0)
      throw new RangeError(`Mask counts: run ${index} has the negative length ${count}.`);
    writer.push(count);
    beforeLast = last;
    last = count;
  }
  return { size: rle.size, counts: writer.finish() };
}

/**
 * Writes COCO's compressed RLE, the same characters as pycocotools writes for the same runs.
 *
 * @source behaviour of rleToString, pycocotools 2.0.11; golden values in test/fixtures/golden/mask.json
 */
export function runsToString(runs: Runs): Rle {
  const counts = runs.counts;
  const bytes = new Uint8Array(counts.length * 7);
  let length = 0;
  for (let i = 0; i < counts.length; i++) {
    let value = i > 2 ? counts[i]! - counts[i - 2]! : counts[i]!;
    for (;;) {
      const low = value & 0x1f; // the low bits of either sign, up to 2⁵³
      value = value === value >> 0 ? value >> 5 : Math.floor(value / 32);
      const more = low & SIGN ? value !== -1 : value !== 0;
      bytes[length++] = FIRST_CHARACTER + (more ? low | CONTINUE : low);
      if (!more) break;
    }
  }
  return { size: runs.size, counts: asciiText(bytes, length) };
}

/** Collects run lengths into canonical runs: an inner run of length 0 joins its neighbours. */
class RunWriter {
  private length = 0;
  private total = 0;
  private joinNext = false;

  constructor(
    private readonly out: Uint32Array,
    private readonly pixels: number,
  ) {}

  push(count: number): void {
    this.total += count;
    if (this.total > this.pixels) throw this.wrongSum(`at least ${this.total}`);
    if (this.joinNext) {
      this.out[this.length - 1]! += count;
      this.joinNext = false;
    } else if (count === 0 && this.length > 0) {
      this.joinNext = true;
    } else {
      this.out[this.length++] = count;
    }
  }

  finish(): Uint32Array {
    if (this.total !== this.pixels) throw this.wrongSum(`${this.total}`);
    if (this.length === 0) this.out[this.length++] = 0;
    return this.out.slice(0, this.length);
  }

  private wrongSum(found: string): RangeError {
    return new RangeError(
      `Mask counts add up to ${found} pixels, but its size has ${this.pixels} (height × width).`,
    );
  }
}

function badCharacter(text: string, at: number): RangeError {
  if (at >= text.length) return new RangeError('Mask counts end inside a number.');
  return new RangeError(`Mask counts have the character ${JSON.stringify(text[at])} at ${at}.`);
}

function asciiText(bytes: Uint8Array, length: number): string {
  let text = '';
  const step = 8192; // arguments of one call are limited
  for (let i = 0; i < length; i += step) {
    // apply, not spread: spreading a typed array goes through its iterator, many times slower
    const part = bytes.subarray(i, Math.min(i + step, length)) as unknown as number[];
    text += String.fromCharCode.apply(null, part);
  }
  return text;
}
