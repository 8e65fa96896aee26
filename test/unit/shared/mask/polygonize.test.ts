// Masks to polygons and back.
import * as assert from 'node:assert';
import { findSelfIntersection } from '../../../../src/shared/geometry/selfIntersection';
import { signedArea } from '../../../../src/shared/geometry/polygon';
import { encodeBitmap } from '../../../../src/shared/mask/bitmap';
import { emptyRuns, xor } from '../../../../src/shared/mask/combine';
import { contoursOf } from '../../../../src/shared/mask/contours';
import { polygonsFromRuns } from '../../../../src/shared/mask/polygonize';
import { rasterizePolygon } from '../../../../src/shared/mask/rasterize';
import type { Runs } from '../../../../src/shared/mask/types';
import { forMaskPairs, maskOfText } from '../../../support/masks';

function draw(rings: readonly (readonly number[])[], like: Runs): Runs {
  return rings
    .map((ring) => rasterizePolygon(ring, like.size))
    .reduce((all, ring) => xor(all, ring), emptyRuns(like.size));
}

function forRuns(count: number, most: number, check: (runs: Runs) => void): void {
  forMaskPairs(count, most, ({ a }) => check(encodeBitmap(a)));
}

describe('polygons of masks', () => {
  it('contours along pixel edges draw the mask again', () => {
    forRuns(200, 60, (runs) => {
      const { polygons, holes } = contoursOf(runs);
      assert.deepStrictEqual(draw([...polygons, ...holes], runs), runs);
      for (const ring of polygons) assert.ok(signedArea(ring) > 0);
      for (const ring of holes) assert.ok(signedArea(ring) < 0);
    });
  });

  const shapes: readonly {
    name: string;
    rows: string[];
    polygons: number[][];
    holes: number[][];
  }[] = [
    { name: 'nothing', rows: ['..', '..'], polygons: [], holes: [] },
    { name: 'one pixel', rows: ['.#.'], polygons: [[1, 1, 1, 0, 2, 0, 2, 1]], holes: [] },
    {
      name: 'pixels that touch at a corner are two parts',
      rows: ['#.', '.#'],
      polygons: [
        [0, 1, 0, 0, 1, 0, 1, 1],
        [1, 2, 1, 1, 2, 1, 2, 2],
      ],
      holes: [],
    },
    {
      name: 'a ring with a hole',
      rows: ['###', '#.#', '###'],
      polygons: [[0, 3, 0, 0, 3, 0, 3, 3]],
      holes: [[1, 1, 1, 2, 2, 2, 2, 1]],
    },
    {
      name: 'a ring open at a corner has no hole, and its contour touches itself there',
      rows: ['###', '#.#', '##.'],
      polygons: [[0, 3, 0, 0, 3, 0, 3, 2, 2, 2, 2, 1, 1, 1, 1, 2, 2, 2, 2, 3]],
      holes: [],
    },
  ];
  for (const shape of shapes) {
    it(`contour of ${shape.name}`, () => {
      const { polygons, holes } = contoursOf(maskOfText(shape.rows));
      assert.deepStrictEqual({ polygons, holes }, { polygons: shape.polygons, holes: shape.holes });
    });
  }

  it('without loss, polygons draw every pixel again, with no more vertices and no crossing', () => {
    forRuns(400, 60, (runs) => {
      const { polygons, holes, iou } = polygonsFromRuns(runs);
      const contours = contoursOf(runs);
      assert.deepStrictEqual(draw([...polygons, ...holes], runs), runs);
      assert.strictEqual(iou, 1);
      assert.strictEqual(polygons.length, contours.polygons.length);
      assert.strictEqual(holes.length, contours.holes.length);
      assert.ok(polygons.flat().length <= contours.polygons.flat().length);
      for (const ring of [...polygons, ...holes]) {
        assert.ok(ring.length >= 6);
        assert.strictEqual(findSelfIntersection(ring), null);
      }
    });
  });

  it('with a loss allowed, the stated IoU is kept and true', () => {
    forRuns(120, 60, (runs) => {
      const exact = polygonsFromRuns(runs);
      for (const maxIouLoss of [0.01, 0.1]) {
        const { polygons, holes, iou } = polygonsFromRuns(runs, { maxIouLoss });
        assert.ok(iou >= 1 - maxIouLoss);
        assert.ok(polygons.flat().length <= exact.polygons.flat().length);
        for (const ring of [...polygons, ...holes]) {
          assert.ok(ring.length >= 6);
          assert.strictEqual(findSelfIntersection(ring), null);
        }
      }
    });
  });

  it('a large round mask needs few vertices', () => {
    const side = 400;
    const rows = Array.from({ length: side }, (_, y) =>
      Array.from({ length: side }, (_, x) =>
        Math.hypot(x + 0.5 - side / 2, y + 0.5 - side / 2) < side * 0.4 ? '#' : '.',
      ).join(''),
    );
    const runs = maskOfText(rows);
    const corners = contoursOf(runs).polygons[0]!.length / 2;
    const exact = polygonsFromRuns(runs).polygons[0]!.length / 2;
    const coarse = polygonsFromRuns(runs, { maxIouLoss: 0.01 }).polygons[0]!.length / 2;
    assert.ok(exact < corners / 4, `${exact} of ${corners}`);
    assert.ok(coarse < exact / 2, `${coarse} of ${exact}`);
  });
});
