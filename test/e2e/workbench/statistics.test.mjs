// The statistics of a COCO file: from the palette to the plots, to the images behind a bar, to the canvas.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Session } from '../../support/e2e.mjs';
import { eventually } from '../../support/eventually.mjs';

const name = 'annotations.coco.json';

describe('statistics of a COCO file', () => {
  let session, view, data, largest;
  const id = (testid) => view.getByTestId(testid);

  before(async () => {
    session = await Session.launch();
    view = session.view();
    data = JSON.parse(fs.readFileSync(path.join(session.folder, name), 'utf8'));
    const counts = data.categories.map(({ id: categoryId, name: category }) => {
      const own = data.annotations.filter(({ category_id }) => category_id === categoryId);
      const images = new Set(own.map(({ image_id }) => image_id));
      return { category, annotations: own.length, images: images.size };
    });
    largest = counts.sort((a, b) => b.annotations - a.annotations)[0];
  });
  afterEach((context) => session?.reportIfFailed(context));
  after(() => session?.close());

  it('shows counts and plots', async () => {
    await session.code.runCommand('Promptmark: Show Statistics');
    const { images, annotations, categories } = data;
    const text = `${images.length} images · ${annotations.length} annotations · ${categories.length} categories`;
    await id('summary').filter({ hasText: text }).waitFor();
    const first = view.locator('.bar-row').first();
    const label = await first.getAttribute('aria-label');
    assert.match(label, new RegExp(`: ${largest.annotations} annotations? on `));
    for (const card of ['per-image', 'area', 'aspect', 'cooccurrence']) {
      await id(`card-${card}`).locator('button').first().waitFor();
    }
    await session.readmeImage('statistics');
  });

  it('has the same numbers as a table', async () => {
    await id('table-categories').locator('summary').click();
    const rows = id('table-categories').locator('tbody tr');
    assert.equal(await rows.count(), data.categories.length);
    await id('table-categories').locator('summary').click();
  });

  it('lists the images behind a bar, by keyboard, and Escape goes back to it', async () => {
    const bars = view.locator('.bar-row');
    await bars.first().focus();
    await session.page.keyboard.press('ArrowDown');
    assert.ok(await bars.nth(1).evaluate((bar) => bar === document.activeElement));
    await session.page.keyboard.press('Home');
    const label = await bars.first().getAttribute('aria-label');
    const expected = Number(/on (\d+) image/.exec(label)[1]);
    await session.page.keyboard.press('Enter');
    const rows = id('images').locator('[role="option"]');
    await rows.first().waitFor();
    assert.equal(await rows.count(), expected);
    await session.page.keyboard.press('Escape');
    await id('images-pane').waitFor({ state: 'hidden' });
    assert.ok(await bars.first().evaluate((bar) => bar === document.activeElement));
  });

  it('looks right in a light theme', async () => {
    await session.code.setTheme('light');
    await view.locator('.cell:not(.own)').filter({ hasText: /\d/ }).first().click();
    await id('images').locator('[role="option"]').first().waitFor();
    await session.screenshot('statistics-light');
  });

  it('tells when the file has changed, and counts again', async () => {
    const { images, ...others } = data;
    const more = { ...images[0], id: 9001, file_name: 'images/more.jpg' };
    fs.writeFileSync(
      path.join(session.folder, name),
      JSON.stringify({ ...others, images: [...images, more] }),
    );
    await id('status').getByText('has changed').waitFor();
    await id('status').getByRole('button', { name: 'Count Again' }).click();
    await id('summary')
      .filter({ hasText: `${images.length + 1} images` })
      .waitFor();
  });

  it('opens an image on the canvas', async () => {
    await view.locator('.bar-row').first().click();
    await id('images').locator('[role="option"]').first().click();
    await eventually(
      async () => (await session.page.locator('.tab.active').getAttribute('aria-label')) ?? '',
      'a tab',
    );
    await view.locator('canvas').first().waitFor();
  });

  it('says so where there is nothing to count', async () => {
    fs.writeFileSync(path.join(session.folder, 'empty.coco.json'), '{"images": []}');
    await session.code.openFile('empty.coco.json');
    await session.page.locator('.codelens-decoration a', { hasText: 'Statistics' }).click();
    await id('empty').waitFor();
    await session.screenshot('statistics-empty');
  });
});
