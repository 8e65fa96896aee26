import { strict as assert } from 'node:assert';
import { readFile, rm } from 'node:fs/promises';
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

const run = (command: string): Thenable<unknown> => vscode.commands.executeCommand(command);

describe('editing', () => {
  const lab = useEditorLab();

  it('opens by "Annotate Image", with nothing unsaved', async () => {
    const file = await lab.picture();
    const { document } = await lab.open(file);
    assert.deepEqual(document.image.size, [HEIGHT, WIDTH]);
    assert.equal(document.image.store.path, lab.dataset);
    assert.equal(tabOf(file)?.isDirty, false);
  });

  it('undoes, redoes and saves by VS Code', async () => {
    const file = await lab.picture();
    const { document } = await lab.open(file);
    const { image } = document;
    await annotateDisc(image);
    await untilDirty(file, true);
    await run('undo');
    await until(document.onDidChange, () => image.core.state.annotations.length === 0);
    await run('undo');
    await until(document.onDidChange, () => image.core.state.categories.length === 0);
    await untilDirty(file, false);
    await run('redo');
    await run('redo');
    await until(document.onDidChange, () => image.core.state.annotations.length === 1);
    await untilDirty(file, true);
    await run('workbench.action.files.save');
    await untilDirty(file, false);
    const { images, annotations, categories } = await lab.read();
    assert.deepEqual(images, [{ id: 1, file_name: 'photo.png', width: WIDTH, height: HEIGHT }]);
    assert.deepEqual(categories, [{ id: 1, name: 'disc' }]);
    const [made] = annotations;
    assert.deepEqual([made?.['id'], made?.['category_id'], made?.['iscrowd']], [1, 1, 0]);
    assert.deepEqual(made?.['bbox'], [18, 12, 24, 24]);
  });

  it('undoes what was saved, and saves that', async () => {
    const file = await lab.picture();
    const { image } = (await lab.open(file)).document;
    await annotateDisc(image);
    await run('workbench.action.files.save');
    await untilDirty(file, false);
    await run('undo');
    await untilDirty(file, true);
    await run('workbench.action.files.save');
    await untilDirty(file, false);
    assert.deepEqual((await lab.read()).annotations, []);
  });

  it('reverts', async () => {
    const file = await lab.picture();
    const { document } = await lab.open(file);
    await annotateDisc(document.image);
    await untilDirty(file, true);
    await run('workbench.action.files.revert');
    await until(document.onDidReload, () => document.image.core.state.annotations.length === 0);
    await untilDirty(file, false);
  });

  it('backs up for hot exit and opens the backup', async () => {
    const file = await lab.picture();
    const { provider } = await services();
    const { document } = await lab.open(file);
    const id = await annotateDisc(document.image);
    const destination = vscode.Uri.file(lab.file('backups/1'));
    const backup = await provider.backupCustomDocument(document, { destination });
    const restored = await provider.openCustomDocument(document.uri, {
      backupId: backup.id,
      untitledDocumentData: undefined,
    });
    try {
      assert.deepEqual(
        restored.image.core.state.annotations.map((annotation) => annotation.id),
        [id],
      );
      assert.ok(restored.image.core.isChanged);
    } finally {
      restored.dispose();
      provider.documents.set(file, document);
    }
    backup.delete();
    await rm(backup.id, { force: true });
  });

  it('steps through the images of the folder, the unlabelled ones on request', async () => {
    const [a, b, c] = [
      await lab.picture('a.png'),
      await lab.picture('b.png'),
      await lab.picture('c10.png'),
    ];
    const { document } = await lab.open(b);
    await annotateDisc(document.image);
    await run('workbench.action.files.save');
    await untilDirty(b, false);
    const { editors } = (await services()).services;
    const arrive = (file: string): Promise<void> =>
      until(editors.onDidChange, () => editors.active?.document.uri.fsPath === file);
    await run('promptmark.nextImage');
    await arrive(c);
    await run('promptmark.nextImage');
    await arrive(a);
    await run('promptmark.nextUnlabelledImage');
    await arrive(c);
    await run('promptmark.previousImage');
    await arrive(b);
  });

  it('saves a copy of the image with its annotations', async () => {
    const file = await lab.picture();
    const { provider } = await services();
    const { document } = await lab.open(file);
    await annotateDisc(document.image);
    await provider.saveCustomDocumentAs(document, vscode.Uri.file(lab.file('copy.png')));
    const { images, annotations } = await lab.read();
    assert.deepEqual(
      images.map((image) => image['file_name']),
      ['copy.png'],
    );
    assert.equal(annotations.length, 1);
    assert.deepEqual(await readFile(lab.file('copy.png')), await readFile(file));
  });

  it('shows a format the page cannot show as a PNG of the engine', async () => {
    const file = await lab.picture('scan.tiff');
    const { document, session } = await lab.open(file);
    const address = await document.source.address(session.panel.webview);
    assert.match(address, /\.png/);
    const { storage } = (await services()).services;
    assert.ok(decodeURIComponent(address).includes(storage));
  });

  it('tells pages of one document the same, in order', async () => {
    const file = await lab.picture();
    const { document } = await lab.open(file);
    const revisions: number[] = [];
    const listener = document.onDidChange(({ revision }) => revisions.push(revision));
    await annotateDisc(document.image);
    await edit(document.image, { kind: 'caption/set', text: 'A disc.' });
    listener.dispose();
    assert.deepEqual(revisions, [1, 2, 3]);
  });
});
