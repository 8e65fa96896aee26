import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { UnsavedJournals, type LostWork } from '../../../../src/host/editor/unsavedJournal';
import type { UnsavedJournal } from '../../../../src/host/editor/unsavedJournal';
import { bundleScript } from '../../../support/bundle';
import {
  edit,
  intents,
  sampleDataset,
  useDocumentLab,
  type OpenDocument,
} from '../../../support/documents';
import { draft } from '../../../support/imageStates';
import { useTempFolder } from '../../../support/tempFolder';

describe('work that was never saved', () => {
  const lab = useDocumentLab();
  const temp = useTempFolder();
  let errors: unknown[] = [];

  /** The journals of one window. */
  const newWindow = (): UnsavedJournals =>
    new UnsavedJournals(temp.file('unsaved'), (error) => errors.push(error));

  beforeEach(() => (errors = []));
  afterEach(() => assert.deepEqual(errors, []));

  /** Opens the image as a window does, without what was lost. */
  async function open(
    journals: UnsavedJournals,
  ): Promise<{ document: OpenDocument; journal: UnsavedJournal }> {
    const document = await lab.open();
    const journal = journals.open(document);
    const { recorder } = document;
    recorder.onChange = (change) => {
      recorder.changes.push(change);
      void journal.note(change);
    };
    return { document, journal };
  }

  /** Does some work in a window that is killed. */
  async function lose(): Promise<void> {
    const { document, journal } = await open(newWindow());
    await edit(document, intents.setAttribute(1, 'mine'), intents.newCategory('dog'));
    document.setDraft('Add point', draft());
    await journal.note({ revision: 0, edits: [], reason: 'edit', imageChanged: false });
    lab.close(document);
  }

  async function lostWork(journals = newWindow()): Promise<readonly LostWork[]> {
    return journals.find((await lab.open()).imagePath);
  }

  it('is brought back as one undo step', async () => {
    await lab.write(sampleDataset());
    await lose();
    const { document } = await open(newWindow());
    const [work, ...others] = await lostWork();
    assert.deepEqual(others, []);
    assert.ok(document.recover(work!));
    assert.deepEqual(
      document.recorder.steps.map(({ label }) => label),
      ['Restore Unsaved Work'],
    );
    assert.deepEqual(document.core.state.draft, draft());
    await document.save();
    const { annotations, categories } = await lab.read();
    assert.deepEqual(annotations[0]!['attributes'], { value: 'mine' });
    assert.equal(categories.length, 2);
    document.undo(document.recorder.steps[0]!);
    await document.save();
    assert.equal((await lab.read()).categories.length, 1);
  });

  it('is brought back after every single edit, undo and redo', async () => {
    await lab.write(sampleDataset());
    const { document, journal } = await open(newWindow());
    const reopened = async (): Promise<unknown> => {
      await journal.note({ revision: 0, edits: [], reason: 'edit', imageChanged: false });
      const other = await lab.open();
      for (const work of await newWindow().find(other.imagePath)) other.recover(work);
      const { annotations, captions, categories } = other.core.state;
      lab.close(other);
      return { annotations, captions, categories };
    };
    const shown = (): unknown => {
      const { annotations, captions, categories } = document.core.state;
      return { annotations, captions, categories };
    };
    await edit(document, intents.create());
    assert.deepEqual(await reopened(), shown());
    await edit(document, intents.setAttribute(2, 'x'), { kind: 'caption/set', text: 'A cat.' });
    assert.deepEqual(await reopened(), shown());
    await edit(document, { kind: 'annotation/reorder', id: 2, to: 0 });
    assert.deepEqual(await reopened(), shown());
    const [first, second] = document.recorder.steps;
    document.undo(second!);
    assert.deepEqual(await reopened(), shown());
    document.redo(second!);
    await edit(document, { kind: 'annotation/delete', ids: [1] });
    assert.deepEqual(await reopened(), shown());
    document.undo(first!);
    assert.deepEqual(await reopened(), shown());
  });

  it('asks before it overwrites what another program changed since', async () => {
    await lab.write(sampleDataset());
    await lose();
    await lab.changeEntries((file) => (file.annotations[0]!['attributes'] = { value: 'theirs' }));
    const { document } = await open(newWindow());
    for (const work of await lostWork()) document.recover(work);
    let asked = 0;
    lab.settle = () => Promise.resolve(asked++ === 0 ? 'theirs' : 'mine');
    await document.save();
    assert.equal(asked, 1);
    assert.deepEqual((await lab.read()).annotations[0]!['attributes'], { value: 'theirs' });
  });

  it('is left alone where the image belongs to another dataset now', async () => {
    await lab.write(sampleDataset());
    await lose();
    const { document } = await open(newWindow());
    const [work] = await lostWork();
    assert.equal(document.recover({ ...work!, datasetPath: '/elsewhere.json' }), false);
    assert.deepEqual(document.recorder.steps, []);
  });

  it('is forgotten when it was saved, reverted or closed, and only then', async () => {
    await lab.write(sampleDataset());
    const { document, journal } = await open(newWindow());
    await edit(document, intents.setAttribute(1, 'saved'));
    await journal.settle();
    assert.equal((await lostWork()).length, 1);
    await document.save();
    await journal.settle();
    assert.deepEqual(await lostWork(), []);
    document.setDraft('Add point', draft());
    await document.save();
    await journal.settle();
    const [kept] = await lostWork();
    assert.deepEqual(
      kept?.edits.map(({ kind }) => kind),
      ['draft'],
    );
    await document.revert();
    await journal.settle();
    assert.deepEqual(await lostWork(), []);
    await edit(document, intents.setAttribute(1, 'unwanted'));
    await journal.discard();
    assert.deepEqual(await lostWork(), []);
  });

  it('stays when the window goes with the document, and not when the editor is closed', async () => {
    await lab.write(sampleDataset());
    for (const isWindowGone of [true, false]) {
      const journals = new UnsavedJournals(
        temp.file(`gone-${isWindowGone}`),
        (error) => errors.push(error),
        0,
      );
      const { document, journal } = await open(journals);
      await edit(document, intents.setAttribute(1, 'x'));
      await journal.settle();
      journals.close(journal);
      if (isWindowGone) journals.dispose();
      const left = async (): Promise<number> =>
        (await fs.readdir(temp.file(`gone-${isWindowGone}`))).length;
      if (isWindowGone) assert.equal(await left(), 1);
      else while ((await left()) > 0) await setImmediate();
      lab.close(document);
    }
  });

  it('of two windows is brought back together, and is not lost by one that goes on', async () => {
    await lab.write(sampleDataset());
    const one = await open(newWindow());
    await edit(one.document, intents.setAttribute(1, 'one'));
    await one.journal.settle();
    const two = await open(newWindow());
    const journals = newWindow();
    const lost = await journals.find(two.document.imagePath);
    assert.equal(lost.length, 1);
    for (const work of lost) two.document.recover(work);
    await two.journal.settle();
    await journals.forget(lost);
    // The first window lives on: its next edit brings its journal back, whole.
    await edit(one.document, intents.setAttribute(2, 'one'));
    await one.journal.note({ revision: 0, edits: [], reason: 'edit', imageChanged: false });
    const { document } = await open(newWindow());
    for (const work of await lostWork()) document.recover(work);
    const values = document.core.state.annotations.map(({ attributes }) => attributes?.['value']);
    assert.deepEqual(values, ['one', 'one']);
  });

  it('of an image that is not listed yet follows the id the image has now', async () => {
    await lab.write({ ...sampleDataset(), images: [], annotations: [] });
    const { document, journal } = await open(newWindow());
    await edit(document, intents.create());
    await journal.settle();
    lab.close(document);
    await lab.changeEntries(({ images }) => {
      images.push({ id: 7, file_name: 'photo.png', width: 10, height: 8 });
    });
    const again = await open(newWindow());
    for (const work of await lostWork()) again.document.recover(work);
    await again.document.save();
    const { annotations } = await lab.read();
    assert.deepEqual(
      annotations.map(({ image_id }) => image_id),
      [7],
    );
  });

  it('is there after a kill at any moment, up to the last edit that was kept', async () => {
    await lab.write(sampleDataset());
    const script = await bundleScript('test/support/editForever.ts', temp.file('edit.cjs'));
    for (const wanted of [1, 2, 9, 40]) {
      const folder = temp.file(`killed-${wanted}`);
      const child = spawn(process.execPath, [script, lab.folder, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let told = 0;
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        told += text.split('\n').length - 1;
        if (told >= wanted) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const journals = new UnsavedJournals(folder, (error) => errors.push(error));
      const document = await lab.open();
      for (const work of await journals.find(document.imagePath)) document.recover(work);
      const value = Number(document.core.state.annotations[0]?.attributes?.['value']);
      assert.ok(value >= told, `${value} was brought back, ${told} had been kept`);
      await fs.rm(folder, { recursive: true });
      lab.close(document);
    }
  }).timeout(60_000);
});
