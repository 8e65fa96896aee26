import assert from 'node:assert';
import { page } from './pageTest.mjs';

const crowd = { width: 1200, height: 800, count: 400 };

page(
  'hundreds of annotations: only rows in sight are built, all are reached',
  { scene: crowd, annotated: true },
  async (driver) => {
    const rows = driver.page.locator('.annotation-row');
    assert.ok((await rows.count()) < 60);
    await driver.id('annotation-400').click();
    await driver.page.keyboard.press('End');
    await driver.id('annotation-1').waitFor();
    assert.strictEqual(await driver.id('annotation-1').getAttribute('aria-selected'), 'true');
    assert.strictEqual(await driver.id('annotation-1').getAttribute('aria-posinset'), '400');
    assert.ok((await rows.count()) < 60);
  },
);

page(
  'list: Shift and Ctrl select several, union joins them',
  { annotated: true },
  async (driver) => {
    await driver.id('annotation-3').click();
    await driver.id('annotation-1').click({ modifiers: ['Shift'] });
    await driver.id('annotation-2').click({ modifiers: ['Control'] });
    const selected = driver.page.locator('.annotation-row[aria-selected="true"]');
    assert.strictEqual(await selected.count(), 2);
    await driver.id('annotation-union').click();
    await driver.annotations(2);
    assert.deepStrictEqual(
      await driver.fake(() => window.fake.state.annotations.map(({ id }) => id)),
      [2, 3],
    );
  },
);

page(
  'list: hidden masks vanish, locked ones stay as they are',
  { annotated: true },
  async (driver) => {
    const shown = await driver.pixel([100, 100]);
    await driver.id('annotation-1').hover();
    await driver.id('annotation-1').locator('.toggleHidden').click();
    await driver.page.mouse.move(5, 5);
    assert.notDeepStrictEqual(await driver.pixel([100, 100]), shown);
    await driver.id('annotation-2').click();
    await driver.run('annotation/lock');
    await driver.run('annotation/delete');
    await driver.page
      .getByText(/is locked/)
      .first()
      .waitFor();
    assert.strictEqual(await driver.fake(() => window.fake.state.annotations.length), 3);
    assert.match(await driver.id('annotation-2').getAttribute('aria-label'), /locked/);
    assert.match(await driver.id('annotation-1').getAttribute('aria-label'), /hidden/);
  },
);

page('z-order: raised annotations move up in the list', { annotated: true }, async (driver) => {
  await driver.id('annotation-1').click();
  await driver.id('annotation-raise').click();
  await driver.until(() => window.fake.state.annotations[1].id === 1);
  await driver.until(() => {
    const rows = [...document.querySelectorAll('.annotation-row')];
    return rows.map((row) => row.dataset.id).join() === '3,1,2';
  });
});

page(
  'categories: add, edit, colour, delete with what uses it',
  { annotated: true },
  async (driver) => {
    await driver.id('category-add').click();
    await driver.id('category-name').locator('input').fill('tree');
    await driver.id('category-supercategory').locator('input').fill('plant');
    await driver.page.keyboard.press('Enter');
    await driver.until(() => window.fake.state.categories.length === 4);
    const [made] = await driver.fake(() => window.fake.state.categories.slice(-1));
    assert.deepStrictEqual([made.name, made.supercategory], ['tree', 'plant']);

    await driver.id('category-2').dblclick();
    await driver.id('category-name').locator('input').fill('hound');
    await driver.id('category-color').fill('#ff00ff');
    await driver.id('category-save').click();
    await driver.id('category-2').getByText('hound').waitFor();
    assert.strictEqual(await driver.id('category-2').getAttribute('data-color'), '#ff00ff');

    await driver.id('category-2').dblclick();
    await driver.id('category-delete').click();
    await driver.until(() => !window.fake.state.categories.some(({ id }) => id === 2));
    await driver.annotations(2);
    await driver.id('category-form').waitFor({ state: 'detached' });
  },
);

page('a category is given to the selection', { annotated: true }, async (driver) => {
  await driver.id('annotation-1').click();
  await driver.id('category-3').click();
  await driver.until(() => window.fake.state.annotations[0].category_id === 3);
  await driver.run('category/assign', { index: 1 });
  await driver.until(() => window.fake.state.annotations[0].category_id === 2);
});

page('picker: arrows, a new name, Escape', { lastCategoryId: 1 }, async (driver) => {
  const { keyboard } = driver.page;
  await driver.run('category/pick');
  await driver.id('picker-input').waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await driver.page.locator('[data-testid="category-2"][aria-selected="true"]').waitFor();
  await driver.run('category/pick');
  await driver.id('picker-input').fill('unicycle');
  await driver.id('picker-create').waitFor();
  await keyboard.press('Enter');
  await driver.until(() => window.fake.state.categories.at(-1).name === 'unicycle');
  await driver.run('category/pick');
  await driver.id('picker').waitFor();
  await keyboard.press('Escape');
  await driver.id('picker').waitFor({ state: 'hidden' });
  assert.strictEqual(
    await driver.page.evaluate(() => document.activeElement.dataset.testid),
    'canvas',
  );
});

page(
  'caption: typed, saved when left, followed from outside',
  { captions: ['Old words.'] },
  async (driver) => {
    const field = driver.id('caption').locator('textarea');
    await driver.run('caption/focus');
    await driver.page.waitForFunction(() => document.activeElement.dataset.testid === 'caption');
    await field.fill('Three things.');
    await driver.canvas.focus();
    await driver.until(() => window.fake.state.captions[0].caption === 'Three things.');
    assert.strictEqual(await driver.fake(() => window.fake.state.captions[0].id), 500);
    await driver.fake(() => window.fake.undo());
    await driver.page.waitForFunction(
      () => document.querySelector('[data-testid="caption"]').value === 'Old words.',
    );
    await field.fill('');
    await driver.canvas.focus();
    await driver.until(() => window.fake.state.captions.length === 0);
  },
);

