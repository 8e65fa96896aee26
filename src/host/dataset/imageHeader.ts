// Width, height and orientation from the first bytes of an image file, without decoding it: validation looks at
// thousands of files. Knows JPEG, PNG, GIF, BMP and WebP; others give
// null, and so does WebP with EXIF.
import * as fs from 'node:fs/promises';

export interface ImageHeader {
  /** as stored, before orientation */
  readonly width: number;
  readonly height: number;
  /** EXIF, 1..8; 5 and above exchange width and height on display */
  readonly orientation: number;
}

const HEAD_BYTES = 256 << 10;
const WEBP_EXIF = 8;

/** Null where the file is none of these formats, or its header is cut off or beyond the first 256 KiB. */
export async function readImageHeader(file: string): Promise<ImageHeader | null> {
  const handle = await fs.open(file, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0);
    return parseImageHeader(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Null where the bytes are none of these formats; never throws. */
export function parseImageHeader(bytes: Buffer): ImageHeader | null {
  try {
    const header = parsers.map((parse) => parse(bytes)).find((found) => found !== null);
    return header && header.width > 0 && header.height > 0 ? header : null;
  } catch (error) {
    if (error instanceof RangeError) return null; // read beyond the end: cut off
    throw error;
  }
}

type Parse = (bytes: Buffer) => ImageHeader | null;

const upright = (width: number, height: number): ImageHeader => ({ width, height, orientation: 1 });

/** @source PNG 3rd edition, chunks; eXIf is anywhere before IDAT */
const parsePng: Parse = (bytes) => {
  const isPng =
    bytes.toString('latin1', 1, 4) === 'PNG' && bytes.toString('latin1', 12, 16) === 'IHDR';
  if (!isPng) return null;
  const header = upright(bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  for (let at = 33; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    if (kind === 'IDAT') break;
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (kind === 'eXIf') return { ...header, orientation: tiffOrientation(data) ?? 1 };
    at += 12 + length;
  }
  return header;
};

const parseGif: Parse = (bytes) =>
  bytes.toString('latin1', 0, 3) === 'GIF'
    ? upright(bytes.readUInt16LE(6), bytes.readUInt16LE(8))
    : null;

const parseBmp: Parse = (bytes) =>
  bytes.toString('latin1', 0, 2) === 'BM' && bytes.readUInt32LE(14) >= 40
    ? upright(Math.abs(bytes.readInt32LE(18)), Math.abs(bytes.readInt32LE(22)))
    : null;

/** @source RFC 9649, WebP container and bitstreams */
const parseWebp: Parse = (bytes) => {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') {
    return null;
  }
  const kind = bytes.toString('latin1', 12, 16);
  const flags = bytes.readUInt8(20);
  if (kind === 'VP8X' && flags & WEBP_EXIF) return null; // its orientation is at the end of the file
  if (kind === 'VP8X') return upright(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
  if (kind === 'VP8 ') {
    return upright(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
  }
  const bits = bytes.readUInt32LE(21);
  return kind === 'VP8L' ? upright((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1) : null;
};

/** @source ITU-T T.81 annex B (frame headers), EXIF 2.3 section 4 (APP1) */
const parseJpeg: Parse = (bytes) => {
  if (bytes.readUInt16BE(0) !== 0xffd8) return null;
  let orientation = 1;
  for (let at = 2; ;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at++; // fill byte
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5), orientation };
    }
    if (marker === 0xe1)
      orientation = exifOrientation(bytes.subarray(at + 4, at + 2 + length)) ?? orientation;
    at += 2 + length;
  }
};

function exifOrientation(segment: Buffer): number | null {
  return segment.toString('latin1', 0, 6) === 'Exif\0\0'
    ? tiffOrientation(segment.subarray(6))
    : null;
}

function tiffOrientation(tiff: Buffer): number | null {
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number): number => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number): number => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = u32(4);
  const count = u16(directory);
  for (let k = 0; k < count; k++) {
    const field = directory + 2 + 12 * k;
    if (u16(field) !== 0x0112) continue;
    const value = u16(field + 8);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}

const parsers: readonly Parse[] = [parsePng, parseGif, parseBmp, parseWebp, parseJpeg];
