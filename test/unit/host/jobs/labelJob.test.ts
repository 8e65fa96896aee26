import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Store } from '../../../../src/host/dataset/store';
import { combineDatasets } from '../../../../src/host/dataset/combine';
import { datasetTexts } from '../../../../src/host/dataset/writeDataset';
import { suitableLanes } from '../../../../src/host/jobs/enginePool';
import { runLabelJob, type LabelJob } from '../../../../src/host/jobs/labelJob';
import { scan } from '../../../../src/shared/coco/scan';
import { bundleScript } from '../../../support/bundle';
import { writeCaptionDataset } from '../../../support/captionDataset';
import { countingLabeller } from '../../../support/countingLabeller';
import { useTempFolder } from '../../../support/tempFolder';

interface LabelFile {
  readonly images: readonly { id: number }[];
  readonly annotations: readonly { id: number; category_id: number; area: number }[];
  readonly categories: readonly { id: number; name: string }[];
}

describe('runLabelJob', () => {
  const temp = useTempFolder();
  let root = '';
  let coco = '';
  const make = async (count: number): Promise<void> => {
    root = await mkdtemp(path.join(temp.path, 'job-'));
    coco = await writeCaptionDataset(root, count);
  };
  const jobOf = (changes: Partial<LabelJob> = {}): LabelJob => ({
    ...{ paths: [], coco, format: 'coco', out: path.join(root, 'labels.json'), limit: null },
    ...{ shard: { index: 0, count: 1 }, resume: false, overwrite: false, jobs: 3 },
    ...changes,
  });
  const read = async (name = 'labels.json'): Promise<LabelFile> =>
    JSON.parse(await readFile(path.join(root, name), 'utf8')) as LabelFile;

  it('writes a sound COCO file of what was changed and added', async () => {
    await make(6);
    const report = await runLabelJob(jobOf(), countingLabeller());
    assert.equal(report.added, 1 + 2 + 3 + 4 + 5 + 6);
    const text = await readFile(path.join(root, 'labels.json'));
    assert.deepEqual(scan(text).problems, []);
    const made = await read();
    const names = new Map(made.categories.map(({ id, name }) => [id, name]));
    assert.deepEqual([...names.values()], ['mug', 'book', 'pear', 'lamp']);
    const given = JSON.parse(await readFile(coco, 'utf8')) as LabelFile;
    assert.equal(made.annotations.length, report.added + given.annotations.length);
    assert.equal(made.annotations.filter(({ area }) => area === 1).length, report.changed);
    assert.equal(new Set(made.annotations.map(({ id }) => id)).size, made.annotations.length);
  });

  it('works on the first images only for a dry run', async () => {
    await make(9);
    const report = await runLabelJob(jobOf({ limit: 5 }), countingLabeller());
    assert.equal(report.total, 5);
    assert.equal((await read()).images.length, 5);
  });

  it('writes the same bytes after kill −9 in the middle and resume', async () => {
    await make(200);
    await runLabelJob(jobOf({ out: path.join(root, 'plain.json') }), countingLabeller());
    const script = await bundleScript('test/support/labelUntil.ts', path.join(root, 'until.js'));
    const child = spawn(process.execPath, [script, '90', JSON.stringify(jobOf())]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(!(await readdir(root)).includes('labels.json'));
    const report = await runLabelJob(jobOf({ resume: true }), countingLabeller());
    // With three lanes up to two results were on their way to the disk.
    assert.ok(report.resumed >= 88 && report.resumed <= 92, String(report.resumed));
    assert.deepEqual(
      await readFile(path.join(root, 'labels.json')),
      await readFile(path.join(root, 'plain.json')),
    );
    assert.deepEqual(
      (await readdir(root)).filter((name) => name.startsWith('.')),
      [],
    );
  });

  it('makes shards that merge without new ids', async () => {
    await make(10);
    const store = new Store();
    const parts = [];
    for (let index = 0; index < 3; index++) {
      const out = path.join(root, `part${index}.json`);
      await runLabelJob(jobOf({ out, shard: { index, count: 3 } }), countingLabeller());
      parts.push((await store.load(out))!);
    }
    const merged = await combineDatasets(store, parts, path.join(root, 'merged.json'));
    const text = [...datasetTexts(merged.dataset)].join('');
    assert.deepEqual(merged.report.renumbered, { images: 0, annotations: 0, categories: 0 });
    assert.deepEqual(merged.report.collisions, []);
    await runLabelJob(jobOf(), countingLabeller());
    const whole = await read();
    const joined = JSON.parse(text) as LabelFile;
    assert.equal(joined.annotations.length, whole.annotations.length);
    assert.deepEqual(joined.categories, whole.categories);
    assert.equal(joined.images.length, 10);
  });

  it('does images again whose annotations were edited, and only those', async () => {
    await make(6);
    await unlink(path.join(root, 'images/003.png')); // keeps the journal
    const first = await runLabelJob(jobOf(), countingLabeller());
    assert.match(first.failures[0]?.message ?? '', /003\.png does not exist/);
    const data = JSON.parse(await readFile(coco, 'utf8')) as { annotations: { area: number }[] };
    data.annotations[0]!.area = 77;
    await writeFile(coco, JSON.stringify(data));
    assert.equal((await runLabelJob(jobOf({ resume: true }), countingLabeller())).resumed, 4);
  });

  it('prints where no file was named, texts quoted', async () => {
    await make(2);
    const csv = await runLabelJob(jobOf({ out: null, format: 'csv' }), countingLabeller());
    const lines = csv.text.split('\r\n');
    assert.match(lines[0]!, /^file_name,image_id,annotation_id,category,score,x,y,width,height/);
    assert.equal(lines[1]!.split(',').length, 11);
    assert.ok(csv.text.includes('"images/001.png",10,'));
    assert.ok(csv.text.includes('"""1""\n=1+1"'), csv.text);
    const jsonl = await runLabelJob(jobOf({ out: null, format: 'jsonl' }), countingLabeller());
    const rows = jsonl.text
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row) as object);
    assert.deepEqual(Object.keys(rows[0]!), ['file_name', 'image_id', 'annotations']);
  });

  it('never writes over the dataset it reads', async () => {
    await make(1);
    await assert.rejects(runLabelJob(jobOf({ out: coco }), countingLabeller()), {
      code: 'invalid-params',
    });
  });
});

describe('suitableLanes', () => {
  const cases = [
    [2, 64e9, 1],
    [16, 64e9, 4],
    [16, 5e9, 2],
    [128, 512e9, 8],
    [64, 1e9, 1],
  ] as const;
  for (const [cores, bytes, lanes] of cases) {
    it(`${cores} cores, ${bytes / 1e9} GB: ${lanes}`, () =>
      assert.equal(suitableLanes(cores, bytes), lanes));
  }
});
