// Boxes in their two forms.
import * as assert from 'node:assert';
import {
  bboxFromBox,
  boxArea,
  boxFromBbox,
  boxIou,
  clampBox,
  coverBox,
  expandBox,
  intersectBox,
  isInBox,
  normaliseBox,
  roundOutBox,
} from '../../../../src/shared/geometry/box';
import type { Box } from '../../../../src/shared/geometry/types';

describe('box', () => {
  it('turns XYXY to XYWH and back', () => {
    assert.deepStrictEqual(bboxFromBox([2, 3, 7, 11]), [2, 3, 5, 8]);
    assert.deepStrictEqual(boxFromBbox([2, 3, 5, 8]), [2, 3, 7, 11]);
  });

  it('a box may be dragged from any corner to its opposite', () => {
    for (const [a, b] of [
      [
        [1, 2],
        [5, 9],
      ],
      [
        [5, 2],
        [1, 9],
      ],
      [
        [5, 9],
        [1, 2],
      ],
      [
        [1, 9],
        [5, 2],
      ],
    ] as const) {
      const box = normaliseBox({ x: a[0], y: a[1] }, { x: b[0], y: b[1] });
      assert.deepStrictEqual(box, [1, 2, 5, 9]);
    }
  });

  const pairs: readonly { a: Box; b: Box; common: Box | null; iou: number }[] = [
    { a: [0, 0, 4, 4], b: [2, 2, 6, 6], common: [2, 2, 4, 4], iou: 4 / 28 },
    { a: [0, 0, 4, 4], b: [0, 0, 4, 4], common: [0, 0, 4, 4], iou: 1 },
    { a: [0, 0, 4, 4], b: [4, 0, 8, 4], common: null, iou: 0 },
    { a: [0, 0, 4, 4], b: [1, 1, 2, 2], common: [1, 1, 2, 2], iou: 1 / 16 },
    { a: [0, 0, 0, 0], b: [0, 0, 0, 0], common: null, iou: 0 },
  ];
  for (const { a, b, common, iou } of pairs) {
    it(`[${a.join()}] and [${b.join()}]`, () => {
      assert.deepStrictEqual(intersectBox(a, b), common);
      assert.deepStrictEqual(intersectBox(b, a), common);
      assert.strictEqual(boxIou(a, b), iou);
    });
  }

  it('covers, clamps, expands and rounds', () => {
    assert.deepStrictEqual(coverBox([0, 5, 2, 6], [1, 1, 9, 2]), [0, 1, 9, 6]);
    assert.deepStrictEqual(clampBox([-3, 2, 50, 60], [20, 30]), [0, 2, 30, 20]);
    assert.strictEqual(clampBox([40, 0, 50, 10], [20, 30]), null);
    assert.deepStrictEqual(expandBox([2, 3, 4, 5], 1), [1, 2, 5, 6]);
    assert.deepStrictEqual(roundOutBox([0.2, 0.8, 3.1, 4]), [0, 0, 4, 4]);
    assert.strictEqual(boxArea([3, 3, 2, 9]), 0);
  });

  it('holds its left and upper edge, not its right and lower', () => {
    assert.ok(isInBox([1, 1, 3, 3], 1, 1));
    assert.ok(!isInBox([1, 1, 3, 3], 3, 1));
    assert.ok(!isInBox([1, 1, 3, 3], 1, 3));
  });
});
