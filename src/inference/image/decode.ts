// Bytes of an image file to RGB as displayed: the only place where pixels are decoded, so size and orientation agree
// everywhere. EXIF orientation is applied once, here; 16 bit, CMYK, grey and palettes become 8-bit sRGB; transparent
// parts show white; of an animation or a multi-page file the first picture is taken.
import sharp from 'sharp';
import { DomainError } from '../../shared/protocol/wire';
import { decodeBmp, isBmp } from './bmp';
import type { RgbPlane } from './image';

/** 16,383 × 16,383, sharp's own bound: 0.8 GB decoded. */
export const MAX_PIXELS = 268_402_689;

sharp.cache(false); // decoded files are kept in our own, bounded cache
sharp.concurrency(1); // the cores belong to the editor and to the model

/**
 * Decodes a whole file.
 *
 * @param file bytes of the image
 * @param name of the file, for the message
 * @throws DomainError 'image-unreadable' naming the file and the reason
 */
export async function decodeImage(
  file: Uint8Array,
  name: string,
): Promise<{ readonly plane: RgbPlane; readonly format: string }> {
  if (file.length === 0) throw unreadable(name, 'the file is empty');
  try {
    if (isBmp(file)) return { plane: decodeBmp(file, MAX_PIXELS), format: 'bmp' };
    return await decodeWithSharp(file);
  } catch (error) {
    throw error instanceof DomainError ? error : unreadable(name, reasonOf(error));
  }
}

async function decodeWithSharp(file: Uint8Array): Promise<{ plane: RgbPlane; format: string }> {
  const options = { limitInputPixels: false, failOn: 'error', sequentialRead: true } as const;
  const { format, width, height } = await sharp(file, options).metadata();
  if (width * height > MAX_PIXELS) throw new RangeError(`it has ${width} × ${height} pixels`);
  const { data, info } = await sharp(file, options)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    plane: { width: info.width, height: info.height, data: threeChannels(data, info.channels) },
    format,
  };
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let k = 0; k < pixels; k++) {
    for (let c = 0; c < 3; c++)
      rgb[k * 3 + c] = data[k * channels + Math.min(c, channels < 3 ? 0 : 2)] ?? 0;
  }
  return rgb;
}

/** The message for a file that cannot be shown. */
export function unreadable(name: string, reason: string): DomainError {
  return new DomainError(
    'image-unreadable',
    `${name} cannot be read as an image: ${reason}. Its annotations are kept; replace the file or open another one.`,
  );
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/ pixels$/.test(message)) {
    return `${message}, the limit is ${Math.floor(MAX_PIXELS / 1e6)} million; make it smaller or cut it into tiles`;
  }
  const first = message.split('\n').find((line) => line.trim()) ?? 'unknown reason';
  return /unsupported image format/i.test(message)
    ? 'its format is not known or its start is damaged'
    : first.trim();
}
