// Composites all visible masks into one picture, redrawing only what changed. Pure: knows arrays, not canvases.
// A map holds for each pixel which mask is on top; colours and outlines are made from it row by row, because rows
// are how pictures lie in memory while runs go down columns.
import { coverBox } from '../../src/shared/geometry/box';
import type { Box } from '../../src/shared/geometry/types';
import type { Mask } from '../state/masks';
import type { Rgb } from '../state/palette';

/** A mask to draw; items come bottom first. */
export interface OverlayItem {
  readonly id: number;
  readonly mask: Mask;
  readonly color: Rgb;
}

/** 0..1 each */
export interface OverlayLook {
  readonly fillAlpha: number;
  readonly edgeAlpha: number;
}

const MAX_DIRTY_BOXES = 12;

export class Compositor {
  /** pixels of the picture: the image's, divided by `step` for very large images */
  readonly width: number;
  readonly height: number;
  private readonly top: Uint16Array;
  /** id → value in the map; stays while the mask is there, because pixels outside a redrawn box keep it */
  private readonly slots = new Map<number, number>();
  private items: readonly OverlayItem[] = [];
  private look: OverlayLook = { fillAlpha: 0.4, edgeAlpha: 0.9 };
  private fills = new Uint32Array(1);
  private edges = new Uint32Array(1);

  /**
   * @param step image pixels per picture pixel, a whole number
   * @param edge width of outlines, picture pixels
   */
  constructor(
    imageWidth: number,
    imageHeight: number,
    readonly step: number,
    private readonly edge: number,
  ) {
    this.width = Math.max(1, Math.ceil(imageWidth / step));
    this.height = Math.max(1, Math.ceil(imageHeight / step));
    this.top = new Uint16Array(this.width * this.height);
  }

  /**
   * Takes the new list of masks and works out what has to be drawn again.
   *
   * @returns boxes in picture pixels, already including the outlines' reach
   */
  update(items: readonly OverlayItem[], look: OverlayLook): readonly Box[] {
    const before = this.items;
    const isNewLook =
      look.fillAlpha !== this.look.fillAlpha || look.edgeAlpha !== this.look.edgeAlpha;
    this.items = items;
    this.look = look;
    const changed = isNewLook
      ? [...before, ...items].map((item) => item.mask.box)
      : changedBoxes(before, items);
    this.makeTables();
    const boxes = changed.filter(([x0, , x1]) => x1 > x0).map((box) => this.toPicture(box));
    return mergeBoxes(boxes);
  }

  /** Draws a box (picture pixels) into `out`, RGBA words of exactly the box's size; everything in it is overwritten. */
  render(box: Box, out: Uint32Array): void {
    this.fillTop(box);
    this.colour(box, out);
  }

  private toPicture([x0, y0, x1, y1]: Box): Box {
    const { step, edge } = this;
    return [
      Math.max(0, Math.floor(x0 / step) - edge),
      Math.max(0, Math.floor(y0 / step) - edge),
      Math.min(this.width, Math.ceil(x1 / step) + edge),
      Math.min(this.height, Math.ceil(y1 / step) + edge),
    ];
  }

  private fillTop([x0, y0, x1, y1]: Box): void {
    const { top, width, step } = this;
    for (let y = y0; y < y1; y++) top.fill(0, y * width + x0, y * width + x1);
    for (const { id, mask } of this.items) {
      const [mx0, my0, mx1, my1] = mask.box;
      const isApart = mx1 <= x0 * step || my1 <= y0 * step || mx0 >= x1 * step || my0 >= y1 * step;
      if (!isApart) this.fillRuns(mask, this.slots.get(id)!, [x0, y0, x1, y1]);
    }
  }

  /** Long by intent: one tight loop over runs, columns and rows (bench row overlay/dirtyRect). */
  private fillRuns(mask: Mask, value: number, [x0, y0, x1, y1]: Box): void {
    const { top, width, step } = this;
    const { counts, size } = mask.runs;
    const height = size[0];
    const left = mask.box[0];
    const firstColumn = Math.max(left, x0 * step);
    const endColumn = Math.min(mask.box[2], x1 * step);
    for (let column = firstColumn; column < endColumn; column++) {
      if (step > 1 && column % step !== 0) continue;
      const x = column / step;
      const columnStart = column * height;
      const columnEnd = columnStart + height;
      let index = mask.columns[column - left]!;
      let start = mask.starts[column - left]!;
      while (start < columnEnd && index < counts.length) {
        const end = start + counts[index]!;
        if (index & 1) {
          let a = Math.max(start, columnStart) - columnStart;
          let b = Math.min(end, columnEnd) - columnStart;
          if (step > 1) {
            a = Math.floor(a / step);
            b = Math.ceil(b / step);
          }
          if (a < y0) a = y0;
          if (b > y1) b = y1;
          for (let p = a * width + x, stop = b * width + x; p < stop; p += width) top[p] = value;
        }
        start = end;
        index++;
      }
    }
  }

