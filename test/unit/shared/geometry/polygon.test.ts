// Polygon geometry: area, inside, distances, crossings, simplification.
import * as assert from 'node:assert';
import {
  distanceToSegment,
  isInsidePolygon,
  nearestOnPolygon,
  polygonArea,
  signedArea,
} from '../../../../src/shared/geometry/polygon';
import { findSelfIntersection } from '../../../../src/shared/geometry/selfIntersection';
import { simplifyLine, simplifyRing } from '../../../../src/shared/geometry/simplify';
import { randomInteger, seededRandom } from '../../../support/random';

function distanceToLine(line: readonly number[], x: number, y: number, closed: boolean): number {
  let least = Infinity;
  const n = line.length / 2;
  for (let i = 0; i < (closed ? n : n - 1); i++) {
    const j = (i + 1) % n;
    const [x0, y0, x1, y1] = [line[2 * i]!, line[2 * i + 1]!, line[2 * j]!, line[2 * j + 1]!];
    least = Math.min(least, distanceToSegment(x, y, x0, y0, x1, y1));
  }
  return least;
}

/** Solves for the crossing point of each two edges: slow, and another way than the code tested. */
function crossesItself(ring: readonly number[]): boolean {
  const n = ring.length / 2;
  const at = (i: number): [number, number] => [ring[2 * (i % n)]!, ring[2 * (i % n) + 1]!];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [[px, py], [qx, qy], [rx, ry], [sx, sy]] = [at(i), at(i + 1), at(j), at(j + 1)];
      const determinant = (qx - px) * (sy - ry) - (qy - py) * (sx - rx);
      if (determinant === 0) continue;
      const t = ((rx - px) * (sy - ry) - (ry - py) * (sx - rx)) / determinant;
      const u = ((rx - px) * (qy - py) - (ry - py) * (qx - px)) / determinant;
      if (t > 1e-9 && t < 1 - 1e-9 && u > 1e-9 && u < 1 - 1e-9) return true;
    }
  }
  return false;
}

describe('polygon', () => {
  it('area has the sign of the direction', () => {
    assert.strictEqual(signedArea([0, 0, 4, 0, 4, 3, 0, 3]), 12);
    assert.strictEqual(signedArea([0, 0, 0, 3, 4, 3, 4, 0]), -12);
    assert.strictEqual(polygonArea([100, 100, 100, 110, 110, 110, 110, 100]), 100);
    assert.strictEqual(polygonArea([]), 0);
    assert.strictEqual(polygonArea([1, 1, 2, 2]), 0);
  });

  it('inside follows the even-odd rule', () => {
    const u = [0, 0, 6, 0, 6, 6, 4, 6, 4, 2, 2, 2, 2, 6, 0, 6];
    assert.ok(isInsidePolygon(u, 1, 4));
    assert.ok(!isInsidePolygon(u, 3, 4));
    assert.ok(isInsidePolygon(u, 3, 1));
    assert.ok(!isInsidePolygon(u, 7, 1));
    assert.ok(!isInsidePolygon([], 0, 0));
  });

  it('measures the distance to a segment, its ends and a point', () => {
    assert.strictEqual(distanceToSegment(5, 3, 0, 0, 10, 0), 3);
    assert.strictEqual(distanceToSegment(13, 4, 0, 0, 10, 0), 5);
    assert.strictEqual(distanceToSegment(3, 4, 0, 0, 0, 0), 5);
    const square = [0, 0, 10, 0, 10, 10, 0, 10];
    assert.deepStrictEqual(nearestOnPolygon(square, 9, 5), { edge: 1, distance: 1 });
    assert.deepStrictEqual(nearestOnPolygon(square, 1, 5), { edge: 3, distance: 1 });
    assert.strictEqual(nearestOnPolygon([], 0, 0).edge, -1);
  });

  it('finds crossings of random rings as solving each pair of edges does', () => {
    let crossing = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = seededRandom(seed);
      const n = randomInteger(random, 3, 8);
      const ring = Array.from({ length: 2 * n }, () => random() * 100);
      const expected = crossesItself(ring);
      assert.strictEqual(findSelfIntersection(ring) !== null, expected, `seed ${seed}`);
      crossing += Number(expected);
    }
    assert.ok(crossing > 50 && crossing < 350, `${crossing} of 400 cross`);
  });

  it('touching is not crossing', () => {
    assert.strictEqual(findSelfIntersection([0, 0, 2, 0, 1, 1, 2, 2, 0, 2, 1, 1]), null);
    assert.deepStrictEqual(findSelfIntersection([0, 0, 4, 4, 4, 0, 0, 4]), [0, 2]);
  });

  it('simplifies within the tolerance, keeping ends and at least a triangle', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const n = randomInteger(random, 3, 60);
      const line = Array.from({ length: n }, (_, i) => [i + random(), random() * 6]).flat();
      const tolerance = random() * 4;
      const simple = simplifyLine(line, tolerance);
      const ring = simplifyRing(line, tolerance);
      assert.deepStrictEqual(
        [...simple.slice(0, 2), ...simple.slice(-2)],
        [...line.slice(0, 2), ...line.slice(-2)],
      );
      assert.ok(ring.length >= 6, `seed ${seed}`);
      for (let i = 0; i < n; i++) {
        const [x, y] = [line[2 * i]!, line[2 * i + 1]!];
        assert.ok(distanceToLine(simple, x, y, false) <= tolerance + 1e-9, `seed ${seed}`);
        assert.ok(distanceToLine(ring, x, y, true) <= tolerance + 1e-9, `seed ${seed}`);
      }
    }
    assert.deepStrictEqual(simplifyRing([0, 0, 4, 0, 4, 4], 100), [0, 0, 4, 0, 4, 4]);
    assert.strictEqual(simplifyRing([0, 0, 2, 0, 4, 0, 4, 4, 0, 4], 100).length, 6);
  });
});
