import { strict as assert } from 'node:assert';
import type { InstanceAnnotation } from '../../../../src/shared/coco/types';
import { applyEdits } from '../../../../src/shared/edits/apply';
import type { ResolveContext } from '../../../../src/shared/edits/resolveContext';
import { resolveIntents } from '../../../../src/shared/edits/resolveIntent';
import type { ImageState, Intent } from '../../../../src/shared/edits/types';
import {
  annotation,
  category,
  draft,
  imageState,
  rectangle,
  resolveContext,
} from '../../../support/imageStates';

/** The state after the intents. */
function resolve(
  state: ImageState,
  intents: Intent | readonly Intent[],
  context: Partial<ResolveContext> = {},
): ImageState & { readonly createdIds: readonly number[] } {
  const list = Array.isArray(intents) ? (intents as readonly Intent[]) : [intents as Intent];
  const { edits, createdIds } = resolveIntents(state, list, resolveContext(context));
  return { ...applyEdits(state, edits), createdIds };
}

function only(state: ImageState): InstanceAnnotation {
  assert.equal(state.annotations.length, 1);
  return state.annotations[0]!;
}

const one = imageState({ annotations: [annotation(1)] });
const three = imageState({
  annotations: [
    annotation(1, { segmentation: rectangle(0, 0, 4, 4), area: 16, bbox: [0, 0, 4, 4] }),
    annotation(2, { segmentation: rectangle(2, 2, 4, 4), area: 16, bbox: [2, 2, 4, 4] }),
    annotation(3, { segmentation: rectangle(7, 5, 2, 2), area: 4, bbox: [7, 5, 2, 2] }),
  ],
});

describe('resolveIntents: annotations', () => {
  it('creates one with id, bbox, area and encoding made here', () => {
    const segmentation = rectangle(2, 3, 4, 2);
    const after = resolve(imageState(), {
      kind: 'annotation/create',
      categoryId: 2,
      segmentation,
      tool: 'brush',
    });
    assert.deepEqual(after.createdIds, [100]);
    assert.deepEqual(only(after), {
      id: 100,
      image_id: 1,
      category_id: 2,
      segmentation: [[2, 5, 2, 3, 6, 3, 6, 5]],
      area: 8,
      bbox: [2, 3, 4, 2],
      iscrowd: 0,
    });
  });

  it('keeps polygons as drawn, cut to the image', () => {
    const segmentation = [[-2, 1, 4, 1, 4, 20, -2, 20]];
    const create: Intent = {
      kind: 'annotation/create',
      categoryId: 1,
      segmentation,
      tool: 'polygon',
    };
    const made = only(resolve(imageState(), create));
    assert.deepEqual(made.segmentation, [[0, 1, 4, 1, 4, 8, 0, 8]]);
    assert.deepEqual([made.area, made.bbox], [28, [0, 1, 4, 7]]);
  });

  it('stores a mask with a hole as RLE with iscrowd 0', () => {
    const ring = resolve(three, [
      { kind: 'annotation/setMask', id: 2, mask: rectangle(1, 1, 2, 2), tool: 'brush' },
      { kind: 'annotation/combine', ids: [1, 2], operation: 'subtract' },
    ]).annotations[0]!;
    assert.equal(typeof (ring.segmentation as { counts?: unknown }).counts, 'string');
    assert.deepEqual([ring.area, ring.iscrowd], [12, 0]);
  });

  it('changes a mask and keeps every other field', () => {
    const intent: Intent = {
      kind: 'annotation/setMask',
      id: 1,
      mask: rectangle(0, 0, 3, 3),
      tool: 'brush',
    };
    const { segmentation, area, bbox, ...rest } = only(resolve(one, intent));
    assert.deepEqual([segmentation, area, bbox], [[[0, 3, 0, 0, 3, 0, 3, 3]], 9, [0, 0, 3, 3]]);
    const { segmentation: _s, area: _a, bbox: _b, ...before } = only(one);
    assert.deepEqual(rest, before);
  });

  it('keeps a crowd region a crowd, as RLE', () => {
    const state = imageState({ annotations: [annotation(1, { iscrowd: 1 })] });
    const mask = rectangle(0, 0, 3, 3);
    const after = only(resolve(state, { kind: 'annotation/setMask', id: 1, mask, tool: 'brush' }));
    assert.deepEqual([after.iscrowd, after.segmentation], [1, mask]);
  });

  it('deletes an annotation that is erased completely', () => {
    const mask = rectangle(0, 0, 0, 0);
    const after = resolve(one, { kind: 'annotation/setMask', id: 1, mask, tool: 'eraser' });
    assert.deepEqual(after.annotations, []);
  });

  const combined: readonly [
    operation: 'union' | 'subtract' | 'intersect',
    ids: number[],
    area: number,
  ][] = [
    ['union', [1, 3], 28],
    ['subtract', [1, 2, 3], 12],
    ['intersect', [1, 3], 4],
  ];
  for (const [operation, left, area] of combined) {
    it(`combines by ${operation}`, () => {
      const after = resolve(three, { kind: 'annotation/combine', ids: [1, 2], operation });
      assert.deepEqual(
        after.annotations.map(({ id }) => id),
        left,
      );
      assert.equal(after.annotations[0]!.area, area);
    });
  }

  it('sets category, attributes and crowd, and nothing else', () => {
    const after = resolve(three, [
      { kind: 'annotation/setCategory', ids: [1, 3], categoryId: 2 },
      { kind: 'annotation/setAttributes', id: 1, attributes: { occluded: true } },
      { kind: 'annotation/setCrowd', id: 3, iscrowd: 1 },
    ]);
    const [a, b, c] = three.annotations;
    assert.deepEqual(after.annotations, [
      { ...a, category_id: 2, attributes: { occluded: true } },
      b,
      { ...c, category_id: 2, iscrowd: 1 },
    ]);
  });

  it('deletes and reorders', () => {
    const after = resolve(three, [
      { kind: 'annotation/reorder', id: 1, to: 99 },
      { kind: 'annotation/delete', ids: [3, 2] },
    ]);
    assert.deepEqual(
      after.annotations.map(({ id }) => id),
      [1],
    );
    const lowered = resolve(three, { kind: 'annotation/reorder', id: 3, to: 0 });
    assert.deepEqual(
      lowered.annotations.map(({ id }) => id),
      [3, 1, 2],
    );
  });
});

