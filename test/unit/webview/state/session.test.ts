import assert from 'node:assert';
import { DomainError } from '../../../../src/shared/protocol/wire';
import { candidate, draft, FakePage, imageState, snapshot } from '../../../support/pageSession';

const at = { x: 3, y: 4 };
const click = { kind: 'addPoint', at, label: 1 } as const;

describe('page session', () => {
  it('opens, and tells why when it cannot', async () => {
    const page = new FakePage();
    page.failures.set('session/open', new DomainError('image-unreadable', 'Broken image.'));
    await page.session.open();
    assert.deepStrictEqual([page.state.phase, page.state.failure], ['failed', 'Broken image.']);
    await page.session.open();
    assert.strictEqual(page.state.phase, 'open');
  });

  it('asks to reload when the host speaks another protocol', async () => {
    const page = await FakePage.open(snapshot({ protocolVersion: 99 }));
    assert.match(page.state.failure ?? '', /Reload Window/);
  });

  it('follows changes and ignores old ones', async () => {
    const page = await FakePage.open();
    page.change([{ kind: 'draft', before: null, after: draft({}) }]);
    assert.ok(page.state.doc?.draft);
    page.emit('state/changed', {
      revision: 1,
      edits: [{ kind: 'draft', before: null, after: null }],
      reason: 'edit',
    });
    assert.ok(page.state.doc?.draft);
  });

  it('asks for everything again when it missed a change', async () => {
    const page = await FakePage.open();
    page.revision = 7;
    page.change([
      { kind: 'annotation', index: 0, before: imageState().annotations[0]!, after: null },
    ]);
    await page.settle();
    assert.deepStrictEqual([page.state.revision, page.state.doc?.annotations.length], [8, 2]);
    assert.strictEqual(page.methods().filter((one) => one === 'session/open').length, 2);
  });

  it('makes edits wait for each other, each on the revision the one before made', async () => {
    const page = await FakePage.open();
    await Promise.all([
      page.session.apply('A', [{ kind: 'annotation/delete', ids: [1] }]),
      page.session.apply('B', [{ kind: 'annotation/delete', ids: [2] }]),
    ]);
    assert.deepStrictEqual(
      page.state.doc?.annotations.map(({ id }) => id),
      [3],
    );
  });

  it('shows the latest state and says so when an edit came too late', async () => {
    const page = await FakePage.open();
    page.revision = 5;
    assert.strictEqual(
      await page.session.apply('A', [{ kind: 'annotation/delete', ids: [1] }]),
      null,
    );
    assert.strictEqual(page.state.revision, 5);
    assert.match(page.state.notice?.message ?? '', /try again/);
    assert.ok(await page.session.apply('A', [{ kind: 'annotation/delete', ids: [1] }]));
  });

  it('changes nothing when the editor is read-only, and says why', async () => {
    const page = await FakePage.open(snapshot({ readOnly: 'The dataset has errors.' }));
    await page.session.prompt(click);
    await page.session.apply('A', [{ kind: 'annotation/delete', ids: [1] }]);
    assert.deepStrictEqual(page.methods(), ['session/open']);
    assert.strictEqual(page.state.notice?.message, 'The dataset has errors.');
  });
});

describe('selecting by id', () => {
  it('takes the ids the image has, and leaves the selection at nonsense', async () => {
    const page = await FakePage.open();
    page.run('annotation/select', { ids: [3, 99, 1] });
    assert.deepStrictEqual(page.state.selection, [3, 1]);
    page.run('annotation/select', { ids: 'all' });
    page.run('annotation/select');
    assert.deepStrictEqual(page.state.selection, [3, 1]);
  });
});

