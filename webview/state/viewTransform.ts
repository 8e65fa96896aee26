// How image pixels map to CSS pixels of the canvas: view = image × scale + offset. Pure arithmetic.
import type { Box, ImagePoint, Size, ViewPoint } from '../../src/shared/geometry/types';

/** view = image × scale + (x, y); scale in CSS pixels per image pixel */
export interface ViewTransform {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** The canvas: CSS pixels, and device pixels per CSS pixel. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

const MAX_SCALE = 80;
/** part of the image, CSS pixels, that panning never moves out of sight */
const KEPT_VISIBLE = 40;
const FIT_MARGIN = 16;

export function toImage(view: ViewTransform, point: ViewPoint): ImagePoint {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

export function toView(view: ViewTransform, point: ImagePoint): ViewPoint {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y };
}

/** The whole image centred with a small margin; small images are not magnified beyond 8 ×. */
export function fitView(size: Size, viewport: Viewport): ViewTransform {
  const [height, width] = size;
  return fitBox([0, 0, width, height], size, viewport, 8);
}

/** A box of the image centred with a margin. */
export function fitBox(box: Box, size: Size, viewport: Viewport, maxScale = 16): ViewTransform {
  const [x0, y0, x1, y1] = box;
  const margin = Math.min(FIT_MARGIN, viewport.width / 8, viewport.height / 8);
  const scale = clampScale(
    Math.min(
      (viewport.width - 2 * margin) / Math.max(1, x1 - x0),
      (viewport.height - 2 * margin) / Math.max(1, y1 - y0),
      maxScale,
    ),
    size,
    viewport,
  );
  return {
    scale,
    x: (viewport.width - (x0 + x1) * scale) / 2,
    y: (viewport.height - (y0 + y1) * scale) / 2,
  };
}

/** One image pixel on one device pixel, about the centre of the canvas. */
export function actualSize(view: ViewTransform, size: Size, viewport: Viewport): ViewTransform {
  const centre = { x: viewport.width / 2, y: viewport.height / 2 };
  return zoomTo(view, centre, 1 / viewport.pixelRatio, size, viewport);
}

/** Multiplies the zoom so that the image point under `at` stays there. */
export function zoomBy(
  view: ViewTransform,
  at: ViewPoint,
  factor: number,
  size: Size,
  viewport: Viewport,
): ViewTransform {
  return zoomTo(view, at, view.scale * factor, size, viewport);
}

export function zoomTo(
  view: ViewTransform,
  at: ViewPoint,
  wanted: number,
  size: Size,
  viewport: Viewport,
): ViewTransform {
  const scale = clampScale(wanted, size, viewport);
  const ratio = scale / view.scale;
  return clampPan(
    { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio },
    size,
    viewport,
  );
}

export function panBy(
  view: ViewTransform,
  dx: number,
  dy: number,
  size: Size,
  viewport: Viewport,
): ViewTransform {
  return clampPan({ ...view, x: view.x + dx, y: view.y + dy }, size, viewport);
}

/** Keeps the image point at the centre of the canvas when the canvas is resized. */
export function recentre(view: ViewTransform, before: Viewport, after: Viewport): ViewTransform {
  return {
    scale: view.scale,
    x: view.x + (after.width - before.width) / 2,
    y: view.y + (after.height - before.height) / 2,
  };
}

/** The visible part of the image, image pixels, clipped to the image. */
export function visibleBox(view: ViewTransform, size: Size, viewport: Viewport): Box {
  const a = toImage(view, { x: 0, y: 0 });
  const b = toImage(view, { x: viewport.width, y: viewport.height });
  const clip = (value: number, max: number): number => Math.min(max, Math.max(0, value));
  return [clip(a.x, size[1]), clip(a.y, size[0]), clip(b.x, size[1]), clip(b.y, size[0])];
}

function clampScale(scale: number, size: Size, viewport: Viewport): number {
  const fit = Math.min(viewport.width / size[1], viewport.height / size[0]);
  const smallest = Math.min(1 / viewport.pixelRatio, fit) / 4;
  return Math.min(MAX_SCALE, Math.max(smallest, scale, 1e-4));
}

function clampPan(view: ViewTransform, size: Size, viewport: Viewport): ViewTransform {
  const clamp = (offset: number, extent: number, available: number): number => {
    const kept = Math.min(KEPT_VISIBLE, extent, available);
    return Math.min(available - kept, Math.max(kept - extent, offset));
  };
  return {
    scale: view.scale,
    x: clamp(view.x, size[1] * view.scale, viewport.width),
    y: clamp(view.y, size[0] * view.scale, viewport.height),
  };
}
