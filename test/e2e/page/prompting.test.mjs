import assert from 'node:assert';
import { isNear } from './driver.mjs';
import { page } from './pageTest.mjs';

page('a click segments, Alt-click takes away, Enter and a name accept', {}, async (driver) => {
  const bare = await driver.pixel([60, 110]);
  await driver.click([100, 100]);
  await driver.drafted(1);
  await driver.click([120, 70], { modifier: 'Alt' });
  await driver.drafted(2);
  assert.ok(!isNear(await driver.pixel([60, 110]), bare), 'the draft is shown');
  await driver.run('draft/accept');
  await driver.id('picker-input').fill('do');
  await driver.page.keyboard.press('Enter');
  await driver.annotations(1);
  const [made] = await driver.fake(() => window.fake.state.annotations);
  assert.strictEqual(made.category_id, 2);
  assert.strictEqual(made.promptmark.model, 'builtin');
  await driver.id(`annotation-${made.id}`).waitFor();
  assert.ok(!isNear(await driver.pixel([60, 110]), bare), 'the mask is shown');
  assert.ok(isNear(await driver.pixel([120, 70]), await driver.pixel([118, 72])));
});

page('undo and redo come from the host and are followed', { lastCategoryId: 1 }, async (driver) => {
  const bare = await driver.pixel([100, 60]);
  await driver.click([100, 100]);
  await driver.drafted(1);
  await driver.run('draft/accept');
  await driver.annotations(1);
  await driver.id('annotation-1000').waitFor();
  await driver.fake(() => window.fake.undo());
  await driver.id('draft-bar').waitFor();
  await driver.fake(() => window.fake.undo());
  await driver.id('draft-bar').waitFor({ state: 'hidden' });
  await driver.page.mouse.move(5, 5);
  assert.ok(isNear(await driver.pixel([100, 60]), bare), 'nothing is left on the canvas');
  await driver.fake(() => window.fake.redo());
  await driver.fake(() => window.fake.redo());
  await driver.id('annotation-1000').waitFor();
});

page('clicks while one is pending are shown at once and sent in turn', {}, async (driver) => {
  await driver.fake(() => (window.fake.isHeld = true));
  await driver.click([100, 100]);
  await driver.click([80, 100]);
  await driver.click([280, 60]);
  await driver.page.getByText('3 prompts · segmenting…').waitFor();
  assert.deepStrictEqual(
    await driver.fake(
      () => window.fake.requests.filter(({ method }) => method === 'draft/prompt').length,
    ),
    1,
  );
  await driver.fake(() => window.fake.release());
  await driver.drafted(3);
  assert.deepStrictEqual(await driver.fake(() => window.fake.undoStack.map(({ label }) => label)), [
    'Add Point',
    'Add Point',
    'Add Point',
  ]);
});

page('a box from any corner, dragged with the point tool too', {}, async (driver) => {
  await driver.tool('box');
  await driver.drag([360, 180], [200, 40]);
  await driver.drafted(1);
  const box = await driver.fake(() => window.fake.state.draft.prompt.box);
  assert.ok(box[0] < box[2] && box[1] < box[3]);
  await driver.run('draft/cancel');
  await driver.until(() => !window.fake.state.draft);
  await driver.tool('point');
  await driver.drag([20, 20], [180, 180]);
  await driver.drafted(1);
});

page(
  'the selected annotation is refined from its own mask',
  { annotated: true },
  async (driver) => {
    await driver.id('annotation-1').click();
    await driver.click([180, 100]);
    await driver.drafted(1);
    const { targetId, prompt } = await driver.fake(() => window.fake.state.draft);
    assert.strictEqual(targetId, 1);
    assert.deepStrictEqual(prompt.mask.size, [300, 400]);
    await driver.run('draft/accept');
    await driver.until(() => !window.fake.state.draft);
    await driver.annotations(3);
  },
);

page('candidates are cycled, by the bar too', { lastCategoryId: 1 }, async (driver) => {
  await driver.click([100, 100]);
  await driver.drafted(1);
  await driver.run('draft/nextCandidate');
  await driver.until(() => window.fake.state.draft.selected === 1);
  await driver.id('draft-next').click();
  await driver.until(() => window.fake.state.draft.selected === 2);
  await driver.page.getByText('3/3').waitFor();
});

page('a failing engine keeps the draft and says so', {}, async (driver) => {
  await driver.click([100, 100]);
  await driver.drafted(1);
  await driver.fake(
    () => (window.fake.failNext = 'The engine stopped. Click again to restart it.'),
  );
  await driver.click([60, 100]);
  const notice = driver.page.getByRole('alert').filter({ hasText: 'The engine stopped' });
  await notice.waitFor();
  assert.strictEqual(await driver.fake(() => window.fake.state.draft.prompt.points.length), 1);
  await driver.click([60, 100]);
  await driver.drafted(2);
  await notice.waitFor({ state: 'hidden' });
});

page(
  'hover shows a preview where the setting is on',
  { settings: { hoverPreview: true } },
  async (driver) => {
    await driver.page.mouse.move(5, 5);
    const bare = await driver.pixel([100, 60]);
    await driver.page.mouse.move(...driver.place([100, 100]));
    await driver.until(() =>
      window.fake.requests.some(({ method }) => method === 'segment/preview'),
    );
    await driver.frame();
    assert.ok(!isNear(await driver.pixel([100, 60]), bare));
    await driver.page.mouse.move(5, 5);
    assert.ok(isNear(await driver.pixel([100, 60]), bare));
  },
);

page('a second editor’s change is caught up with', { annotated: true }, async (driver) => {
  await driver.id('annotation-2').click();
  await driver.fake(() => window.fake.bump());
  await driver.run('annotation/delete');
  await driver.page
    .getByText(/The annotations changed meanwhile/)
    .first()
    .waitFor();
  await driver.run('annotation/delete');
  await driver.annotations(2);
});