describe('prompting', () => {
  it('sends queued clicks one after the other, each with all prompts and the logits before it', async () => {
    const page = await FakePage.open();
    page.held = [];
    void page.session.prompt(click);
    const second = page.session.prompt({ ...click, at: { x: 1, y: 1 }, label: 0 });
    await page.settle();
    assert.strictEqual(page.methods().filter((one) => one === 'draft/prompt').length, 1);
    assert.strictEqual(page.state.pending?.prompt.points.length, 2, 'both are shown at once');
    assert.strictEqual(page.state.queuedPrompts, 1);
    page.release();
    await second;
    await page.settle();
    const { prompt } = page.last('draft/prompt');
    assert.deepStrictEqual([prompt.points.length, prompt.refineOf], [2, 'p1']);
    assert.strictEqual(page.state.pending, null);
  });

  it('keeps the last good draft when the engine fails, and drops what waited', async () => {
    const page = await FakePage.open();
    await page.session.prompt(click);
    page.failures.set('draft/prompt', new DomainError('engine-crashed', 'The engine stopped.'));
    page.held = [];
    void page.session.prompt(click);
    void page.session.prompt(click);
    page.release();
    await page.settle();
    assert.strictEqual(page.state.doc?.draft?.prompt.points.length, 1);
    assert.deepStrictEqual(
      [page.state.pending, page.state.notice?.message],
      [null, 'The engine stopped.'],
    );
    await page.session.prompt(click);
    assert.strictEqual(page.state.doc?.draft?.prompt.points.length, 2);
  });

  it('refines a picked annotation from its own mask, but not one just created', async () => {
    const page = await FakePage.open();
    page.store.dispatch({ kind: 'select', ids: [1] });
    await page.session.prompt(click);
    assert.strictEqual(page.last('draft/prompt').targetId, 1);
    assert.ok(page.last('draft/prompt').prompt.mask);
    await page.session.cancelDraft();
    page.store.dispatch({ kind: 'select', ids: [1], origin: 'created' });
    await page.session.prompt(click);
    assert.strictEqual(page.last('draft/prompt').targetId, undefined);
    assert.deepStrictEqual(page.state.selection, []);
  });

  it('leaves a locked annotation alone', async () => {
    const page = await FakePage.open();
    page.store.dispatch({ kind: 'select', ids: [1] });
    page.store.dispatch({ kind: 'toggleLocked', ids: [1] });
    await page.session.prompt(click);
    assert.deepStrictEqual(page.methods(), ['session/open']);
    assert.match(page.state.notice?.message ?? '', /locked/);
  });

  it('cancels the draft with its last prompt', async () => {
    const page = await FakePage.open();
    await page.session.prompt(click);
    page.run('draft/removeLastPrompt');
    await page.settle();
    assert.strictEqual(page.state.doc?.draft, null);
    assert.deepStrictEqual(page.last('edits/apply').intents, [{ kind: 'draft/cancel' }]);
  });
});

describe('accepting', () => {
  it('asks for a category when none is known, then repeats the last', async () => {
    const page = await FakePage.open();
    await page.session.prompt(click);
    page.run('draft/accept');
    await page.settle();
    assert.strictEqual(page.state.picker, 'accept');
    await page.session.picked('accept', 2);
    const [made] = page.state.doc?.annotations.slice(-1) ?? [];
    assert.deepStrictEqual([made?.category_id, page.state.selection], [2, [made?.id]]);
    await page.session.prompt(click);
    page.run('draft/accept');
    await page.settle();
    assert.strictEqual(page.state.doc?.annotations.at(-1)?.category_id, 2);
    assert.strictEqual(page.state.picker, null);
  });

  it('accepts the mask of a click that is still being answered', async () => {
    const page = await FakePage.open(snapshot({ lastCategoryId: 1 }));
    const prompting = page.session.prompt(click);
    const id = await page.session.accept();
    await prompting;
    assert.strictEqual(page.state.doc?.draft, null);
    assert.strictEqual(page.state.doc?.annotations.at(-1)?.id, id);
  });

  it('keeps a stroke on the draft until a category is chosen, as one step with accepting', async () => {
    const page = await FakePage.open();
    await page.session.prompt(click);
    const { segmentation: mask } = candidate();
    await page.session.paint('draft', mask, 'brush');
    assert.strictEqual(page.state.picker, 'accept');
    await page.session.picked('accept', 2);
    assert.deepStrictEqual(page.last('edits/apply').intents, [
      { kind: 'draft/accept', categoryId: 2, painted: { mask, tool: 'brush' } },
    ]);
    assert.strictEqual(page.state.doc?.draft, null);
  });

  it('says that a stroke was dropped when no category is chosen for it', async () => {
    const page = await FakePage.open();
    await page.session.prompt(click);
    await page.session.paint('draft', candidate().segmentation, 'brush');
    page.session.dismissPicker();
    assert.match(page.state.notice?.message ?? '', /stroke was dropped/);
    assert.ok(page.state.doc?.draft);
  });

  it('gives a digit’s category to the draft, else to the selection, else to what comes', async () => {
    const page = await FakePage.open();
    page.run('category/assign', { index: 1 });
    await page.settle();
    assert.strictEqual(page.state.activeCategoryId, 2);
    page.store.dispatch({ kind: 'select', ids: [1] });
    page.run('category/assign', { index: 1 });
    await page.settle();
    assert.strictEqual(page.state.doc?.annotations[0]?.category_id, 2);
    page.store.dispatch({ kind: 'select', ids: [] });
    await page.session.prompt(click);
    page.run('category/assign', { index: 0 });
    await page.settle();
    assert.deepStrictEqual(
      [page.state.doc?.draft, page.state.doc?.annotations.at(-1)?.category_id],
      [null, 1],
    );
    page.run('category/assign', { index: 7 });
    assert.match(page.state.notice?.message ?? '', /no category number 8/);
  });

  it('makes a new category and accepts with it', async () => {
    const page = await FakePage.open();
    await page.session.prompt(click);
    await page.session.createCategoryAndPick('accept', 'cat');
    const created = page.state.doc?.categories.at(-1);
    assert.strictEqual(created?.name, 'cat');
    assert.strictEqual(page.state.doc?.annotations.at(-1)?.category_id, created.id);
  });

  it('keeps the category of a refined annotation and does not make it the current one', async () => {
    const page = await FakePage.open();
    page.store.dispatch({ kind: 'activeCategory', id: 1 });
    page.store.dispatch({ kind: 'select', ids: [2] });
    await page.session.prompt(click);
    page.run('draft/accept');
    await page.settle();
    const refined = page.state.doc?.annotations[1];
    assert.deepStrictEqual([refined?.id, refined?.category_id], [2, 2]);
    assert.deepStrictEqual([page.state.selection, page.state.activeCategoryId], [[2], 1]);
  });

  it('does nothing while a prompt is under way', async () => {
    const page = await FakePage.open(snapshot({ lastCategoryId: 1 }));
    await page.session.prompt(click);
    page.held = [];
    void page.session.prompt(click);
    page.run('draft/accept');
    await page.settle();
    assert.ok(page.state.doc?.draft);
    page.release();
  });
});

