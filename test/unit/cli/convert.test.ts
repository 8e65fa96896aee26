// promptmark convert: every format there and back on disk, what is lost, what is refused.
import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { convertCommand } from '../../../src/cli/convert';
import { formats } from '../../../src/shared/formats/formats';
import { runCli, type CliResult } from '../../support/cli';
import { drawPicture, writePicture } from '../../support/picture';
import { useTempFolder } from '../../support/tempFolder';

interface Coco {
  images: { id: number; file_name: string; width: number; height: number }[];
  annotations: {
    id: number;
    image_id: number;
    category_id: number;
    bbox: number[];
    area: number;
    segmentation?: unknown;
    keypoints?: number[];
  }[];
  categories: { id: number; name: string }[];
}
interface Report {
  target: string;
  images: number;
  annotations: number;
  categories: number;
  files: number;
  losses: { kind: string; count: number; first: string }[];
}

const coco = {
  images: [
    { id: 1, file_name: 'images/a.png', width: 64, height: 48 },
    { id: 2, file_name: 'images/b ü.png', width: 32, height: 40 },
  ],
  annotations: [
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      segmentation: [[8, 12, 40, 12, 40, 36, 8, 36]],
      bbox: [8, 12, 32, 24],
      area: 768,
      iscrowd: 0,
      keypoints: [10, 20, 2, 30, 30, 1],
      num_keypoints: 2,
    },
    {
      id: 2,
      image_id: 2,
      category_id: 2,
      segmentation: [[4, 10, 20, 10, 20, 30, 4, 30]],
      bbox: [4, 10, 16, 20],
      area: 320,
      iscrowd: 0,
    },
  ],
  categories: [
    {
      id: 1,
      name: 'cat',
      supercategory: 'animal',
      keypoints: ['nose', 'tail'],
      skeleton: [[1, 2]],
    },
    { id: 2, name: 'dog & "co"', supercategory: 'animal' },
  ],
};

/** What every format but SA-1B keeps: file, category and box. */
const boxesOf = ({ images, annotations, categories }: Coco): string[] =>
  annotations
    .map(({ image_id, category_id, bbox }) => {
      const image = images.find(({ id }) => id === image_id);
      const category = categories.find(({ id }) => id === category_id);
      return `${image?.file_name} ${image?.width}x${image?.height} ${category?.name} ${bbox.join()}`;
    })
    .sort();

