import assert from 'node:assert';
import { INITIAL_STATE, type PageState } from '../../../../webview/state/pageState';
import { readPersisted, toPersisted } from '../../../../webview/state/persisted';
import { reduce, type Action } from '../../../../webview/state/reducer';
import { imageState, snapshot } from '../../../support/pageSession';

const run = (state: PageState, ...actions: readonly Action[]): PageState =>
  actions.reduce(reduce, state);
const viewport = { width: 800, height: 600, pixelRatio: 1 };
const opened = (): PageState =>
  run(INITIAL_STATE, { kind: 'viewport', viewport }, { kind: 'snapshot', snapshot: snapshot() });

describe('page reducer', () => {
  it('fits the image when it opens, whichever comes first, canvas or snapshot', () => {
    const late = run(
      INITIAL_STATE,
      { kind: 'snapshot', snapshot: snapshot() },
      { kind: 'viewport', viewport },
    );
    assert.deepStrictEqual(late.view, opened().view);
    assert.strictEqual(late.view.scale, 8);
  });

  it('keeps the person’s view through a second snapshot, but not through another size', () => {
    const moved = run(opened(), { kind: 'view', view: { scale: 3, x: 1, y: 2 } });
    const same = run(moved, { kind: 'snapshot', snapshot: snapshot({ revision: 9 }) });
    assert.deepStrictEqual(same.view, { scale: 3, x: 1, y: 2 });
    const other = run(moved, { kind: 'snapshot', snapshot: snapshot({ size: [600, 800] }) });
    assert.strictEqual(other.viewIsOwn, false);
  });

  it('forgets annotations that are gone', () => {
    const before = run(
      opened(),
      { kind: 'select', ids: [1, 2] },
      { kind: 'toggleHidden', ids: [1, 3] },
      { kind: 'toggleLocked', ids: [1] },
      { kind: 'hover', id: 1 },
    );
    const doc = imageState({ annotations: imageState().annotations.slice(1) });
    const after = run(before, { kind: 'doc', revision: 2, doc });
    assert.deepStrictEqual(after.selection, [2]);
    assert.deepStrictEqual([...after.hidden], [3]);
    assert.strictEqual(after.locked.size, 0);
    assert.strictEqual(after.hovered, null);
  });

  it('selects only what exists, each once', () => {
    assert.deepStrictEqual(run(opened(), { kind: 'select', ids: [2, 99, 2] }).selection, [2]);
  });

  it('toggles several as one: all hidden unless all are', () => {
    const some = run(opened(), { kind: 'toggleHidden', ids: [1] });
    const all = run(some, { kind: 'toggleHidden', ids: [1, 2] });
    assert.deepStrictEqual([...all.hidden].sort(), [1, 2]);
    assert.strictEqual(run(all, { kind: 'toggleHidden', ids: [1, 2] }).hidden.size, 0);
  });

  it('forgets an active category that is gone', () => {
    const chosen = run(opened(), { kind: 'activeCategory', id: 2 });
    const doc = imageState({ categories: [{ id: 1, name: 'person' }] });
    assert.strictEqual(run(chosen, { kind: 'doc', revision: 2, doc }).activeCategoryId, null);
  });

  it('keeps values in range', () => {
    const state = run(
      opened(),
      { kind: 'brushRadius', radius: -5 },
      { kind: 'panel', width: 99_999 },
    );
    assert.strictEqual(state.brushRadius, 1);
    assert.strictEqual(state.panelWidth, 640);
  });

  it('gives the same object when nothing changes', () => {
    const state = opened();
    assert.strictEqual(run(state, { kind: 'hover', id: null }), state);
    assert.strictEqual(run(state, { kind: 'select', ids: [] }), state);
    assert.strictEqual(run(state, { kind: 'viewport', viewport }), state);
  });
});

describe('persisted view', () => {
  it('comes back as it was', () => {
    const state = run(
      opened(),
      { kind: 'tool', tool: 'brush' },
      { kind: 'view', view: { scale: 3, x: 1, y: 2 } },
      { kind: 'toggleHidden', ids: [2] },
      { kind: 'collapse', section: 'caption', collapsed: true },
      { kind: 'panel', open: false, width: 300 },
    );
    const stored: unknown = JSON.parse(JSON.stringify(toPersisted(state)));
    const again = run(INITIAL_STATE, { kind: 'restore', persisted: readPersisted(stored) });
    const kept = (one: PageState): unknown => [
      one.tool,
      one.view,
      [...one.hidden],
      one.collapsed,
      one.panelOpen,
      one.panelWidth,
    ];
    assert.deepStrictEqual(kept(again), kept(state));
  });

  it('drops what is not right, field by field', () => {
    for (const bad of [null, 7, 'x', [], { tool: 'saw', view: { scale: 0 }, hidden: ['1'] }])
      assert.deepStrictEqual(readPersisted(bad), {});
    assert.deepStrictEqual(readPersisted({ tool: 'box', panelWidth: Infinity }), { tool: 'box' });
  });
});
