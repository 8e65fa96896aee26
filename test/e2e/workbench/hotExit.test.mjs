// A window that is killed with unsaved work brings it back, and a workspace that is not trusted is only shown.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Canvas } from '../../support/canvas.mjs';
import { Session } from '../../support/e2e.mjs';

const dataset = 'annotations.coco.json';
const image = { name: 'images/street.jpg', width: 1600, height: 1067 };
const read = (session) => fs.readFileSync(path.join(session.folder, dataset), 'utf8');

for (const autoSave of ['off', 'afterDelay']) {
  describe(`a window killed with unsaved work, files.autoSave ${autoSave}`, () => {
    let session;
    before(async () => {
      session = await Session.launch({
        // With a delay that leaves the mark of unsaved work on the tab for long enough to be seen.
        settings: {
          'promptmark.hoverPreview': false,
          'files.autoSave': autoSave,
          'files.autoSaveDelay': 5000,
          // Opens in Promptmark whether or not VS Code has noted which editors were open.
          'workbench.editorAssociations': { '*.jpg': 'promptmark.editor' },
        },
      });
      await session.code.openFile(image.name);
      await session.view().locator('canvas').first().waitFor();
    });
    afterEach((context) => session?.reportIfFailed(context));
    after(() => session?.close());

    it('brings back the object that was being prompted a moment before, not yet accepted', async () => {
      const before_ = read(session);
      const canvas = new Canvas(session, image);
      const bar = () => session.view().getByTestId('draft-bar');
      const dirty = () => session.page.locator('.tab.dirty').first();
      await canvas.tool('point');
      await canvas.click(300, 720);
      await bar().getByText('1 prompt ').waitFor();
      // The host has made the draft, and so its journal; the bar alone is shown before that.
      await dirty().waitFor();
      // VS Code saves by itself, and the draft is no part of the file.
      if (autoSave === 'afterDelay') await dirty().waitFor({ state: 'detached' });
      // With 'off', at once: VS Code's own backup, a second after an edit, is not there yet.
      await session.code.open(); // closes the page without asking, as a killed window
      session.page = session.code.page;
      await session.code.openFile(image.name);
      await bar().getByText('1 prompt ').waitFor();
      assert.equal(read(session), before_);
      if (autoSave === 'off') await dirty().waitFor();
    });
  });
}

describe('a workspace that is not trusted', () => {
  let session;
  before(async () => {
    session = await Session.launch({
      trust: true,
      settings: {
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.banner': 'never',
        'security.workspace.trust.untrustedFiles': 'open',
      },
    });
    await session.openImage(image.name);
  });
  afterEach((context) => session?.reportIfFailed(context));
  after(() => session?.close());

  it('shows images and annotations, and says why nothing can be changed', async () => {
    const banner = session.view().getByTestId('readonly');
    await banner.getByText('not trusted').waitFor();
    await session.screenshot('untrusted');
  });
});
