import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { captionCommand } from '../../../src/cli/caption';
import { parseCaption } from '../../../src/cli/captionOptions';
import { UsageError } from '../../../src/cli/command';
import { expandGlob } from '../../../src/cli/glob';
import { mergeCommand } from '../../../src/cli/merge';
import { scan } from '../../../src/shared/coco/scan';
import { writeCaptionDataset } from '../../support/captionDataset';
import { recordingIo } from '../../support/cliIo';
import { useInferenceScript } from '../../support/engineProcess';
import { useTempFolder } from '../../support/tempFolder';

describe('promptmark caption', () => {
  const built = useInferenceScript();
  const temp = useTempFolder();
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(path.join(temp.path, 'cli-'));
    await writeCaptionDataset(root, 4);
  });

  const run = async (...args: string[]) => {
    const { io, written } = recordingIo(root);
    const command = captionCommand({ root, engineScript: built.script });
    const exitCode = await command.run(args, io);
    return { exitCode, ...written };
  };

  it('prints COCO captions of the dataset that lists the images', async () => {
    const { exitCode, out, err } = await run('images');
    assert.equal(exitCode, 0);
    const { images, annotations } = JSON.parse(out) as {
      images: unknown[];
      annotations: unknown[];
    };
    assert.deepEqual([images.length, annotations.length], [4, 4]);
    assert.deepEqual(scan(Buffer.from(out)).problems, []);
    assert.match(
      err,
      /annotations of instances\.json\n4 of 4 images captioned, 1 without annotations/,
    );
  });

  it('says so when no dataset lists an image', async () => {
    await sharp({ create: { width: 9, height: 7, channels: 3, background: 'red' } })
      .png()
      .toFile(path.join(root, 'alone.png'));
    const { exitCode, out } = await run('alone.png', '--format', 'jsonl', '--lang', 'zh');
    assert.equal(exitCode, 0);
    assert.match(out, /这张图片还没有标注任何物体。/);
  });

  it('asks the engine for the size of formats without a simple header', async () => {
    await sharp({ create: { width: 9, height: 7, channels: 3, background: 'red' } })
      .tiff()
      .toFile(path.join(root, 'a.tif'));
    await writeFile(path.join(root, 'b.tif'), 'II*\0 broken');
    const { exitCode, out, err } = await run('*.tif');
    assert.equal(exitCode, 1);
    const { images } = JSON.parse(out) as { images: unknown[] };
    assert.deepEqual(images, [{ id: 1, file_name: 'a.tif', width: 9, height: 7 }]);
    assert.match(err, /b\.tif/);
  });

  it('ends with a summary as JSON, exit code 1 when an image failed', async () => {
    await writeFile(path.join(root, 'images/002.png'), '');
    const { exitCode, out } = await run('--coco', 'instances.json', '--out', 'c.json', '--json');
    assert.equal(exitCode, 1);
    const summary = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual(
      { ...summary, failed: (summary['failed'] as unknown[]).length },
      {
        ...{ total: 4, done: 3, captioned: 3, resumed: 0, without_annotations: 1, failed: 1 },
        ...{
          interrupted: false,
          model: 'composer-1',
          format: 'coco',
          out: path.join(root, 'c.json'),
        },
      },
    );
  });

  it('makes shards that promptmark merge joins to the whole', async () => {
    for (const [i, out] of ['a.json', 'b.json', 'c.json'].entries())
      await run('--coco', 'instances.json', '--out', out, '--shard', `${i + 1}/3`);
    await run('--coco', 'instances.json', '--out', 'whole.json');
    const { io } = recordingIo(root);
    assert.equal(await mergeCommand.run(['a.json', 'b.json', 'c.json', '--out', 'm.json'], io), 0);
    const read = async (name: string): Promise<{ id: number }[]> => {
      const file = await readFile(path.join(root, name), 'utf8');
      const { annotations } = JSON.parse(file) as { annotations: { id: number }[] };
      return annotations.sort((a, b) => a.id - b.id);
    };
    assert.deepEqual(await read('m.json'), await read('whole.json'));
  });

  it('keeps what is done when it is interrupted', async () => {
    const { io, written } = recordingIo(root);
    const stop = new AbortController();
    stop.abort();
    const command = captionCommand({ root, engineScript: built.script });
    await assert.rejects(
      command.run(['--coco', 'instances.json', '--out', 'c.json'], { ...io, signal: stop.signal }),
      { code: 'cancelled' },
    );
    assert.equal(written.out, '');
  });

  it('knows no other model, and says what to do', async () => {
    await assert.rejects(run('images', '--model', 'florence-2'), {
      code: 'model-missing',
      message: /Leave out --model/,
    });
  });

  it('asks which dataset when several list the images', async () => {
    await writeFile(
      path.join(root, 'more.json'),
      await readFile(path.join(root, 'instances.json')),
    );
    await assert.rejects(run('images'), { name: 'UsageError', message: /choose one with --coco/ });
  });

  const wrong: readonly (readonly string[])[] = [
    [],
    ['images', '--format', 'xml'],
    ['images', '--style', 'poem'],
    ['images', '--lang', 'fr'],
    ['images', '--shard', '0/4'],
    ['images', '--shard', '5/4'],
    ['images', '--shard', 'a/b'],
    ['images', '--jobs', '0'],
    ['images', '--resume'],
    ['images', '--json'],
    ['images', '--colour', 'red'],
  ];
  for (const args of wrong) {
    it(`refuses ${JSON.stringify(args)}`, () =>
      assert.throws(() => parseCaption(args, '/'), UsageError));
  }
});

describe('expandGlob', () => {
  const temp = useTempFolder();
  before(() => writeCaptionDataset(temp.path, 12));

  const cases: readonly [string, number][] = [
    ['images', 1],
    ['images/*.png', 12],
    ['images/00?.png', 9],
    ['images/0[01]1.png', 2],
    ['images/01[!0].png', 2],
    ['**/*.png', 12],
    ['**/01*.png', 3],
    ['./images/../images/*1.png', 2],
    ['*/*.png', 12],
    ['**', 13],
  ];
  for (const [word, count] of cases) {
    it(`${word} stands for ${count}`, async () =>
      assert.equal((await expandGlob(word, temp.path)).length, count));
  }

  it('takes a name with brackets as it is when such a file exists', async () => {
    await writeFile(temp.file('a[1].png'), '');
    assert.deepEqual(await expandGlob('a[1].png', temp.path), [temp.file('a[1].png')]);
  });

  it('refuses a pattern that matches nothing', async () => {
    await assert.rejects(expandGlob('none/*.png', temp.path), UsageError);
  });
});
