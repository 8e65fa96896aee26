import assert from 'node:assert';
import { isNear } from './driver.mjs';
import { page } from './pageTest.mjs';

page('brush adds, eraser takes away, each stroke one step', { annotated: true }, async (driver) => {
  await driver.id('annotation-1').click();
  await driver.tool('brush');
  const area = () => driver.fake(() => window.fake.state.annotations[0].area);
  const before = await area();
  await driver.drag([160, 100], [190, 130], [190, 160]);
  await driver.until((old) => window.fake.state.annotations[0].area > old, before);
  const painted = await area();
  await driver.tool('eraser');
  await driver.drag([60, 100], [120, 100]);
  await driver.until((old) => window.fake.state.annotations[0].area < old, painted);
  assert.deepStrictEqual(await driver.fake(() => window.fake.undoStack.map(({ label }) => label)), [
    'Brush',
    'Erase',
  ]);
});

page(
  'brushing on a draft accepts it, in one step with the stroke',
  { lastCategoryId: 2 },
  async (driver) => {
    await driver.click([100, 100]);
    await driver.drafted(1);
    await driver.tool('brush');
    await driver.drag([160, 100], [190, 130]);
    await driver.until(() => window.fake.undoStack.at(-1)?.label === 'Accept and Paint');
    const { draft, annotations } = await driver.fake(() => window.fake.state);
    assert.deepStrictEqual([draft, annotations.length], [null, 1]);
    assert.ok(annotations[0].area > 11_400);
  },
);

page('a stroke is seen while it is painted', { annotated: true }, async (driver) => {
  await driver.id('annotation-1').click();
  await driver.tool('brush');
  const bare = await driver.pixel([190, 60]);
  await driver.page.mouse.move(...driver.place([160, 60]));
  await driver.page.mouse.down();
  await driver.page.mouse.move(...driver.place([230, 60]), { steps: 8 });
  assert.ok(!isNear(await driver.pixel([190, 60]), bare));
  await driver.page.mouse.up();
});

page('a polygon is drawn, its corners moved', { lastCategoryId: 3 }, async (driver) => {
  await driver.tool('polygon');
  for (const at of [
    [30, 200],
    [90, 190],
    [80, 280],
  ])
    await driver.click(at);
  await driver.run('draft/accept');
  await driver.annotations(1);
  const rounded = () =>
    driver.fake(() => window.fake.state.annotations[0].segmentation[0].map(Math.round));
  assert.deepStrictEqual(await rounded(), [30, 200, 90, 190, 80, 280]);
  await driver.drag([80, 280], [100, 270]);
  await driver.until(() => window.fake.undoStack.at(-1)?.label === 'Move Corner');
  assert.deepStrictEqual(await rounded(), [30, 200, 90, 190, 100, 270]);
});

page(
  'wheel zooms at the pointer, space and the middle button pan, fit comes back',
  {},
  async (driver) => {
    const { page: browser } = driver;
    const text = (id) => driver.id(id).textContent();
    // Whole pixels: wheel events know no others.
    const [x, y] = driver.place([100.5, 100.5]).map(Math.round);
    await browser.mouse.move(x, y);
    const [place, zoom] = [await text('place'), await text('zoom')];
    await browser.mouse.wheel(0, -400);
    await browser.waitForFunction(
      (old) => document.querySelector('[data-testid="zoom"]').textContent !== old,
      zoom,
    );
    await browser.mouse.move(x + 1, y);
    await browser.mouse.move(x, y);
    assert.strictEqual(await text('place'), place, 'the pixel under the pointer stays');
    await browser.keyboard.down('Space');
    await browser.mouse.down();
    await browser.mouse.move(x + 60, y + 30, { steps: 3 });
    await browser.mouse.up();
    await browser.keyboard.up('Space');
    assert.strictEqual(await text('place'), place, 'the image moved with the pointer');
    await browser.mouse.down({ button: 'middle' });
    await browser.mouse.move(x, y, { steps: 3 });
    await browser.mouse.up({ button: 'middle' });
    assert.strictEqual(await text('place'), place);
    assert.strictEqual(await driver.fake(() => window.fake.undoStack.length), 0);
    await driver.run('view/fit');
    await browser.waitForFunction(
      (old) => document.querySelector('[data-testid="zoom"]').textContent === old,
      zoom,
    );
  },
);

page('view, tool and panel survive a reload of the page', { annotated: true }, async (driver) => {
  await driver.tool('brush');
  await driver.run('view/zoomIn');
  await driver.id('section-caption').click();
  await driver.until(
    () => window.fake.view?.collapsed?.includes('caption') && window.fake.view.view,
  );
  const kept = await driver.fake(() => window.fake.view);
  await driver.page.addInitScript((state) => {
    let fake;
    Object.defineProperty(window, 'fake', {
      get: () => fake,
      set: (value) => (fake = value).setPersisted(state),
    });
  }, kept);
  await driver.page.reload();
  await driver.page.locator('[data-testid="tool-brush"][aria-pressed="true"]').waitFor();
  assert.strictEqual(await driver.id('section-caption').getAttribute('aria-expanded'), 'false');
  await driver.until(() => window.fake.view !== undefined);
  assert.deepStrictEqual((await driver.fake(() => window.fake.view)).view, kept.view);
});

page('magnified pixels have sharp borders', { settings: { pixelGridZoom: 64 } }, async (driver) => {
  for (let n = 0; n < 6; n++) await driver.run('view/zoomIn');
  await driver.page.waitForFunction(
    () => parseInt(document.querySelector('[data-testid="zoom"]').textContent, 10) > 1600,
  );
  await driver.page.mouse.move(5, 5);
  const zoom = parseInt(await driver.id('zoom').textContent(), 10) / 100;
  const row = await driver.row([200, 150], 200);
  const lengths = row.reduce((list, color, x) => {
    if (x > 0 && color === row[x - 1]) list.push(list.pop() + 1);
    else list.push(1);
    return list;
  }, []);
  // Each run is one image pixel, or several of one colour: never a smeared one of a few device pixels.
  assert.ok(lengths.length > 3);
  for (const length of lengths.slice(1, -1)) assert.ok(length >= Math.floor(zoom), lengths.join());
});
