import assert from 'node:assert';
import {
  boxOf,
  nextRequest,
  reconcileOrder,
  type PromptChange,
  type PromptKind,
} from '../../../../webview/state/prompts';
import { draft, rle } from '../../../support/pageSession';
import type { Draft } from '../../../../src/shared/edits/types';

const at = { x: 3, y: 4 };
const point = { at, label: 1 } as const;
const mask = rle('########', '........', '........', '........', '........', '........');
const request = (
  before: Draft | null,
  change: PromptChange,
  order: readonly PromptKind[] = [],
): ReturnType<typeof nextRequest> => nextRequest(before, change, null, order);

describe('the next prompt', () => {
  it('starts with what was clicked, without logits', () => {
    assert.deepStrictEqual(request(null, { kind: 'addPoint', at, label: 1 }), {
      label: 'Add Point',
      prompt: { points: [point], scribbles: [] },
    });
  });

  it('carries all prompts and the draft’s logits when one is added', () => {
    const made = request(draft({ points: [point], box: [0, 0, 4, 4] }), {
      kind: 'addPoint',
      at: { x: 1, y: 1 },
      label: 0,
    });
    assert.deepStrictEqual(made?.prompt, {
      points: [point, { at: { x: 1, y: 1 }, label: 0 }],
      scribbles: [],
      box: [0, 0, 4, 4],
      refineOf: 'p0',
    });
    assert.strictEqual(made?.label, 'Add Negative Point');
  });

  it('starts from a saved annotation’s mask, and names it', () => {
    const made = nextRequest(null, { kind: 'addPoint', at, label: 1 }, { id: 7, mask }, []);
    assert.deepStrictEqual([made?.targetId, made?.prompt.mask], [7, mask]);
    const again = nextRequest(
      draft({ points: [point], mask }, { targetId: 7 }),
      { kind: 'addPoint', at, label: 0 },
      { id: 8, mask },
      [],
    );
    assert.strictEqual(again?.targetId, 7, 'the draft’s own target stays');
    assert.strictEqual(again?.prompt.refineOf, 'p0');
  });

  it('leaves the logits behind when prompts are moved, replaced or taken away', () => {
    const before = draft({
      points: [point, { at: { x: 1, y: 1 }, label: 0 }],
      scribbles: [{ path: [at], label: 1 }],
      box: [0, 0, 4, 4],
    });
    const changes: readonly PromptChange[] = [
      { kind: 'movePoint', index: 1, at: { x: 2, y: 2 } },
      { kind: 'removePoint', index: 0 },
      { kind: 'setBox', box: [1, 1, 2, 2] },
      { kind: 'removeBox' },
      { kind: 'removeScribble', index: 0 },
      { kind: 'removeLast' },
    ];
    for (const change of changes) {
      const made = request(before, change);
      assert.ok(made, change.kind);
      assert.strictEqual(made.prompt.refineOf, undefined, change.kind);
    }
  });

  it('takes away the prompt given last, whatever its kind', () => {
    const before = draft({ points: [point], box: [0, 0, 4, 4] });
    const check = (order: readonly PromptKind[], left: string): void => {
      const made = request(before, { kind: 'removeLast' }, order);
      assert.strictEqual(made?.prompt.box ? 'box' : 'point', left);
    };
    check(['box', 'point'], 'box');
    check(['point', 'box'], 'point');
    check([], 'box');
  });

  it('is none when no prompt is left', () => {
    assert.strictEqual(request(draft({ points: [point] }), { kind: 'removeLast' }), null);
    assert.strictEqual(request(draft({ box: [0, 0, 1, 1] }), { kind: 'removeBox' }), null);
    assert.strictEqual(request(null, { kind: 'removeLast' }), null);
  });
});

describe('order of prompts', () => {
  it('follows prompts that came or went elsewhere', () => {
    const prompt = { points: [point, point], scribbles: [], box: [0, 0, 1, 1] } as const;
    assert.deepStrictEqual(reconcileOrder(['point', 'box'], prompt), ['point', 'box', 'point']);
    assert.deepStrictEqual(
      reconcileOrder(['scribble', 'point'], { points: [], scribbles: [] }),
      [],
    );
  });
});

describe('a box from two corners', () => {
  it('is normalised and cut to the image', () => {
    assert.deepStrictEqual(boxOf({ x: 9, y: -2 }, { x: 2, y: 5 }, 8, 6), [2, 0, 8, 5]);
  });
});
