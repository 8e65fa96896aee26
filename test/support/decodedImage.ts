import type { DecodedImage, RgbPlane } from '../../src/inference/image/image';

/** A decoded image in memory, as the image store gives them out. */
export function decodedImage(plane: RgbPlane, imageKey = 'test'): DecodedImage {
  return {
    imageKey,
    format: 'test',
    size: [plane.height, plane.width],
    levels: [plane],
    derived: new Map(),
  };
}
