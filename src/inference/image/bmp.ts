// Windows bitmap reader, because sharp has none: 1, 4, 8, 16, 24 and 32 bits, bit fields, RLE4 and RLE8,
// bottom-up and top-down, core (OS/2) and later headers. Alpha is ignored, as image viewers do.
// Format: Microsoft's BITMAPFILEHEADER and BITMAPINFOHEADER documentation.
import type { RgbPlane } from './image';

const BI_RLE8 = 1;
const BI_RLE4 = 2;
const BI_BITFIELDS = 3;
const BI_ALPHABITFIELDS = 6;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly pixelsAt: number;
  /** RGB triples */
  readonly palette: Uint8Array;
  /** red, green, blue bit masks of 16 and 32 bit pixels */
  readonly masks: readonly [number, number, number];
}

export function isBmp(file: Uint8Array): boolean {
  return file.length >= 26 && file[0] === 0x42 && file[1] === 0x4d;
}

/**
 * Decodes a bitmap file.
 *
 * @throws RangeError when the file is truncated, larger than `maxPixels` or of a kind that is not supported
 */
export function decodeBmp(file: Uint8Array, maxPixels: number): RgbPlane {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = readHeader(view, file, maxPixels);
  const { width, height, bits, compression, pixelsAt, topDown } = header;
  const data = new Uint8Array(width * height * 3);
  const rowAt = (row: number): number => (topDown ? row : height - 1 - row) * width * 3;
  if (compression === BI_RLE8 || compression === BI_RLE4) {
    decodeRuns(file, header, rowAt, data);
    return { width, height, data };
  }
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (pixelsAt + stride * height > file.length)
    throw new RangeError('the file ends inside the pixels');
  const readRow = rowReader(view, header);
  for (let row = 0; row < height; row++) readRow(pixelsAt + row * stride, data, rowAt(row));
  return { width, height, data };
}

function readHeader(view: DataView, file: Uint8Array, maxPixels: number): Header {
  const headerBytes = view.getUint32(14, true);
  const core = headerBytes === 12;
  if (!core && (headerBytes < 40 || 14 + headerBytes > file.length))
    throw new RangeError('the header is damaged');
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(core ? 24 : 28, true);
  const compression = core ? 0 : view.getUint32(30, true);
  if (width < 1 || height < 1) throw new RangeError(`its size is ${width} × ${height}`);
  if (width * height > maxPixels) throw new RangeError(`it has ${width} × ${height} pixels`);
  if (![1, 4, 8, 16, 24, 32].includes(bits))
    throw new RangeError(`${bits} bits a pixel are not supported`);
  const fields = compression === BI_BITFIELDS || compression === BI_ALPHABITFIELDS;
  if (!(compression <= BI_RLE4 || fields))
    throw new RangeError(`compression ${compression} is not supported`);
  if ((compression === BI_RLE8 && bits !== 8) || (compression === BI_RLE4 && bits !== 4)) {
    throw new RangeError('run lengths do not fit the bits a pixel');
  }
  if (fields && file.length < 66) throw new RangeError('the header is damaged');
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    compression,
    pixelsAt: view.getUint32(10, true),
    palette: bits <= 8 ? readPalette(file, view, headerBytes, bits) : new Uint8Array(0),
    masks: fields
      ? [view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true)]
      : bits === 16
        ? [0x7c00, 0x3e0, 0x1f]
        : [0xff0000, 0xff00, 0xff],
  };
}

function readPalette(
  file: Uint8Array,
  view: DataView,
  headerBytes: number,
  bits: number,
): Uint8Array {
  const entryBytes = headerBytes === 12 ? 3 : 4;
  const declared = headerBytes === 12 ? 0 : view.getUint32(46, true);
  const count = Math.min(declared || 1 << bits, 1 << bits);
  const palette = new Uint8Array(3 << bits); // indices beyond the palette are black
  for (let k = 0, at = 14 + headerBytes; k < count && at + 2 < file.length; k++, at += entryBytes) {
    palette.set([file[at + 2] ?? 0, file[at + 1] ?? 0, file[at] ?? 0], k * 3);
  }
  return palette;
}

type RowReader = (from: number, data: Uint8Array, to: number) => void;

function rowReader(view: DataView, { width, bits, palette, masks }: Header): RowReader {
  if (bits <= 8) {
    const perByte = 8 / bits;
    return (from, data, to) => {
      for (let x = 0; x < width; x++, to += 3) {
        const byte = view.getUint8(from + Math.floor(x / perByte));
        const index = (byte >> (8 - bits - (x % perByte) * bits)) & ((1 << bits) - 1);
        data.set(palette.subarray(index * 3, index * 3 + 3), to);
      }
    };
  }
  if (bits === 24) {
    return (from, data, to) => {
      for (let x = 0; x < width; x++, from += 3, to += 3) {
        data[to] = view.getUint8(from + 2);
        data[to + 1] = view.getUint8(from + 1);
        data[to + 2] = view.getUint8(from);
      }
    };
  }
  const channels = masks.map(channelReader);
  return (from, data, to) => {
    for (let x = 0; x < width; x++, to += 3) {
      const pixel =
        bits === 16 ? view.getUint16(from + 2 * x, true) : view.getUint32(from + 4 * x, true);
      channels.forEach((read, k) => (data[to + k] = read(pixel)));
    }
  };
}

/** Scales the bits under a mask to 0..255. */
function channelReader(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const highest = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / highest);
}

/** RLE4 and RLE8; pixels that are skipped stay black. */
function decodeRuns(
  file: Uint8Array,
  header: Header,
  rowAt: (row: number) => number,
  data: Uint8Array,
): void {
  const { width, height, bits, palette } = header;
  let at = header.pixelsAt;
  let x = 0;
  let row = 0;
  const put = (index: number): void => {
    if (x < width && row < height)
      data.set(palette.subarray(index * 3, index * 3 + 3), rowAt(row) + x * 3);
    x++;
  };
  const next = (): number => {
    const byte = file[at++];
    if (byte === undefined) throw new RangeError('the file ends inside the pixels');
    return byte;
  };
  const putPixels = (count: number, byteOf: (k: number) => number): void => {
    for (let k = 0; k < count; k++) {
      const byte = byteOf(k);
      put(bits === 8 ? byte : k % 2 ? byte & 15 : byte >> 4);
    }
  };
  while (row < height) {
    const count = next();
    const value = next();
    if (count > 0) putPixels(count, () => value);
    else if (value === 0) [x, row] = [0, row + 1];
    else if (value === 1) return;
    else if (value === 2) [x, row] = [x + next(), row + next()];
    else {
      const bytes = Array.from({ length: Math.ceil((value * bits) / 8) }, next);
      putPixels(value, (k) => bytes[bits === 8 ? k : k >> 1] ?? 0);
      if (bytes.length % 2) next(); // runs are padded to 16 bits
    }
  }
}