page('keys typed into fields are not commands', {}, async (driver) => {
  const leaked = () =>
    driver.page.evaluate(() => {
      window.leaked = [];
      window.addEventListener('keydown', (event) => window.leaked.push(event.key));
    });
  await leaked();
  const { keyboard } = driver.page;
  await driver.id('caption').locator('textarea').focus();
  await keyboard.type('box 1');
  await keyboard.press('Backspace');
  await keyboard.press('Control+z');
  await keyboard.press('Control+s');
  await driver.id('tool-box').focus();
  await keyboard.press('Enter');
  await keyboard.press('Tab');
  await keyboard.press('r');
  const seen = await driver.page.evaluate(() => window.leaked);
  assert.deepStrictEqual(
    seen.filter((key) => key !== 'Control'),
    ['s', 'r'],
  );
  const focused = await driver.fake(() =>
    window.fake.events
      .filter(({ event }) => event === 'selection/changed')
      .map(({ data }) => data.inputFocused),
  );
  assert.ok(focused.includes(true));
  assert.strictEqual(focused.at(-1), false);
});

page('attributes and crowd of the selection', { annotated: true }, async (driver) => {
  await driver.id('annotation-2').click();
  await driver.id('attribute-new-name').locator('input').fill('occluded');
  await driver.id('attribute-new-value').locator('input').fill('true');
  await driver.id('attribute-add').click();
  await driver.until(() => window.fake.state.annotations[1].attributes?.occluded === true);
  await driver.id('attribute-occluded').waitFor();
  await driver.canvas.focus();
  await driver.id('details-crowd').click();
  await driver.until(() => window.fake.state.annotations[1].iscrowd === 1);
});

page('prompts are listed and taken away one by one', {}, async (driver) => {
  await driver.click([100, 100]);
  await driver.drafted(1);
  await driver.click([80, 100]);
  await driver.drafted(2);
  await driver.id('prompt-0').getByRole('button').click({ force: true });
  await driver.drafted(1);
  await driver.run('draft/removeLastPrompt');
  await driver.until(() => !window.fake.state.draft);
});

page(
  'read-only: said why, nothing is asked for',
  { annotated: true, readOnly: 'The dataset does not parse. Fix line 3.' },
  async (driver) => {
    await driver.page.getByRole('alert').filter({ hasText: 'Fix line 3' }).waitFor();
    await driver.click([100, 20]);
    await driver.id('annotation-1').click();
    await driver.run('annotation/delete');
    await driver.id('readonly-dataset').click();
    await driver.until(() => window.fake.requests.some(({ method }) => method === 'command/run'));
    const methods = await driver.fake(() => window.fake.requests.map(({ method }) => method));
    assert.deepStrictEqual(methods, ['session/open', 'command/run']);
  },
);

page(
  'a failure to open is told and tried again',
  { openError: 'The dataset is locked.' },
  async (driver) => {
    await driver.page.getByRole('alert').filter({ hasText: 'The dataset is locked.' }).waitFor();
    await driver.id('retry').click();
    await driver.until(() => window.fake.requests.length === 2);
  },
);

page(
  'a picture that cannot be shown is told',
  { brokenImage: true, annotated: true, tolerated: /ERR_|decode/i },
  async (driver) => {
    await driver.page.getByRole('alert').filter({ hasText: 'cannot be shown' }).first().waitFor();
    await driver.id('annotation-1').waitFor();
  },
);

page('proposals are added as one step', { lastCategoryId: 1 }, async (driver) => {
  await driver.page.evaluate(() => {
    const { fake } = window;
    fake.send('segment/progress', { done: 1, total: 4 });
    const candidates = fake.proposals();
    fake.send('segment/candidates', { candidates });
    fake.send('segment/progress', { done: 4, total: 4 });
  });
  await driver.page.getByText(/3 objects found/).waitFor();
  await driver.id('proposals-add').click();
  await driver.annotations(3);
  assert.strictEqual(await driver.fake(() => window.fake.undoStack.length), 1);
  await driver.id('proposals').waitFor({ state: 'hidden' });
});

page(
  'narrow: the panel folds away and lies over the canvas when opened',
  { width: 560, annotated: true },
  async (driver) => {
    await driver.id('panel').waitFor({ state: 'hidden' });
    const { width } = await driver.canvas.boundingBox();
    await driver.id('toggle-panel').click();
    await driver.id('panel').waitFor();
    assert.strictEqual((await driver.canvas.boundingBox()).width, width);
  },
);

page('the panel is resized by pointer and by keys', {}, async (driver) => {
  const width = async () => (await driver.id('panel').boundingBox()).width;
  const before = await width();
  const { x, y } = await driver.id('splitter').boundingBox();
  await driver.page.mouse.move(x + 2, y + 200);
  await driver.page.mouse.down();
  await driver.page.mouse.move(x - 58, y + 200, { steps: 4 });
  await driver.page.mouse.up();
  assert.strictEqual(Math.round((await width()) - before), 60);
  await driver.id('splitter').focus();
  await driver.page.keyboard.press('ArrowRight');
  assert.strictEqual(Math.round((await width()) - before), 44);
});
