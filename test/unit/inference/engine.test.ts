// The engine's handlers in this process, with the generated model whose right answer is known.
// Longer than 300 lines: everything here shares one picture, one model and one engine.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createEngine } from '../../../src/inference/engine';
import { createCancelSource } from '../../../src/shared/protocol/cancel';
import type {
  EngineEvents,
  ModelRef,
  PredictParams,
  PredictResult,
} from '../../../src/shared/protocol/engine';
import type { Candidate, Prompt } from '../../../src/shared/protocol/prompt';
import type { Box } from '../../../src/shared/geometry/types';
import { encodeBitmap } from '../../../src/shared/mask/bitmap';
import { bboxOf } from '../../../src/shared/mask/bbox';
import { iou } from '../../../src/shared/mask/iou';
import { runsFromString, runsToString } from '../../../src/shared/mask/rleString';
import { drawPicture, shapeBitmap, writePicture, type Shape } from '../../support/picture';
import { randomInteger, seededRandom } from '../../support/random';
import { useTempFolder } from '../../support/tempFolder';
import { writeTinySegmenter } from '../../support/tinySegmenter';

const [width, height] = [300, 200];
const disc: Shape = { disc: [90, 80, 40], colour: [220, 30, 30] };
const bar: Shape = { rect: [180, 30, 280, 60], colour: [30, 60, 230] };
const dot: Shape = { rect: [250, 150, 253, 153], colour: [240, 230, 20] };
const background = [40, 120, 60] as const;
const { signal } = createCancelSource();

