// One mask as something to draw fast: a coloured picture of its box, and its outline as a path.
import type { Box } from '../../src/shared/geometry/types';
import { contoursOf } from '../../src/shared/mask/contours';
import type { Mask } from '../state/masks';
import type { Rgb } from '../state/palette';
import { packRgba } from './compositor';
import { contextOf } from './overlayLayer';

const outlines = new WeakMap<object, Path2D>();
const pictures = new WeakMap<object, { readonly color: Rgb; readonly canvas: OffscreenCanvas }>();

/** The outline along pixel edges, image pixels; holes included. */
export function outlineOf(mask: Mask): Path2D {
  const known = outlines.get(mask.runs);
  if (known) return known;
  const path = new Path2D();
  const { polygons, holes } = contoursOf(mask.runs);
  for (const ring of [...polygons, ...holes]) {
    path.moveTo(ring[0]!, ring[1]!);
    for (let i = 2; i + 1 < ring.length; i += 2) path.lineTo(ring[i]!, ring[i + 1]!);
    path.closePath();
  }
  outlines.set(mask.runs, path);
  return path;
}

/** The mask's box filled with one opaque colour; null for an empty mask. */
export function pictureOf(mask: Mask, color: Rgb): OffscreenCanvas | null {
  const known = pictures.get(mask.runs);
  if (known && known.color === color) return known.canvas;
  const [x0, y0, x1, y1] = mask.box;
  if (x1 <= x0 || y1 <= y0) return null;
  const canvas = new OffscreenCanvas(x1 - x0, y1 - y0);
  const image = new ImageData(x1 - x0, y1 - y0);
  paintRuns(mask, mask.box, packRgba(color, 1), new Uint32Array(image.data.buffer));
  contextOf(canvas).putImageData(image, 0, 0);
  pictures.set(mask.runs, { color, canvas });
  return canvas;
}

function paintRuns(mask: Mask, [x0, y0, x1]: Box, word: number, out: Uint32Array): void {
  const { counts, size } = mask.runs;
  const height = size[0];
  const width = x1 - x0;
  let position = 0;
  for (let i = 0; i < counts.length; i++) {
    const end = position + counts[i]!;
    if (i & 1) {
      for (let p = position; p < end;) {
        const x = Math.floor(p / height);
        const y = p - x * height;
        const stop = Math.min(height, y + end - p);
        for (let row = y; row < stop; row++) out[(row - y0) * width + x - x0] = word;
        p += stop - y;
      }
    }
    position = end;
  }
}
