// A mask being painted: pixels, and which part of them was touched since it was last drawn.
import { coverBox } from '../../src/shared/geometry/box';
import type { Box, ImagePoint, Size } from '../../src/shared/geometry/types';
import { decodeRuns, encodeBitmap } from '../../src/shared/mask/bitmap';
import { paintStroke } from '../../src/shared/mask/brush';
import { runsToString } from '../../src/shared/mask/rleString';
import type { Bitmap, Rle, Runs } from '../../src/shared/mask/types';

export class WorkingMask {
  readonly bitmap: Bitmap;
  /** part drawn into so far or holding the initial mask, XYXY whole pixels */
  extent: Box;
  private dirty: Box | null;
  private isTouched = false;

  constructor(size: Size, initial: Runs | null, extent: Box) {
    const [height, width] = size;
    this.bitmap = initial
      ? decodeRuns(initial)
      : { width, height, data: new Uint8Array(width * height) };
    this.extent = extent;
    this.dirty = extent[2] > extent[0] ? extent : null;
  }

  get changed(): boolean {
    return this.isTouched;
  }

  /** Sets a disc swept along a segment to 1 or 0; radius in image pixels. */
  stroke(a: ImagePoint, b: ImagePoint, radius: number, value: 0 | 1): void {
    const painted = paintStroke(this.bitmap, [a, b], radius, value);
    if (painted) this.touch(painted);
  }

  /** What changed since the last call; null when nothing did. */
  takeDirty(): Box | null {
    const { dirty } = this;
    this.dirty = null;
    return dirty;
  }

  toRle(): Rle {
    return runsToString(encodeBitmap(this.bitmap));
  }

  private touch(box: Box): void {
    this.isTouched = true;
    this.dirty = this.dirty ? coverBox(this.dirty, box) : box;
    this.extent = this.extent[2] > this.extent[0] ? coverBox(this.extent, box) : box;
  }
}