describe('engine', () => {
  const folder = useTempFolder();
  const events: { [K in keyof EngineEvents]: EngineEvents[K][] } = {
    'segment/progress': [],
    'segment/candidates': [],
    'log/write': [],
  };
  const engine = createEngine((event, data) => events[event].push(data as never));
  let image = '';
  let model: ModelRef;

  before(async () => {
    image = folder.file('shapes.png');
    await writePicture(drawPicture(width, height, background, [disc, bar, dot]), image);
    model = { id: 'tiny', manifest: await writeTinySegmenter(folder.path) };
  });

  const ask = async (
    prompt: Partial<Prompt>,
    more: Partial<PredictParams> = {},
  ): Promise<PredictResult> =>
    engine['segment/predict'](
      {
        image: { path: image },
        model,
        prompt: { points: [], scribbles: [], ...prompt },
        purpose: 'commit',
        ...more,
      },
      signal,
    );
  const point = (x: number, y: number, label: 0 | 1 = 1) => ({ at: { x, y }, label });
  const iouWith = ({ candidates: [candidate] }: PredictResult, ...shapes: Shape[]): number => {
    const truth = shapeBitmap(width, height, shapes[0]!);
    for (const shape of shapes)
      shapeBitmap(width, height, shape).data.forEach((bit, k) => bit && (truth.data[k] = 1));
    return iou(runsFromString(candidate!.segmentation), encodeBitmap(truth));
  };
  const atLeast = (value: number, limit: number): void =>
    assert.ok(value >= limit, `${value} < ${limit}`);

  it('answers the handshake, and names both versions when they differ', async () => {
    const hello = await engine['engine/hello']({ protocolVersion: 1 }, signal);
    assert.match(hello.ortVersion, /^\d+\.\d+/);
    assert.ok(hello.providers.includes('cpu'));
    assert.equal(process.env['ORT_DISABLE_TELEMETRY'], '1');
    await assert.rejects(Promise.resolve(engine['engine/hello']({ protocolVersion: 99 }, signal)), {
      code: 'engine-unavailable',
      message: /protocol 1.*99.*reload/s,
    });
  });

  it('segments by click, box, scribble and several prompts', async () => {
    atLeast(iouWith(await ask({ points: [point(90, 80)] }), disc), 0.94);
    atLeast(iouWith(await ask({ points: [point(230, 45)] }), bar), 0.95);
    atLeast(iouWith(await ask({ box: [170, 20, 290, 70] }), bar), 0.9);
    atLeast(iouWith(await ask({ box: [290, 70, 170, 20] }), bar), 0.9); // corners in any order
    atLeast(iouWith(await ask({ scribbles: [{ path: [{ x: 190, y: 45 }, { x: 270, y: 45 }], label: 1 }] }), bar), 0.9); // prettier-ignore
  });

  it('zooms to the view it is given', async () => {
    const view: Box = [240, 140, 263, 163];
    const found = await ask({ points: [point(251.5, 151.5)] }, { view });
    atLeast(iouWith(found, dot), 0.8);
  });

  it('reports bbox, area and scores of the mask it returns', async () => {
    const { candidates, timings, size } = await ask({ points: [point(90, 80)] });
    const [candidate] = candidates as [Candidate];
    assert.deepEqual(size, [height, width]);
    const runs = runsFromString(candidate.segmentation);
    assert.deepEqual(candidate.bbox, bboxOf(runs));
    const ideal = [50, 40, 80, 80];
    candidate.bbox.forEach((value, k) =>
      assert.ok(Math.abs(value - ideal[k]!) <= 2, `${candidate.bbox}`),
    );
    assert.equal(candidate.area, runs.counts.reduce((sum, count, k) => sum + (k % 2 ? count : 0), 0)); // prettier-ignore
    atLeast(candidate.iou_score, 0.9);
    atLeast(candidate.stability_score, 0.9);
    assert.ok(timings.totalMs >= timings.runMs && timings.runMs > 0);
  });

  it('refines the previous prediction by its id, and goes on without it when it has expired', async () => {
    const first = await ask({ points: [point(90, 80)] });
    // The model looks for the mean colour of the clicks, which is nowhere: only the logits fed back keep the disc.
    const both = { points: [point(90, 80), point(230, 45)] };
    atLeast(iouWith(await ask({ ...both, refineOf: first.predictionId }), disc), 0.9);
    assert.equal((await ask({ ...both, refineOf: 'expired' })).candidates[0]!.area, 0);
  });

  it('refines a saved mask, and prefers the logits when both are given', async () => {
    const mask = runsToString(encodeBitmap(shapeBitmap(width, height, disc)));
    atLeast(iouWith(await ask({ mask }), disc), 0.95);
    atLeast(iouWith(await ask({ mask, points: [point(230, 45)] }), disc, bar), 0.85);
    const { predictionId } = await ask({ points: [point(230, 45)] });
    atLeast(
      iouWith(await ask({ mask, points: [point(230, 45)], refineOf: predictionId }), bar),
      0.9,
    );
  });

  it('does not mix predictions of two images', async () => {
    const other = folder.file('other.png');
    await writePicture(drawPicture(width, height, background, [bar]), other);
    const { predictionId } = await ask({ points: [point(90, 80)] });
    const answer = await ask(
      { points: [point(230, 45)], refineOf: predictionId },
      { image: { path: other } },
    );
    atLeast(iouWith(answer, bar), 0.95);
  });

  it('answers an empty mask without a prompt, with prompts outside and with contradictory ones', async () => {
    const empty = runsToString(
      encodeBitmap({ width, height, data: new Uint8Array(width * height) }),
    );
    const cases: Partial<Prompt>[] = [
      {},
      { points: [point(-5, 10), point(10, 1e9)] },
      { box: [-50, -50, -1, -1] },
      { box: [10, 10, 10, 10] },
      { scribbles: [{ path: [], label: 1 }] },
      { scribbles: [{ path: [{ x: 900, y: 900 }], label: 1 }] },
      { mask: empty },
      { points: [point(20, 20, 0)] },
      { points: [point(90, 80), point(90, 80, 0)] },
    ];
    for (const prompt of cases) {
      const [candidate] = (await ask(prompt)).candidates as [Candidate];
      assert.equal(candidate.area, 0, JSON.stringify(prompt));
      assert.deepEqual([candidate.segmentation, candidate.bbox], [empty, [0, 0, 0, 0]]);
    }
  });

  it('refuses numbers that are none and masks of another size, with the reason', async () => {
    const small = runsToString(encodeBitmap({ width: 3, height: 2, data: new Uint8Array(6) }));
    const cases: [Partial<Prompt>, RegExp][] = [
      [{ points: [point(NaN, 3)] }, /no number/],
      [{ scribbles: [{ path: [{ x: 1, y: Infinity }], label: 1 }] }, /no number/],
      [{ box: [0, 0, NaN, 4] }, /no number/],
      [{ mask: small }, /2 × 3.*200 × 300/],
      [{ mask: { size: [height, width], counts: '~' } }, /Mask counts/],
    ];
    for (const [prompt, message] of cases) {
      await assert.rejects(ask(prompt), { code: 'invalid-params', message });
    }
  });

  it('answers any prompt on any small image: 300 random cases', async () => {
    const random = seededRandom(3);
    const sizes = [[1, 1], [1, 9], [13, 2], [40, 31]] as const; // prettier-ignore
    const files = await Promise.all(
      sizes.map(async ([w, h]) => {
        const file = folder.file(`small-${w}-${h}.png`);
        await writePicture(
          drawPicture(w, h, background, [{ rect: [0, 0, 1, 1], colour: [255, 0, 0] }]),
          file,
        );
        return file;
      }),
    );
    const anywhere = (): { x: number; y: number } => ({
      x: random() * 60 - 10,
      y: random() * 60 - 10,
    });
    for (let round = 0; round < 300; round++) {
      const k = randomInteger(random, 0, sizes.length - 1);
      const points = Array.from({ length: randomInteger(random, 0, 3) }, () => ({ at: anywhere(), label: randomInteger(random, 0, 1) as 0 | 1 })); // prettier-ignore
      const scribbles =
        random() < 0.3 ? [{ path: [anywhere(), anywhere(), anywhere()], label: 1 as const }] : [];
      const [a, b] = [anywhere(), anywhere()];
      const box: { box?: Box } = random() < 0.4 ? { box: [a.x, a.y, b.x, b.y] } : {};
      const result = await ask({ points, scribbles, ...box }, { image: { path: files[k]! } });
      assert.deepEqual(result.candidates[0]!.segmentation.size, [sizes[k]![1], sizes[k]![0]]);
      runsFromString(result.candidates[0]!.segmentation);
    }
  });

  it('segments on a panorama 30,000 pixels wide', async () => {
    const wide = folder.file('wide.png');
    const shape: Shape = { rect: [29_000, 10, 29_200, 50], colour: [220, 30, 30] };
    await writePicture(drawPicture(30_000, 60, background, [shape]), wide);
    const view: Box = [28_900, 0, 29_300, 60];
    const { candidates } = await ask(
      { points: [point(29_100, 30)] },
      { image: { path: wide }, view },
    );
    const truth = encodeBitmap(shapeBitmap(30_000, 60, shape));
    atLeast(iou(runsFromString(candidates[0]!.segmentation), truth), 0.85);
    assert.equal(
      (await ask({ points: [point(5, 5)] }, { image: { path: wide } })).candidates.length,
      1,
    );
  });

  it('renders a PNG within the side it is given', async () => {
    const { png, size } = await engine['image/render'](
      { image: { path: image }, maxSide: 150 },
      signal,
    );
    assert.ok(png instanceof ArrayBuffer);
    assert.deepEqual([size, [...new Uint8Array(png, 1, 3)]], [[100, 150], [0x50, 0x4e, 0x47]]); // prettier-ignore
    const full = await engine['image/render']({ image: { path: image }, maxSide: 9999 }, signal);
    assert.deepEqual(full.size, [height, width]);
  });

  it('reports memory, loads and releases models, encodes ahead', async () => {
    const info = await engine['model/load']({ model }, signal);
    assert.deepEqual(info.prompts, ['point', 'box', 'scribble', 'mask']);
    assert.ok(info.everything && info.everything.pointsPerSide > 0);
    const { imageKey } = await engine['image/encode']({ image: { path: image }, model }, signal);
    assert.equal(
      (await engine['image/info']({ image: { path: image } }, signal)).imageKey,
      imageKey,
    );
    const { rssBytes, cacheBytes } = await engine['engine/memory']({}, signal);
    assert.ok(rssBytes > cacheBytes && cacheBytes >= width * height * 3);
    assert.equal(await engine['model/release']({ id: 'tiny' }, signal), null);
    assert.equal(await engine['model/release']({ id: 'never loaded' }, signal), null);
    atLeast(iouWith(await ask({ points: [point(90, 80)] }), disc), 0.94);
  });

  describe('everything mode', () => {
    const options = {
      pointsPerSide: 12,
      minIouScore: 0.8,
      minStabilityScore: 0.5,
      nmsIou: 0.7,
      minArea: 20,
    };
    const everything = (jobId: string, cancel = signal) =>
      engine['segment/everything']({ jobId, image: { path: image }, model, options }, cancel);

    it('finds each object once, in streamed batches, with progress to the end', async () => {
      const { count, size } = await everything('job-1');
      const found = events['segment/candidates'].flatMap(({ jobId, candidates }) => jobId === 'job-1' ? candidates : []); // prettier-ignore
      const progress = events['segment/progress'].filter(({ jobId }) => jobId === 'job-1');
      assert.deepEqual(size, [height, width]);
      assert.equal(found.length, count);
      const best = (shape: Shape): number =>
        Math.max(...found.map((c) => iou(runsFromString(c.segmentation), encodeBitmap(shapeBitmap(width, height, shape))))); // prettier-ignore
      atLeast(best(disc), 0.95);
      atLeast(best(bar), 0.9);
      const masks = found.map((c) => runsFromString(c.segmentation));
      masks.forEach((mask, k) => {
        for (const other of masks.slice(k + 1))
          assert.ok(iou(mask, other) <= options.nmsIou, 'found twice');
      });
      for (const { iou_score, stability_score, area } of found) {
        atLeast(iou_score, options.minIouScore);
        atLeast(stability_score, options.minStabilityScore);
        atLeast(area, options.minArea);
      }
      assert.ok(progress.every(({ done }, k) => k === 0 || done > progress[k - 1]!.done));
      assert.equal(progress.at(-1)?.done, progress.at(-1)?.total);
    });

    it('finds small objects in tiles that the whole image does not show', async () => {
      const file = folder.file('dots.png');
      const dot: Shape = { rect: [50, 40, 74, 64], colour: [220, 30, 30] };
      await writePicture(drawPicture(480, 360, background, [dot]), file);
      const count = async (tiles: number, jobId: string): Promise<number> => {
        const params = {
          jobId,
          image: { path: file },
          model,
          options: { ...options, pointsPerSide: 10, tiles },
        };
        await engine['segment/everything'](params, signal);
        const found = events['segment/candidates'].filter((event) => event.jobId === jobId);
        return found
          .flatMap(({ candidates }) => candidates)
          .filter(({ area }) => area > 350 && area < 800).length;
      };
      assert.equal(await count(3, 'tiles'), 1);
      const progress = events['segment/progress'].filter(({ jobId }) => jobId === 'tiles');
      assert.equal(progress.at(-1)?.done, progress.at(-1)?.total);
      assert.ok(progress.at(-1)!.total > 10 * 8 * 9);
    });

    it('stops between runs when it is cancelled, and lets a click in meanwhile', async () => {
      const source = createCancelSource();
      const job = assert.rejects(Promise.resolve(everything('job-2', source.signal)), {
        code: 'cancelled',
      });
      atLeast(iouWith(await ask({ points: [point(90, 80)] }), disc), 0.94);
      source.cancel();
      await job;
      const last = events['segment/progress'].filter(({ jobId }) => jobId === 'job-2').at(-1);
      assert.ok(!last || last.done < last.total);
    });
  });

  describe('models that do not work', () => {
    const load = (manifest: string) =>
      Promise.resolve(engine['model/load']({ model: { id: 'bad', manifest } }, signal));
    const fails = (manifest: string, message: RegExp): Promise<void> =>
      assert.rejects(load(manifest), { code: 'model-missing', message });

    it('names tensor, expected and found when the file is of another family', async () => {
      await fails(
        await writeTinySegmenter(folder.file('m1'), { logitsName: 'masks' }),
        /Tiny test model.*output logits should be float32\[\*, 1, 64, 64\], found no such output \(there are: masks, iou_predictions\)/,
      );
      await fails(
        await writeTinySegmenter(folder.file('m2'), { promptChannels: 5 }),
        /input prompts should be float32\[\*, 4, 64, 64\], found float32\[n, 5, 64, 64\]/,
      );
      await fails(
        await writeTinySegmenter(folder.file('m3'), { manifest: { inputSize: 128 } }),
        /input image should be float32\[\*, 3, 128, 128\], found float32\[n, 3, 64, 64\]/,
      );
    });

    it('names the file and both hashes when the weights are damaged, and works once repaired', async () => {
      const manifest = await writeTinySegmenter(folder.file('m4'));
      const file = folder.file('m4/tiny.onnx');
      const bytes = await readFile(file);
      await writeFile(file, bytes.subarray(0, bytes.length - 10));
      await fails(
        manifest,
        /tiny\.onnx is damaged \(sha256 [0-9a-f]{64}, should be [0-9a-f]{64}\)/,
      );
      await writeFile(file, bytes);
      assert.equal((await load(manifest)).family, 'early-fusion');
    });

    it('names a file that is no ONNX model although its hash fits', async () => {
      const { createHash } = await import('node:crypto');
      const text = 'not a model';
      const sha256 = createHash('sha256').update(text).digest('hex');
      const manifest = await writeTinySegmenter(folder.file('m5'), { manifest: { sha256 } });
      await writeFile(folder.file('m5/tiny.onnx'), text);
      await fails(manifest, /Tiny test model is damaged or of a kind/);
    });

    it('names what a manifest lacks', async () => {
      await fails(folder.file('absent.json'), /absent\.json cannot be read/);
      const wrong: [Record<string, unknown>, RegExp][] = [
        [{ family: 'sam9' }, /family "sam9"/],
        [{ file: '../tiny.onnx' }, /another folder/],
        [{ file: 'gone.onnx' }, /gone\.onnx cannot be read/],
        [{ sha256: undefined }, /"sha256"/],
        [{ inputSize: 'big' }, /"inputSize"/],
        [{ zoom: null }, /"zoom\.expand"/],
        [{ padColor: [1, 2] }, /"padColor\[2\]"/],
      ];
      for (const [k, [manifest, message]] of wrong.entries()) {
        await fails(await writeTinySegmenter(folder.file(`w${k}`), { manifest }), message);
      }
    });
  });
});
