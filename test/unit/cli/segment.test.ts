import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { UsageError } from '../../../src/cli/command';
import { segmentCommand } from '../../../src/cli/segment';
import { parseSegment } from '../../../src/cli/segmentOptions';
import { measure, runsOf } from '../../../src/shared/coco/segmentation';
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../../../src/shared/coco/types';
import { encodeBitmap } from '../../../src/shared/mask/bitmap';
import { iou } from '../../../src/shared/mask/iou';
import { recordingIo } from '../../support/cliIo';
import { useInferenceScript } from '../../support/engineProcess';
import { drawPicture, shapeBitmap, writePicture, type Shape } from '../../support/picture';
import { useTempFolder } from '../../support/tempFolder';
import { writeTinySegmenter } from '../../support/tinySegmenter';

interface CocoFile {
  images: CocoImage[];
  annotations: InstanceAnnotation[];
  categories: CocoCategory[];
}

const [width, height] = [120, 90];
const disc: Shape = { disc: [40, 40, 20], colour: [220, 30, 30] };
const bar: Shape = { rect: [80, 20, 110, 60], colour: [30, 60, 230] };

describe('promptmark segment', () => {
  const built = useInferenceScript();
  const folder = useTempFolder();
  let model = '';

  before(async () => {
    model = await writeTinySegmenter(folder.file('model'));
    const picture = drawPicture(width, height, [40, 120, 60], [disc, bar]);
    await writePicture(picture, folder.file('a.png'));
    await writePicture(picture, folder.file('b.png'));
  });

  const run = async (...args: string[]) => {
    const { io, written } = recordingIo(folder.path);
    const command = segmentCommand({ root: folder.path, engineScript: built.script });
    const exitCode = await command.run([...args, '--model', model], io);
    return { exitCode, ...written };
  };
  const read = async (name: string): Promise<CocoFile> =>
    JSON.parse(await readFile(folder.file(name), 'utf8')) as CocoFile;
  const iouWith = (annotation: InstanceAnnotation | undefined, shape: Shape): number =>
    iou(
      runsOf(annotation!.segmentation!, [height, width]),
      encodeBitmap(shapeBitmap(width, height, shape)),
    );

  it('prints COCO for several images', async () => {
    const { exitCode, out, err } = await run(
      'a.png',
      'b.png',
      '--point',
      '40,40',
      '--category',
      'disc',
    );
    const { images, annotations, categories } = JSON.parse(out) as CocoFile;
    assert.deepEqual([exitCode, err], [0, '']);
    assert.deepEqual(images, [
      { id: 1, file_name: 'a.png', width, height },
      { id: 2, file_name: 'b.png', width, height },
    ]);
    assert.deepEqual(categories, [{ id: 1, name: 'disc' }]);
    assert.deepEqual(annotations.map(({ id, image_id, category_id, iscrowd }) => [id, image_id, category_id, iscrowd]), [[1, 1, 1, 0], [2, 2, 1, 0]]); // prettier-ignore
    for (const annotation of annotations) {
      assert.ok(iouWith(annotation, disc) > 0.9);
      const { bbox, area } = measure(runsOf(annotation.segmentation!, [height, width]));
      assert.deepEqual([annotation.bbox, annotation.area], [bbox, area]);
      assert.equal(annotation.promptmark?.model, 'tiny');
    }
  });

  it('adds to a COCO file, reuses categories, and refines a saved annotation by its id', async () => {
    const first = await run(
      'a.png',
      '--point',
      '40,40',
      '--coco',
      'set.json',
      '--category',
      'disc',
    );
    assert.deepEqual([first.exitCode, first.err], [0, '']);
    assert.match(
      first.out,
      /^a\.png: annotation 1, disc, bbox \d+,\d+,\d+,\d+, area \d+, \d+ % sure\n$/,
    );
    await run('a.png', '--box', '75,15,115,65', '--coco', 'set.json', '--category', 'bar');
    await run('b.png', '--point', '40,40', '--coco', 'set.json', '--category', 'disc');
    const before = await read('set.json');
    assert.deepEqual(before.annotations.map(({ id, image_id, category_id }) => [id, image_id, category_id]), [[1, 1, 1], [2, 1, 2], [3, 2, 1]]); // prettier-ignore
    assert.deepEqual(before.categories.map(({ name }) => name), ['disc', 'bar']); // prettier-ignore
    assert.ok(iouWith(before.annotations[1], bar) > 0.85);

    // The bar is added to the disc's mask: only together with the saved mask both are found.
    const refined = await run(
      'a.png',
      '--mask-of',
      '1',
      '--point',
      '95,40',
      '--coco',
      'set.json',
      '--json',
    );
    const [outcome] = JSON.parse(refined.out) as { annotation_id: number; area: number }[];
    const after = await read('set.json');
    assert.equal(outcome?.annotation_id, 1);
    assert.equal(after.annotations[0]?.category_id, 1);
    assert.equal(after.annotations[0]?.area, outcome?.area);
    assert.ok(outcome.area > 1.5 * before.annotations[0]!.area!);
    assert.deepEqual(after.annotations.slice(1), before.annotations.slice(1));
  });

  it('writes an overlay picture of the image’s size', async () => {
    await run('a.png', '--point', '40,40', '--overlay', 'over.png');
    const { data, info } = await sharp(folder.file('over.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixel = (x: number, y: number): number[] => [...data.subarray((y * width + x) * info.channels, (y * width + x) * info.channels + 3)]; // prettier-ignore
    assert.deepEqual([info.width, info.height], [width, height]);
    assert.deepEqual(pixel(90, 80), [40, 120, 60]);
    assert.notDeepEqual(pixel(30, 30), [220, 30, 30]);
  });

  it('reports images that cannot be read and goes on', async () => {
    await writeFile(folder.file('broken.jpg'), 'x');
    const { exitCode, out, err } = await run('broken.jpg', 'gone.png', 'a.png', '--point', '40,40');
    assert.equal(exitCode, 1);
    assert.match(
      err,
      /^broken\.jpg cannot be read as an image: [^\n]+\ngone\.png cannot be read[^\n]+\n$/,
    );
    assert.equal((JSON.parse(out) as CocoFile).annotations.length, 1);
  });

  it('makes no annotation where nothing is found', async () => {
    const { exitCode, err } = await run('a.png', '--point', '40,40,-', '--coco', 'empty.json');
    assert.equal(exitCode, 1);
    assert.match(err, /a\.png: nothing was found/);
    await assert.rejects(readFile(folder.file('empty.json')), { code: 'ENOENT' });
  });

  it('leaves a file that does not parse as it is, and names missing annotations', async () => {
    await writeFile(folder.file('bad.json'), '{"images": [');
    await assert.rejects(run('a.png', '--point', '1,1', '--coco', 'bad.json'), {
      code: 'dataset-invalid',
      message: /bad\.json.*line 1/,
    });
    assert.equal(await readFile(folder.file('bad.json'), 'utf8'), '{"images": [');
    const { exitCode, err } = await run('a.png', '--mask-of', '99', '--coco', 'set.json');
    assert.equal(exitCode, 1);
    assert.match(err, /Annotation 99 is not on this image/);
  });

  it('stops when it is interrupted', async () => {
    const interruption = new AbortController();
    const { io } = recordingIo(folder.path, interruption.signal);
    interruption.abort();
    const command = segmentCommand({ root: folder.path, engineScript: built.script });
    await assert.rejects(command.run(['a.png', '--point', '1,1', '--model', model], io), {
      code: 'cancelled',
    });
  });
});

describe('options of promptmark segment', () => {
  it('reads every option', () => {
    const options = parseSegment(
      ['a.jpg', '--point', '3,4', '--point=5.5,6,-', '--box', '1,2,3,4', '--model', 'm.json', '--category', ' cat ', '--coco', 'x.json', '--overlay', 'o.png', '--json', '--mask-of', '7'],
      '/work',
    ); // prettier-ignore
    assert.deepEqual(options, {
      images: [path.resolve('/work/a.jpg')],
      points: [
        { at: { x: 3, y: 4 }, label: 1 },
        { at: { x: 5.5, y: 6 }, label: 0 },
      ],
      box: [1, 2, 3, 4],
      maskOf: 7,
      model: path.resolve('/work/m.json'),
      category: 'cat',
      coco: path.resolve('/work/x.json'),
      overlay: path.resolve('/work/o.png'),
      json: true,
    });
  });

  const refuses = (args: string[], message: RegExp): unknown =>
    it(`refuses ${args.join(' ') || 'nothing'}`, () =>
      assert.throws(
        () => parseSegment(args, '/'),
        (error) => error instanceof UsageError && message.test(error.message),
      ));
  refuses([], /at least one image/);
  refuses(['a.jpg'], /at least one prompt/);
  refuses(['a.jpg', '--point', '1'], /--point must be x,y/);
  refuses(['a.jpg', '--point', '1,2,*'], /--point must be/);
  refuses(['a.jpg', '--point', 'x,2'], /--point x must be a number/);
  refuses(['a.jpg', '--box', '1,2,3'], /--box must be x0,y0,x1,y1/);
  refuses(['a.jpg', '--mask-of', '3'], /--mask-of needs --coco/);
  refuses(['a.jpg', 'b.jpg', '--mask-of', '3', '--coco', 'x'], /--mask-of takes one image/);
  refuses(['a.jpg', 'b.jpg', '--point', '1,2', '--overlay', 'x'], /--overlay takes one image/);
  refuses(['a.jpg', '--point', '1,2', '--category', ' '], /--category/);
  refuses(['a.jpg', '--unknown'], /unknown/i);
});
