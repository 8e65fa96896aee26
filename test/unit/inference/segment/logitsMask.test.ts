import assert from 'node:assert/strict';
import { logitsToMask } from '../../../../src/inference/segment/logitsMask';
import type { Window } from '../../../../src/inference/image/window';
import { decodeRuns } from '../../../../src/shared/mask/bitmap';
import { randomInteger, seededRandom } from '../../../support/random';

/** Bilinear interpolation at every pixel centre, far background outside the window. */
function everyPixel(
  logits: Float32Array,
  size: number,
  window: Window,
  height: number,
  width: number,
): Float64Array {
  const at = (u: number, v: number): number =>
    u < 0 || v < 0 || u >= size || v >= size ? -10 : logits[v * size + u]!;
  const values = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const gx = ((x + 0.5 - window.x0) * size) / window.side - 0.5;
      const gy = ((y + 0.5 - window.y0) * size) / window.side - 0.5;
      const [u, v] = [Math.floor(gx), Math.floor(gy)];
      const [fx, fy] = [gx - u, gy - v];
      values[y * width + x] =
        at(u, v) * (1 - fx) * (1 - fy) + at(u + 1, v) * fx * (1 - fy) +
        at(u, v + 1) * (1 - fx) * fy + at(u + 1, v + 1) * fx * fy; // prettier-ignore
    }
  }
  return values;
}

describe('logits to mask', () => {
  it('equals interpolating at every pixel, for 400 random windows', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 400; round++) {
      const size = randomInteger(random, 1, 12);
      const [height, width] = [randomInteger(random, 1, 40), randomInteger(random, 1, 40)];
      const side = 1 + random() * 80;
      const window = { x0: random() * 60 - 30, y0: random() * 60 - 30, side };
      const logits = Float32Array.from({ length: size * size }, () => random() * 12 - 6);
      const threshold = random() < 0.5 ? 0 : random() * 2 - 1;
      const runs = logitsToMask(logits, size, window, [height, width], threshold);
      const found = decodeRuns(runs).data;
      everyPixel(logits, size, window, height, width).forEach((value, k) => {
        if (Math.abs(value - threshold) < 1e-9) return; // either is right within rounding
        assert.equal(
          found[k],
          value > threshold ? 1 : 0,
          `round ${round}, pixel ${k}, value ${value}`,
        );
      });
      assert.equal(runs.counts.reduce((a, b) => a + b, 0), height * width); // prettier-ignore
      assert.ok(
        runs.counts.every((count, k) => count > 0 || k === 0),
        'canonical runs',
      );
    }
  });

  const check = (name: string, value: number, window: Window, expected: number): unknown =>
    it(name, () => {
      const runs = logitsToMask(new Float32Array(16).fill(value), 4, window, [5, 7]);
      assert.deepEqual(decodeRuns(runs).data.reduce((a, b) => a + b, 0), expected); // prettier-ignore
    });
  check('an empty mask is valid', -3, { x0: 0, y0: 0, side: 7 }, 0);
  check('a mask can fill the image', 3, { x0: -20, y0: -20, side: 50 }, 35);
  check('a window beside the image gives nothing', 3, { x0: 100, y0: 0, side: 7 }, 0);
  check('a logit of exactly 0 is background', 0, { x0: 0, y0: 0, side: 7 }, 0);
});
