// Writes Windows bitmaps of every kind the decoder reads.
import type { Picture } from './picture';

export interface BmpOptions {
  readonly bits: 4 | 8 | 16 | 24 | 32;
  readonly topDown?: boolean;
  /** bit fields */
  readonly masks?: readonly [number, number, number];
  /** RLE4 or RLE8 */
  readonly runs?: boolean;
  /** the 12-byte OS/2 header */
  readonly core?: boolean;
}

/** Colours must be 0 or 255 a channel, so that every depth holds them exactly; palettes are the 8 such colours. */
export function encodeBmp(picture: Picture, options: BmpOptions): Buffer {
  const { width, height } = picture;
  const { bits, topDown = false, masks, runs = false, core = false } = options;
  const pixels = runs ? encodeRuns(picture, bits) : encodeRows(picture, options);
  const paletteEntry = core ? 3 : 4;
  const palette = Buffer.alloc(bits <= 8 ? paletteEntry << bits : 0);
  for (let k = 0; k < 8 && palette.length; k++) {
    palette.set([k & 4 ? 255 : 0, k & 2 ? 255 : 0, k & 1 ? 255 : 0], k * paletteEntry);
  }
  const fields = Buffer.alloc(masks ? 12 : 0);
  masks?.forEach((mask, k) => fields.writeUInt32LE(mask, 4 * k));
  const header = Buffer.alloc(14 + (core ? 12 : 40));
  header.write('BM');
  header.writeUInt32LE(header.length + fields.length + palette.length, 10);
  header.writeUInt32LE(core ? 12 : 40, 14);
  if (core) {
    header.writeUInt16LE(width, 18);
    header.writeUInt16LE(height, 20);
    header.writeUInt16LE(bits, 24);
  } else {
    header.writeInt32LE(width, 18);
    header.writeInt32LE(topDown ? -height : height, 22);
    header.writeUInt16LE(bits, 28);
    header.writeUInt32LE(masks ? 3 : runs ? (bits === 8 ? 1 : 2) : 0, 30);
  }
  return Buffer.concat([header, fields, palette, pixels]);
}

/** Index 0..7 of a colour: bit 0 red, bit 1 green, bit 2 blue. */
function indexAt({ data, width }: Picture, x: number, y: number): number {
  const at = (y * width + x) * 3;
  return (data[at]! ? 1 : 0) | (data[at + 1]! ? 2 : 0) | (data[at + 2]! ? 4 : 0);
}

function encodeRows(picture: Picture, { bits, topDown = false, masks }: BmpOptions): Buffer {
  const { width, height } = picture;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const out = Buffer.alloc(stride * height);
  const channels = masks ?? (bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff]);
  for (let y = 0; y < height; y++) {
    const row = (topDown ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const index = indexAt(picture, x, y);
      const value = channels.reduce((sum, mask, k) => (index & (1 << k) ? sum + mask : sum), 0);
      if (bits === 4) out[row + (x >> 1)]! |= x % 2 ? index : index << 4;
      else if (bits === 8) out[row + x] = index;
      else out.writeUIntLE(value, row + (x * bits) / 8, bits / 8);
    }
  }
  return out;
}

/** A run for the left part of each row, literal pixels for the rest. */
function encodeRuns(picture: Picture, bits: number): Buffer {
  const { width, height } = picture;
  const out: number[] = [];
  for (let y = height - 1; y >= 0; y--) {
    const first = indexAt(picture, 0, y);
    let run = 1;
    while (run < width && indexAt(picture, run, y) === first) run++;
    out.push(run, bits === 8 ? first : (first << 4) | first);
    const rest = Array.from({ length: width - run }, (_, k) => indexAt(picture, run + k, y));
    if (rest.length >= 3) {
      out.push(0, rest.length);
      const packed = bits === 8 ? rest : pairs(rest);
      out.push(...packed, ...(packed.length % 2 ? [0] : []));
    } else {
      for (const index of rest) out.push(1, bits === 8 ? index : index << 4);
    }
    out.push(0, 0);
  }
  return Buffer.from([...out, 0, 1]);
}

function pairs(indices: readonly number[]): number[] {
  const bytes: number[] = [];
  for (let k = 0; k < indices.length; k += 2)
    bytes.push((indices[k]! << 4) | (indices[k + 1] ?? 0));
  return bytes;
}
