import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { datasetHandlers } from '../../../../src/host/dataset/handlers';
import { Store } from '../../../../src/host/dataset/store';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';

const { signal } = createCancelSource();

describe('dataset methods', () => {
  let folder = '';
  const at = (name: string): string => path.join(folder, ...name.split('/'));

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'promptmark-dataset-'));
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  async function write(name: string, content: unknown): Promise<string> {
    await fs.mkdir(path.dirname(at(name)), { recursive: true });
    await fs.writeFile(at(name), typeof content === 'string' ? content : JSON.stringify(content));
    return at(name);
  }
  const handlers = (): ReturnType<typeof datasetHandlers> => datasetHandlers(new Store());

  it('opens a file that does not exist as empty', async () => {
    const summary = await handlers()['dataset/open']({ path: at('no.json') }, signal);
    assert.equal(summary.exists, false);
    assert.equal(summary.contentHash, '');
    assert.deepEqual(await handlers()['dataset/nextIds']({ path: at('no.json') }, signal), {
      image: 1,
      annotation: 1,
      category: 1,
    });
  });

  it('tells the place of what is wrong', async () => {
    const file = await write('x.json', '{"images": [],\n  "annotations": [{"id": 1,}]}');
    const { errors, exists } = await handlers()['dataset/open']({ path: file }, signal);
    assert.equal(exists, true);
    assert.deepEqual(
      errors.map(({ rule, line, column, path: where }) => [rule, line, column, where]),
      [['json-syntax', 2, 28, 'annotations[0]']],
    );
  });

  it('reads an image with its annotations and captions, in file order', async () => {
    const file = await write('x.json', {
      images: [
        { id: 4, file_name: 'b.jpg', width: 1, height: 1 },
        { id: 7, file_name: 'a.jpg', width: 2, height: 3, license: 1 },
      ],
      annotations: [
        { id: 3, image_id: 7, category_id: 1, bbox: [0, 0, 1, 1] },
        { id: 1, image_id: 4, category_id: 1 },
        { id: 2, image_id: 7, category_id: 1, segmentation: { size: [3, 2], counts: '06' } },
        { id: 9, image_id: 7, caption: 'A cat.' },
        { id: 3, image_id: 7, category_id: 1 },
        { id: '5', image_id: 7, category_id: 1 },
        { id: 6, image_id: 7, category_id: 1, bbox: ['x', 0, 1, 1] },
        { id: 8, image_id: 7, category_id: 1, segmentation: [[1, 2, 3]] },
      ],
      categories: [{ id: 1, name: 'cat' }, { id: 1, name: 'dog' }, { name: 'none' }, null],
    });
    const all = handlers();
    const imagePath = await write('a.jpg', 'x');
    const entries = await all['dataset/image']({ path: file, imagePath }, signal);
    assert.deepEqual(entries.image, { id: 7, file_name: 'a.jpg', width: 2, height: 3, license: 1 });
    assert.deepEqual(
      entries.annotations.map(({ id }) => id),
      [3, 2],
    );
    assert.deepEqual(entries.captions, [{ id: 9, image_id: 7, caption: 'A cat.' }]);
    const summary = await all['dataset/open']({ path: file }, signal);
    assert.deepEqual(summary.categories, [{ id: 1, name: 'cat' }]);
    assert.deepEqual([summary.images, summary.annotations], [2, 8]);
    assert.deepEqual(await all['dataset/nextIds']({ path: file }, signal), {
      image: 8,
      annotation: 10,
      category: 2,
    });
    const use = { path: file, categoryId: 1, imageId: 7 };
    assert.deepEqual(await all['dataset/categoryUse'](use, signal), { count: 1 });
  });

  const layouts: readonly [string, string, string, string, boolean][] = [
    ['beside the dataset', 'x.json', 'a.jpg', 'a.jpg', true],
    ['in a folder named in the file', 'x.json', 'images/a.jpg', 'images/a.jpg', true],
    ['in images/ without being named', 'x.json', 'a.jpg', 'images/a.jpg', true],
    ["COCO's own layout", 'annotations/instances_val.json', 'a.jpg', 'val/a.jpg', true],
    [
      'images/ beside annotations/',
      'annotations/instances_val.json',
      'a.jpg',
      'images/val/a.jpg',
      true,
    ],
    ['backslashes', 'x.json', 'images\\a.jpg', 'images/a.jpg', true],
    ['another name', 'x.json', 'b.jpg', 'a.jpg', false],
    ['a longer name', 'x.json', 'ba.jpg', 'a.jpg', false],
    ['a name that leaves the folder', 'y/x.json', '../a.jpg', 'a.jpg', false],
    ['escapes and other letters', 'x.json', 'ö/é "q".jpg', 'ö/é "q".jpg', true],
    ['decomposed letters', 'x.json', 'e\u0301.jpg', '\u00e9.jpg', true],
  ];
  for (const [name, datasetName, fileName, imageName, isListed] of layouts) {
    it(`finds an image: ${name}`, async () => {
      const file = await write(datasetName, {
        images: [
          { id: 1, file_name: 'zzz.jpg' },
          { id: 2, file_name: fileName },
        ],
        annotations: [],
      });
      const imagePath = await write(imageName, 'x');
      const { image } = await handlers()['dataset/image']({ path: file, imagePath }, signal);
      assert.equal(image?.id, isListed ? 2 : undefined);
      const found = await handlers()['dataset/find']({ files: [file], imagePath }, signal);
      assert.deepEqual(found.files, isListed ? [file] : []);
    });
  }

  it('does not take an image for another of the same name', async () => {
    const file = await write('set/x.json', { images: [{ id: 1, file_name: 'a.jpg' }] });
    await write('set/a.jpg', 'x');
    const imagePath = await write('other/a.jpg', 'y');
    const { image } = await handlers()['dataset/image']({ path: file, imagePath }, signal);
    assert.equal(image, null);
  });

  it('finds among files of every kind', async () => {
    const good = await write('good.json', { images: [{ id: 1, file_name: 'a.jpg' }] });
    const imagePath = await write('a.jpg', 'x');
    const files = [
      at('missing.json'),
      await write('broken.json', '{"a.jpg"'),
      await write('package.json', { name: 'a.jpg' }),
      await write('results.json', [{ image_id: 'a.jpg' }]),
      folder,
      good,
      await write('other.json', { images: [{ id: 1, file_name: 'b.jpg' }] }),
    ];
    assert.deepEqual((await handlers()['dataset/find']({ files, imagePath }, signal)).files, [
      good,
    ]);
  });

  it('lists images with their counts and leaves out names that must not be opened', async () => {
    const file = await write('x.json', {
      images: [
        { id: 2, file_name: 'sub/b.jpg' },
        { id: 1, file_name: 'a.jpg' },
        { id: 3, file_name: '/etc/passwd' },
        { id: 4, file_name: '../up.jpg' },
      ],
      annotations: [
        { id: 1, image_id: 1 },
        { id: 2, image_id: 1 },
      ],
    });
    const { images } = await handlers()['dataset/list']({ path: file }, signal);
    assert.deepEqual(images, [
      { path: at('sub/b.jpg'), id: 2, annotations: 0 },
      { path: at('a.jpg'), id: 1, annotations: 2 },
    ]);
  });

  it('reads a file again when it changed, and only then', async () => {
    const file = await write('x.json', { images: [] });
    const store = new Store();
    const first = await store.load(file);
    assert.equal(await store.load(file), first);
    await write('x.json', { images: [{ id: 1, file_name: 'a' }] });
    assert.notEqual(await store.load(file), first);
  });

  it('drops files that were used long ago when memory is short', async () => {
    const store = new Store(undefined, 100);
    const [a, b] = [
      await write('a.json', { images: [], x: 'x'.repeat(90) }),
      await write('b.json', { images: [], x: 'x'.repeat(90) }),
    ];
    const first = await store.load(a);
    await store.load(b);
    assert.notEqual(await store.load(a), first);
  });

  it('stops when it is cancelled', async () => {
    const file = await write('x.json', { images: [] });
    const source = createCancelSource();
    source.cancel();
    await assert.rejects(
      Promise.resolve(handlers()['dataset/open']({ path: file }, source.signal)),
      {
        code: 'cancelled',
      },
    );
  });
});
