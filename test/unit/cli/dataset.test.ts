import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { diffCommand } from '../../../src/cli/diff';
import { filterCommand } from '../../../src/cli/filter';
import { fixCommand } from '../../../src/cli/fix';
import { indexCommand } from '../../../src/cli/indexFile';
import { mergeCommand } from '../../../src/cli/merge';
import { mergeDriverCommand } from '../../../src/cli/mergeDriver';
import { splitCommand } from '../../../src/cli/split';
import { statsCommand } from '../../../src/cli/stats';
import { validateCommand } from '../../../src/cli/validate';
import { runCli, type CliResult } from '../../support/cli';
import { useTempFolder } from '../../support/tempFolder';

type Json = Record<string, unknown>;
interface Dataset {
  info?: unknown;
  images: Json[];
  annotations: Json[];
  categories: Json[];
}

const commands = [
  diffCommand,
  filterCommand,
  fixCommand,
  indexCommand,
  mergeCommand,
  mergeDriverCommand,
  splitCommand,
  statsCommand,
  validateCommand,
];

const square = (x: number): number[] => [x, 2, x + 6, 2, x + 6, 8, x, 8];
const annotation = (id: number, image_id: number, category_id: number, more: Json = {}): Json => ({
  id,
  image_id,
  category_id,
  segmentation: [square(id)],
  bbox: [id, 2, 6, 6],
  area: 36,
  iscrowd: 0,
  ...more,
});
const image = (id: number, file_name: string): Json => ({ id, file_name, width: 40, height: 20 });
const dataset = (): Dataset => ({
  info: { description: 'x' },
  images: [image(1, 'a.jpg'), image(2, 'b.jpg')],
  annotations: [annotation(1, 1, 1), annotation(2, 1, 2), annotation(3, 2, 1)],
  categories: [
    { id: 1, name: 'cat' },
    { id: 2, name: 'dog' },
  ],
});

