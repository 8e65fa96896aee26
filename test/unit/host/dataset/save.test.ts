import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { nodeFiles, type FilePort, type NewFile } from '../../../../src/host/dataset/filePort';
import { datasetHandlers } from '../../../../src/host/dataset/handlers';
import { Store } from '../../../../src/host/dataset/store';
import type { DatasetDelta, SaveResult } from '../../../../src/shared/protocol/dataset';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';
import { DomainError } from '../../../../src/shared/protocol/wire';

const signal = createCancelSource().signal;
const noDelta: DatasetDelta = { images: [], annotations: [], categories: [] };
const annotation = (id: number, more: object = {}): never =>
  ({ id, image_id: 1, category_id: 1, ...more }) as never;
const adding = (id: number): DatasetDelta => ({
  ...noDelta,
  annotations: [{ id, before: null, after: annotation(id) }],
});
const text = `{
  "images": [
    {"id": 1, "file_name": "a.jpg", "width": 4, "height": 4}
  ],
  "annotations": [
    {"id": 1, "image_id": 1, "category_id": 1, "area": 1.50}
  ],
  "categories": [
    {"id": 1, "name": "cat"}
  ]
}
`;

describe('dataset/save', () => {
  let folder = '';
  let file = '';

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'promptmark-save-'));
    file = path.join(folder, 'x.coco.json');
    await fs.writeFile(file, text);
  });
  afterEach(async () => {
    await fs.rm(folder, { recursive: true, force: true });
  });

  const save = (
    delta: DatasetDelta,
    files: FilePort = nodeFiles,
    target = file,
  ): Promise<SaveResult> =>
    Promise.resolve(
      datasetHandlers(new Store(files))['dataset/save']({ path: target, delta }, signal),
    );

  /** The save fails with this code and text; the file and the folder are as before. */
  async function checkRefused(
    saving: () => Promise<unknown>,
    code: string,
    message: RegExp,
  ): Promise<void> {
    const before = await fs.readFile(file);
    const names = await fs.readdir(folder);
    await assert.rejects(saving(), (error) => {
      assert.ok(error instanceof DomainError, String(error));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(await fs.readFile(file), before);
    assert.deepEqual(await fs.readdir(folder), names);
  }

  it('adds one line for one annotation', async () => {
    const result = await save(adding(2));
    assert.ok(result.saved);
    const expected = text.replace(
      '1.50}\n',
      '1.50},\n    {"id": 2, "image_id": 1, "category_id": 1}\n',
    );
    assert.equal(await fs.readFile(file, 'utf8'), expected);
    assert.deepEqual(await fs.readdir(folder), ['x.coco.json']);
  });

  it('answers the hash that dataset/open tells', async () => {
    const handlers = datasetHandlers(new Store());
    const result = await handlers['dataset/save']({ path: file, delta: adding(2) }, signal);
    const fresh = await datasetHandlers(new Store())['dataset/open']({ path: file }, signal);
    const kept = await handlers['dataset/open']({ path: file }, signal);
    assert.ok(result.saved);
    assert.equal(fresh.contentHash, result.contentHash);
    assert.deepEqual(kept, fresh);
  });

  it('makes a new file and its folder', async () => {
    const target = path.join(folder, 'new', 'annotations.coco.json');
    const images = [
      { id: 1, before: null, after: { id: 1, file_name: 'a.jpg', width: 1, height: 1 } },
    ];
    await save({ ...adding(1), images }, nodeFiles, target);
    const dataset = JSON.parse(await fs.readFile(target, 'utf8')) as Record<string, unknown[]>;
    assert.equal(dataset['annotations']?.length, 1);
    assert.equal(dataset['images']?.length, 1);
  });

  it('writes nothing when there is nothing to change', async () => {
    const before = await fs.stat(file, { bigint: true });
    await save(noDelta);
    const after = await fs.stat(file, { bigint: true });
    assert.equal(after.ino, before.ino);
    assert.equal(after.mtimeNs, before.mtimeNs);
  });

  it('keeps the mode and follows links', async () => {
    await fs.chmod(file, 0o640);
    const link = path.join(folder, 'link.json');
    await fs.symlink('x.coco.json', link);
    await save(adding(2), nodeFiles, link);
    assert.ok((await fs.lstat(link)).isSymbolicLink());
    assert.equal((await fs.stat(file)).mode & 0o777, 0o640);
    assert.match(await fs.readFile(file, 'utf8'), /"id": 2/);
  });

  it('merges with what another program wrote since it was opened', async () => {
    const handlers = datasetHandlers(new Store());
    await handlers['dataset/open']({ path: file }, signal);
    await fs.writeFile(file, text.replace('"name": "cat"', '"name": "lion"'));
    await handlers['dataset/save']({ path: file, delta: adding(2) }, signal);
    const saved = await fs.readFile(file, 'utf8');
    assert.match(saved, /lion/);
    assert.match(saved, /"id": 2/);
  });

  it('reports a conflict and writes nothing', async () => {
    const before = annotation(1, { area: 9 });
    const change = {
      ...noDelta,
      annotations: [{ id: 1, before, after: annotation(1, { area: 8 }) }],
    };
    const result = await save(change);
    assert.ok(!result.saved);
    assert.equal(result.conflicts[0]?.list, 'annotations');
    assert.equal(await fs.readFile(file, 'utf8'), text);
  });

  it('saves many deltas sent at once, one after the other', async () => {
    const handlers = datasetHandlers(new Store());
    const ids = Array.from({ length: 20 }, (_, k) => k + 2);
    await Promise.all(
      ids.map(async (id) => handlers['dataset/save']({ path: file, delta: adding(id) }, signal)),
    );
    const dataset = JSON.parse(await fs.readFile(file, 'utf8')) as {
      annotations: { id: number }[];
    };
    assert.deepEqual(
      dataset.annotations.map(({ id }) => id),
      [1, ...ids],
    );
  });

  const unwritable: readonly [string, string | Buffer, RegExp][] = [
    ['a truncated file', text.slice(0, 100), /line 5, column \d+.*Not valid JSON/],
    ['an empty file', '', /empty/],
    ['a file with NaN', text.replace('1.50', 'NaN'), /line 6.*NaN/],
    ['a results file', '[{"image_id": 1}]', /results file/],
    ['some other JSON', '{"name": "x"}', /not a COCO dataset/],
    ['a file with a list twice', text.replace('"categories"', '"images"'), /twice/],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      /UTF-8|not a COCO/,
    ],
  ];
  for (const [name, content, message] of unwritable) {
    it(`does not write over ${name}`, async () => {
      await fs.writeFile(file, content);
      await checkRefused(() => save(adding(2)), 'dataset-invalid', message);
    });
  }

  const faults: readonly [string, keyof NewFile | 'create' | 'rename', RegExp][] = [
    ['ENOSPC', 'write', /disk is full.*untouched/],
    ['ENOSPC', 'sync', /disk is full/],
    ['EDQUOT', 'write', /quota/],
    ['EROFS', 'create', /read-only/],
    ['EACCES', 'create', /permission/],
    ['EIO', 'sync', /disk reported an error/],
    ['EACCES', 'rename', /permission/],
  ];
  for (const [code, at, message] of faults) {
    it(`keeps the old file when ${at} fails with ${code}`, async () => {
      const wire = code === 'EIO' ? 'internal' : 'read-only';
      await checkRefused(() => save(adding(2), failing(code, at)), wire, message);
    });
  }

  it('tells of links that lead in a circle', async () => {
    const loop = path.join(folder, 'loop.json');
    await fs.symlink('loop.json', loop);
    await checkRefused(() => save(adding(2), nodeFiles, loop), 'dataset-invalid', /circle/);
  });

  it('refuses a folder in place of a file', async () => {
    await checkRefused(() => save(adding(2), nodeFiles, folder), 'dataset-invalid', /not a file/);
  });

  it('refuses a relative path and numbers that JSON cannot hold', async () => {
    await checkRefused(() => save(adding(2), nodeFiles, 'x.json'), 'invalid-params', /absolute/);
    const after = annotation(2, { area: Infinity });
    const delta = { ...noDelta, annotations: [{ id: 2, before: null, after }] };
    await checkRefused(() => save(delta), 'invalid-params', /Infinity/);
  });

  it('starts over when the file changes between reading and replacing it', async () => {
    let isFirst = true;
    const files: FilePort = {
      ...nodeFiles,
      create: async (name, mode) => {
        if (isFirst) await fs.writeFile(file, text.replace('"name": "cat"', '"name": "lion"'));
        isFirst = false;
        return nodeFiles.create(name, mode);
      },
    };
    const result = await save(adding(2), files);
    assert.ok(result.saved);
    const saved = await fs.readFile(file, 'utf8');
    assert.match(saved, /lion/);
    assert.match(saved, /"id": 2/);
    assert.deepEqual(await fs.readdir(folder), ['x.coco.json']);
  });

  it('removes what a killed save left long ago, and nothing else', async () => {
    const stale = path.join(folder, '.x.coco.json.1-a.promptmark-tmp');
    const young = path.join(folder, '.x.coco.json.2-b.promptmark-tmp');
    await fs.writeFile(stale, '');
    await fs.writeFile(young, '');
    await fs.utimes(stale, 1, 1);
    await save(adding(2));
    assert.deepEqual((await fs.readdir(folder)).sort(), [path.basename(young), 'x.coco.json']);
  });
});

/** A file system where one operation fails. */
function failing(code: string, at: keyof NewFile | 'create' | 'rename'): FilePort {
  const fail = (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
  if (at === 'create' || at === 'rename') return { ...nodeFiles, [at]: fail };
  return {
    ...nodeFiles,
    create: async (name, mode) => {
      const file = await nodeFiles.create(name, mode);
      // half of the content arrives before the disk is full
      return at === 'write'
        ? { ...file, write: async (bytes) => (await file.write(bytes.subarray(0, 10)), fail()) }
        : { ...file, [at]: fail };
    },
  };
}
