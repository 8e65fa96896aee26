import assert from 'node:assert';
import { page } from './pageTest.mjs';
import { themes } from './themes.mjs';

page(
  'everything has a role and a name',
  { annotated: true, captions: ['Words.'] },
  async (driver) => {
    const { page: browser } = driver;
    for (const name of ['Select', 'Point', 'Box', 'Scribble', 'Brush', 'Eraser', 'Polygon', 'Hand'])
      await browser.getByRole('button', { name, exact: true }).waitFor();
    await browser.getByRole('toolbar', { name: 'Tools' }).waitFor();
    await browser
      .getByRole('application', { name: /street\.jpg, 400 by 300 pixels, 3 annotations/ })
      .waitFor();
    await browser.getByRole('listbox', { name: 'Annotations', exact: true }).waitFor();
    await browser
      .getByRole('option', { name: /^person, annotation 1, area 11.3K px, score 0.90/ })
      .waitFor();
    await browser.getByRole('option', { name: /^dog, thing · 1 here, key 2/ }).waitFor();
    await browser.getByRole('textbox', { name: 'Image caption' }).waitFor();
    await browser.getByRole('separator', { name: 'Panel width' }).waitFor();
    await driver.id('annotation-1').click();
    await browser.getByRole('checkbox', { name: 'Crowd' }).waitFor();
    await browser.getByRole('textbox', { name: 'New attribute', exact: true }).waitFor();
    await driver.tool('brush');
    await browser.getByRole('slider', { name: 'Brush radius' }).waitFor();
    await driver.run('category/pick');
    await browser.getByRole('dialog', { name: /Change category/ }).waitFor();
    await browser.getByRole('combobox', { name: /Change category/ }).waitFor();
    const nameless = await browser.evaluate(() =>
      [...document.querySelectorAll('button')]
        .filter((button) => button.offsetParent)
        .filter((button) => !button.textContent.trim() && !button.getAttribute('aria-label'))
        .map((button) => button.outerHTML),
    );
    assert.deepStrictEqual(nameless, []);
  },
);

page('changes are announced', { annotated: true, lastCategoryId: 2 }, async (driver) => {
  const said = (text) => driver.id('live').filter({ hasText: text }).waitFor();
  await driver.id('annotation-3').click();
  await said('car, annotation 3 selected, 1 of 3');
  await driver.run('annotation/selectNext');
  await said('dog, annotation 2 selected, 2 of 3');
  await driver.run('annotation/delete');
  await said('Annotation removed, 2 annotations');
  await driver.run('draft/cancel');
  await driver.click([280, 60]);
  await said(/Mask of \d+ pixels, score 0.95. Enter accepts./);
  await driver.run('draft/accept');
  await said('dog, annotation 1000 added, 3 annotations');
});

page('the toolbar is one tab stop with arrows', {}, async (driver) => {
  const { keyboard } = driver.page;
  const focused = () => driver.page.evaluate(() => document.activeElement.dataset.testid);
  await driver.id('tool-select').focus();
  await keyboard.press('ArrowDown');
  assert.strictEqual(await focused(), 'tool-point');
  await keyboard.press('End');
  assert.strictEqual(await focused(), 'toggle-panel');
  await keyboard.press('ArrowDown');
  assert.strictEqual(await focused(), 'tool-select');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await driver.page.locator('[data-testid="tool-box"][aria-pressed="true"]').waitFor();
  await keyboard.press('Tab');
  assert.strictEqual(await focused(), 'canvas');
  await keyboard.press('Shift+Tab');
  assert.strictEqual(await focused(), 'tool-box');
});

page(
  'an object is segmented and accepted by keyboard alone',
  { lastCategoryId: 1 },
  async (driver) => {
    const { keyboard } = driver.page;
    await driver.canvas.focus();
    await keyboard.press('ArrowLeft');
    for (let n = 0; n < 22; n++) await keyboard.press('ArrowLeft');
    for (let n = 0; n < 12; n++) await keyboard.press('ArrowUp');
    await keyboard.press('Space');
    await driver.drafted(1);
    const [point] = await driver.fake(() => window.fake.state.draft.prompt.points);
    assert.ok(Math.hypot(point.at.x - 100, point.at.y - 100) < 60, JSON.stringify(point));
    await keyboard.press('Shift+ArrowRight');
    await keyboard.press('Shift+Space');
    await driver.drafted(2);
    assert.strictEqual(await driver.fake(() => window.fake.state.draft.prompt.points[1].label), 0);
  },
);

page('the focus stays where it is seen, all the way round', { annotated: true }, async (driver) => {
  const seen = [];
  await driver.id('tool-point').focus();
  for (let n = 0; n < 30; n++) {
    const at = await driver.page.evaluate(() => {
      const element = document.activeElement;
      const { width, height } = element.getBoundingClientRect();
      return { name: element.dataset.testid ?? element.tagName, shown: width > 0 && height > 0 };
    });
    assert.ok(at.shown || at.name === 'BODY', at.name);
    seen.push(at.name);
    await driver.page.keyboard.press('Tab');
  }
  for (const name of ['canvas', 'splitter', 'annotations', 'categories', 'caption'])
    assert.ok(seen.includes(name), `${name} in ${seen.join()}`);
});

for (const theme of Object.keys(themes))
  page(
    `${theme}: text is readable on what is behind it`,
    { theme, annotated: true },
    async (driver) => {
      await driver.id('annotation-2').click();
      const poor = await driver.page.evaluate(findPoorContrast);
      assert.deepStrictEqual(poor, []);
    },
  );

for (const zoom of [1, 2])
  page(
    `nothing is cut off at ${zoom * 100} %`,
    { zoom, width: 1280, height: 900, annotated: true },
    async (driver) => {
      const { page: browser } = driver;
      const size = browser.viewportSize();
      assert.strictEqual(
        await browser.evaluate(() => document.documentElement.scrollWidth),
        size.width,
      );
      for (const id of ['tool-select', 'status', 'canvas']) {
        const box = await driver.id(id).boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= size.width + 0.5, id);
      }
      await driver.id('tool-hand').scrollIntoViewIfNeeded();
      await driver.id('caption').scrollIntoViewIfNeeded();
      assert.ok(await driver.id('caption').isVisible());
    },
  );

/** Runs in the page: visible texts whose contrast with the nearest opaque background is below 3 : 1. */
function findPoorContrast() {
  const parse = (text) => (text.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const linear = (part) =>
    (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0.9) return color;
    }
    return [255, 255, 255];
  };
  return [
    ...document.querySelectorAll(
      '.row-name, .row-detail, .row-id, .section-title, .status-item, .status-message, .text-button, .detail-text, .badge, kbd',
    ),
  ]
    .filter((element) => element.offsetParent && element.textContent.trim())
    .map((element) => {
      const [a, b] = [
        luminance(parse(getComputedStyle(element).color)),
        luminance(behind(element)),
      ];
      return {
        text: element.textContent,
        ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
      };
    })
    .filter(({ ratio }) => ratio < 3);
}
