import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Store } from '../../../../src/host/dataset/store';
import {
  applyChanges,
  changeTexts,
  isApplied,
  undoChanges,
  type ImageChanges,
} from '../../../../src/host/jobs/changeSet';
import { buildEntries } from '../../../../src/host/jobs/labelEntries';
import { captionFolder } from '../../../../src/host/jobs/captionFolder';
import { writeCaptionDataset } from '../../../support/captionDataset';
import { useTempFolder } from '../../../support/tempFolder';

interface Dataset {
  images: { id: number; file_name: string }[];
  annotations: { id: number; image_id: number; category_id?: number; caption?: string }[];
  categories: { id: number; name: string }[];
}

/** Another of the dataset's three categories. */
const otherThan = (id: number, step: 1 | 2): number => ((id - 1 + step) % 3) + 1;

describe('applyChanges', () => {
  const temp = useTempFolder();
  let root = '';
  let coco = '';
  beforeEach(async () => {
    root = await mkdtemp(path.join(temp.path, 'changes-'));
    coco = await writeCaptionDataset(root, 6);
  });

  const read = async (): Promise<Dataset> => JSON.parse(await readFile(coco, 'utf8')) as Dataset;
  const changeFile = (): string => path.join(root, 'job.changes');
  const mask = { bbox: [1, 2, 3, 4], area: 12, iscrowd: 0, segmentation: [[1, 2, 4, 2, 4, 6]] };
  /** A new object on images 10 and 30, another class for the first annotation, and an image that is not listed. */
  const write = async (): Promise<Dataset> => {
    const data = await read();
    const [first] = data.annotations;
    const image = (id: number) => data.images.find((one) => one.id === id)!;
    const of = (id: number, changes: object, file = image(id)): ImageChanges =>
      ({
        ...{ path: path.join(root, file?.file_name ?? 'new.png'), image: file, isListed: true },
        ...{ added: [], changed: [], ...changes },
      }) as unknown as ImageChanges;
    const images = [
      of(10, {
        added: [{ id: 500, image_id: 10, category_id: 4, ...mask }],
        changed: [
          { before: first, after: { ...first, category_id: otherThan(first!.category_id!, 1) } },
        ],
      }),
      of(30, { added: [{ id: 501, image_id: 30, category_id: 4, ...mask }] }),
      of(900, { added: [{ id: 502, image_id: 900, category_id: 1, ...mask }], isListed: false }, {
        id: 900,
        file_name: 'new.png',
        width: 9,
        height: 9,
      } as never),
    ];
    const header = { kind: 'prelabel', model: 'm', coco, categories: [{ id: 4, name: 'lamp' }] };
    await writeFile(changeFile(), [...changeTexts(header, images)].join(''));
    return data;
  };

  it('writes all in one save, and takes all back to the same content', async () => {
    const before = await write();
    const applied = await applyChanges(new Store(), changeFile(), coco);
    assert.deepEqual(applied, { images: 3, added: 3, changed: 1, kept: 0 });
    const data = await read();
    assert.equal(data.annotations.length, before.annotations.length + 3);
    assert.equal(
      data.annotations[0]?.category_id,
      otherThan(before.annotations[0]!.category_id!, 1),
    );
    assert.deepEqual(data.categories.at(-1), { id: 4, name: 'lamp' });
    assert.deepEqual(data.images.at(-1)?.file_name, 'new.png');
    assert.equal(await isApplied(changeFile()), true);
    await assert.rejects(applyChanges(new Store(), changeFile(), coco), { code: 'conflict' });
    await undoChanges(new Store(), changeFile());
    assert.deepEqual(await read(), before);
    assert.equal(await isApplied(changeFile()), false);
    await assert.rejects(undoChanges(new Store(), changeFile()), /nothing to undo/i);
  });

  it('leaves out what was rejected, with the categories only it needs', async () => {
    const before = await write();
    const review = { rejected: new Set([10, 30]), captions: new Map<number, string>() };
    await applyChanges(new Store(), changeFile(), coco, review);
    const data = await read();
    assert.deepEqual(data.categories, before.categories);
    assert.deepEqual(
      data.annotations.slice(before.annotations.length).map(({ image_id }) => image_id),
      [900],
    );
  });

  it('keeps what was edited while the job ran, and gives taken ids anew', async () => {
    await write();
    const data = await read();
    const [first, second] = data.annotations;
    data.annotations[0] = { ...first!, category_id: otherThan(first!.category_id!, 2) };
    data.annotations.push({ ...second!, id: 500 }); // another writer took the id
    await writeFile(coco, JSON.stringify(data));
    const base = await read();
    const applied = await applyChanges(new Store(), changeFile(), coco);
    assert.equal(applied.kept, 1);
    const after = await read();
    assert.deepEqual(after.annotations[0], base.annotations[0]);
    assert.equal(after.annotations.filter(({ id }) => id === 500).length, 1);
    assert.equal(new Set(after.annotations.map(({ id }) => id)).size, after.annotations.length);
    await undoChanges(new Store(), changeFile());
    assert.deepEqual(await read(), base);
  });

  it('undoes around what was edited since', async () => {
    await write();
    await applyChanges(new Store(), changeFile(), coco);
    const data = await read();
    const added = data.annotations.find(({ id }) => id === 501)!;
    added.category_id = 2;
    await writeFile(coco, JSON.stringify(data));
    const { kept } = await undoChanges(new Store(), changeFile());
    assert.equal(kept, 1);
    const after = await read();
    assert.deepEqual(
      after.annotations.filter(({ id }) => id >= 500).map(({ id }) => id),
      [501],
    );
  });

  it('puts captions beside the instances, as edited', async () => {
    const job = {
      ...{ paths: [], coco, format: 'changes' as const, out: changeFile(), limit: null, jobs: 2 },
      options: { style: 'short' as const, lang: 'en' as const },
      ...{ shard: { index: 0, count: 1 }, resume: false, overwrite: false },
    };
    const before = await read();
    await captionFolder(job);
    const [header, line] = (await readFile(changeFile(), 'utf8')).split('\n');
    assert.match(header ?? '', /"kind":"caption","model":"composer-1"/);
    const { added } = JSON.parse(line ?? '') as { added: { id: number }[] };
    const captions = new Map([
      [added[0]!.id, 'A better text.'],
      [added[0]!.id + 1, ''],
    ]);
    await applyChanges(new Store(), changeFile(), coco, { rejected: new Set(), captions });
    const texts = (await read()).annotations.flatMap(({ caption }) => caption ?? []);
    assert.equal(texts.length, 5);
    assert.equal(texts[0], 'A better text.');
    await undoChanges(new Store(), changeFile());
    assert.deepEqual(await read(), before);
  });

  for (const [what, text] of [
    ['an empty file', ''],
    ['no JSON', 'hello\n'],
    ['another file', '{"images": []}\n'],
    [
      'a damaged line',
      '{"promptmark_changes":1,"kind":"x","coco":null,"categories":[]}\n{"image":',
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await writeFile(changeFile(), text);
      const before = await readFile(coco, 'utf8');
      await assert.rejects(applyChanges(new Store(), changeFile(), coco), {
        code: 'dataset-invalid',
        message: /Nothing was changed/,
      });
      assert.equal(await readFile(coco, 'utf8'), before);
    });
  }

  it('writes nothing into a dataset that does not parse', async () => {
    await write();
    await writeFile(coco, '{"images": [');
    await assert.rejects(applyChanges(new Store(), changeFile(), coco), {
      code: 'dataset-invalid',
    });
    assert.equal(await isApplied(changeFile()), false);
  });
});

