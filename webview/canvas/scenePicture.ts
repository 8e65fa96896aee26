// Image and overlay in one picture for each size, so that a frame draws one picture, not two: scaling is what a frame
// costs where no graphics card helps. Only what changed in the overlay is put together again.
import type { Box, Size } from '../../src/shared/geometry/types';
import type { PageState } from '../state/pageState';
import type { ImageSource } from './imageSource';
import { levelFor, levelSizes } from './levels';
import { contextOf, OverlayLayer } from './overlayLayer';

/** pixels above which a size is not kept in one picture: it would need four bytes each once more */
const MAX_PIXELS = 16_000_000;

export class ScenePicture {
  private readonly overlay: OverlayLayer;
  /** sizes of the image and its smaller copies, largest first */
  private readonly sizes: readonly (readonly [width: number, height: number])[];
  /** image and overlay together, made when there is an image; null where that would be too large */
  private composed: readonly (OffscreenCanvas | null)[] = [];
  private image: ImageSource | null = null;

  /** @param size of the image as displayed */
  constructor(private readonly size: Size) {
    const [height, width] = size;
    this.overlay = new OverlayLayer(size);
    this.sizes = [[width, height], ...levelSizes(width, height)];
  }

  /** Shows another image of the same size, or none while it is loaded. */
  setImage(image: ImageSource | null): void {
    this.image = image;
    this.composed = !image
      ? []
      : this.sizes.map(([w, h]) => (w * h > MAX_PIXELS ? null : new OffscreenCanvas(w, h)));
    const [height, width] = this.size;
    this.compose([0, 0, width, height]);
  }

  /**
   * Brings the masks in step with the state.
   *
   * @param leaveOut id of an annotation that a tool draws itself
   * @returns whether anything was drawn
   */
  update(state: PageState, leaveOut: number | null): boolean {
    const boxes = this.overlay.update(state, leaveOut);
    for (const box of boxes) this.compose(box);
    return boxes.length > 0;
  }

  /**
   * Draws into a context that is set to image pixels.
   *
   * @param scale device pixels per image pixel
   */
  draw(context: CanvasRenderingContext2D, scale: number): void {
    const [height, width] = this.size;
    context.imageSmoothingEnabled = scale < 1;
    context.imageSmoothingQuality = 'low';
    const level = this.sizes.indexOf(levelFor([this.sizes[0]!, ...this.sizes.slice(1)], scale));
    const together = this.composed[level];
    if (together) return context.drawImage(together, 0, 0, width, height);
    if (this.image) context.drawImage(levelFor(this.image.levels, scale), 0, 0, width, height);
    context.drawImage(this.overlay.levelFor(scale), 0, 0, width, height);
  }

  /** Puts a box (image pixels) together again in all sizes. */
  private compose(box: Box): void {
    const [height, width] = this.size;
    this.composed.forEach((canvas, level) => {
      const from = this.image?.levels[level];
      if (!canvas || !from) return;
      const [kx, ky] = [canvas.width / width, canvas.height / height];
      // A pixel more all around: a smaller copy's pixel may mix in its neighbours.
      const x0 = Math.max(0, Math.floor(box[0] * kx) - 1);
      const y0 = Math.max(0, Math.floor(box[1] * ky) - 1);
      const w = Math.min(canvas.width, Math.ceil(box[2] * kx) + 1) - x0;
      const h = Math.min(canvas.height, Math.ceil(box[3] * ky) + 1) - y0;
      const context = contextOf(canvas);
      context.clearRect(x0, y0, w, h);
      context.drawImage(from, x0, y0, w, h, x0, y0, w, h);
      const over = this.overlay.levelFor(kx);
      const [ox, oy] = [over.width / canvas.width, over.height / canvas.height];
      context.drawImage(over, x0 * ox, y0 * oy, w * ox, h * oy, x0, y0, w, h);
    });
  }
}
