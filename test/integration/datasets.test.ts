import { strict as assert } from 'node:assert';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  annotateDisc,
  edit,
  HEIGHT,
  services,
  tabOf,
  untilDirty,
  useEditorLab,
  WIDTH,
} from '../support/editorHost';
import { until } from '../support/until';

const save = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.files.save');

/** A dataset of photo.png with one annotation without a mask. */
const dataset = () => ({
  images: [{ id: 1, file_name: 'photo.png', width: WIDTH, height: HEIGHT }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], area: 12, iscrowd: 0 }],
  categories: [{ id: 1, name: 'disc' }],
});

describe('datasets', () => {
  const lab = useEditorLab();

  it('two editors on one dataset stay in step', async () => {
    const [a, b] = [await lab.picture('a.png'), await lab.picture('b.png')];
    const first = (await lab.open(a)).document.image;
    const second = (await lab.open(b)).document.image;
    await annotateDisc(first, 'cat');
    assert.deepEqual(
      second.core.state.categories.map(({ name }) => name),
      ['cat'],
    );
    await annotateDisc(second, 'cat');
    await save();
    await untilDirty(b, false);
    assert.equal(tabOf(a)?.isDirty, true);
    await vscode.commands.executeCommand('workbench.action.files.saveAll');
    await untilDirty(a, false);
    const { annotations, categories } = await lab.read();
    assert.equal(categories.length, 1);
    assert.deepEqual(annotations.map(({ id }) => id).sort(), [1, 2]);
  });

  it('a file that does not parse is a problem with its place, and opens read-only', async () => {
    await lab.write('{\n  "images": [,]\n}');
    const file = await lab.picture();
    const { problems, services: all } = await services();
    await lab.useDataset(lab.dataset);
    const { image } = (await lab.open(file)).document;
    const [problem] = problems.of(lab.dataset);
    assert.deepEqual([problem?.range.start.line, problem?.range.start.character], [1, 13]);
    assert.match(image.readOnly ?? '', /line 2, column 14/);
    await assert.rejects(edit(image, { kind: 'category/create', name: 'x' }), /repaired/);
    const changed = until(
      (listener) => vscode.languages.onDidChangeDiagnostics(listener),
      () => problems.of(lab.dataset).length === 0,
    );
    await lab.write(dataset());
    await changed;
    await until(all.editors.onDidChange, () => image.readOnly === null);
    assert.equal(image.core.state.annotations.length, 1);
  });

  it('an outside change is merged while there are unsaved ones', async () => {
    await lab.write(dataset());
    const file = await lab.picture();
    const { document } = await lab.open(file);
    await annotateDisc(document.image);
    const outside = dataset();
    outside.annotations.push({ ...outside.annotations[0]!, id: 7 });
    await lab.write(outside);
    await until(document.onDidReload, () => document.image.core.state.annotations.length === 3);
    await save();
    await untilDirty(file, false);
    assert.deepEqual((await lab.read()).annotations.map(({ id }) => id).sort(), [1, 2, 7]);
  });

  it('a save that fails leaves the editor dirty', async () => {
    const file = await lab.picture();
    const { provider } = await services();
    const { document } = await lab.open(file);
    // A file is no folder: nobody can write there, root neither.
    await document.image.useDataset(`${file}/annotations.json`);
    await annotateDisc(document.image);
    await untilDirty(file, true);
    await assert.rejects(provider.saveCustomDocument(document));
    assert.ok(document.image.core.isChanged);
    assert.equal(tabOf(file)?.isDirty, true);
  });

  it('an image deleted while open can still be saved', async () => {
    const file = await lab.picture();
    const { document } = await lab.open(file);
    await annotateDisc(document.image);
    const notices: string[] = [];
    document.onDidNotice(({ message }) => notices.push(message));
    await rm(file);
    await until(document.onDidNotice, () => notices.length > 0);
    assert.match(notices[0]!, /deleted or moved/);
    await document.image.save();
    assert.equal((await lab.read()).annotations.length, 1);
  });

  it('an image replaced by one of another size makes the editor read-only', async () => {
    await lab.write(dataset());
    const file = await lab.picture();
    const { document } = await lab.open(file);
    await lab.picture('photo.png', WIDTH * 2, HEIGHT);
    await until(document.onDidReload, () => document.image.readOnly !== null);
    assert.match(document.image.readOnly ?? '', /128 × 48 pixels/);
  });

  for (const [what, content] of [
    ['empty', ''],
    ['no image', 'not a picture'],
  ] as const) {
    it(`an image that is ${what} opens with the reason`, async () => {
      await lab.write(content, 'broken.png');
      const { document } = await lab.open(lab.file('broken.png'));
      assert.equal(document.image.imageError?.code, 'image-unreadable');
      await lab.picture('broken.png');
      await until(document.onDidReload, () => document.image.imageError === null);
      assert.deepEqual(document.image.size, [HEIGHT, WIDTH]);
    });
  }

  it('the setting changes the dataset of open editors', async () => {
    await lab.write(dataset());
    const { document } = await lab.open(await lab.picture());
    assert.equal(document.image.core.state.annotations.length, 1);
    await lab.write({ ...dataset(), annotations: [] }, 'other.json');
    await lab.useDataset(lab.file('other.json'));
    await until(document.onDidReload, () => document.image.store.name === 'other.json');
    assert.deepEqual(document.image.core.state.annotations, []);
  });

  it('"Open Dataset File" selects the entry of the image', async () => {
    await lab.write(dataset());
    await lab.open(await lab.picture());
    await vscode.commands.executeCommand('promptmark.openDatasetFile');
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, lab.dataset);
    assert.equal(editor.document.getText(editor.selection), '"photo.png"');
  });
});