describe('promptmark convert', () => {
  const folder = useTempFolder();
  const run = (...args: string[]): Promise<CliResult> =>
    runCli([convertCommand], ['convert', ...args], folder.path);
  const read = async (name: string): Promise<Coco> =>
    JSON.parse(await fs.readFile(folder.file(name), 'utf8')) as Coco;
  const report = ({ out }: CliResult): Report => JSON.parse(out) as Report;

  before(async () => {
    await fs.mkdir(folder.file('images'));
    for (const { file_name, width, height } of coco.images) {
      await writePicture(drawPicture(width, height, [9, 9, 9], []), folder.file(file_name));
    }
    await fs.writeFile(folder.file('source.json'), JSON.stringify(coco));
  });

  for (const format of formats.keys()) {
    it(`COCO → ${format} → COCO keeps images, categories and boxes`, async () => {
      const there = await run(
        'source.json',
        `${format}-out`,
        '--from',
        'coco',
        '--to',
        format,
        '--json',
      );
      assert.equal(there.code, 0, there.err);
      const { images, annotations, categories, files, losses } = report(there);
      assert.deepEqual([images, annotations, categories], [2, 2, 2]);
      const written = await fs.readdir(folder.file(`${format}-out`), { recursive: true });
      const isFile = (name: string): boolean => path.extname(name) !== '';
      assert.equal(written.filter(isFile).length, files);
      for (const { kind } of losses) assert.match(there.err, new RegExp(`^lost ${kind}: `, 'm'));
      const back = await run(
        ...[`${format}-out`, `${format}.json`, '--from', format, '--to', 'coco'],
        ...['--images', '.', '--json'],
      );
      assert.equal(back.code, 0, back.err);
      assert.deepEqual(report(back).losses, []);
      const result = await read(`${format}.json`);
      // A CVAT skeleton has no box of its own: the loss of the mask was told, the box is that of the points.
      const isSkeleton = format === 'cvat';
      if (isSkeleton)
        assert.ok(losses.some(({ kind, first }) => kind === 'mask' && /1/.test(first)));
      const expected = boxesOf(coco as Coco).map((line) =>
        isSkeleton ? line.replace('8,12,32,24', '10,20,20,10') : line,
      );
      const nameless = (line: string): string => line.replace(/ (cat|dog & "co"|object) /, ' ');
      const actual = boxesOf(result);
      if (format === 'sa1b') assert.deepEqual(actual.map(nameless), expected.map(nameless));
      else assert.deepEqual(actual, expected);
    });
  }

  it('segments and keypoints come back from the formats that have them', async () => {
    const shape = async (file: string) => (await read(file)).annotations[0]!;
    assert.deepEqual(
      (await shape('yolo-seg.json')).segmentation,
      coco.annotations[0]!.segmentation,
    );
    assert.deepEqual((await shape('labelme.json')).segmentation, coco.annotations[0]!.segmentation);
    assert.deepEqual((await shape('yolo-pose.json')).keypoints, coco.annotations[0]!.keypoints);
  });

  it('goes from one format to another', async () => {
    const result = await run(
      ...['voc-out', 'from-voc.csv-out', '--from', 'voc', '--to', 'csv', '--images', '.'],
    );
    assert.equal(result.code, 0, result.err);
    assert.match(result.out, /2 images, 2 annotations, 2 categories, 1 files written/);
  });

  it('file_name starts at the folder of the COCO file', async () => {
    await run('source.json', 'set/labels', '--from', 'coco', '--to', 'voc');
    await fs.cp(folder.file('images'), folder.file('set/labels/images'), { recursive: true });
    const result = await run('set/labels', 'set/', '--from', 'voc', '--to', 'coco', '--json');
    assert.equal(report(result).target, path.join('set/', 'annotations.coco.json'));
    const { images } = await read('set/annotations.coco.json');
    assert.deepEqual(images.map(({ file_name }) => file_name).sort(), [
      'labels/images/a.png',
      'labels/images/b ü.png',
    ]);
  });

  it('overwrites nothing without --force', async () => {
    const words = ['source.json', 'twice', '--from', 'coco', '--to', 'labelme'];
    assert.equal((await run(...words)).code, 0);
    const file = folder.file('twice/images/a.json');
    await fs.writeFile(file, 'mine');
    const refused = await run(...words);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /a\.json and 1 more files exist already\. Nothing was written/);
    assert.equal(await fs.readFile(file, 'utf8'), 'mine');
    assert.equal((await run(...words, '--force')).code, 0);
    assert.notEqual(await fs.readFile(file, 'utf8'), 'mine');
    const single = await run('voc-out', 'source.json', '--from', 'voc', '--to', 'coco');
    assert.equal(single.code, 1);
    assert.deepEqual(await read('source.json'), coco);
  });

  it('--strict makes a loss exit code 1', async () => {
    const words = ['source.json', 'strict', '--from', 'coco', '--to', 'yolo-det', '--strict'];
    const result = await run(...words);
    assert.equal(result.code, 1);
    assert.match(result.err, /lost mask: .*boxes/);
  });

  it('entries that cannot be used are losses, not failures', async () => {
    const odd = { ...coco, annotations: [...coco.annotations, { id: 'x' }, 7] };
    await fs.writeFile(folder.file('odd.json'), JSON.stringify(odd));
    const result = await run('odd.json', 'odd.csv-out', '--from', 'coco', '--to', 'csv', '--json');
    assert.equal(result.code, 0);
    const [loss] = report(result).losses.filter(({ kind }) => kind === 'entry-unusable');
    assert.deepEqual([loss?.count, loss?.first], [2, 'odd.json:1:441']);
  });

  for (const [what, words, code, message] of [
    ['no words', [], 2, /expected SRC and DST/],
    ['no --to', ['source.json', 'x', '--from', 'coco'], 2, /--to must be one of coco, yolo-det/],
    [
      'an unknown format',
      ['source.json', 'x', '--from', 'pdf', '--to', 'voc'],
      2,
      /--from must be/,
    ],
    ['no source', ['none.json', 'x', '--from', 'coco', '--to', 'voc'], 1, /There is no file/],
    ['no folder', ['none', 'x.json', '--from', 'voc', '--to', 'coco'], 1, /does not exist/],
    [
      'a folder without labels',
      ['images', 'x.json', '--from', 'voc', '--to', 'coco'],
      1,
      /no file of the format voc/,
    ],
  ] as const) {
    it(`${what}: exit code ${code}`, async () => {
      const result = await run(...words);
      assert.equal(result.code, code);
      assert.match(result.err, message);
      assert.doesNotMatch(result.err, /\n.*\n/);
    });
  }

  it('a broken dataset is refused with its place', async () => {
    await fs.writeFile(folder.file('broken.json'), '{\n "images": [,]}');
    const result = await run('broken.json', 'x', '--from', 'coco', '--to', 'voc');
    assert.equal(result.code, 1);
    assert.match(result.err, /line 2, column 13/);
  });
});
