// The cached overlay: one canvas in image resolution with all masks, and smaller copies for small zooms.
import type { Box, Size } from '../../src/shared/geometry/types';
import { annotationMask } from '../state/masks';
import type { PageState } from '../state/pageState';
import { colorOf, visibleAnnotations } from '../state/selectors';
import { Compositor, type OverlayItem } from './compositor';
import { levelFor, levelSizes } from './levels';

/** picture pixels above which the overlay is kept at a fraction of the image's resolution */
const MAX_PIXELS = 36_000_000;
/** rows rendered at a time, so that a full redraw needs little memory beside the canvas */
const BAND_ROWS = 512;

export class OverlayLayer {
  /** the overlay and its smaller copies, largest first */
  private readonly levels: readonly [OffscreenCanvas, ...OffscreenCanvas[]];
  private readonly compositor: Compositor;
  private readonly contexts: readonly OffscreenCanvasRenderingContext2D[];

  constructor(private readonly size: Size) {
    const [height, width] = size;
    const step = Math.max(1, Math.ceil(Math.sqrt((width * height) / MAX_PIXELS)));
    // About a device pixel when the whole image is in view.
    const edge = Math.max(1, Math.round(Math.max(width, height) / step / 800));
    this.compositor = new Compositor(width, height, step, edge);
    const { width: w, height: h } = this.compositor;
    const copies = levelSizes(w, h).map((one) => new OffscreenCanvas(one[0], one[1]));
    this.levels = [new OffscreenCanvas(w, h), ...copies];
    this.contexts = this.levels.map(contextOf);
  }

  /**
   * Brings the overlay in step with the state.
   *
   * @param leaveOut id of an annotation that a tool draws itself
   * @returns boxes that were drawn again, image pixels
   */
  update(state: PageState, leaveOut: number | null): readonly Box[] {
    const fillAlpha = state.settings.maskOpacity;
    const boxes = this.compositor.update(this.itemsOf(state, leaveOut), {
      fillAlpha,
      edgeAlpha: fillAlpha > 0 ? 1 : 0.8,
    });
    for (const box of boxes) this.draw(box);
    const { step } = this.compositor;
    return boxes.map((box) => box.map((part) => part * step) as unknown as Box);
  }

  /**
   * The copy to draw: that of a very large image has fewer pixels than the image.
   *
   * @param scale wanted pixels per image pixel
   */
  levelFor(scale: number): OffscreenCanvas {
    return levelFor(this.levels, (scale * this.size[1]) / this.levels[0].width);
  }

  private itemsOf(state: PageState, leaveOut: number | null): readonly OverlayItem[] {
    return visibleAnnotations(state)
      .filter((annotation) => annotation.id !== leaveOut)
      .map((annotation) => ({
        id: annotation.id,
        mask: annotationMask(annotation, this.size),
        color: colorOf(state, annotation),
      }));
  }

  private draw([x0, y0, x1, y1]: Box): void {
    const width = x1 - x0;
    if (width <= 0) return;
    for (let y = y0; y < y1; y += BAND_ROWS) {
      const rows = Math.min(BAND_ROWS, y1 - y);
      const image = new ImageData(width, rows);
      this.compositor.render([x0, y, x1, y + rows], new Uint32Array(image.data.buffer));
      this.contexts[0]?.putImageData(image, x0, y);
    }
    let changed: Box = [x0, y0, x1, y1];
    for (let level = 1; level < this.levels.length; level++) changed = this.shrink(level, changed);
  }

  /** Draws what changed in the larger copy into this one; the answer is the box changed here. */
  private shrink(level: number, [x0, y0, x1, y1]: Box): Box {
    const larger = this.levels[level - 1];
    const context = this.contexts[level];
    // Even borders, so that half pixels never mix in what lies outside the box.
    const [left, top] = [x0 >> 1, y0 >> 1];
    const [right, bottom] = [(x1 + 1) >> 1, (y1 + 1) >> 1];
    const [w, h] = [right - left, bottom - top];
    if (!larger || !context) return [left, top, right, bottom];
    context.clearRect(left, top, w, h);
    context.drawImage(larger, left * 2, top * 2, w * 2, h * 2, left, top, w, h);
    return [left, top, right, bottom];
  }
}

/** @throws Error when the browser has no more canvas memory */
export function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context)
    throw new Error('The browser gave no canvas to draw on. Close other editors and reload.');
  return context;
}
