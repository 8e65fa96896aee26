// PNG files as numbers: indexes of a palette, grey values of 8 or 16 bits, colours. The library keeps them exact,
// which image decoders do not.
import { decode, encode } from 'fast-png';
import type { Size } from '../geometry/types';
import { pixelCount } from '../mask/rleString';

export type Colour = readonly [red: number, green: number, blue: number];

/** Pixels in rows. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1: grey or palette; 2: grey and alpha; 3: colour; 4: colour and alpha */
  readonly channels: number;
  readonly data: ArrayLike<number>;
  readonly palette?: readonly Colour[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** As the engine's: larger images are refused. */
const MOST_PIXELS = 268e6;

/**
 * Decodes a PNG file.
 *
 * @throws RangeError or Error saying what is wrong with the file
 */
export function decodeRaster(bytes: Uint8Array): Raster {
  const [height, width] = sizeOfPng(bytes);
  if (width * height > MOST_PIXELS)
    throw new RangeError('the picture has more than 268 megapixels');
  const { depth, channels, data, palette } = decode(bytes, { checkCrc: true });
  const values = depth < 8 ? unpacked(data, width * channels, height, depth) : data;
  if (values.length < width * height * channels) throw new RangeError('the picture is cut off');
  const colours = palette?.map(([red = 0, green = 0, blue = 0]): Colour => [red, green, blue]);
  return { width, height, channels, data: values, ...(colours ? { palette: colours } : {}) };
}

/** @throws RangeError where the bytes are no PNG file */
function sizeOfPng(bytes: Uint8Array): Size {
  if (bytes.length < 33 || SIGNATURE.some((byte, k) => bytes[k] !== byte)) {
    throw new RangeError('it is no PNG file');
  }
  const number = (at: number): number =>
    bytes.subarray(at, at + 4).reduce((sum, byte) => sum * 256 + byte, 0);
  return [number(20), number(16)];
}

/** Values of less than a byte, each row beginning with a new byte. */
function unpacked(
  data: ArrayLike<number>,
  perRow: number,
  rows: number,
  depth: number,
): Uint8Array {
  const out = new Uint8Array(perRow * rows);
  const rowBytes = Math.ceil((perRow * depth) / 8);
  const mask = (1 << depth) - 1;
  for (let row = 0, to = 0; row < rows; row++) {
    for (let k = 0; k < perRow; k++, to++) {
      const byte = data[row * rowBytes + ((k * depth) >> 3)] ?? 0;
      out[to] = (byte >> (8 - depth - ((k * depth) & 7))) & mask;
    }
  }
  return out;
}

/** A grey PNG of 8 bits, or of 16 where a value needs them. @param values in rows, 0..65535 */
export function encodeGrey([height, width]: Size, values: ArrayLike<number>): Uint8Array {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  const depth = most > 255 ? 16 : 8;
  const data = depth === 16 ? Uint16Array.from(values) : Uint8Array.from(values);
  return encode({ width, height, data, depth, channels: 1 });
}

/** A PNG of palette indexes. @param values in rows, 0..255 */
export function encodeIndexed(
  [height, width]: Size,
  values: ArrayLike<number>,
  palette: readonly Colour[],
): Uint8Array {
  const data = Uint8Array.from(values);
  const colours = palette.map((colour) => [...colour]);
  return encode({ width, height, data, depth: 8, channels: 1, palette: colours });
}

/** A PNG of 24-bit numbers as colours: red + 256 green + 65536 blue. @param values in rows */
export function encodeNumbers([height, width]: Size, values: ArrayLike<number>): Uint8Array {
  const data = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    data[3 * i] = value & 0xff;
    data[3 * i + 1] = (value >> 8) & 0xff;
    data[3 * i + 2] = (value >> 16) & 0xff;
  }
  return encode({ width, height, data, depth: 8, channels: 3 });
}

/** Each pixel as one number: a grey value, or a colour as red + 256 green + 65536 blue; palettes are resolved. */
export function numbersOf(raster: Raster): Uint32Array {
  const { width, height, channels, data, palette } = raster;
  const out = new Uint32Array(width * height);
  const colours = palette?.map(numberOf);
  for (let i = 0; i < out.length; i++) {
    const first = data[i * channels]!;
    if (colours) out[i] = colours[first] ?? 0;
    else if (channels < 3) out[i] = first;
    else out[i] = first + 256 * data[i * channels + 1]! + 65536 * data[i * channels + 2]!;
  }
  return out;
}

/** Each pixel's index or grey value; null for pictures of colours. */
export function indexesOf({ width, height, channels, data }: Raster): Uint32Array | null {
  if (channels > 2) return null;
  const out = new Uint32Array(width * height);
  for (let i = 0; i < out.length; i++) out[i] = data[i * channels]!;
  return out;
}

export const numberOf = ([red, green, blue]: Colour): number => red + 256 * green + 65536 * blue;

/** Checks that a map covers its picture. @throws RangeError naming both sizes */
export function checkMapSize({ width, height }: Raster, size: Size): void {
  if (height === size[0] && width === size[1]) return;
  const [a, b] = [`${width} × ${height}`, `${size[1]} × ${size[0]}`];
  throw new RangeError(`the map is ${a}, the picture ${b} (width × height)`);
}

/** A map of no values. @throws RangeError when it would be larger than pictures may be */
export function emptyMap(size: Size): Uint32Array {
  if (pixelCount(size) > MOST_PIXELS)
    throw new RangeError('the image has more than 268 megapixels');
  return new Uint32Array(pixelCount(size));
}
