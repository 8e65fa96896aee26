// COCO's segmentation field in its three encodings.
import * as assert from 'node:assert';
import {
  isPolygons,
  isRle,
  maskOf,
  measure,
  runsOf,
  segmentationFromMask,
} from '../../../../src/shared/coco/segmentation';
import type { Segmentation } from '../../../../src/shared/coco/types';
import type { Size } from '../../../../src/shared/geometry/types';
import { encodeBitmap } from '../../../../src/shared/mask/bitmap';
import { hasHoles } from '../../../../src/shared/mask/holes';
import { iou } from '../../../../src/shared/mask/iou';
import { runsToString } from '../../../../src/shared/mask/rleString';
import { forMaskPairs, maskOfText } from '../../../support/masks';

const square = maskOfText(['....', '.##.', '.##.']);
const ring = maskOfText(['###', '#.#', '###']);
const size: Size = [3, 4];

describe('segmentation', () => {
  const encodings: readonly { name: string; segmentation: Segmentation }[] = [
    { name: 'polygons', segmentation: [[1, 1, 3, 1, 3, 3, 1, 3]] },
    {
      name: 'two parts that overlap',
      segmentation: [
        [1, 1, 3, 1, 3, 2, 1, 2],
        [1, 1, 3, 1, 3, 3, 1, 3],
      ],
    },
    { name: 'compressed RLE', segmentation: runsToString(square) },
    { name: 'uncompressed RLE', segmentation: { size, counts: [4, 2, 1, 2, 3] } },
  ];
  for (const { name, segmentation } of encodings) {
    it(`reads ${name}`, () => {
      assert.deepStrictEqual(runsOf(segmentation, size), square);
      assert.strictEqual(isPolygons(segmentation), Array.isArray(segmentation));
      assert.strictEqual(isRle(segmentation), !Array.isArray(segmentation));
    });
  }

  const malformed: readonly { segmentation: unknown; message: RegExp }[] = [
    { segmentation: [[1, 2, 3]], message: /even number of values; found 3/ },
    { segmentation: [[1, 2, 3, null]], message: /value 3 must be a finite number; found null/ },
    { segmentation: [[1, 2, 3, Infinity]], message: /value 3/ },
    { segmentation: [1, 2, 3, 4, 5, 6], message: /list of polygons or an RLE/ },
    { segmentation: 'polygon', message: /list of polygons or an RLE/ },
    { segmentation: null, message: /list of polygons or an RLE/ },
    { segmentation: { counts: [12] }, message: /list of polygons or an RLE/ },
    {
      segmentation: { size: [4, 3], counts: [12] },
      message: /size is 4 × 3, the image's is 3 × 4/,
    },
    { segmentation: { size: [3, 4], counts: [11] }, message: /add up to 11/ },
    { segmentation: { size: [3, 4], counts: {} }, message: /list of numbers/ },
  ];
  for (const { segmentation, message } of malformed) {
    it(`refuses ${JSON.stringify(segmentation)}`, () => {
      const read = (): unknown => runsOf(segmentation as Segmentation, size);
      assert.throws(read, { name: 'RangeError', message });
    });
  }

  it('an annotation without segmentation has no mask; others keep theirs', () => {
    const annotation = { id: 1, image_id: 1, category_id: 1 };
    assert.strictEqual(maskOf(annotation, size), null);
    const drawn = { ...annotation, segmentation: encodings[0]!.segmentation };
    const mask = maskOf(drawn, size);
    assert.deepStrictEqual(mask, square);
    assert.strictEqual(maskOf({ ...drawn, id: 2 }, size), mask);
    assert.deepStrictEqual(maskOf(drawn, [8, 9])?.size, [8, 9]);
  });

  it('measures masks and RLE alike', () => {
    const expected = { bbox: [1, 1, 2, 2], area: 4 };
    assert.deepStrictEqual(measure(square), expected);
    assert.deepStrictEqual(measure(runsToString(square)), expected);
    assert.deepStrictEqual(measure(maskOfText(['..'])), { bbox: [0, 0, 0, 0], area: 0 });
  });

  it('stores a mask without holes as polygons, one with holes or nothing in it as RLE', () => {
    assert.ok(isPolygons(segmentationFromMask(square)));
    assert.deepStrictEqual(
      segmentationFromMask(runsToString(square)),
      segmentationFromMask(square),
    );
    assert.deepStrictEqual(segmentationFromMask(ring), runsToString(ring));
    const empty = maskOfText(['...']);
    assert.deepStrictEqual(segmentationFromMask(empty), runsToString(empty));
  });

  it('what is stored is the mask, at the tolerance allowed', () => {
    forMaskPairs(250, 50, ({ a, random }) => {
      const mask = encodeBitmap(a);
      const exact = segmentationFromMask(mask);
      assert.deepStrictEqual(runsOf(exact, mask.size), mask);
      assert.strictEqual(isRle(exact), hasHoles(mask) || mask.counts.length === 1);
      const tolerance = random() * 0.1;
      const close = runsOf(segmentationFromMask(mask, { tolerance }), mask.size);
      if (mask.counts.length > 1) assert.ok(iou(close, mask) >= 1 - tolerance);
      if (isPolygons(exact)) {
        for (const part of exact) {
          assert.ok(part.length >= 6 && part.every((value) => Number.isInteger(value * 2)));
        }
      }
    });
  });
});
