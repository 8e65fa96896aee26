// Loads the picture and keeps it ready to draw at any zoom.
import type { Size } from '../../src/shared/geometry/types';
import { levelSizes } from './levels';

export interface ImageSource {
  /** the picture and its smaller copies, largest first */
  readonly levels: readonly [CanvasImageSource, ...CanvasImageSource[]];
  close(): void;
}

/**
 * @param size as displayed, [height, width]
 * @throws Error when the browser cannot show the picture
 */
export async function loadImage(uri: string, size: Size): Promise<ImageSource> {
  const element = new Image();
  element.decoding = 'async';
  element.src = uri;
  await element.decode();
  const full = await createImageBitmap(element);
  const copies: ImageBitmap[] = [];
  for (const [resizeWidth, resizeHeight] of levelSizes(size[1], size[0])) {
    const resized = { resizeWidth, resizeHeight, resizeQuality: 'medium' } as const;
    copies.push(await createImageBitmap(copies.at(-1) ?? full, resized));
  }
  return {
    levels: [full, ...copies],
    close() {
      for (const bitmap of [full, ...copies]) bitmap.close();
    },
  };
}
