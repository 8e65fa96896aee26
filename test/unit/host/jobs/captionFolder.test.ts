import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { composer } from '../../../../src/host/caption/captioner';
import { captionFolder, type CaptionJob } from '../../../../src/host/jobs/captionFolder';
import { findCaptionDatasets } from '../../../../src/host/caption/findCaptionDataset';
import { Store } from '../../../../src/host/dataset/store';
import { bundleScript } from '../../../support/bundle';
import { writeCaptionDataset } from '../../../support/captionDataset';
import { useTempFolder } from '../../../support/tempFolder';

interface CaptionFile {
  readonly images: readonly { id: number; file_name: string; width: number; height: number }[];
  readonly annotations: readonly { id: number; image_id: number; caption: string }[];
}

describe('captionFolder', () => {
  const temp = useTempFolder();
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(path.join(temp.path, 'job-'));
  });

  const jobOf = (changes: Partial<CaptionJob> = {}): CaptionJob => ({
    paths: [],
    coco: null,
    format: 'coco',
    out: path.join(root, 'captions.json'),
    options: { style: 'sentence', lang: 'en' },
    shard: { index: 0, count: 1 },
    limit: null,
    resume: false,
    overwrite: false,
    jobs: 3,
    ...changes,
  });
  const captionFile = async (name = 'captions.json'): Promise<CaptionFile> =>
    JSON.parse(await readFile(path.join(root, name), 'utf8')) as CaptionFile;
  const hidden = async (): Promise<string[]> =>
    (await readdir(root)).filter((name) => name.startsWith('.'));

  it('writes COCO captions whose images are those of the dataset', async () => {
    const coco = await writeCaptionDataset(root, 7);
    const report = await captionFolder(jobOf({ coco }));
    const made = await captionFile();
    const given = JSON.parse(await readFile(coco, 'utf8')) as CaptionFile;
    assert.deepEqual(made.images, given.images);
    assert.deepEqual(
      made.annotations.map((a) => a.id),
      [1, 2, 3, 4, 5, 6, 7],
    );
    assert.deepEqual(
      made.annotations.map((a) => a.image_id),
      given.images.map((i) => i.id),
    );
    assert.match(made.annotations[2]?.caption ?? '', /^No objects are annotated/);
    assert.match(made.annotations[0]?.caption ?? '', /^A (mug|book|pear) /);
    assert.equal(report.withoutAnnotations, 2);
    assert.deepEqual(await hidden(), []);
  });

  it('gives images that no dataset lists ids of their own and names relative to the output', async () => {
    const coco = await writeCaptionDataset(root, 2);
    await mkdir(path.join(root, 'more/deep'), { recursive: true });
    await writeFile(
      path.join(root, 'more/deep/x.png'),
      await readFile(path.join(root, 'images/001.png')),
    );
    await captionFolder(
      jobOf({ coco, paths: [path.join(root, 'more'), path.join(root, 'images/002.png')] }),
    );
    const made = await captionFile();
    assert.deepEqual(made.images, [
      { id: 20, file_name: 'images/002.png', width: 640, height: 480 },
      { id: 21, file_name: 'more/deep/x.png', width: 1, height: 1 },
    ]);
  });

  it('goes on when images are missing, empty or no images, and tells each', async () => {
    const coco = await writeCaptionDataset(root, 5);
    await unlink(path.join(root, 'images/002.png'));
    await writeFile(path.join(root, 'images/003.png'), '');
    await writeFile(path.join(root, 'images/004.png'), 'not an image');
    const report = await captionFolder(jobOf({ coco }));
    assert.deepEqual(
      report.failures.map((f) => path.basename(f.path)),
      ['002.png', '003.png', '004.png'],
    );
    assert.deepEqual(
      (await captionFile()).annotations.map((a) => a.id),
      [1, 5],
    );
    // with the images repaired, a second run does only what failed
    const good = await readFile(path.join(root, 'images/001.png'));
    for (const name of ['002', '003', '004'])
      await writeFile(path.join(root, `images/${name}.png`), good);
    const again = await captionFolder(jobOf({ coco, resume: true }));
    assert.equal(again.resumed, 2);
    assert.deepEqual(
      (await captionFile()).annotations.map((a) => a.id),
      [1, 2, 3, 4, 5],
    );
    assert.deepEqual(await hidden(), []);
  });

  it('splits into shards that together are the whole, with the same ids', async () => {
    const coco = await writeCaptionDataset(root, 10);
    await captionFolder(jobOf({ coco }));
    const whole = await captionFile();
    const parts: CaptionFile[] = [];
    for (let index = 0; index < 3; index++) {
      await captionFolder(
        jobOf({ coco, shard: { index, count: 3 }, out: path.join(root, `part${index}.json`) }),
      );
      parts.push(await captionFile(`part${index}.json`));
    }
    const byId = <T extends { id: number }>(items: readonly T[]): T[] =>
      [...items].sort((a, b) => a.id - b.id);
    assert.deepEqual(byId(parts.flatMap((p) => p.annotations)), whole.annotations);
    assert.deepEqual(byId(parts.flatMap((p) => p.images)), whole.images);
  });

  it('writes the same bytes after kill −9 in the middle and resume', async () => {
    const coco = await writeCaptionDataset(root, 200);
    const plain = jobOf({ coco, jobs: 1, out: path.join(root, 'plain.json') });
    await captionFolder(plain);
    const script = await bundleScript('test/support/captionUntil.ts', path.join(root, 'until.js'));
    const job = jobOf({ coco, jobs: 1 });
    const child = spawn(process.execPath, [script, '130', JSON.stringify(job)]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL');
    assert.ok(!(await readdir(root)).includes('captions.json'));
    let made = 0;
    const counting = {
      id: composer.id,
      readsObjects: true,
      caption: (...args: Parameters<typeof composer.caption>) => (
        made++,
        composer.caption(...args)
      ),
    };
    const report = await captionFolder({ ...job, resume: true }, { captioner: counting });
    assert.equal(report.resumed, 130); // every finished image was in the journal
    assert.equal(made, 70);
    assert.deepEqual(await readFile(job.out ?? ''), await readFile(plain.out ?? ''));
    assert.deepEqual(await hidden(), []);
  });

  it('stops with a reason when the disk is full, and writes nothing', async () => {
    const coco = await writeCaptionDataset(root, 70);
    const script = await bundleScript('test/support/captionUntil.ts', path.join(root, 'until.js'));
    // A limit on the size of files stands for the full disk: the journal is larger than 1 KiB.
    const command = 'ulimit -f 1 && exec "$0" "$@"';
    const words = [process.execPath, script, '1000', JSON.stringify(jobOf({ coco }))];
    const child = spawn('bash', ['-c', command, ...words]);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [exitCode] = (await once(child, 'close')) as [number];
    assert.equal(exitCode, 1);
    assert.match(said, /The job stopped: its journal cannot be written/);
    assert.ok(!(await readdir(root)).includes('captions.json'));
    assert.equal((await captionFolder(jobOf({ coco, resume: true }))).captioned, 70);
  });

  it('does again what changed since: annotations, file, options', async () => {
    const coco = await writeCaptionDataset(root, 6);
    await unlink(path.join(root, 'images/006.png')); // keeps the journal
    await captionFolder(jobOf({ coco }));
    const data = JSON.parse(await readFile(coco, 'utf8')) as {
      annotations: { category_id: number }[];
    };
    data.annotations[0]!.category_id = 99;
    await writeFile(coco, JSON.stringify(data));
    assert.equal((await captionFolder(jobOf({ coco, resume: true }))).resumed, 4);
    const chinese = jobOf({ coco, resume: true, options: { style: 'sentence', lang: 'zh' } });
    assert.equal((await captionFolder(chinese)).resumed, 0);
  });

  it('keeps what is done when it is cancelled, and writes nothing', async () => {
    const coco = await writeCaptionDataset(root, 30);
    const stop = new AbortController();
    const report = await captionFolder(jobOf({ coco, jobs: 1 }), {
      signal: stop.signal,
      onProgress: ({ done }) => void (done === 12 && stop.abort()),
    });
    assert.equal(report.isCancelled, true);
    assert.equal(report.isWritten, false);
    assert.ok(!(await readdir(root)).includes('captions.json'));
    assert.equal((await captionFolder(jobOf({ coco, resume: true }))).resumed, 12);
  });

  it('replaces nothing unasked, and never the dataset', async () => {
    const coco = await writeCaptionDataset(root, 2);
    await writeFile(path.join(root, 'captions.json'), 'mine');
    await assert.rejects(captionFolder(jobOf({ coco })), { code: 'conflict' });
    assert.equal(await readFile(path.join(root, 'captions.json'), 'utf8'), 'mine');
    await assert.rejects(captionFolder(jobOf({ coco, out: coco, overwrite: true })), {
      code: 'invalid-params',
    });
    await captionFolder(jobOf({ coco, overwrite: true }));
    assert.equal((await captionFile()).annotations.length, 2);
  });

  it('writes a text file an image, and keeps one that a person wrote', async () => {
    const coco = await writeCaptionDataset(root, 3);
    await writeFile(path.join(root, 'images/002.txt'), 'my own words\n');
    const report = await captionFolder(jobOf({ coco, format: 'txt', out: null }));
    assert.deepEqual(
      report.failures.map((f) => path.basename(f.path)),
      ['002.png'],
    );
    assert.equal(await readFile(path.join(root, 'images/002.txt'), 'utf8'), 'my own words\n');
    assert.equal(
      await readFile(path.join(root, 'images/003.txt'), 'utf8'),
      'No objects are annotated in this image.\n',
    );
  });

  it('tells two images that would share a text file', async () => {
    const coco = await writeCaptionDataset(root, 1);
    await writeFile(
      path.join(root, 'images/001.jpg'),
      await readFile(path.join(root, 'images/001.png')),
    );
    const paths = [path.join(root, 'images')];
    const report = await captionFolder(
      jobOf({ coco, paths, format: 'txt', out: path.join(root, 'texts') }),
    );
    assert.equal(report.failures.length, 1);
    assert.match(report.failures[0]?.message ?? '', /already holds the caption of/);
  });

  const lines: readonly [CaptionJob['format'], RegExp][] = [
    [
      'jsonl',
      /^\{"file_name":"images\/003.png","image_id":30,"caption":"No objects [^\n]*"model":"composer-1"\}$/m,
    ],
    ['csv', /^"images\/003.png",30,"No objects are annotated in this image.","composer-1"\r$/m],
    [
      'sharegpt',
      /"id":"30","image":"images\/003.png","conversations":\[\{"from":"human","value":"<image>/,
    ],
  ];
  for (const [format, line] of lines) {
    it(`writes ${format}`, async () => {
      const coco = await writeCaptionDataset(root, 3);
      const out = path.join(root, `captions.${format}`);
      await captionFolder(jobOf({ coco, format, out }));
      assert.match(await readFile(out, 'utf8'), line);
    });
  }

  it('is refused by a file that is no dataset, and by paths that are not there', async () => {
    const file = path.join(root, 'other.json');
    await writeFile(file, '{"a": 1}');
    await assert.rejects(captionFolder(jobOf({ coco: file })), { code: 'dataset-invalid' });
    await rm(file);
    await assert.rejects(captionFolder(jobOf({ coco: file })), { code: 'not-found' });
    await assert.rejects(captionFolder(jobOf({ paths: [file] })), { code: 'not-found' });
  });
});

describe('findCaptionDatasets', () => {
  const temp = useTempFolder();

  it('finds the file above the images, and no captions file', async () => {
    const coco = await writeCaptionDataset(temp.path, 2);
    const captions = { images: [{ id: 10, file_name: 'images/001.png' }], annotations: [] };
    await writeFile(path.join(temp.path, 'captions.json'), JSON.stringify(captions));
    const find = (name: string) => findCaptionDatasets(new Store(), path.join(temp.path, name));
    assert.deepEqual(await find('images/001.png'), [coco]);
    assert.deepEqual(await find('images/077.png'), []);
  });
});
