import { strict as assert } from 'node:assert';
import { resolveIntents } from '../../../../src/shared/edits/resolveIntent';
import type { ImageState, Intent } from '../../../../src/shared/edits/types';
import { DomainError } from '../../../../src/shared/protocol/wire';
import {
  annotation,
  draft,
  imageState,
  rectangle,
  resolveContext,
} from '../../../support/imageStates';

const SQUARE = [1, 1, 4, 1, 4, 4, 1, 4];
const one = imageState({ annotations: [annotation(1)] });
const three = imageState({
  annotations: [
    annotation(1, { segmentation: rectangle(0, 0, 4, 4), area: 16, bbox: [0, 0, 4, 4] }),
    annotation(2, { segmentation: rectangle(2, 2, 4, 4), area: 16, bbox: [2, 2, 4, 4] }),
    annotation(3, { segmentation: rectangle(7, 5, 2, 2), area: 4, bbox: [7, 5, 2, 2] }),
  ],
});

describe('resolveIntents refuses', () => {
  const mask = rectangle(0, 0, 2, 2);
  const lies: readonly [name: string, state: ImageState, intent: Intent][] = [
    ['an unknown annotation', one, { kind: 'annotation/delete', ids: [9] }],
    ['an unknown category', one, { kind: 'annotation/setCategory', ids: [1], categoryId: 9 }],
    [
      'a mask of another size',
      one,
      { kind: 'annotation/setMask', id: 1, mask: { size: [9, 9], counts: mask.counts }, tool: '' },
    ],
    [
      'a mask whose runs do not add up',
      one,
      { kind: 'annotation/setMask', id: 1, mask: { size: [8, 10], counts: '11' }, tool: '' },
    ],
    [
      'a polygon that is not finite',
      one,
      { kind: 'annotation/setPolygons', id: 1, polygons: [[0, 0, 1, NaN, 2, 2]] },
    ],
    [
      'a polygon of two corners',
      one,
      { kind: 'annotation/setPolygons', id: 1, polygons: [[0, 0, 1, 1]] },
    ],
    ['no polygon', one, { kind: 'annotation/setPolygons', id: 1, polygons: [] }],
    [
      'a polygon outside the image',
      one,
      { kind: 'annotation/setPolygons', id: 1, polygons: [SQUARE.map((v) => v + 50)] },
    ],
    [
      'an empty mask',
      one,
      {
        kind: 'annotation/create',
        categoryId: 1,
        segmentation: rectangle(0, 0, 0, 0),
        tool: 'brush',
      },
    ],
    ['a place that is not a number', three, { kind: 'annotation/reorder', id: 1, to: NaN }],
    ['combining one', three, { kind: 'annotation/combine', ids: [1, 1], operation: 'union' }],
    [
      'an empty intersection',
      three,
      { kind: 'annotation/combine', ids: [1, 3], operation: 'intersect' },
    ],
    ['a category without a name', one, { kind: 'category/create', name: '  ' }],
    ['a second category of a name', one, { kind: 'category/create', name: 'dog ' }],
    ['renaming to a taken name', one, { kind: 'category/update', id: 1, name: 'dog' }],
    ['a colour that is none', one, { kind: 'category/update', id: 1, color: 'red;' }],
    ['replacing a category by itself', one, { kind: 'category/delete', id: 1, reassignTo: 1 }],
    [
      'replacing a category by none there is',
      one,
      { kind: 'category/delete', id: 1, reassignTo: 8 },
    ],
    ['an unknown caption', one, { kind: 'caption/set', id: 4, text: 'x' }],
    ['accepting without a draft', one, { kind: 'draft/accept', categoryId: 1 }],
    [
      'accepting for an unknown category',
      imageState({ draft: draft() }),
      { kind: 'draft/accept', categoryId: 9 },
    ],
    [
      'a candidate there is not',
      imageState({ draft: draft() }),
      { kind: 'draft/select', selected: 2 },
    ],
  ];
  for (const [name, state, intent] of lies) {
    it(name, () => {
      assert.throws(
        () => resolveIntents(state, [intent], resolveContext()),
        (error) => error instanceof DomainError && error.code === 'invalid-params',
      );
    });
  }

  it('deleting a category that other images use', () => {
    const categoryUseElsewhere = new Map([[1, 3]]);
    const intent: Intent = { kind: 'category/delete', id: 1, reassignTo: 2 };
    assert.throws(
      () => resolveIntents(one, [intent], resolveContext({ categoryUseElsewhere })),
      /3 annotations of other/,
    );
  });
});
