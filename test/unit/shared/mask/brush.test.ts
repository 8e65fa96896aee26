// Strokes against the distance of every pixel centre to the path.
import * as assert from 'node:assert';
import { distanceToSegment } from '../../../../src/shared/geometry/polygon';
import type { ImagePoint } from '../../../../src/shared/geometry/types';
import { paintStroke } from '../../../../src/shared/mask/brush';
import { forMaskPairs } from '../../../support/masks';
import { randomInteger } from '../../../support/random';

function distanceToPath(path: readonly ImagePoint[], x: number, y: number): number {
  const distances = path.map((point, i) => {
    const before = path[Math.max(0, i - 1)]!;
    return distanceToSegment(x, y, before.x, before.y, point.x, point.y);
  });
  return Math.min(...distances);
}

describe('paintStroke', () => {
  it('paints and erases the pixels within the radius, and tells where', () => {
    forMaskPairs(300, 30, ({ a, random }) => {
      const before = a.data.slice();
      const path = Array.from({ length: randomInteger(random, 1, 4) }, () => ({
        x: random() * 50 - 10,
        y: random() * 50 - 10,
      }));
      const radius = 0.8 + random() * 6;
      const value = random() < 0.5 ? 0 : 1;
      const dirty = paintStroke(a, path, radius, value);
      for (let i = 0; i < a.data.length; i++) {
        const [x, y] = [i % a.width, Math.floor(i / a.width)];
        const covered = distanceToPath(path, x + 0.5, y + 0.5) <= radius;
        assert.strictEqual(a.data[i], covered ? value : before[i], `pixel ${x}, ${y}`);
        if (covered) {
          assert.ok(dirty && x >= dirty[0] && y >= dirty[1] && x < dirty[2] && y < dirty[3]);
        }
      }
    });
  });

  const blank = () => ({ width: 9, height: 9, data: new Uint8Array(81) });
  const area = (data: Uint8Array): number => data.reduce((sum, p) => sum + p, 0);

  it('the thinnest brush paints a pixel wherever it is set down', () => {
    for (const at of [0.01, 0.25, 0.5, 0.75, 0.99]) {
      const bitmap = blank();
      assert.ok(paintStroke(bitmap, [{ x: 4 + at, y: 4 + at }], 0, 1));
      assert.strictEqual(bitmap.data[4 * 9 + 4], 1);
    }
  });

  it('a thin horizontal and a thin vertical line have no gap', () => {
    for (const [x1, y1] of [
      [8.5, 0.5],
      [0.5, 8.5],
    ] as const) {
      const bitmap = blank();
      paintStroke(
        bitmap,
        [
          { x: 0.5, y: 0.5 },
          { x: x1, y: y1 },
        ],
        0.5,
        1,
      );
      assert.strictEqual(area(bitmap.data), 9);
    }
  });

  it('answers null when nothing was hit', () => {
    const bitmap = blank();
    assert.strictEqual(paintStroke(bitmap, [], 3, 1), null);
    assert.strictEqual(paintStroke(bitmap, [{ x: -50, y: 4 }], 3, 1), null);
    assert.strictEqual(area(bitmap.data), 0);
  });
});
