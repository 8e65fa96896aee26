import assert from 'node:assert';
import { encodeBitmap } from '../../../../src/shared/mask/bitmap';
import { cycleHit, hitTest } from '../../../../webview/state/hitTest';
import { annotationMask, indexMask, maskContains, maskOf } from '../../../../webview/state/masks';
import { reduce } from '../../../../webview/state/reducer';
import { randomBitmap, randomSides } from '../../../support/masks';
import { annotation, FakePage, SIZE } from '../../../support/pageSession';
import { seededRandom } from '../../../support/random';

describe('point test', () => {
  it('agrees with the pixels, everywhere and around', () => {
    const random = seededRandom(21);
    for (let n = 0; n < 80; n++) {
      const [width, height] = randomSides(random, 24);
      const bitmap = randomBitmap(random, width, height);
      const mask = indexMask(encodeBitmap(bitmap));
      for (let y = -1; y <= height; y++)
        for (let x = -1; x <= width; x++) {
          const isInside = x >= 0 && y >= 0 && x < width && y < height;
          const expected = isInside && bitmap.data[y * width + x] === 1;
          assert.strictEqual(maskContains(mask, { x: x + 0.5, y: y + 0.99 }), expected);
        }
    }
  });
});

describe('masks of annotations', () => {
  it('are read once an object', () => {
    const one = annotation(1, [[0, 0, 4, 0, 4, 4, 0, 4]]);
    assert.strictEqual(annotationMask(one, SIZE), annotationMask({ ...one }, SIZE));
  });

  it('fall back to the box, and to nothing for what cannot be read', () => {
    const box = annotationMask(annotation(1, undefined, { bbox: [1, 2, 3, 2] }), SIZE).box;
    assert.deepStrictEqual(box, [1, 2, 4, 4]);
    for (const bad of [
      annotation(2, undefined),
      annotation(3, undefined, { bbox: [NaN, 0, 1, 1] }),
      annotation(4, { size: [2, 2], counts: '04' }),
      annotation(5, { size: SIZE, counts: '!!' }),
      annotation(6, [[1, 2, 3]]),
    ])
      assert.deepStrictEqual(annotationMask(bad, SIZE).box, [0, 0, 0, 0], `annotation ${bad.id}`);
    assert.deepStrictEqual(maskOf(undefined, SIZE).box, [0, 0, 0, 0]);
  });
});

describe('hit test', () => {
  it('finds what is visible, smallest first', async () => {
    const { state } = await FakePage.open();
    const at = { x: 1.5, y: 1.5 };
    assert.deepStrictEqual(hitTest(state, at), [1, 2]);
    assert.deepStrictEqual(hitTest(state, { x: 5.5, y: 3.5 }), []);
    const whole = annotation(9, [[0, 0, 8, 0, 8, 6, 0, 6]]);
    const doc = { ...state.doc!, annotations: [...state.doc!.annotations, whole] };
    const crowded = reduce(state, { kind: 'doc', revision: 2, doc });
    assert.deepStrictEqual(hitTest(crowded, at), [1, 2, 9]);
    assert.deepStrictEqual(
      hitTest(reduce(crowded, { kind: 'toggleHidden', ids: [1] }), at),
      [2, 9],
    );
    const off = reduce(crowded, { kind: 'masksVisible', visible: false });
    assert.deepStrictEqual(hitTest(off, at), []);
  });

  it('goes through what overlaps', () => {
    assert.strictEqual(cycleHit([4, 5, 6], []), 4);
    assert.strictEqual(cycleHit([4, 5, 6], [4]), 5);
    assert.strictEqual(cycleHit([4, 5, 6], [6]), 4);
    assert.strictEqual(cycleHit([4, 5], [4, 5]), 4);
    assert.strictEqual(cycleHit([], [4]), null);
  });
});
