// The picture of a mask while it is painted: only the pixels a stroke touched are written again.
import type { Box } from '../../src/shared/geometry/types';
import type { Rgb } from '../state/palette';
import type { WorkingMask } from '../tools/workingMask';
import { packRgba } from './compositor';
import { contextOf } from './overlayLayer';

export class WorkingPicture {
  private canvas: OffscreenCanvas | null = null;
  private context: OffscreenCanvasRenderingContext2D | null = null;
  private shown: WorkingMask | null = null;

  /** The up-to-date picture in image resolution, opaque where the mask is. */
  of(mask: WorkingMask, color: Rgb): OffscreenCanvas {
    const { width, height } = mask.bitmap;
    if (
      !this.canvas ||
      !this.context ||
      this.canvas.width !== width ||
      this.canvas.height !== height
    ) {
      this.canvas = new OffscreenCanvas(width, height);
      this.context = contextOf(this.canvas);
      this.shown = null;
    }
    if (this.shown !== mask) {
      this.context.clearRect(0, 0, width, height);
      this.shown = mask;
      mask.takeDirty();
      this.write(mask, mask.extent, color);
    } else {
      const dirty = mask.takeDirty();
      if (dirty) this.write(mask, dirty, color);
    }
    return this.canvas;
  }

  /** Frees the canvas once nothing is painted any more. */
  release(): void {
    this.canvas = this.context = this.shown = null;
  }

  private write(mask: WorkingMask, [x0, y0, x1, y1]: Box, color: Rgb): void {
    const width = x1 - x0;
    const height = y1 - y0;
    if (width <= 0 || height <= 0) return;
    const image = new ImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    const word = packRgba(color, 1);
    const { data, width: stride } = mask.bitmap;
    for (let y = 0; y < height; y++) {
      const row = (y + y0) * stride + x0;
      for (let x = 0; x < width; x++) if (data[row + x]) words[y * width + x] = word;
    }
    this.context?.putImageData(image, x0, y0);
  }
}
