import assert from 'node:assert';
import type { Box } from '../../../../src/shared/geometry/types';
import { encodeBitmap } from '../../../../src/shared/mask/bitmap';
import {
  Compositor,
  edgeColor,
  mergeBoxes,
  packRgba,
  type OverlayItem,
} from '../../../../webview/canvas/compositor';
import { indexMask } from '../../../../webview/state/masks';
import { randomBitmap } from '../../../support/masks';
import { randomInteger, seededRandom } from '../../../support/random';

const LOOK = { fillAlpha: 0.4, edgeAlpha: 1 };

class Picture {
  readonly pixels: Uint32Array;
  drawn = 0;

  constructor(private readonly compositor: Compositor) {
    this.pixels = new Uint32Array(compositor.width * compositor.height);
  }

  update(items: readonly OverlayItem[], look = LOOK): this {
    for (const box of this.compositor.update(items, look)) this.draw(box);
    return this;
  }

  private draw([x0, y0, x1, y1]: Box): void {
    const width = x1 - x0;
    this.drawn += width * (y1 - y0);
    const part = new Uint32Array(width * (y1 - y0));
    this.compositor.render([x0, y0, x1, y1], part);
    for (let y = y0; y < y1; y++) {
      const row = part.subarray((y - y0) * width, (y - y0 + 1) * width);
      this.pixels.set(row, y * this.compositor.width + x0);
    }
  }
}

function randomItem(random: () => number, id: number, width: number, height: number): OverlayItem {
  const mask = indexMask(encodeBitmap(randomBitmap(random, width, height)));
  return { id, mask, color: [randomInteger(random, 0, 255), id, 99] };
}

describe('overlay compositor', () => {
  it('draws after any change what a fresh one draws, whatever was changed', () => {
    const random = seededRandom(11);
    for (let n = 0; n < 60; n++) {
      const [width, height] = [randomInteger(random, 1, 40), randomInteger(random, 1, 40)];
      const edge = randomInteger(random, 1, 2);
      const make = (): Picture => new Picture(new Compositor(width, height, 1, edge));
      const picture = make();
      let items: OverlayItem[] = [];
      for (let step = 0; step < 8; step++) {
        items = changeItems(random, items, step + 1, width, height);
        picture.update(items);
        assert.deepStrictEqual(picture.pixels, make().update(items).pixels, `${n}/${step}`);
      }
    }
  });

  it('lets the last one lie on top, with outlines where the mask ends', () => {
    const square = (x0: number, x1: number): OverlayItem['mask'] => {
      const data = Uint8Array.from({ length: 49 }, (_, i) => (i % 7 >= x0 && i % 7 < x1 ? 1 : 0));
      return indexMask(encodeBitmap({ width: 7, height: 7, data }));
    };
    const picture = new Picture(new Compositor(7, 7, 1, 1)).update([
      { id: 1, mask: square(0, 5), color: [1, 1, 1] },
      { id: 2, mask: square(3, 7), color: [2, 2, 2] },
    ]);
    const row = [...picture.pixels.subarray(21, 28)];
    const [fill1, edge1] = [packRgba([1, 1, 1], 0.4), packRgba(edgeColor([1, 1, 1]), 1)];
    const [fill2, edge2] = [packRgba([2, 2, 2], 0.4), packRgba(edgeColor([2, 2, 2]), 1)];
    assert.deepStrictEqual(row, [edge1, fill1, edge1, edge2, fill2, fill2, edge2]);
  });

  it('draws only where something changed', () => {
    const random = seededRandom(3);
    const blob = (id: number): OverlayItem => randomItem(random, id, 30, 30);
    const items = [blob(1), blob(2)];
    const picture = new Picture(new Compositor(30, 30, 1, 1)).update(items);
    picture.drawn = 0;
    picture.update([...items]);
    assert.strictEqual(picture.drawn, 0);
  });

  it('shrinks very large images without losing thin masks’ places', () => {
    const data = new Uint8Array(90 * 60);
    for (let x = 0; x < 90; x++) for (let y = 10; y < 50; y++) data[y * 90 + x] = 1;
    const mask = indexMask(encodeBitmap({ width: 90, height: 60, data }));
    const compositor = new Compositor(90, 60, 3, 1);
    const picture = new Picture(compositor).update([{ id: 1, mask, color: [9, 9, 9] }]);
    assert.deepStrictEqual([compositor.width, compositor.height], [30, 20]);
    const rows = Array.from({ length: 20 }, (_, y) => picture.pixels[y * 30 + 15] !== 0);
    assert.deepStrictEqual([rows.indexOf(true), rows.lastIndexOf(true)], [3, 16]);
  });
});

describe('dirty boxes', () => {
  it('are joined where they touch and cover all that came in', () => {
    const random = seededRandom(5);
    for (let n = 0; n < 200; n++) {
      const boxes = Array.from({ length: randomInteger(random, 0, 30) }, (): Box => {
        const [x, y] = [randomInteger(random, 0, 90), randomInteger(random, 0, 90)];
        return [x, y, x + randomInteger(random, 1, 9), y + randomInteger(random, 1, 9)];
      });
      const merged = mergeBoxes(boxes);
      assert.ok(merged.length <= 12);
      for (const [x0, y0, x1, y1] of boxes)
        assert.ok(merged.some((m) => m[0] <= x0 && m[1] <= y0 && m[2] >= x1 && m[3] >= y1));
    }
  });
});

/** Adds, removes, moves, recolours or replaces one. */
function changeItems(
  random: () => number,
  items: readonly OverlayItem[],
  id: number,
  width: number,
  height: number,
): OverlayItem[] {
  const next = [...items];
  const at = randomInteger(random, 0, Math.max(0, next.length - 1));
  const old = next[at];
  const what = old ? randomInteger(random, 0, 4) : 0;
  if (what === 0 || !old) next.push(randomItem(random, id, width, height));
  else if (what === 1) next.splice(at, 1);
  else if (what === 2) next.unshift(...next.splice(at, 1));
  else if (what === 3) next[at] = { ...old, color: [id, 5, 5] };
  else next[at] = randomItem(random, old.id, width, height);
  return next;
}
