// A decoded image as the segmenters see it.
import type { Size } from '../../shared/geometry/types';

/** Interleaved RGB of the image as displayed, with half-size copies made on first need. */
export interface DecodedImage {
  readonly imageKey: string;
  readonly format: string;
  readonly size: Size;
  /** level 0 is the image, each further level has half the width and height (rounded up) */
  readonly levels: RgbPlane[];
  /** what a segmenter keeps with the image (a resized copy, an embedding), by its own name */
  readonly derived: Map<string, unknown>;
}

/** Row-major RGB, 3 bytes a pixel. */
export interface RgbPlane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
