// The one transform from image pixels to device pixels; both canvases use it, so they never come apart.
import type { ViewPoint } from '../../src/shared/geometry/types';
import type { PageState } from '../state/pageState';

/** Offsets are whole device pixels, so that at 1:1 every image pixel is exactly one. */
export function setImageTransform(context: CanvasRenderingContext2D, state: PageState): void {
  const { view, viewport } = state;
  const ratio = viewport.pixelRatio;
  const scale = view.scale * ratio;
  context.setTransform(scale, 0, 0, scale, Math.round(view.x * ratio), Math.round(view.y * ratio));
}

/** CSS pixels: for markers and handles, whose size does not follow the zoom. */
export function setViewTransform(context: CanvasRenderingContext2D, state: PageState): void {
  const { pixelRatio } = state.viewport;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
}

export function clear(context: CanvasRenderingContext2D): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
}

export type ToView = (point: { readonly x: number; readonly y: number }) => ViewPoint;