  private colour([x0, y0, x1, y1]: Box, out: Uint32Array): void {
    const { top, width, height, edge, fills, edges } = this;
    let o = 0;
    for (let y = y0; y < y1; y++) {
      const up = y >= edge ? -edge * width : 0;
      const down = y + edge < height ? edge * width : 0;
      const isBorderRow = y < edge || y + edge >= height;
      for (let x = x0, p = y * width + x0; x < x1; x++, p++, o++) {
        const value = top[p]!;
        if (value === 0) {
          out[o] = 0;
          continue;
        }
        const isEdge =
          isBorderRow ||
          x < edge ||
          x + edge >= width ||
          top[p - edge] !== value ||
          top[p + edge] !== value ||
          top[p + up] !== value ||
          top[p + down] !== value;
        out[o] = isEdge ? edges[value]! : fills[value]!;
      }
    }
  }

  private makeTables(): void {
    const current = new Set(this.items.map(({ id }) => id));
    for (const id of this.slots.keys()) if (!current.has(id)) this.slots.delete(id);
    const used = new Set(this.slots.values());
    let free = 1;
    for (const id of current) {
      if (this.slots.has(id)) continue;
      while (used.has(free)) free++;
      used.add(free);
      this.slots.set(id, free);
    }
    const length = Math.max(0, ...used) + 1;
    this.fills = new Uint32Array(length);
    this.edges = new Uint32Array(length);
    for (const { id, color } of this.items) {
      const slot = this.slots.get(id)!;
      this.fills[slot] = packRgba(color, this.look.fillAlpha);
      this.edges[slot] = packRgba(edgeColor(color), this.look.edgeAlpha);
    }
  }
}

/** Boxes of masks that came, went, changed, or changed places with another. */
function changedBoxes(
  before: readonly OverlayItem[],
  after: readonly OverlayItem[],
): readonly Box[] {
  const old = new Map(before.map((item) => [item.id, item]));
  const current = new Set(after.map((item) => item.id));
  const boxes: Box[] = before.filter((item) => !current.has(item.id)).map((item) => item.mask.box);
  for (const item of after) {
    const was = old.get(item.id);
    if (!was) boxes.push(item.mask.box);
    else if (was.mask.runs !== item.mask.runs) boxes.push(was.mask.box, item.mask.box);
    else if (was.color.some((part, i) => part !== item.color[i])) boxes.push(item.mask.box);
  }
  const stayedBefore = before.filter((item) => current.has(item.id));
  const stayedAfter = after.filter((item) => old.has(item.id));
  stayedAfter.forEach((item, index) => {
    if (stayedBefore[index]?.id !== item.id) boxes.push(item.mask.box);
  });
  return boxes;
}

/** Joins boxes that touch; beyond a number that is worth it, all become one. */
export function mergeBoxes(boxes: readonly Box[]): readonly Box[] {
  const merged: Box[] = [];
  for (const box of boxes) {
    let joined = box;
    for (let i = merged.length - 1; i >= 0; i--) {
      if (!touches(merged[i]!, joined)) continue;
      joined = coverBox(merged[i]!, joined);
      merged.splice(i, 1);
      i = merged.length;
    }
    merged.push(joined);
  }
  return merged.length > MAX_DIRTY_BOXES ? [merged.reduce(coverBox)] : merged;
}

const touches = (a: Box, b: Box): boolean =>
  a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** Lighter than the fill, so that an outline shows on an object of its own colour. */
export function edgeColor(color: Rgb): Rgb {
  const lighter = (part: number): number => Math.round(part + (255 - part) * 0.4);
  return [lighter(color[0]), lighter(color[1]), lighter(color[2])];
}

/** RGBA bytes as a little-endian word, not premultiplied, as ImageData has it. */
export function packRgba([r, g, b]: Rgb, alpha: number): number {
  return ((Math.round(alpha * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
