// The main job as a person does it: open a photo, click, accept, category, box, brush, undo and redo, save.
// The COCO file is then read by an independent Python program, and git shows which lines changed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { root } from '../../../scripts/lib/paths.mjs';
import { findPython } from '../../../scripts/lib/python.mjs';
import { Canvas } from '../../support/canvas.mjs';
import { Session } from '../../support/e2e.mjs';
import { eventually } from '../../support/eventually.mjs';

const dataset = 'annotations.coco.json';
const image = { name: 'images/street.jpg', width: 1600, height: 1067 };

describe('the main job, from a click to correct COCO on disk', () => {
  let session, canvas, before_;
  const read = () => JSON.parse(fs.readFileSync(path.join(session.folder, dataset), 'utf8'));
  const ours = (coco) => {
    const id = coco.images.find(({ file_name }) => file_name === image.name).id;
    return coco.annotations.filter(({ image_id }) => image_id === id);
  };
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
      cwd: session.folder,
      encoding: 'utf8',
    });
  const rows = () => session.view().locator('[data-testid="annotations"] [role="option"]');
  const draft = () => session.view().getByTestId('draft-bar');
  const waitForRows = (count) =>
    eventually(async () => (await rows().count()) === count, `${count} annotations`);

  before(async () => {
    session = await Session.launch({ settings: { 'promptmark.hoverPreview': false } });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'before');
    before_ = read();
    await session.openImage(image.name);
    canvas = new Canvas(session, image);
  });
  afterEach((context) => session?.reportIfFailed(context));
  after(() => session?.close());

  it('answers a click with a mask, and a second click refines it', async () => {
    await canvas.tool('point');
    await canvas.click(300, 720);
    await draft().waitFor();
    assert.match(await draft().innerText(), /1 prompt/);
    await canvas.click(430, 620);
    await draft().getByText('2 prompts · score').waitFor();
  });

  it('takes prompts back and forth with undo and redo', async () => {
    await canvas.focus();
    await session.page.keyboard.press('Control+z');
    await draft().getByText('1 prompt ').waitFor();
    await session.page.keyboard.press('Control+Shift+z');
    await draft().getByText('2 prompts').waitFor();
    await session.readmeImage('editor-dark');
  });

  it('accepts with Enter and asks for the category once', async () => {
    await canvas.focus();
    await session.page.keyboard.press('Enter');
    const input = session.view().getByTestId('picker-input');
    await input.waitFor();
    await input.pressSequentially('car');
    await session.page.keyboard.press('Enter');
    await waitForRows(1);
    assert.match(await rows().first().innerText(), /car/);
  });

  it('segments another object from a box, with the last category', async () => {
    await canvas.tool('box');
    await canvas.drag([885, 530], [1048, 672]);
    await draft().waitFor();
    await canvas.focus();
    await session.page.keyboard.press('Enter');
    await waitForRows(2);
  });

  it('fixes a mask with the brush, and undoes and redoes the stroke', async () => {
    await canvas.tool('select');
    await rows().first().click();
    const area = async () => (await rows().first().innerText()).replace(/\s+/g, ' ');
    const unpainted = await area();
    await canvas.tool('brush');
    await canvas.drag([1030, 650], [1070, 660], [1100, 650]);
    await eventually(async () => (await area()) !== unpainted, 'a larger area');
    const painted = await area();
    await canvas.focus();
    await session.page.keyboard.press('Control+z');
    await eventually(async () => (await area()) === unpainted, 'the area before the stroke');
    await session.page.keyboard.press('Control+Shift+z');
    await eventually(async () => (await area()) === painted, 'the painted area');
  });

  it('writes correct COCO that an independent reader agrees with', async () => {
    await canvas.focus();
    await session.page.keyboard.press('Control+s');
    await session.code.file(dataset, (text) => ours(JSON.parse(text)).length === 2);
    const check = spawnSync(
      findPython(),
      [path.join(root, 'test/support/checkCoco.py'), path.join(session.folder, dataset)],
      { encoding: 'utf8' },
    );
    assert.equal(check.status, 0, check.stdout + check.stderr);
    const after_ = read();
    assert.equal(after_.annotations.length, before_.annotations.length + 2);
    const car = before_.categories.find(({ name }) => name === 'car').id;
    const highest = Math.max(...before_.annotations.map(({ id }) => id));
    for (const [index, entry] of ours(after_).entries()) {
      assert.equal(entry.id, highest + 1 + index);
      assert.equal(entry.category_id, car);
      assert.equal(entry.iscrowd, 0);
      assert.ok(entry.area > 1000, `area ${entry.area}`);
    }
  });

  it('changes only the added lines in git', () => {
    const changed = git('diff', '--numstat', '--', dataset).split('\t').slice(0, 2).map(Number);
    // Two added entries, and the entry before them, which gets a comma.
    assert.deepEqual(changed, [3, 1]);
  });

  it('looks right in the light theme and in high contrast', async () => {
    await session.code.setTheme('light');
    await session.readmeImage('editor-light');
    await session.code.setTheme('hc-black');
    await session.screenshot('editor-hc-black');
    await session.code.setTheme('dark');
  });

  it('refines a saved mask from itself', async () => {
    await canvas.tool('point');
    await canvas.click(1095, 650, { button: 'right' });
    await draft().getByText('score').waitFor();
    await session.readmeImage('refine');
    await canvas.focus();
    await session.page.keyboard.press('Escape');
    await draft().waitFor({ state: 'hidden' });
  });
});
