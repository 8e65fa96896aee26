import { strict as assert } from 'node:assert';
import { datasetHandlers } from '../../../../src/host/dataset/handlers';
import { Store } from '../../../../src/host/dataset/store';
import { masksToEncode } from '../../../../src/shared/edits/encodeMask';
import { resolveIntents } from '../../../../src/shared/edits/resolveIntent';
import type { ImageState, Intent } from '../../../../src/shared/edits/types';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';
import {
  annotation,
  draft,
  imageState,
  rectangle,
  resolveContext,
  SIZE,
} from '../../../support/imageStates';

const empty = rectangle(0, 0, 0, 0);
const create = (segmentation = rectangle(2, 3, 4, 2)): Intent => ({
  kind: 'annotation/create',
  categoryId: 2,
  segmentation,
  tool: 'brush',
});
const setMask = (mask = rectangle(1, 1, 3, 3)): Intent => ({
  kind: 'annotation/setMask',
  id: 1,
  mask,
  tool: 'brush',
});

describe('masks encoded before their intents are resolved', () => {
  const cases: readonly [string, ImageState, readonly Intent[]][] = [
    ['a new annotation', imageState(), [create()]],
    ['a painted one', imageState({ annotations: [annotation(1)] }), [setMask()]],
    ['one rubbed out', imageState({ annotations: [annotation(1)] }), [setMask(empty)]],
    [
      'a crowd, which stays RLE',
      imageState({ annotations: [annotation(1, { iscrowd: 1 })] }),
      [setMask()],
    ],
    [
      'an accepted draft',
      imageState({ draft: draft() }),
      [{ kind: 'draft/accept', categoryId: 1 }, create()],
    ],
  ];
  for (const [name, state, intents] of cases) {
    it(`give the same edits: ${name}`, async () => {
      const masks = masksToEncode(state, intents, SIZE);
      assert.ok(masks.length > 0);
      const { encoded } = await datasetHandlers(new Store())['mask/encode'](
        { masks, polygonTolerance: 0 },
        createCancelSource().signal,
      );
      const known = new Map(masks.map((mask, i) => [mask.counts, encoded[i] ?? null]));
      const early = resolveIntents(state, intents, resolveContext({ encoded: known }));
      const late = resolveIntents(state, intents, resolveContext());
      assert.deepEqual(early, late);
      assert.ok(early.edits.length > 0);
    });
  }

  it('leave out masks of another size, which are refused later', () => {
    const wrong = { size: [9, 9] as const, counts: rectangle(1, 1, 2, 2).counts };
    assert.deepEqual(masksToEncode(imageState(), [create(wrong)], SIZE), []);
  });
});
