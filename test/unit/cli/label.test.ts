import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { applyCommand } from '../../../src/cli/apply';
import { UsageError } from '../../../src/cli/command';
import { labelCommand } from '../../../src/cli/label';
import { parseLabel } from '../../../src/cli/labelOptions';
import { runsOf } from '../../../src/shared/coco/segmentation';
import type { InstanceAnnotation } from '../../../src/shared/coco/types';
import { encodeBitmap } from '../../../src/shared/mask/bitmap';
import { iou } from '../../../src/shared/mask/iou';
import { recordingIo } from '../../support/cliIo';
import { useInferenceScript } from '../../support/engineProcess';
import { drawPicture, shapeBitmap, writePicture, type Shape } from '../../support/picture';
import { useTempFolder } from '../../support/tempFolder';
import { writeTinySegmenter } from '../../support/tinySegmenter';

interface CocoFile {
  images: { id: number; file_name: string }[];
  annotations: InstanceAnnotation[];
  categories: { id: number; name: string }[];
}

const [width, height] = [120, 90];
const disc: Shape = { disc: [40, 40, 20], colour: [220, 30, 30] };
const bar: Shape = { rect: [80, 20, 110, 60], colour: [30, 60, 230] };

describe('promptmark prelabel and resegment', () => {
  const built = useInferenceScript();
  const temp = useTempFolder();
  let root = '';
  let model = '';
  before(async () => {
    model = await writeTinySegmenter(temp.file('model'));
  });
  beforeEach(async () => {
    root = await mkdtemp(path.join(temp.path, 'label-'));
    for (const name of ['a', 'b', 'c']) {
      const shapes = name === 'b' ? [disc] : [disc, bar];
      await writePicture(
        drawPicture(width, height, [40, 120, 60], shapes),
        path.join(root, `${name}.png`),
      );
    }
  });

  const run = async (kind: 'prelabel' | 'resegment', ...args: string[]) => {
    const { io, written } = recordingIo(root);
    const command = labelCommand(kind, { root, engineScript: built.script });
    const exitCode = await command.run([...args, '--model', model], io);
    return { exitCode, ...written };
  };
  const read = async (name: string): Promise<CocoFile> =>
    JSON.parse(await readFile(path.join(root, name), 'utf8')) as CocoFile;
  const covers = (entry: InstanceAnnotation, shape: Shape): number =>
    iou(
      runsOf(entry.segmentation!, [height, width]),
      encodeBitmap(shapeBitmap(width, height, shape)),
    );
  const everything = ['--points-per-side', '8', '--min-score', '0.5'];

  it('proposes the objects of every image, with the real engine', async () => {
    const { exitCode, out } = await run('prelabel', '.', ...everything, '--out', 'out.json');
    assert.equal(exitCode, 0, out);
    const { images, annotations, categories } = await read('out.json');
    assert.deepEqual(
      images.map(({ file_name }) => file_name),
      ['a.png', 'b.png', 'c.png'],
    );
    assert.deepEqual(categories, [{ id: 1, name: 'object' }]);
    for (const [id, shape] of [
      [1, disc],
      [1, bar],
      [2, disc],
      [3, bar],
    ] as const) {
      const best = annotations.filter(({ image_id }) => image_id === id);
      assert.ok(
        best.some((entry) => covers(entry, shape) > 0.8),
        `image ${id}`,
      );
    }
    const provenance = annotations[0]?.promptmark;
    assert.equal(provenance?.tool, 'job');
    assert.equal(provenance?.model, 'tiny');
  });

  it('proposes nothing that is annotated, and with two worker processes the same', async () => {
    await run('prelabel', '.', ...everything, '--out', 'out.json', '--jobs', '1');
    const again = await run('prelabel', '.', ...everything, '--out', 'two.json', '--jobs', '2');
    assert.equal(again.exitCode, 0);
    assert.equal(
      await readFile(path.join(root, 'two.json'), 'utf8'),
      await readFile(path.join(root, 'out.json'), 'utf8'),
    );
    const known = await run('prelabel', '--coco', 'out.json', ...everything, '--out', 'more.json');
    assert.match(known.out, /0 annotations proposed/);
  });

  it('makes masks again from boxes, as changes that are applied and undone', async () => {
    const boxes = [disc, bar].map((_, i) => ({
      ...{ id: i + 1, image_id: 1, category_id: 1, iscrowd: 0, mine: 'kept' },
      ...{ bbox: i ? [80, 20, 30, 40] : [20, 20, 40, 40], area: 1600 },
    }));
    const data = {
      images: [{ id: 1, file_name: 'a.png', width, height }],
      annotations: [...boxes, { ...boxes[0], id: 3, iscrowd: 1 }],
      categories: [{ id: 1, name: 'thing' }],
    };
    await writeFile(path.join(root, 'boxes.json'), JSON.stringify(data));
    const args = ['--coco', 'boxes.json', '--out', 'job.changes', '--format', 'changes', '--json'];
    const { exitCode, out } = await run('resegment', ...args);
    assert.equal(exitCode, 0, out);
    assert.equal((JSON.parse(out) as { changed: number }).changed, 2);
    const { io, written } = recordingIo(root);
    assert.equal(await applyCommand.run(['job.changes'], io), 0);
    assert.match(written.out, /1 images: 0 annotations added, 2 changed/);
    const { annotations } = await read('boxes.json');
    assert.ok(covers(annotations[0]!, disc) > 0.8);
    assert.ok(covers(annotations[1]!, bar) > 0.8);
    assert.equal(annotations[0]?.['mine'], 'kept');
    assert.deepEqual(annotations[2], data.annotations[2]);
    assert.equal(await applyCommand.run(['job.changes', '--undo'], io), 0);
    assert.deepEqual((await read('boxes.json')).annotations, data.annotations);
  });

  it('goes on when an image is broken, and says which', async () => {
    await writeFile(path.join(root, 'b.png'), 'no image');
    const { exitCode, err, out } = await run('prelabel', '.', ...everything, '--out', 'o.json');
    assert.equal(exitCode, 1);
    assert.match(err, /b\.png/);
    assert.match(out, /2 of 3 images, \d+ annotations proposed, 1 failed; --resume/);
    await writePicture(drawPicture(width, height, [40, 120, 60], [disc]), path.join(root, 'b.png'));
    const again = await run('prelabel', '.', ...everything, '--out', 'o.json', '--resume');
    assert.equal(again.exitCode, 0);
    assert.match(again.out, /3 of 3 images, .*2 images taken over/);
  });

  it('tells progress as JSON to a program', async () => {
    const { err } = await run('prelabel', 'b.png', ...everything, '--out', 'o.json', '--events');
    const { progress } = JSON.parse(err.trimEnd().split('\n').at(-1)!) as {
      progress: { done: number; total: number; current: string };
    };
    assert.deepEqual([progress.done, progress.total], [1, 1]);
    assert.equal(path.basename(progress.current), 'b.png');
  });

  it('pauses, goes on and stops as a program says, and stops when that program ends', async () => {
    for (const [words, isDone] of [
      ['pause\nresume\n', true],
      ['stop\n', false],
      ['', false],
    ] as const) {
      const stop = new AbortController();
      const { io } = recordingIo(root, stop.signal);
      const input = new PassThrough();
      const command = labelCommand('prelabel', { root, engineScript: built.script });
      const args = ['.', ...everything, '--model', model, '--out', 'o.json', '--overwrite'];
      const interrupt = (): void => stop.abort();
      input.write(words);
      if (words === '') input.end();
      const job = command.run([...args, '--events'], { ...io, input, interrupt });
      if (isDone) assert.equal(await job, 0);
      else assert.notEqual(await job.catch(() => 1), 0);
      assert.equal(stop.signal.aborted, !isDone);
    }
  });

  it('refuses a model that is not there', async () => {
    const { io } = recordingIo(root);
    const command = labelCommand('prelabel', { root, engineScript: built.script });
    await assert.rejects(command.run(['.', '--model', 'none', '--out', 'o.json'], io), {
      code: 'model-missing',
    });
  });

  const wrong: readonly (readonly string[])[] = [
    ['prelabel'],
    ['prelabel', '.', '--format', 'txt'],
    ['prelabel', '.', '--category', ' '],
    ['prelabel', '.', '--min-score', '2'],
    ['prelabel', '.', '--box-only'],
    ['resegment', '.'],
    ['resegment', '--coco', 'x.json', '--category', 'y'],
    ['prelabel', '.', '--limit', '0'],
  ];
  for (const [kind, ...args] of wrong) {
    it(`refuses ${kind} ${args.join(' ')}`, () =>
      assert.throws(() => parseLabel(kind as 'prelabel', args, '/'), UsageError));
  }
});
