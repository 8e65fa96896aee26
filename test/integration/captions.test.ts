import { strict as assert } from 'node:assert';
import { unlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import { HEIGHT, untilDirty, useEditorLab, WIDTH } from '../support/editorHost';
import { until } from '../support/until';

interface CaptionFile {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly { readonly image_id: number; readonly caption: string }[];
}

describe('Compose Caption', () => {
  const lab = useEditorLab();

  it('adds the text as one step that can be undone, and only once', async () => {
    const file = await lab.picture();
    const { document } = await lab.open(file);
    const captions = () => document.image.core.state.captions.map(({ caption }) => caption);
    await vscode.commands.executeCommand('promptmark.composeCaption', 'A disc.');
    await vscode.commands.executeCommand('promptmark.composeCaption', 'A disc.');
    assert.deepEqual(captions(), ['A disc.']);
    await untilDirty(file, true);
    await vscode.commands.executeCommand('undo');
    await until(document.onDidChange, () => captions().length === 0);
  });
});

describe('Caption Folder', () => {
  const lab = useEditorLab();

  it('tells the saved annotations of every image, without a model', async () => {
    await Promise.all(['a.png', 'b.png'].map((name) => lab.picture(name)));
    await lab.write({
      images: [{ id: 5, file_name: 'a.png', width: WIDTH, height: HEIGHT }],
      annotations: [
        { id: 1, image_id: 5, category_id: 2, bbox: [1, 10, 20, 20], area: 400, iscrowd: 0 },
        { id: 2, image_id: 5, category_id: 2, bbox: [2, 30, 18, 15], area: 270, iscrowd: 0 },
      ],
      categories: [{ id: 2, name: 'knife' }],
    });
    const out = lab.file('captions.coco.json');
    const choice = { folder: lab.folder, out, style: 'sentence', lang: 'en' };
    await vscode.commands.executeCommand('promptmark.captionFolder', choice);
    const made = (await lab.read('captions.coco.json')) as unknown as CaptionFile;
    assert.deepEqual(
      made.images.map(({ id, file_name }) => [id, file_name]),
      [
        [5, 'a.png'],
        [6, 'b.png'],
      ],
    );
    assert.deepEqual(
      made.annotations.map(({ image_id, caption }) => [image_id, caption]),
      [
        [5, 'Two knives on the left.'],
        [6, 'No objects are annotated in this image.'],
      ],
    );
    await unlink(out);
  });
});