describe('drawing', () => {
  const segmentation = [[1, 1, 5, 1, 5, 5]];

  it('waits for a category and drops the shape when none is chosen', async () => {
    const page = await FakePage.open();
    let done = 0;
    const creation = { segmentation, tool: 'polygon', done: () => done++ };
    await page.session.create(creation);
    assert.strictEqual(page.state.picker, 'create');
    page.session.dismissPicker();
    assert.deepStrictEqual([done, page.state.doc?.annotations.length], [1, 3]);
    await page.session.create(creation);
    await page.session.picked('create', 2);
    assert.deepStrictEqual([done, page.state.doc?.annotations.length], [2, 4]);
  });

  it('accepts a draft and what was painted on it as one edit', async () => {
    const page = await FakePage.open(snapshot({ lastCategoryId: 1 }));
    await page.session.prompt(click);
    await page.session.paint('draft', candidate().segmentation, 'brush');
    const kinds = page.requests
      .filter(({ method }) => method === 'edits/apply')
      .map(({ params }) => (params as { intents: { kind: string }[] }).intents[0]?.kind);
    assert.deepStrictEqual(kinds, ['draft/accept']);
  });

  it('adds proposals as one step and keeps the others', async () => {
    const page = await FakePage.open();
    const proposals = [candidate(), candidate(), candidate()];
    page.emit('segment/candidates', { candidates: proposals });
    await page.session.addProposals(proposals.slice(0, 2));
    assert.strictEqual(page.state.doc?.annotations.length, 5);
    assert.strictEqual(page.state.proposals.length, 1);
    assert.strictEqual(page.methods().filter((one) => one === 'edits/apply').length, 1);
  });
});

describe('segmenting everything', () => {
  it('starts anew with each run, and a dismissed run stays away until it ends', async () => {
    const page = await FakePage.open();
    const found = (count: number): void =>
      page.emit('segment/candidates', { candidates: Array(count).fill(candidate()) as [] });
    page.emit('segment/progress', { done: 1, total: 4 });
    found(2);
    page.emit('segment/progress', { done: 4, total: 4 });
    assert.deepStrictEqual([page.state.progress, page.state.proposals.length], [null, 2]);
    page.emit('segment/progress', { done: 1, total: 4 });
    found(3);
    assert.strictEqual(page.state.proposals.length, 3);
    page.session.dismissProposals();
    page.emit('segment/progress', { done: 2, total: 4 });
    found(1);
    assert.deepStrictEqual([page.state.progress, page.state.proposals.length], [null, 0]);
    page.emit('segment/progress', { done: 1, total: 4 });
    found(1);
    assert.strictEqual(page.state.proposals.length, 1, 'another run');
  });
});

