// Several rings as one cover the same pixels.
import * as assert from 'node:assert';
import { joinRings } from '../../../../src/shared/geometry/joinRings';
import { roundTo } from '../../../../src/shared/geometry/round';
import { encodeBitmap } from '../../../../src/shared/mask/bitmap';
import { contoursOf } from '../../../../src/shared/mask/contours';
import { rasterizePolygon } from '../../../../src/shared/mask/rasterize';
import { forMaskPairs } from '../../../support/masks';

describe('joinRings', () => {
  it('parts and holes of any mask become one ring that draws the mask', () => {
    forMaskPairs(100, 24, ({ a }) => {
      const mask = encodeBitmap(a);
      const { polygons, holes } = contoursOf(mask);
      const joined = joinRings([...polygons, ...holes]);
      assert.deepStrictEqual(rasterizePolygon(joined, mask.size), mask);
    });
  });

  it('one ring stays as it is, none is empty', () => {
    assert.deepStrictEqual(joinRings([[1, 2, 3, 4, 5, 6]]), [1, 2, 3, 4, 5, 6]);
    assert.deepStrictEqual(joinRings([]), []);
  });
});

describe('roundTo', () => {
  it('rounds to decimals, without a negative zero', () => {
    assert.strictEqual(roundTo(1.005, 1), 1);
    assert.strictEqual(roundTo(12.3456, 2), 12.35);
    assert.ok(Object.is(roundTo(-0.001, 2), 0));
  });
});