describe('resolveIntents: draft', () => {
  const drafted = imageState({ draft: draft() });
  const time = '2026-01-02T03:04:05.000Z';

  it('accepts the selected candidate with its provenance', () => {
    const after = resolve(
      drafted,
      [
        { kind: 'draft/select', selected: 1 },
        { kind: 'draft/accept', categoryId: 2 },
      ],
      { provenanceTime: time },
    );
    assert.equal(after.draft, null);
    assert.deepEqual(after.createdIds, [100]);
    const { area, category_id, promptmark } = only(after);
    assert.deepEqual([area, category_id], [16, 2]);
    assert.deepEqual(promptmark, {
      tool: 'prompt',
      model: 'builtin',
      model_sha256: 'abc',
      prompts: { points: [[1.25, 1.5, 1]] },
      iou_score: 0.9124,
      stability_score: 0.95,
      time,
    });
  });

  it('accepts a draft that was painted on, with the painted mask, in one step', () => {
    const mask = rectangle(1, 1, 6, 5);
    const accept: Intent = {
      kind: 'draft/accept',
      categoryId: 2,
      painted: { mask, tool: 'brush' },
    };
    const after = resolve(drafted, accept, { provenanceTime: time });
    assert.equal(after.draft, null);
    assert.deepEqual(after.createdIds, [100]);
    const { area, bbox, promptmark } = only(after);
    assert.deepEqual([area, bbox], [30, [1, 1, 6, 5]]);
    assert.equal(promptmark?.model, 'builtin');
  });

  it('writes no provenance when the setting is off', () => {
    const after = only(resolve(drafted, { kind: 'draft/accept', categoryId: 1 }));
    assert.equal('promptmark' in after, false);
  });

  it('replaces the mask of the annotation it refines, which keeps its category', () => {
    const state = { ...one, draft: draft({ targetId: 1 }) };
    const after = resolve(state, { kind: 'draft/accept', categoryId: 2 });
    assert.deepEqual(after.createdIds, []);
    const { id, area, category_id, team } = only(after) as InstanceAnnotation & { team: unknown };
    assert.deepEqual([id, area, category_id, team], [1, 4, 1, { name: 'field kept' }]);
  });

  it('makes a new annotation when the one it refines is gone', () => {
    const after = resolve(imageState({ draft: draft({ targetId: 7 }) }), {
      kind: 'draft/accept',
      categoryId: 1,
    });
    assert.deepEqual(after.createdIds, [100]);
  });

  it('is dropped by cancel', () => {
    assert.equal(resolve(drafted, { kind: 'draft/cancel' }).draft, null);
  });
});

describe('resolveIntents: categories and captions', () => {
  it('creates, renames and recolours', () => {
    const after = resolve(imageState({ categories: [{ id: 1, name: 'cat', color: [1, 2, 3] }] }), [
      { kind: 'category/create', name: ' bird ', supercategory: 'animal', color: '#FF0010' },
      { kind: 'category/update', id: 1, name: 'lion', color: '#0a0b0c' },
    ]);
    assert.deepEqual(after.createdIds, [100]);
    assert.deepEqual(after.categories, [
      { id: 1, name: 'lion', color: [10, 11, 12] },
      { id: 100, name: 'bird', supercategory: 'animal', color: '#ff0010' },
    ]);
  });

  it('deletes a category with its annotations, or gives them another', () => {
    const deleted = resolve(one, { kind: 'category/delete', id: 1, reassignTo: null });
    assert.deepEqual([deleted.annotations, deleted.categories], [[], [category(2, 'dog')]]);
    const moved = resolve(one, { kind: 'category/delete', id: 1, reassignTo: 2 });
    assert.equal(only(moved).category_id, 2);
  });

  it('adds, changes and deletes captions', () => {
    const added = resolve(imageState(), { kind: 'caption/set', text: ' A cat. ' });
    assert.deepEqual(added.captions, [{ id: 100, image_id: 1, caption: 'A cat.' }]);
    const changed = resolve(added, { kind: 'caption/set', id: 100, text: 'Two cats.' });
    assert.equal(changed.captions[0]?.caption, 'Two cats.');
    assert.deepEqual(resolve(changed, { kind: 'caption/set', id: 100, text: ' ' }).captions, []);
    assert.deepEqual(resolve(imageState(), { kind: 'caption/set', text: '' }).captions, []);
  });
});
