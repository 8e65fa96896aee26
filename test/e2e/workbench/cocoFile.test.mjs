// A COCO file as text: lenses, a hover with the mask, problems, a quick fix, and the way to the canvas.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Session } from '../../support/e2e.mjs';
import { eventually } from '../../support/eventually.mjs';

const name = 'broken.coco.json';

describe('a COCO file open as text', () => {
  let session, file;
  const lens = (text) => session.page.locator('.codelens-decoration a', { hasText: text });
  const word = (text) => session.page.locator('.view-line span', { hasText: text });

  before(async () => {
    session = await Session.launch({ settings: { 'editor.hover.delay': 100 } });
    file = path.join(session.folder, name);
    const { images, annotations, categories } = JSON.parse(
      fs.readFileSync(path.join(session.folder, 'annotations.coco.json'), 'utf8'),
    );
    const [first] = annotations;
    first.area = 5;
    const image = images.find(({ id }) => id === first.image_id);
    const own = annotations.filter(({ image_id }) => image_id === image.id);
    // Masks first would fill the screen with numbers.
    const listed = own.map(({ segmentation, ...others }) => ({ ...others, segmentation }));
    fs.writeFileSync(
      file,
      JSON.stringify({ images: [image], annotations: listed, categories }, null, 2),
    );
    await session.code.openFile(name);
  });
  afterEach((context) => session?.reportIfFailed(context));
  after(() => session?.close());

  it('tells what is in it', async () => {
    await lens('Open dataset · 1 image').waitFor();
    await lens(/^[1-9]\d* problems?$/).waitFor();
    await lens('Open on canvas').nth(1).waitFor();
  });

  it('shows the mask of an annotation in a hover', async () => {
    await word('"bbox"').first().hover();
    const picture = session.page.locator('.monaco-hover img[src^="data:image/svg+xml"]').first();
    await picture.waitFor();
    assert.ok(await picture.evaluate((img) => img.naturalWidth > 0));
    await session.page.locator('.monaco-hover a', { hasText: 'Open on canvas' }).waitFor();
    await session.screenshot('coco-file-hover');
  });

  it('repairs a problem with a quick fix', async () => {
    await lens(/problem/).click();
    const row = session.page.locator('.markers-panel .monaco-list-row', { hasText: 'area says 5' });
    await row.waitFor();
    await session.screenshot('coco-file-problems');
    await row.dblclick(); // the place in the text has the focus then
    await session.page.locator('.monaco-editor.focused').waitFor();
    await session.page.keyboard.press('Control+.');
    const fix = session.page.locator('.action-widget .monaco-list-row', { hasText: 'Fix: ' });
    await fix.first().waitFor();
    await session.screenshot('coco-file-fixes');
    await fix.first().click();
    await row.waitFor({ state: 'detached' });
    await session.code.runCommand('File: Save');
    const area = () => JSON.parse(fs.readFileSync(file, 'utf8')).annotations[0].area;
    await eventually(() => area() > 5, 'the repaired area is on disk');
  });

  it('leads to the canvas', async () => {
    await lens('Open on canvas').filter({ visible: true }).last().click();
    await session.view().locator('canvas').first().waitFor();
    await session
      .view()
      .locator('[data-testid="annotations"] [role="option"][aria-selected="true"]')
      .waitFor();
    await session.screenshot('coco-file-canvas');
  });
});
