// "Caption Folder" as a person does it on a fresh machine without any model: palette, folder, style, file.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Session } from '../../support/e2e.mjs';

const captions = 'captions.coco.json';

describe('captioning a folder', () => {
  let session;
  before(async () => {
    session = await Session.launch();
  });
  afterEach((context) => session?.reportIfFailed(context));
  after(() => session?.close());

  it('writes COCO captions of every image, and says how many', async () => {
    const { code, folder } = session;
    await code.runCommand('Promptmark: Caption Folder…');
    await code.answerDialog(
      'Folder of images to caption',
      path.join(folder, 'images') + path.sep,
      'Caption Folder',
    );
    await session.page.getByText('English: sentence').waitFor();
    await session.screenshot('caption-styles');
    await code.choose('English: sentence');
    await code.answerDialog('Write captions to', path.join(folder, captions), 'OK');
    const said = code.notification('8 of 8 images captioned, 2 without annotations');
    await said.waitFor();
    const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
    const [made, instances] = [read(captions), read('annotations.coco.json')];
    assert.deepEqual(
      made.images,
      instances.images.map(({ id, file_name, width, height }) => ({
        id,
        file_name,
        width,
        height,
      })),
    );
    assert.ok(made.annotations.every(({ id, caption }) => id >= 1 && caption.length > 10));
    const bowl = instances.images.find(({ file_name }) => file_name.endsWith('fruit-bowl.jpg')).id;
    const { caption } = made.annotations.find(({ image_id }) => image_id === bowl);
    assert.match(caption, /^A bowl, a banana, a pear, three apples, two lemons and two oranges/);
    await said.getByText('Open Captions').click();
    await code.tab(captions).waitFor();
    await session.readmeImage('captions');
  });
});
