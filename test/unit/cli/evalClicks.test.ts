import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { evalClicksCommand } from '../../../src/cli/evalClicks';
import { recordingIo } from '../../support/cliIo';
import { useInferenceScript } from '../../support/engineProcess';
import { drawPicture, shapeBitmap, toSharp, type Shape } from '../../support/picture';
import { tarOf } from '../../support/tar';
import { useTempFolder } from '../../support/tempFolder';
import { writeTinySegmenter } from '../../support/tinySegmenter';

const [width, height] = [96, 72];
const disc: Shape = { disc: [30, 36, 18], colour: [220, 30, 30] };
const bar: Shape = { rect: [60, 15, 85, 55], colour: [30, 60, 230] };

interface Report {
  readonly n: number;
  readonly noc80: number;
  readonly miou: Readonly<Record<string, number>>;
  readonly box_iou: number;
  readonly problems: readonly { readonly key: string; readonly problem: string }[];
  readonly [key: string]: unknown;
}

describe('eval-clicks', () => {
  const built = useInferenceScript();
  const folder = useTempFolder();
  let model = '';
  const files: Record<string, Uint8Array> = {};

  before(async () => {
    model = await writeTinySegmenter(folder.file('model'));
    const labels = new Uint8Array(width * height);
    shapeBitmap(width, height, disc).data.forEach((bit, k) => bit && (labels[k] = 7));
    shapeBitmap(width, height, bar).data.forEach((bit, k) => bit && (labels[k] = 9));
    labels[0] = 255;
    const picture = toSharp(drawPicture(width, height, [40, 120, 60], [disc, bar]));
    const png = await sharp(labels, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    files['one.webp'] = await picture.clone().webp({ lossless: true }).toBuffer();
    files['one.png'] = png;
    files['two.jpg'] = await picture.clone().jpeg({ quality: 95 }).toBuffer();
    files['two.png'] = png;
    await writeFile(folder.file('good.tar'), tarOf(files));
  });

  const run = async (...args: string[]) => {
    const { io, written } = recordingIo(folder.path);
    const command = evalClicksCommand({ root: folder.path, engineScript: built.script });
    const exitCode = await command.run([...args, '--model', model], io);
    return { exitCode, ...written };
  };
  const report = (out: string): Report => JSON.parse(out.trimEnd().split('\n').at(-1)!) as Report;

  it('measures every object of a tar archive; the numbers are the last line', async () => {
    const { exitCode, out } = await run('--data', 'good.tar', '--json', '--max-clicks', '5');
    const result = report(out);
    assert.equal(exitCode, 0);
    assert.equal(result.n, 4);
    assert.equal(result.noc80, 1);
    assert.ok(result.miou['1']! > 0.9 && result.box_iou > 0.85, out);
    assert.deepEqual(Object.keys(result.miou), ['1', '2', '3', '5']);
    assert.deepEqual(result.problems, []);
    for (const key of ['noc85', 'noc90', 'ms_p50', 'ms_p95', 'iou_gap'])
      assert.equal(typeof result[key], 'number');
  });

  it('reads a folder, takes the first object only, and writes results and the worst cases', async () => {
    await mkdir(folder.file('data'));
    for (const [name, bytes] of Object.entries(files))
      await writeFile(folder.file(`data/${name}`), bytes);
    const { exitCode, out } = await run('--data', 'data', '--objects', 'first', '--worst', '1', '--out', 'res', '--max-clicks', '3'); // prettier-ignore
    assert.equal(exitCode, 0);
    assert.match(out, /^2 objects\n/);
    assert.deepEqual((await readdir(folder.file('res'))).sort(), [
      'objects.jsonl',
      'summary.json',
      'worst',
    ]);
    assert.equal((await readdir(folder.file('res/worst'))).length, 1);
    const lines = (await readFile(folder.file('res/objects.jsonl'), 'utf8')).trim().split('\n');
    assert.deepEqual(lines.map((line) => (JSON.parse(line) as { key: string }).key), ['one', 'two']); // prettier-ignore
  });

  it('takes the first entries up to the limit, and perturbed clicks', async () => {
    const { out } = await run(
      '--data',
      'good.tar',
      '--limit',
      '1',
      '--perturb',
      '3',
      '--json',
      '--max-clicks',
      '2',
    );
    assert.equal(report(out).n, 2);
  });

  it('reports bad entries and measures the others', async () => {
    const other = await sharp(new Uint8Array(12), { raw: { width: 4, height: 3, channels: 1 } })
      .png()
      .toBuffer();
    const bad = {
      ...files,
      'alone.jpg': files['two.jpg']!,
      'broken.jpg': 'x',
      'broken.png': files['one.png']!,
      'labels.jpg': files['two.jpg']!,
      'labels.png': 'x',
      'size.jpg': files['two.jpg']!,
      'size.png': other,
      'noimage.png': files['one.png']!,
    };
    await writeFile(folder.file('bad.tar'), tarOf(bad));
    const { exitCode, out } = await run('--data', 'bad.tar', '--json', '--max-clicks', '1');
    const result = report(out);
    assert.equal(exitCode, 1);
    assert.equal(result.n, 4);
    const reasons = Object.fromEntries(result.problems.map(({ key, problem }) => [key, problem]));
    assert.match(reasons['alone']!, /has no label map alone\.png/);
    assert.match(reasons['broken']!, /broken\.jpg cannot be read as an image/);
    assert.match(reasons['labels']!, /label map cannot be read/);
    assert.match(reasons['size']!, /label map has 4 × 3 pixels, the image 96 × 72/);
    assert.match(reasons['noimage']!, /noimage\.png has no image/);
  });

  it('refuses data without a usable object and wrong words', async () => {
    await writeFile(folder.file('none.tar'), tarOf({ 'readme.txt': 'x' }));
    await assert.rejects(run('--data', 'none.tar'), /no labelled object/);
    await assert.rejects(run('--data', 'absent.tar'), /ENOENT/);
    await assert.rejects(run(), /--data is missing/);
    await assert.rejects(
      run('--data', 'good.tar', '--objects', 'some'),
      /--objects must be all or first/,
    );
    await assert.rejects(run('--data', 'good.tar', '--max-clicks', '0'), /--max-clicks must be/);
  });
});
