import { strict as assert } from 'node:assert';
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { saveCopy } from '../../../../src/host/editor/saveCopy';
import type { Intent } from '../../../../src/shared/edits/types';
import { DomainError } from '../../../../src/shared/protocol/wire';
import { edit, hasCode, intents, sampleDataset, useDocumentLab } from '../../../support/documents';

describe('ImageDocument and other editors', () => {
  const lab = useDocumentLab();

  describe('two editors on one dataset', () => {
    it('never hand out an id twice', async () => {
      const [a, b] = [await lab.open('a.png'), await lab.open('b.png')];
      await edit(a, intents.newCategory('cat'));
      await edit(b, intents.create());
      await edit(a, intents.create());
      await edit(b, intents.create());
      await b.save();
      await a.save();
      const { images, annotations, categories } = await lab.read();
      assert.deepEqual(
        annotations.map(({ id, image_id }) => [id, image_id]),
        [
          [1, 2],
          [3, 2],
          [2, 1],
        ],
      );
      assert.deepEqual(
        images.map(({ id, file_name }) => [id, file_name]),
        [
          [2, 'b.png'],
          [1, 'a.png'],
        ],
      );
      assert.deepEqual(categories, [{ id: 1, name: 'cat' }]);
      assert.equal(a.core.isChanged || b.core.isChanged, false);
    });

    it('show category changes of each other before they are saved', async () => {
      await lab.write(sampleDataset());
      const [a, b] = [await lab.open('photo.png'), await lab.open('b.png')];
      await edit(a, intents.newCategory('dog'), { kind: 'category/update', id: 1, name: 'lion' });
      const names = () => b.core.state.categories.map(({ name }) => name);
      assert.deepEqual(names(), ['lion', 'dog']);
      a.undo(a.recorder.steps[0]!);
      assert.deepEqual(names(), ['cat']);
    });

    it('save only their own category changes', async () => {
      await lab.write(sampleDataset());
      const [a, b] = [await lab.open('photo.png'), await lab.open('b.png')];
      await edit(a, intents.newCategory('dog'), { kind: 'category/update', id: 1, name: 'lion' });
      await edit(b, intents.create(1));
      await b.save();
      assert.deepEqual((await lab.read()).categories, [{ id: 1, name: 'cat' }]);
      assert.deepEqual(
        b.core.state.categories.map(({ name }) => name),
        ['lion', 'dog'],
      );
      await a.save();
      assert.deepEqual(
        (await lab.read()).categories.map(({ name }) => name),
        ['lion', 'dog'],
      );
      assert.equal(b.core.isChanged, false);
    });

    it('keep a category that the other one uses when it is undone', async () => {
      const [a, b] = [await lab.open('a.png'), await lab.open('b.png')];
      const [dog] = await edit(a, intents.newCategory('dog'));
      await edit(b, intents.create(dog));
      a.undo(a.recorder.steps[0]!);
      assert.deepEqual(a.core.state.categories, []);
      assert.deepEqual(b.core.state.categories, [{ id: 1, name: 'dog' }]);
      await b.save();
      assert.deepEqual(a.core.state.categories, [{ id: 1, name: 'dog' }]);
    });

    it('refuse to delete a category the other images use', async () => {
      const file = sampleDataset();
      file.images.push({ id: 2, file_name: 'b.png', width: 10, height: 8 });
      await lab.write(file);
      const b = await lab.open('b.png');
      const intent: Intent = { kind: 'category/delete', id: 1, reassignTo: null };
      await assert.rejects(edit(b, intent), /used by 2 annotations of other images/);
    });
  });

  describe('another dataset', () => {
    it('can be chosen when nothing is unsaved', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      const other = path.join(lab.folder, 'other.json');
      await edit(document, intents.create());
      await assert.rejects(document.useDataset(other), hasCode('conflict'));
      await document.save();
      await document.useDataset(other);
      assert.deepEqual(document.core.state.annotations, []);
      assert.equal(document.store.path, other);
    });
  });

  describe('save as', () => {
    it('copies the picture and lists it with its annotations, unsaved ones too', async () => {
      await lab.write(sampleDataset());
      const picture = path.join(lab.folder, 'photo.png');
      await writeFile(picture, 'pixels');
      const document = await lab.open();
      await edit(document, intents.newCategory('dog'));
      await edit(document, intents.create(2));
      await saveCopy(document, path.join(lab.folder, 'copy.png'), lab.ports);
      await copyFile(path.join(lab.folder, 'copy.png'), picture);
      const { images, annotations, categories } = await lab.read();
      assert.deepEqual(images[1], {
        id: 2,
        file_name: 'copy.png',
        width: 10,
        height: 8,
        licence: 3,
      });
      const copies = annotations.filter(({ image_id }) => image_id === 2);
      assert.deepEqual(
        copies.map(({ category_id }) => category_id),
        [1, 1, 2],
      );
      assert.equal(new Set(annotations.map(({ id }) => id)).size, annotations.length);
      assert.deepEqual(
        categories.map(({ name }) => name),
        ['cat', 'dog'],
      );
      assert.ok(document.core.isChanged);
    });

    it('leaves no picture behind when the dataset cannot be written', async () => {
      await lab.write(sampleDataset());
      await writeFile(path.join(lab.folder, 'photo.png'), 'pixels');
      const document = await lab.open();
      lab.intercept = (method) => {
        if (method === 'dataset/save') throw new DomainError('internal', 'Disk full.');
      };
      const copy = path.join(lab.folder, 'copy.png');
      await assert.rejects(saveCopy(document, copy, lab.ports), /Disk full/);
      await assert.rejects(copyFile(copy, `${copy}2`), { code: 'ENOENT' });
    });
  });
});