describe('hover preview', () => {
  const prompt = (x: number): { points: never[]; scribbles: never[]; text: string } => ({
    points: [],
    scribbles: [],
    text: String(x),
  });

  it('has one under way at most, and the latest wins', async () => {
    const page = await FakePage.open();
    page.held = [];
    for (let x = 0; x < 9; x++) page.session.preview(prompt(x));
    await page.settle();
    assert.strictEqual(page.methods().filter((one) => one === 'segment/preview').length, 1);
    page.release();
    await page.settle();
    await page.settle();
    const asked = page.requests
      .filter(({ method }) => method === 'segment/preview')
      .map(({ params }) => (params as { prompt: { text: string } }).prompt.text);
    assert.deepStrictEqual(asked, ['0', '8']);
    assert.ok(page.state.preview);
  });

  it('shows nothing once the pointer left, and is silent about failures', async () => {
    const page = await FakePage.open();
    page.held = [];
    page.session.preview(prompt(1));
    page.session.preview(null);
    page.release();
    await page.settle();
    assert.strictEqual(page.state.preview, null);
    page.failures.set('segment/preview', new DomainError('engine-crashed', 'no'));
    page.session.preview(prompt(2));
    await page.settle();
    assert.deepStrictEqual([page.state.preview, page.state.notice], [null, null]);
  });
});

describe('page commands', () => {
  it('act on what is unlocked only', async () => {
    const page = await FakePage.open();
    page.store.dispatch({ kind: 'select', ids: [1, 2] });
    page.store.dispatch({ kind: 'toggleLocked', ids: [2] });
    page.run('annotation/delete');
    page.run('annotation/union');
    await page.settle();
    assert.strictEqual(page.state.doc?.annotations.length, 3);
    page.run('annotation/lock');
    page.run('annotation/lock');
    page.run('annotation/union');
    await page.settle();
    assert.deepStrictEqual(
      page.state.doc?.annotations.map(({ id }) => id),
      [1, 3],
    );
  });

  it('step through the list, topmost first, and around', async () => {
    const page = await FakePage.open();
    const seen: number[] = [];
    for (let n = 0; n < 4; n++) {
      page.run('annotation/selectNext');
      seen.push(page.state.selection[0]!);
    }
    assert.deepStrictEqual(seen, [3, 2, 1, 3]);
    page.run('annotation/selectPrevious');
    assert.deepStrictEqual(page.state.selection, [1]);
  });

  it('raise and lower', async () => {
    const page = await FakePage.open();
    page.store.dispatch({ kind: 'select', ids: [1] });
    page.run('annotation/lower');
    page.run('annotation/raise');
    await page.settle();
    assert.deepStrictEqual(
      page.state.doc?.annotations.map(({ id }) => id),
      [2, 1, 3],
    );
  });

  it('Escape ends one thing at a time: picker, gesture, draft, selection', async () => {
    const page = await FakePage.open(snapshot({ state: imageState({ draft: draft({}) }) }));
    page.store.dispatch({ kind: 'select', ids: [1] });
    page.store.dispatch({ kind: 'picker', purpose: 'choose' });
    let gestures = 1;
    page.gesture.cancel = () => gestures-- > 0;
    const left: unknown[] = [];
    for (let n = 0; n < 4; n++) {
      page.run('draft/cancel');
      await page.settle();
      const { picker, doc, selection } = page.state;
      left.push([picker, Boolean(doc?.draft), selection.length]);
    }
    assert.deepStrictEqual(left, [
      [null, true, 1],
      [null, true, 1],
      [null, false, 1],
      [null, false, 0],
    ]);
  });

  it('cycle the candidates', async () => {
    const two = draft({}, { candidates: [candidate(), candidate()] });
    const page = await FakePage.open(snapshot({ state: imageState({ draft: two }) }));
    page.run('draft/nextCandidate');
    await page.settle();
    assert.strictEqual(page.state.doc?.draft?.selected, 1);
    page.run('draft/nextCandidate');
    await page.settle();
    assert.strictEqual(page.state.doc?.draft?.selected, 0);
  });

  it('change the brush, the view and the panel', async () => {
    const page = await FakePage.open();
    const { brushRadius, view } = page.state;
    page.run('brush/larger');
    assert.ok(page.state.brushRadius > brushRadius);
    page.run('brush/smaller');
    page.run('brush/smaller');
    assert.ok(page.state.brushRadius < brushRadius);
    page.run('view/zoomIn');
    assert.strictEqual(page.state.view.scale, view.scale * 1.5);
    page.run('view/fit');
    assert.deepStrictEqual(page.state.view, view);
    page.run('panel/toggle');
    assert.strictEqual(page.state.panelOpen, false);
    page.run('caption/focus');
    assert.deepStrictEqual(
      [page.state.panelOpen, page.state.focusRequest?.target],
      [true, 'caption'],
    );
  });

  it('an unknown one is refused with a notice', async () => {
    const page = await FakePage.open();
    page.run('tool/juggle' as never);
    assert.match(page.state.notice?.message ?? '', /tool\/juggle/);
  });
});
