// The three forms of a mask. Rle is what travels and is stored, Runs is what algorithms work on,
// Bitmap is for brushes, drawing and models.
import type { Size } from '../geometry/types';

/** COCO compressed RLE: column-major runs as a string (pycocotools' LEB128-like code). */
export interface Rle {
  readonly size: Size;
  readonly counts: string;
}

/** Column-major run lengths, alternating background and foreground, starting with background (may be 0). */
export interface Runs {
  readonly size: Size;
  readonly counts: Uint32Array;
}

/** Row-major pixels, 0 or 1 each, length width × height. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
