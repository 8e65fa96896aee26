import { strict as assert } from 'node:assert';
import { areaOf } from '../../../../src/shared/mask/area';
import { rasterizePolygons } from '../../../../src/shared/mask/rasterize';

const size = [8, 10] as const;

describe('rasterizePolygons with bad coordinates', () => {
  const cases: readonly [string, readonly number[], RegExp][] = [
    ['an odd number of values', [0, 0, 5, 0, 5], /even number of values; found 5/],
    ['NaN', [0, 0, 5, NaN, 5, 5], /value 3 must be a finite number/],
    ['infinity', [0, 0, Infinity, 0, 5, 5], /value 2 must be a finite number/],
    ['a coordinate of 1e21', [0, 0, 3, 1e21, 5, 5], /value 3 is beyond/],
  ];
  for (const [name, polygon, message] of cases) {
    it(`refuses ${name}`, () => {
      assert.throws(() => rasterizePolygons([polygon], size), { name: 'RangeError', message });
    });
  }

  it('cuts off what lies far outside the image', () => {
    const far = 9e8;
    const runs = rasterizePolygons([[-far, -far, far, -far, far, far, -far, far]], size);
    assert.equal(areaOf(runs), 80);
  });
});
