// Prompts drawn into the planes an early-fusion network takes: disks for clicks, strokes for scribbles, a filled box.
// Rules of training/predict.py (maps) and training/prompts.py (draw_disk, as OpenCV fills a circle).
import type { Box, ImagePoint } from '../../shared/geometry/types';
import type { ScribblePrompt } from '../../shared/protocol/prompt';
import type { Window } from '../image/window';

/** One row-major square plane. */
export interface Plane {
  readonly data: Float32Array;
  readonly size: number;
}

/** Sets a filled circle around (x, y), pixel indices, to 1; the part outside the plane is left out. */
export function drawDisk(plane: Plane, x: number, y: number, radius: number): void {
  const span = (row: number, reach: number): void => {
    if (row < 0 || row >= plane.size) return;
    const from = Math.max(0, x - reach);
    const to = Math.min(plane.size, x + reach + 1);
    if (to > from) plane.data.fill(1, row * plane.size + from, row * plane.size + to);
  };
  // Bresenham's circle; each step gives the half-width of four rows.
  let error = 0;
  let dx = radius;
  let dy = 0;
  let plus = 1;
  let minus = 2 * radius - 1;
  while (dx >= dy) {
    span(y - dy, dx);
    span(y + dy, dx);
    span(y - dx, dy);
    span(y + dx, dy);
    dy++;
    error += plus;
    plus += 2;
    if (error > 0) {
      error -= minus;
      dx--;
      minus -= 2;
    }
  }
}

/** Draws a click given in image pixels. */
export function drawClick(plane: Plane, window: Window, at: ImagePoint, radius: number): void {
  const scale = plane.size / window.side;
  drawDisk(
    plane,
    Math.trunc((at.x - window.x0) * scale),
    Math.trunc((at.y - window.y0) * scale),
    radius,
  );
}

/** Draws a polyline as thick as a click. */
export function drawStroke(
  plane: Plane,
  window: Window,
  path: ScribblePrompt['path'],
  radius: number,
): void {
  const scale = plane.size / window.side;
  path.forEach((to, k) => {
    const from = path[Math.max(0, k - 1)]!;
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) * scale));
    // Far parts of a long stroke lie outside a zoomed window; the number of steps is bounded by the plane's needs.
    const count = Math.min(steps, 64 * plane.size);
    for (let s = 0; s <= count; s++) {
      const t = s / count;
      drawClick(
        plane,
        window,
        { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) },
        radius,
      );
    }
  });
}

/** Fills the box with 1; at least one pixel wide and high where it meets the plane. */
export function drawBox(plane: Plane, window: Window, [x0, y0, x1, y1]: Box): void {
  const { size, data } = plane;
  const scale = size / window.side;
  const column = (x: number): number => Math.round((x - window.x0) * scale);
  const row = (y: number): number => Math.round((y - window.y0) * scale);
  const left = Math.max(0, column(x0));
  const right = Math.min(size, Math.max(column(x1), column(x0) + 1, 1));
  const bottom = Math.min(size, Math.max(row(y1), row(y0) + 1, 1));
  for (let y = Math.max(0, row(y0)); y < bottom && left < right; y++) {
    data.fill(1, y * size + left, y * size + right);
  }
}
