import { strict as assert } from 'node:assert';
import { scan } from '../../../../src/shared/coco/scan';
import {
  seededNumbers,
  splitRandomly,
  splitStratified,
} from '../../../../src/shared/coco/splitImages';
import { encodeText } from '../../../../src/shared/coco/text';

const parts = [
  { name: 'train', share: 0.7 },
  { name: 'val', share: 0.2 },
  { name: 'test', share: 0.1 },
];

const sizes = (split: Uint8Array): number[] =>
  parts.map((_, part) => split.filter((each) => each === part).length);

describe('splitting images', () => {
  for (const count of [0, 1, 2, 7, 100, 1003]) {
    it(`gives ${count} images by the shares at random`, () => {
      const split = splitRandomly(count, parts, seededNumbers(3));
      assert.equal(split.length, count);
      sizes(split).forEach((size, k) => assert.ok(Math.abs(size - parts[k]!.share * count) <= 1));
    });
  }

  it('gives the same for the same seed, and another for another', () => {
    const split = (seed: number): Uint8Array => splitRandomly(100, parts, seededNumbers(seed));
    assert.deepEqual(split(1), split(1));
    assert.notDeepEqual(split(1), split(2));
  });

  it('spreads categories by the shares and keeps the sizes, even with many rare ones', () => {
    const images = Array.from({ length: 200 }, (_, k) => ({ id: k + 1, file_name: `${k}` }));
    // category 1 on every image, 2 on 50, 3 on 20, and one of its own on each of 60
    const labels = (k: number): number[] => [
      1,
      ...(k < 50 ? [2] : []),
      ...(k % 10 === 0 ? [3] : []),
      ...(k >= 140 ? [100 + k] : []),
    ];
    const annotations = images.flatMap(({ id }, k) =>
      labels(k).map((category_id) => ({ image_id: id, category_id })),
    );
    const index = scan(encodeText(JSON.stringify({ images, annotations })));
    const split = splitStratified(index, parts, seededNumbers(5));
    assert.deepEqual(sizes(split), [140, 40, 20]);
    for (const label of [2, 3]) {
      const rows = images.flatMap((_, k) => (labels(k).includes(label) ? [k] : []));
      parts.forEach(({ share }, part) => {
        const count = rows.filter((row) => split[row] === part).length;
        assert.ok(Math.abs(count - share * rows.length) <= 2, `${label} in ${part}: ${count}`);
      });
    }
  });
});
