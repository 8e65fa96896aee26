// Mask kernels against brute force over pixels, on seeded random masks.
import * as assert from 'node:assert';
import { areaOf } from '../../../../src/shared/mask/area';
import { bboxOf } from '../../../../src/shared/mask/bbox';
import { decodeRuns, encodeBitmap, encodeLogits } from '../../../../src/shared/mask/bitmap';
import {
  intersect,
  invert,
  subtract,
  union,
  unionAll,
  xor,
} from '../../../../src/shared/mask/combine';
import { iou, iouMatrix } from '../../../../src/shared/mask/iou';
import { runsFromString, runsToString } from '../../../../src/shared/mask/rleString';
import type { Bitmap, Runs } from '../../../../src/shared/mask/types';
import { forMaskPairs } from '../../../support/masks';
import type { MaskPair } from '../../../support/masks';

function pixelwise({ a, b }: MaskPair, op: (p: number, q: number) => boolean): Runs {
  const data = a.data.map((p, i) => (op(p, b.data[i]!) ? 1 : 0));
  return encodeBitmap({ width: a.width, height: a.height, data });
}

/** Run lengths by walking every pixel column by column. */
function naiveCounts({ width, height, data }: Bitmap): number[] {
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const pixel = data[y * width + x]!;
      if (pixel !== value) {
        counts.push(run);
        value = pixel;
        run = 0;
      }
      run++;
    }
  }
  return [...counts, run];
}

describe('mask kernels equal brute force over pixels', () => {
  it('encodes and decodes', () => {
    forMaskPairs(300, 40, ({ a }) => {
      const runs = encodeBitmap(a);
      assert.deepStrictEqual([...runs.counts], naiveCounts(a));
      assert.deepStrictEqual(decodeRuns(runs), a);
    });
  });

  it('encodes the pixels of logits above a threshold', () => {
    forMaskPairs(100, 30, ({ a, b }) => {
      const logits = Float32Array.from(a.data, (pixel, i) => (pixel ? 2 : b.data[i] ? 1 : -3));
      assert.deepStrictEqual(encodeLogits(logits, a.width, a.height, 1), encodeBitmap(a));
    });
  });

  it('writes and reads the compressed string', () => {
    forMaskPairs(300, 60, ({ a }) => {
      const runs = encodeBitmap(a);
      assert.deepStrictEqual(runsFromString(runsToString(runs)), runs);
    });
  });

  it('computes area and bbox', () => {
    forMaskPairs(300, 30, ({ a }) => {
      const runs = encodeBitmap(a);
      const pixels = [...a.data.keys()].filter((i) => a.data[i]);
      const xs = pixels.map((i) => i % a.width);
      const ys = pixels.map((i) => Math.floor(i / a.width));
      const [x, y] = [Math.min(...xs), Math.min(...ys)];
      const box = pixels.length
        ? [x, y, Math.max(...xs) - x + 1, Math.max(...ys) - y + 1]
        : [0, 0, 0, 0];
      assert.strictEqual(areaOf(runs), pixels.length);
      assert.deepStrictEqual(bboxOf(runs), box);
    });
  });

  it('combines', () => {
    forMaskPairs(300, 30, (example) => {
      const a = encodeBitmap(example.a);
      const b = encodeBitmap(example.b);
      assert.deepStrictEqual(
        union(a, b),
        pixelwise(example, (p, q) => p + q > 0),
      );
      assert.deepStrictEqual(unionAll([a, b, a], a.size), union(a, b));
      assert.deepStrictEqual(
        intersect(a, b),
        pixelwise(example, (p, q) => p * q > 0),
      );
      assert.deepStrictEqual(
        subtract(a, b),
        pixelwise(example, (p, q) => p > q),
      );
      assert.deepStrictEqual(
        xor(a, b),
        pixelwise(example, (p, q) => p !== q),
      );
      assert.deepStrictEqual(
        invert(a),
        pixelwise(example, (p) => p === 0),
      );
    });
  });

  it('computes IoU, with and without crowd', () => {
    forMaskPairs(300, 25, (example) => {
      const a = encodeBitmap(example.a);
      const b = encodeBitmap(example.b);
      const common = areaOf(intersect(a, b));
      assert.strictEqual(iou(a, b), common ? common / areaOf(union(a, b)) : 0);
      assert.strictEqual(iou(a, b, { crowd: true }), common ? common / areaOf(a) : 0);
      assert.deepStrictEqual(
        [...iouMatrix([a, b], [b, a], [true, false])],
        [iou(a, b, { crowd: true }), iou(a, a), iou(b, b, { crowd: true }), iou(b, a)],
      );
    });
  });
});
