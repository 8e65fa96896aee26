import { strict as assert } from 'node:assert';
import { rm } from 'node:fs/promises';
import { DomainError } from '../../../../src/shared/protocol/wire';
import { edit, hasCode, intents, sampleDataset, useDocumentLab } from '../../../support/documents';
import { annotation } from '../../../support/imageStates';

describe('ImageDocument and the world outside', () => {
  const lab = useDocumentLab();

  describe('changes outside', () => {
    it('are shown at once when nothing is unsaved', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await lab.changeEntries((file) => (file.annotations[0]!['score'] = 0.5));
      assert.equal(document.core.state.annotations[0]!.score, 0.5);
      assert.equal(document.core.isChanged, false);
      assert.equal(document.recorder.changes.at(-1)?.reason, 'merge');
    });

    it('are merged with unsaved ones by id', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await edit(document, intents.setAttribute(1, 'mine'));
      await lab.changeEntries((file) => {
        file.annotations[1]!['score'] = 0.25;
        file.annotations.push({ ...annotation(9) });
      });
      await document.save();
      const { annotations } = await lab.read();
      assert.deepEqual(annotations[0]!['attributes'], { value: 'mine' });
      assert.equal(annotations[1]!['score'], 0.25);
      assert.equal(annotations[2]!['id'], 9);
    });

    for (const [answer, value] of [
      ['mine', 'mine'],
      ['theirs', 'theirs'],
    ] as const) {
      it(`to the same entry are asked about: ${answer}`, async () => {
        await lab.write(sampleDataset());
        const document = await lab.open();
        await edit(document, intents.setAttribute(1, 'mine'), intents.setAttribute(2, 'also mine'));
        await lab.changeEntries(
          (file) => (file.annotations[0]!['attributes'] = { value: 'theirs' }),
        );
        assert.match(document.recorder.notices[0]!, /saving asks/);
        assert.deepEqual(document.core.state.annotations[0]!.attributes, { value: 'mine' });
        lab.settle = (conflicts) => {
          assert.deepEqual(
            conflicts.map(({ list, id }) => [list, id]),
            [['annotations', 1]],
          );
          return Promise.resolve(answer);
        };
        await document.save();
        const { annotations } = await lab.read();
        assert.deepEqual(annotations[0]!['attributes'], { value });
        assert.deepEqual(annotations[1]!['attributes'], { value: 'also mine' });
        assert.deepEqual(document.core.state.annotations[0]!.attributes, { value });
        assert.equal(document.core.isChanged, false);
      });
    }

    it('write nothing when the question is not answered', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await edit(document, intents.setAttribute(1, 'mine'));
      await lab.changeEntries((file) => (file.annotations[0]!['attributes'] = { value: 'theirs' }));
      const before = await lab.text();
      lab.settle = () => Promise.reject(new DomainError('cancelled', 'Nothing was saved.'));
      await assert.rejects(document.save(), hasCode('cancelled'));
      assert.equal(await lab.text(), before);
      assert.ok(document.core.isChanged);
    });

    it('that delete the file leave what is shown, and a save writes it all', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await rm(lab.dataset);
      await lab.notifyChange();
      assert.match(document.recorder.notices[0]!, /was deleted/);
      assert.equal(document.core.state.annotations.length, 2);
      await document.save();
      const { annotations, categories } = await lab.read();
      assert.deepEqual(
        annotations.map(({ id }) => id),
        [1, 2],
      );
      assert.deepEqual(categories, [{ id: 1, name: 'cat' }]);
    });
  });

  describe('is read-only, with the reason', () => {
    it('while the dataset does not parse', async () => {
      await lab.write('{ "images": [,] }');
      const document = await lab.open();
      assert.match(document.readOnly ?? '', /annotations\.coco\.json, line 1, column 14/);
      await assert.rejects(edit(document, intents.newCategory('cat')), hasCode('read-only'));
      await lab.changeOutside(sampleDataset());
      assert.equal(document.readOnly, null);
      assert.equal(document.core.state.annotations.length, 2);
    });

    it('when the file breaks while there are unsaved changes, which are kept', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await edit(document, intents.setAttribute(1, 'mine'));
      await lab.changeOutside('<<<<<<< HEAD');
      await assert.rejects(document.save(), hasCode('read-only'));
      assert.equal(await lab.text(), '<<<<<<< HEAD');
      assert.deepEqual(document.core.state.annotations[0]!.attributes, { value: 'mine' });
      await lab.changeOutside(sampleDataset());
      await document.save();
      assert.deepEqual((await lab.read()).annotations[0]!['attributes'], { value: 'mine' });
    });

    it('in a workspace that is not trusted', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      await edit(document, intents.create());
      lab.writeBlock = 'Not trusted.';
      assert.equal(document.readOnly, 'Not trusted.');
      await assert.rejects(edit(document, intents.create()), hasCode('read-only'));
      await assert.rejects(document.save(), hasCode('read-only'));
      assert.equal((await lab.read()).annotations.length, 2);
    });

    it('when the image has another size than its annotations', async () => {
      await lab.write(sampleDataset());
      const document = await lab.open();
      lab.sizes.set('photo.png', [10, 8]);
      await document.onImageChanged();
      assert.match(document.readOnly ?? '', /8 × 10 pixels, but .* 10 × 8/);
      lab.sizes.clear();
      await document.onImageChanged();
      assert.equal(document.readOnly, null);
    });

    it('when the image cannot be read', async () => {
      lab.sizes.set('photo.png', new DomainError('image-unreadable', 'It is empty.'));
      const document = await lab.open();
      assert.equal(document.readOnly, 'It is empty.');
      assert.throws(() => document.size, hasCode('image-unreadable'));
      lab.sizes.clear();
      await document.onImageChanged();
      await edit(document, intents.newCategory('cat'));
      await edit(document, intents.create());
      await document.save();
      const { images } = await lab.read();
      assert.deepEqual([images[0]!['width'], images[0]!['height']], [10, 8]);
    });
  });
});
