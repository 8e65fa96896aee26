import { strict as assert } from 'node:assert';
import type { DocumentBackup } from '../../../../src/host/editor/imageDocument';
import { DomainError } from '../../../../src/shared/protocol/wire';
import { edit, hasCode, intents, sampleDataset, useDocumentLab } from '../../../support/documents';
import { annotation, draft } from '../../../support/imageStates';

describe('ImageDocument', () => {
  const lab = useDocumentLab();

  describe('saving', () => {
    it('makes a new dataset on first save, with ids from 1', async () => {
      const document = await lab.open();
      const [categoryId] = await edit(document, intents.newCategory('cat'));
      await edit(document, intents.create(categoryId));
      assert.ok(document.core.isChanged);
      await document.save();
      assert.equal(document.core.isChanged, false);
      const { images, annotations, categories } = await lab.read();
      assert.deepEqual(images, [{ id: 1, file_name: 'photo.png', width: 10, height: 8 }]);
      assert.deepEqual(
        annotations.map(({ id, image_id, category_id }) => [id, image_id, category_id]),
        [[1, 1, 1]],
      );
      assert.deepEqual(categories, [{ id: 1, name: 'cat' }]);
    });

    it('writes nothing when nothing changed, nor for a draft', async () => {
      const document = await lab.open();
      document.setDraft('Add point', draft());
      await document.save();
      await assert.rejects(lab.text(), { code: 'ENOENT' });
    });

    it('changes only what was edited', async () => {
      await lab.write(sampleDataset());
      const before = await lab.text();
      const document = await lab.open();
      await edit(document, intents.setAttribute(2, 'x'));
      await document.save();
      const after = await lab.text();
      const kept = before.indexOf('"id": 2,');
      assert.equal(after.slice(0, kept), before.slice(0, kept));
      const file = await lab.read();
      assert.deepEqual(file.annotations[1], { ...annotation(2), attributes: { value: 'x' } });
    });

    it('undoes, redoes and saves what was undone after a save', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await edit(document, intents.create());
      await document.save();
      const [step] = document.recorder.steps;
      document.undo(step!);
      assert.ok(document.core.isChanged);
      await document.save();
      assert.equal((await lab.read()).annotations.length, 2);
      document.redo(step!);
      await document.save();
      assert.equal((await lab.read()).annotations.length, 3);
      assert.deepEqual(
        document.recorder.changes.map(({ reason }) => reason),
        ['edit', 'undo', 'redo'],
      );
    });

    it('stays changed when the disk is full, and the file is as it was', async () => {
      await lab.write(sampleDataset());
      const before = await lab.text();
      const document = await lab.open();
      await edit(document, intents.create());
      lab.intercept = (method) => {
        if (method === 'dataset/save')
          throw new DomainError('internal', 'No space left on device.');
      };
      await assert.rejects(document.save(), /No space left/);
      assert.ok(document.core.isChanged);
      assert.equal(await lab.text(), before);
      lab.intercept = null;
      await document.save();
      assert.equal((await lab.read()).annotations.length, 3);
    });

    it('also saves what is edited while it runs', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await edit(document, intents.setAttribute(1, 'first'));
      let isFirst = true;
      lab.intercept = async (method) => {
        if (method !== 'dataset/save' || !isFirst) return;
        isFirst = false;
        await edit(document, intents.setAttribute(1, 'second'), intents.create());
      };
      await document.save();
      assert.equal(document.core.isChanged, false);
      const { annotations } = await lab.read();
      assert.deepEqual(annotations[0]!['attributes'], { value: 'second' });
      assert.equal(annotations.length, 3);
    });

    it('gives a new id to what another program took, also in the undo stack', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      const [id] = await edit(document, intents.create());
      assert.equal(id, 3);
      // The watcher has not told yet: the save itself finds the other program's entry.
      const outside = sampleDataset();
      outside.annotations.push({ ...annotation(3), note: 'theirs' });
      await lab.write(outside);
      await document.save();
      const ids = document.core.state.annotations.map((entry) => entry.id);
      assert.deepEqual(ids, [1, 2, 3, 4]);
      assert.deepEqual((await lab.read()).annotations[2]!['note'], 'theirs');
      document.undo(document.recorder.steps[0]!);
      await document.save();
      const left = (await lab.read()).annotations;
      assert.deepEqual(
        left.map((entry) => [entry['id'], entry['note']]),
        [
          [1, undefined],
          [2, undefined],
          [3, 'theirs'],
        ],
      );
    });
  });

  it('corrects the size in the entry of an image without annotations', async () => {
    const file = { ...sampleDataset(), annotations: [] };
    file.images[0]!['width'] = 8;
    await lab.write(file);
    const document = await lab.open();
    assert.equal(document.readOnly, null);
    assert.equal(document.core.isChanged, false);
    await edit(document, intents.create());
    await document.save();
    assert.deepEqual((await lab.read()).images, [
      { id: 1, file_name: 'photo.png', width: 10, height: 8, licence: 3 },
    ]);
  });

  it('can be saved after its image was deleted', async () => {
    await lab.write(sampleDataset());
    const document = await lab.open();
    await edit(document, intents.create());
    lab.sizes.set('photo.png', new DomainError('not-found', 'There is no such file.'));
    await document.onImageChanged();
    assert.match(document.recorder.notices[0]!, /was deleted or moved/);
    await document.save();
    assert.equal((await lab.read()).annotations.length, 3);
  });

  it('refuses edits made for an older state', async () => {
    await lab.write(sampleDataset());
    const document = await lab.open();
    await edit(document, intents.create());
    const stale = document.core.revision - 1;
    await assert.rejects(
      document.applyIntents(stale, 'test', [intents.create()]),
      hasCode('conflict'),
    );
    assert.equal(document.core.state.annotations.length, 3);
  });

  it('reverts to what is on disk', async () => {
    await lab.write(sampleDataset());
    const document = await lab.open();
    await edit(document, intents.create(), intents.newCategory('dog'));
    document.setDraft('Add point', draft());
    await document.revert();
    const { annotations, categories, draft: left } = document.core.state;
    assert.deepEqual([annotations.length, categories.length, left], [2, 1, null]);
    assert.equal(document.core.isChanged, false);
  });

  describe('backup', () => {
    it('brings back edits and draft, and merges what changed since', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await edit(document, intents.setAttribute(1, 'mine'), intents.newCategory('dog'));
      document.setDraft('Add point', draft());
      const backup = JSON.parse(JSON.stringify(document.backup())) as DocumentBackup;
      lab.close(document);
      await lab.changeEntries((file) => (file.annotations[1]!['score'] = 0.5));
      const restored = await lab.open('photo.png', backup);
      assert.deepEqual(restored.core.state.draft, draft());
      await restored.save();
      const { annotations, categories } = await lab.read();
      assert.deepEqual(annotations[0]!['attributes'], { value: 'mine' });
      assert.equal(annotations[1]!['score'], 0.5);
      assert.deepEqual(categories[1], { id: 2, name: 'dog' });
    });
  });
});
