import assert from 'node:assert';
import {
  actualSize,
  fitView,
  panBy,
  recentre,
  toImage,
  toView,
  visibleBox,
  zoomBy,
} from '../../../../webview/state/viewTransform';
import { randomInteger, seededRandom } from '../../../support/random';

const viewport = { width: 800, height: 600, pixelRatio: 2 };

describe('view transform', () => {
  it('maps to the view and back', () => {
    const random = seededRandom(1);
    for (let n = 0; n < 200; n++) {
      const view = {
        scale: 0.01 + 40 * random(),
        x: 999 * random() - 500,
        y: 999 * random() - 500,
      };
      const point = { x: random() * 4000, y: random() * 3000 };
      const back = toImage(view, toView(view, point));
      assert.ok(Math.hypot(back.x - point.x, back.y - point.y) < 1e-6);
    }
  });

  it('keeps the image point under the pointer when zooming', () => {
    const random = seededRandom(2);
    const size = [3000, 4000] as const;
    for (let n = 0; n < 200; n++) {
      const view = fitView(size, viewport);
      const at = { x: randomInteger(random, 200, 600), y: randomInteger(random, 200, 400) };
      const before = toImage(view, at);
      const after = toImage(zoomBy(view, at, 0.7 + 3 * random(), size, viewport), at);
      assert.ok(Math.hypot(after.x - before.x, after.y - before.y) < 1e-6);
    }
  });

  it('fits large and small images', () => {
    const check = (size: readonly [number, number], expected: number): void => {
      const view = fitView(size, viewport);
      assert.ok(Math.abs(view.scale - expected) < 1e-9, `${size} scale ${view.scale}`);
      const middle = toView(view, { x: size[1] / 2, y: size[0] / 2 });
      assert.ok(Math.hypot(middle.x - 400, middle.y - 300) < 1e-6);
    };
    check([3000, 4000], 568 / 3000);
    check([1, 1], 8);
    check([100, 10_000], 768 / 10_000);
  });

  it('shows one image pixel on one device pixel at 1:1', () => {
    const view = actualSize(fitView([3000, 4000], viewport), [3000, 4000], viewport);
    assert.strictEqual(view.scale, 0.5);
  });

  it('never loses the image, whatever is panned', () => {
    const size = [300, 400] as const;
    for (const [dx, dy] of [
      [1e6, 0],
      [-1e6, 0],
      [0, 1e6],
      [0, -1e6],
    ] as const) {
      const [x0, y0, x1, y1] = visibleBox(
        panBy(fitView(size, viewport), dx, dy, size, viewport),
        size,
        viewport,
      );
      assert.ok(x1 - x0 > 1 && y1 - y0 > 1);
    }
  });

  it('keeps the centre when the canvas is resized', () => {
    const view = { scale: 2, x: 10, y: 20 };
    const after = { width: 500, height: 700, pixelRatio: 2 };
    const centre = toImage(view, { x: 400, y: 300 });
    assert.deepStrictEqual(toImage(recentre(view, viewport, after), { x: 250, y: 350 }), centre);
  });
});
