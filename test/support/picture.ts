// Synthetic pictures whose objects are known pixel by pixel.
import sharp, { type Sharp } from 'sharp';
import type { Bitmap } from '../../src/shared/mask/types';

export type Colour = readonly [red: number, green: number, blue: number];
export type Shape =
  | { readonly disc: readonly [x: number, y: number, radius: number]; readonly colour: Colour }
  | {
      readonly rect: readonly [x0: number, y0: number, x1: number, y1: number];
      readonly colour: Colour;
    };

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGB, row-major */
  readonly data: Uint8Array;
}

/** Whether the centre of pixel (x, y) lies in the shape. */
function covers(shape: Shape, x: number, y: number): boolean {
  if ('disc' in shape) {
    const [cx, cy, radius] = shape.disc;
    return (x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 < radius ** 2;
  }
  const [x0, y0, x1, y1] = shape.rect;
  return x + 0.5 > x0 && x + 0.5 < x1 && y + 0.5 > y0 && y + 0.5 < y1;
}

/** Draws shapes in order on a plain background, without antialiasing. */
export function drawPicture(
  width: number,
  height: number,
  background: Colour,
  shapes: readonly Shape[],
): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const top = shapes.filter((shape) => covers(shape, x, y)).at(-1);
      data.set(top?.colour ?? background, at);
    }
  }
  return { width, height, data };
}

/** The pixels of one shape, as if nothing covered it. */
export function shapeBitmap(width: number, height: number, shape: Shape): Bitmap {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = covers(shape, x, y) ? 1 : 0;
  }
  return { width, height, data };
}

/** A sharp pipeline over the picture, to write it in any format. */
export function toSharp({ data, width, height }: Picture): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

export async function writePicture(picture: Picture, file: string): Promise<void> {
  await toSharp(picture).toFile(file);
}