describe('dataset commands', () => {
  const folder = useTempFolder();
  const run = (...args: string[]): Promise<CliResult> => runCli(commands, args, folder.path);

  async function write(name: string, value: unknown, indent?: number): Promise<string> {
    await fs.mkdir(path.dirname(folder.file(name)), { recursive: true });
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, indent);
    await fs.writeFile(folder.file(name), text);
    return name;
  }
  const readText = (name: string): Promise<string> => fs.readFile(folder.file(name), 'utf8');
  const read = async (name: string): Promise<Dataset> =>
    JSON.parse(await readText(name)) as Dataset;

  for (const { name } of commands) {
    it(`${name}: wrong usage is exit code 2 and one line`, async () => {
      for (const args of [['--nonsense'], []]) {
        const { code, err } = await run(name, ...args);
        assert.equal(code, 2);
        assert.equal(err.trimEnd().split('\n').length, 1);
      }
    });
    it(`${name}: a missing or broken file is exit code 1 and one line`, async () => {
      const broken = await write('broken.json', '{"images": [');
      const good = await write('ok.json', dataset());
      for (const file of ['none.json', broken]) {
        const files = ['merge', 'diff'].includes(name) ? [file, good] : [file];
        if (name === 'merge-driver') files.push(file, file);
        const out = ['merge', 'filter'].includes(name) ? ['--out', 'o.json'] : [];
        const { code, err } = await run(name, ...files, ...out);
        assert.equal(code, 1);
        const isReported = name === 'validate' || name === 'stats' || name === 'index';
        if (file === 'none.json' || !isReported) assert.equal(err.trimEnd().split('\n').length, 1);
      }
    });
  }

  it('validate: text, JSON, SARIF and levels', async () => {
    const data = dataset();
    data.annotations[1]!['area'] = 400;
    data.annotations[2]!['iscrowd'] = true;
    const file = await write('v.json', data, 1);
    const text = await run('validate', file, '--no-images');
    assert.equal(text.code, 1);
    assert.match(
      text.out,
      /^v\.json:\d+:\d+: warning area-mismatch at annotations\[1\]\.area: .*\(fixable\)$/m,
    );
    assert.match(text.out, /v\.json: 2 problems/);
    const json = JSON.parse((await run('validate', file, '--json')).out) as Json;
    assert.deepEqual(json['counts'], {
      'area-mismatch': 1,
      'iscrowd-type': 1,
      'image-file-missing': 2,
    });
    assert.deepEqual([json['errors'], json['warnings'], json['infos']], [1, 3, 0]);
    const sarif = JSON.parse((await run('validate', file, '--sarif', '--no-images')).out) as {
      runs: { results: { ruleId: string; level: string }[] }[];
    };
    assert.deepEqual(
      sarif.runs[0]!.results.map(({ ruleId, level }) => [ruleId, level]),
      [
        ['area-mismatch', 'warning'],
        ['iscrowd-type', 'error'],
      ],
    );
    const errors = await run('validate', file, '--level', 'error', '--no-images');
    assert.doesNotMatch(errors.out, /area-mismatch/);
    const one = await run('validate', file, '--rule', 'bbox-type');
    assert.deepEqual([one.code, one.out], [0, 'v.json: no problems\n']);
    assert.equal((await run('validate', file, '--rule', 'nonsense')).code, 2);
    assert.match((await run('validate', '--rules')).out, /bbox-mismatch \(warning, fixable\)/);
  });

  it('validate: text of the file cannot command the terminal', async () => {
    const data = dataset();
    data.categories[0]!['name'] = '\u001b[31mred\u202e';
    data.annotations[0]!['iscrowd'] = '\u001b]0;title\u0007';
    const { out } = await run('validate', await write('t.json', data), '--no-images');

    assert.doesNotMatch(out, /[\u001b\u0007\u202e]/);
  });

  it('stats counts', async () => {
    const data = dataset();
    data.annotations[2]!['segmentation'] = { size: [20, 40], counts: [800] };
    data.annotations[2]!['iscrowd'] = 1;
    data.annotations.push({ id: 9, image_id: 2, caption: 'A cat.' });
    data.images.push(image(3, 'c.jpg'));
    const { code, out } = await run('stats', await write('s.json', data), '--json');
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), {
      file: 's.json',
      images: 3,
      annotations: 4,
      categories: 2,
      perCategory: [
        { id: 1, name: 'cat', annotations: 2, images: 2 },
        { id: 2, name: 'dog', annotations: 1, images: 1 },
      ],
      areas: { small: 3, medium: 0, large: 0, unknown: 0 },
      masks: { polygons: 2, rle: 1, none: 0 },
      crowds: 1,
      captions: 1,
      keypoints: 0,
      imagesWithoutAnnotations: 1,
      annotationsPerImage: { mean: 4 / 3, most: 2 },
      histograms: {
        area: [{ low: 32, high: 64, count: 3 }],
        aspect: [{ low: 2 ** -0.25, high: 2 ** 0.25, count: 3 }],
        perImage: [1, 0, 2].map((count, low) => ({ low, high: low + 1, count })),
      },
      cooccurrence: {
        ids: [1, 2],
        images: [
          [2, 1],
          [1, 1],
        ],
      },
    });
    assert.match((await run('stats', 's.json')).out, /^ +1 +cat +2 +2$/m);
  });

  it('fix repairs, touching only what it repairs', async () => {
    const data = dataset();
    data.annotations[1]!['area'] = 400;
    const file = await write('f.json', data, 2);
    const before = await readText(file);
    const dry = await run('fix', file, '--dry-run', '--json');
    assert.deepEqual(JSON.parse(dry.out), {
      file,
      fixed: { 'area-mismatch': 1 },
      total: 1,
      written: false,
    });
    assert.equal(await readText(file), before);
    assert.match((await run('fix', file)).out, /1 fixed/);
    assert.equal(await readText(file), before.replace('"area": 400', '"area": 36'));
    assert.match((await run('fix', file)).out, /0 fixed/);
  });

  it('diff tells added, removed, changed and moved entries', async () => {
    const b = dataset();
    b.annotations[0]!['area'] = 1;
    b.annotations.splice(1, 1);
    b.annotations.push(annotation(7, 2, 2));
    b.categories.reverse();
    const files = [await write('a.json', dataset()), await write('b.json', b, 2)];
    const { code, out } = await run('diff', ...files);
    assert.equal(code, 0);
    assert.deepEqual(out.trimEnd().split('\n'), [
      '- annotations 2 image_id=1 category_id=2',
      '+ annotations 7 image_id=2 category_id=2',
      '~ annotations 1: area',
      '  categories: the order differs',
    ]);
    assert.equal((await run('diff', ...files, '--exit-code')).code, 1);
    await write('c.json', dataset(), 4);
    assert.equal((await run('diff', 'a.json', 'c.json')).out, 'only the formatting differs\n');
    assert.equal((await run('diff', 'a.json', 'a.json', '--exit-code')).code, 0);
  });

  it('merge maps categories by name and gives taken ids anew', async () => {
    const b: Dataset = {
      images: [image(1, 'c.jpg'), image(5, 'a.jpg')],
      annotations: [annotation(1, 1, 1), annotation(8, 5, 3), annotation(9, 77, 1)],
      categories: [
        { id: 1, name: 'dog' },
        { id: 3, name: 'bird' },
      ],
    };
    const { code, out } = await run(
      'merge',
      await write('a.json', dataset()),
      await write('b.json', b, 2),
      '--out',
      'out/m.json',
      '--json',
    );
    assert.equal(code, 1); // one annotation refers to no image
    const report = JSON.parse(out) as Json;
    assert.equal(report['dropped'], 1);
    assert.deepEqual(report['renumbered'], { images: 1, annotations: 1, categories: 0 });
    const merged = await read('out/m.json');
    assert.deepEqual(
      merged.images.map(({ id, file_name }) => [id, file_name]),
      [
        [1, 'a.jpg'],
        [2, 'b.jpg'],
        [3, 'c.jpg'],
      ],
    );
    assert.deepEqual(merged.categories, [
      { id: 1, name: 'cat' },
      { id: 2, name: 'dog' },
      { id: 3, name: 'bird' },
    ]);
    assert.deepEqual(
      merged.annotations.map(({ id, image_id, category_id }) => [id, image_id, category_id]),
      [
        [1, 1, 1],
        [2, 1, 2],
        [3, 2, 1],
        [10, 3, 2],
        [8, 1, 3],
      ],
    );
    assert.deepEqual(merged.info, { description: 'x' });
    assert.equal((await readText('out/m.json')).split('\n').length, 21);
  });

  it('merge keeps images of the same name in different folders apart', async () => {
    for (const name of ['one', 'two']) {
      await write(`${name}/a.jpg`, name);
      await write(`${name}/x.json`, {
        images: [image(1, 'a.jpg')],
        annotations: [annotation(1, 1, 1)],
        categories: [{ id: 1, name: 'cat' }],
      });
    }
    const { code } = await run('merge', 'one/x.json', 'two/x.json', '--out', 'both.json');
    assert.equal(code, 0);
    const merged = await read('both.json');
    assert.deepEqual(
      merged.images.map(({ id, file_name }) => [id, file_name]),
      [
        [1, 'one/a.jpg'],
        [2, 'two/a.jpg'],
      ],
    );
    assert.deepEqual(
      merged.annotations.map(({ image_id }) => image_id),
      [1, 2],
    );
  });

  it('split is seeded, complete and keeps annotations with their images', async () => {
    const images = Array.from({ length: 100 }, (_, k) =>
      image(k + 1, `${k % 2 ? 'x' : 'y'}/${k}.jpg`),
    );
    const annotations = images.map((_, k) => annotation(k + 1, k + 1, k < 10 ? 2 : 1));
    const file = await write('big.json', { ...dataset(), images, annotations });
    for (const by of ['random', 'stratified']) {
      await run('split', file, '--by', by, '--seed', '7', '--out', 'p');
      const [train, val] = [await read('p/big_train.json'), await read('p/big_val.json')];
      assert.deepEqual([train.images.length, val.images.length], [80, 20]);
      for (const part of [train, val]) {
        const ids = new Set(part.images.map(({ id }) => id));
        assert.ok(part.annotations.every(({ image_id }) => ids.has(image_id)));
        assert.equal(part.categories.length, 2);
      }
      assert.equal(train.annotations.length + val.annotations.length, 100);
      if (by === 'stratified') {
        assert.equal(val.annotations.filter(({ category_id }) => category_id === 2).length, 2);
      }
      const first = await readText('p/big_val.json');
      await run('split', file, '--by', by, '--seed', '7', '--out', 'p');
      assert.equal(await readText('p/big_val.json'), first);
    }
    const byFolder = JSON.parse(
      (await run('split', file, '--by', 'folder', '--dry-run', '--json')).out,
    ) as { parts: Json[] };
    assert.deepEqual(
      byFolder.parts.map(({ part, images: count }) => [part, count]),
      [
        ['y', 50],
        ['x', 50],
      ],
    );
    await write('val.txt', 'y/0.jpg\nx/1.jpg\n');
    const byList = JSON.parse(
      (await run('split', file, '--list', 'val=val.txt', '--dry-run', '--json')).out,
    ) as Json;
    assert.equal(byList['left'], 98);
    assert.equal((await run('split', file, '--parts', 'a=0.5,b=0.2')).code, 2);
    assert.equal((await run('split', file, '--by', 'magic')).code, 2);
  });

  it('filter keeps what fits', async () => {
    const data = dataset();
    data.annotations[2]!['area'] = 5000;
    const file = await write('a.json', data);
    await run(
      'filter',
      file,
      '--category',
      'cat',
      '--max-area',
      '100',
      '--drop-empty',
      '--drop-unused',
      '--out',
      'o.json',
    );
    const kept = await read('o.json');
    assert.deepEqual(kept.annotations, [data.annotations[0]]);
    assert.deepEqual(kept.images, [data.images[0]]);
    assert.deepEqual(kept.categories, [data.categories[0]]);
    const { out } = await run('filter', file, '--image', 'b.', '--dry-run', '--json');
    assert.deepEqual(JSON.parse(out), { file, images: 1, annotations: 1, categories: 2 });
    assert.equal((await run('filter', file, '--category', 'horse', '--out', 'o.json')).code, 2);
  });

  it('index tells kind, counts and problems', async () => {
    const { code, out } = await run('index', await write('a.json', dataset()), '--json');
    assert.equal(code, 0);
    const facts = JSON.parse(out) as Json;
    assert.deepEqual(
      [facts['kind'], facts['images'], facts['annotations'], facts['writable']],
      ['coco', 2, 3, true],
    );
    assert.equal((await run('index', await write('r.json', '[]'))).code, 1);
  });

  it('merge-driver merges both sides and keeps the formatting of ours', async () => {
    const [ours, theirs] = [dataset(), dataset()];
    ours.annotations[0]!['category_id'] = 2;
    ours.annotations.push(annotation(4, 1, 1));
    theirs.annotations[1]!['area'] = 30;
    theirs.annotations.push(annotation(4, 2, 2));
    theirs.categories.push({ id: 3, name: 'bird' });
    theirs.info = { description: 'y' };
    const files = [
      await write('base.json', dataset(), 2),
      await write('ours.json', ours, 2),
      await write('theirs.json', theirs),
    ];
    const { code, err } = await run('merge-driver', ...files);
    assert.deepEqual([code, err], [0, '']);
    const merged = await read('ours.json');
    assert.deepEqual(
      merged.annotations.map(({ id, category_id, area }) => [id, category_id, area]),
      [
        [1, 2, 36],
        [2, 2, 30],
        [3, 1, 36],
        [4, 1, 36],
        [5, 2, 36],
      ],
    );
    assert.equal(merged.categories.length, 3);
    assert.deepEqual(merged.info, { description: 'y' });
    assert.equal(await readText('ours.json'), JSON.stringify(merged, null, 2));
  });

  it('merge-driver keeps ours where both changed the same, and says so', async () => {
    const [ours, theirs] = [dataset(), dataset()];
    ours.annotations[0]!['area'] = 1;
    ours.info = { description: 'ours' };
    theirs.annotations[0]!['area'] = 2;
    theirs.info = { description: 'theirs' };
    const files = [
      await write('base.json', dataset()),
      await write('ours.json', ours),
      await write('theirs.json', theirs),
    ];
    const { code, err } = await run('merge-driver', ...files, 'name.json');
    assert.equal(code, 1);
    assert.deepEqual(err.trimEnd().split('\n'), [
      "name.json: conflict: annotations 1 changed on both sides; this side's version is kept",
      'name.json: conflict: "info" changed on both sides; this side\'s version is kept',
    ]);
    assert.deepEqual(await read('ours.json'), ours);
  });

  it('merge-driver takes an empty base, where both sides added the file', async () => {
    const files = [
      await write('base.json', ''),
      await write('ours.json', dataset()),
      await write('theirs.json', dataset()),
    ];
    assert.equal((await run('merge-driver', ...files)).code, 0);
    assert.deepEqual(await read('ours.json'), dataset());
  });
});