describe('buildEntries', () => {
  const result = (category: string, count: number) => ({
    size: [10, 10] as const,
    added: Array.from({ length: count }, () => ({
      ...{ category, bbox: [0, 0, 1, 1] as const, area: 1, promptmark: {} },
    })),
    changed: [],
  });
  const item = (imageId: number) => ({
    ...{ path: `/${imageId}`, place: imageId, imageId, fileName: `${imageId}.png` },
    ...{ image: null, size: null },
  });

  it('gives ids that never collide between shards, and categories their own', () => {
    const all = [1, 2, 3, 4, 5].map((id) => ({ item: item(id), result: result('Mug', id) }));
    const setup = { categories: [{ id: 7, name: 'mug' }], given: ['pear'] };
    const ids = [0, 1].flatMap((index) => {
      const mine = all.filter((_, i) => i % 2 === index);
      const shard = { index, count: 2 };
      const made = buildEntries(mine, { ...setup, next: { annotation: 50, category: 8 }, shard });
      assert.deepEqual(made.newCategories, [{ id: 8, name: 'pear' }]);
      return [...made.images].flatMap(({ added }) => added.map((entry) => entry));
    });
    assert.equal(new Set(ids.map(({ id }) => id)).size, 15);
    assert.ok(ids.every(({ id, category_id }) => id >= 50 && category_id === 7));
  });
});
