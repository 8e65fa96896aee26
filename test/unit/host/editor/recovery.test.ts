import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import type { DocumentBackup } from '../../../../src/host/editor/imageDocument';
import { Recovery } from '../../../../src/host/editor/recovery';
import { edit, intents, sampleDataset, useDocumentLab } from '../../../support/documents';
import { draft } from '../../../support/imageStates';
import { useTempFolder } from '../../../support/tempFolder';

describe('recovery after a killed window', () => {
  const lab = useDocumentLab();
  const temp = useTempFolder();

  async function lose(): Promise<DocumentBackup> {
    const document = await lab.open();
    await edit(document, intents.setAttribute(1, 'mine'), intents.newCategory('dog'));
    document.setDraft('Add point', draft());
    const backup = JSON.parse(JSON.stringify(document.backup())) as DocumentBackup;
    lab.close(document);
    return backup;
  }

  it('brings the work back as one undo step', async () => {
    await lab.write(sampleDataset());
    const backup = await lose();
    const document = await lab.open();
    document.recover(backup);
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

  it('asks before it overwrites what another program changed since', async () => {
    await lab.write(sampleDataset());
    const backup = await lose();
    await lab.changeEntries((file) => (file.annotations[0]!['attributes'] = { value: 'theirs' }));
    const document = await lab.open();
    document.recover(backup);
    let asked = 0;
    lab.settle = () => Promise.resolve(asked++ === 0 ? 'theirs' : 'mine');
    await document.save();
    assert.equal(asked, 1);
    assert.deepEqual((await lab.read()).annotations[0]!['attributes'], { value: 'theirs' });
  });

  it('leaves work for another dataset alone', async () => {
    await lab.write(sampleDataset());
    const backup = { ...(await lose()), datasetPath: '/elsewhere.json' };
    const document = await lab.open();
    document.recover(backup);
    assert.deepEqual(document.recorder.steps, []);
  });

  it('finds the newest backup until it is forgotten', async () => {
    await lab.write(sampleDataset());
    const recovery = new Recovery(temp.file('pointers'));
    assert.equal(await recovery.find('/a.png'), null);
    const backup = await lose();
    const [older, newer] = [temp.file('1'), temp.file('2')];
    await writeFile(newer, JSON.stringify(backup));
    await recovery.note('/a.png', older);
    assert.equal(await recovery.find('/a.png'), null);
    await recovery.note('/a.png', newer);
    await recovery.forget('/a.png', older);
    assert.deepEqual(await recovery.find('/a.png'), backup);
    assert.equal(await recovery.find('/b.png'), null);
    await recovery.forget('/a.png', newer);
    assert.equal(await recovery.find('/a.png'), null);
  });
});
