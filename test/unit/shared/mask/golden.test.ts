// Mask kernels against pycocotools; test/fixtures/golden/makeMaskGolden.py made the values.
import * as assert from 'node:assert';
import { readFileSync } from 'node:fs';
import type { Bbox, Size } from '../../../../src/shared/geometry/types';
import { areaOf } from '../../../../src/shared/mask/area';
import { bboxOf } from '../../../../src/shared/mask/bbox';
import { decodeRuns, encodeBitmap } from '../../../../src/shared/mask/bitmap';
import { intersect, union } from '../../../../src/shared/mask/combine';
import { iouMatrix } from '../../../../src/shared/mask/iou';
import { rasterizePolygons } from '../../../../src/shared/mask/rasterize';
import {
  runsFromCounts,
  runsFromString,
  runsToString,
} from '../../../../src/shared/mask/rleString';

interface MaskGolden {
  readonly groups: readonly {
    readonly size: Size;
    readonly masks: readonly {
      readonly uncompressed: readonly number[];
      readonly counts: string;
      readonly area: number;
      readonly bbox: Bbox;
    }[];
    readonly iou: readonly (readonly number[])[];
    readonly crowdIou: readonly (readonly number[])[];
    readonly union: readonly (readonly string[])[];
    readonly intersect: readonly (readonly string[])[];
  }[];
}

interface PolygonGolden {
  readonly cases: readonly {
    readonly size: Size;
    readonly kind: string;
    readonly polygons: readonly (readonly number[])[];
    readonly counts: string;
  }[];
}

function golden<T>(name: string): T {
  return JSON.parse(readFileSync(`test/fixtures/golden/${name}`, 'utf8')) as T;
}

describe('mask kernels give the values of pycocotools', () => {
  for (const group of golden<MaskGolden>('mask.json').groups) {
    const { size } = group;
    const masks = group.masks.map((mask) => runsFromString({ size, counts: mask.counts }));

    it(`string, runs, pixels, area, bbox at ${size.join(' × ')}`, () => {
      group.masks.forEach((mask, i) => {
        const runs = runsFromCounts({ size, counts: mask.uncompressed });
        assert.deepStrictEqual(masks[i], runs);
        assert.strictEqual(runsToString(runs).counts, mask.counts);
        assert.deepStrictEqual(encodeBitmap(decodeRuns(runs)), runs);
        assert.strictEqual(areaOf(runs), mask.area);
        assert.deepStrictEqual(bboxOf(runs), mask.bbox);
      });
    });

    it(`IoU, union, intersection at ${size.join(' × ')}`, () => {
      const crowd = masks.map(() => true);
      assert.deepStrictEqual([...iouMatrix(masks, masks)], group.iou.flat());
      assert.deepStrictEqual([...iouMatrix(masks, masks, crowd)], group.crowdIou.flat());
      for (const [i, a] of masks.slice(0, 3).entries()) {
        for (const [j, b] of masks.slice(0, 3).entries()) {
          assert.strictEqual(runsToString(union(a, b)).counts, group.union[i]![j]);
          assert.strictEqual(runsToString(intersect(a, b)).counts, group.intersect[i]![j]);
        }
      }
    });
  }

  const polygons = golden<PolygonGolden>('polygon.json').cases;
  for (const kind of new Set(polygons.map((example) => example.kind))) {
    it(`polygons: ${kind}`, () => {
      for (const { kind: of, polygons: parts, size, counts } of polygons) {
        if (of !== kind) continue;
        const found = runsToString(rasterizePolygons(parts, size)).counts;
        assert.strictEqual(found, counts, `${JSON.stringify(parts)} at ${size.join(' × ')}`);
      }
    });
  }
});
