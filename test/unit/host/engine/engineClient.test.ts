import assert from 'node:assert/strict';
import { EngineClient, type EngineStatus } from '../../../../src/host/engine/engineClient';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';
import type { ModelRef, PredictParams } from '../../../../src/shared/protocol/engine';
import type { Prompt } from '../../../../src/shared/protocol/prompt';
import { runsFromString } from '../../../../src/shared/mask/rleString';
import { decodeRuns } from '../../../../src/shared/mask/bitmap';
import { useInferenceScript } from '../../../support/engineProcess';
import { FakeClock } from '../../../support/fakeClock';
import { drawPicture, shapeBitmap, writePicture, type Shape } from '../../../support/picture';
import { useTempFolder } from '../../../support/tempFolder';
import { writeTinySegmenter } from '../../../support/tinySegmenter';

const disc: Shape = { disc: [70, 50, 22], colour: [220, 30, 30] };
const click = (x: number, y: number): Prompt => ({
  points: [{ at: { x, y }, label: 1 }],
  scribbles: [],
});

/** Resolves when the client is in this state. */
function until(client: EngineClient, state: EngineStatus['state']): Promise<void> {
  return new Promise((resolve) => {
    if (client.status.state === state) return resolve();
    const listener = client.onDidChangeStatus((status) => {
      if (status.state !== state) return;
      listener.dispose();
      resolve();
    });
  });
}

describe('engine client with the real process', () => {
  const built = useInferenceScript();
  const folder = useTempFolder();
  let image = '';
  let model: ModelRef;
  let client: EngineClient;

  before(async () => {
    image = folder.file('disc.png');
    await writePicture(drawPicture(160, 120, [40, 90, 60], [disc]), image);
    model = { id: 'tiny', manifest: await writeTinySegmenter(folder.path) };
  });

  afterEach(() => client.dispose());

  const params = (prompt: Prompt, purpose: PredictParams['purpose'] = 'commit'): PredictParams => ({
    image: { path: image },
    model,
    prompt,
    purpose,
  });
  const start = (
    options: Partial<ConstructorParameters<typeof EngineClient>[0]> = {},
  ): EngineClient => (client = new EngineClient({ script: built.script, ...options }));

  it('predicts the clicked disc on an image by path', async () => {
    const result = await start().request('segment/predict', params(click(70, 50)));
    const [candidate] = result.candidates;
    assert.deepEqual(result.size, [120, 160]);
    assert.ok(candidate);
    const mask = decodeRuns(runsFromString(candidate.segmentation)).data;
    const truth = shapeBitmap(160, 120, disc).data;
    const both = truth.reduce((sum, bit, k) => sum + (bit & (mask[k] ?? 0)), 0);
    const either = truth.reduce((sum, bit, k) => sum + (bit | (mask[k] ?? 0)), 0);
    assert.ok(both / either > 0.97, `IoU ${both / either}`);
    assert.equal(candidate.area, mask.reduce((sum, bit) => sum + bit, 0)); // prettier-ignore
  });

  it('answers all of 100 requests whose process is killed while they run, and works on', async () => {
    start({ restartLimits: { maxDeaths: Infinity, windowMs: 1, pausesMs: [0] } });
    const info = await client.request('image/info', { image: { path: image } });
    await client.request('segment/predict', params(click(70, 50)));
    const codes: Record<string, number> = {};
    for (let round = 0; round < 100; round++) {
      const hello = client.request('engine/hello', { protocolVersion: 1 });
      const { pid } = await hello;
      const answers = [
        client.request('segment/predict', params(click(70, 50))),
        client.request('segment/predict', params(click(20, 20), 'preview'), 'preview'),
        client.request('image/info', { image: { path: image } }),
      ];
      process.kill(pid, 'SIGKILL');
      for (const answer of await Promise.allSettled(answers)) {
        const outcome =
          answer.status === 'fulfilled' ? 'ok' : (answer.reason as { code: string }).code;
        codes[outcome] = (codes[outcome] ?? 0) + 1;
      }
    }
    assert.deepEqual(Object.keys(codes).sort(), ['engine-crashed', 'ok']);
    assert.equal((codes['ok'] ?? 0) + (codes['engine-crashed'] ?? 0), 300);
    // Only the one request that ran is lost; those that waited went to the new process.
    assert.ok((codes['engine-crashed'] ?? 0) <= 100, JSON.stringify(codes));
    assert.deepEqual(await client.request('image/info', { image: { path: image } }), info);
  }).timeout(120_000);

  it('stays down after three deaths within a minute, says what to do, and comes back on restart', async () => {
    const clock = new FakeClock();
    const seen: EngineStatus[] = [];
    start({ clock, restartLimits: { maxDeaths: 3, windowMs: 60_000, pausesMs: [0] } });
    client.onDidChangeStatus((status) => seen.push(status));
    await client.request('segment/predict', params(click(70, 50)));
    for (let k = 0; k < 3; k++) {
      const { pid } = await client.request('engine/hello', { protocolVersion: 1 });
      await until(client, 'ready');
      process.kill(pid, 'SIGKILL');
      await until(client, k < 2 ? 'stopped' : 'failed');
    }
    await assert.rejects(client.request('segment/predict', params(click(70, 50))), {
      code: 'engine-unavailable',
      message: /Restart Engine/,
    });
    assert.equal(seen.at(-1)?.state, 'failed');
    await client.restart();
    assert.equal(
      (await client.request('segment/predict', params(click(70, 50)))).candidates.length,
      1,
    );
  });

  it('does not try a model again that killed the process before it ever answered', async () => {
    const slow = {
      id: 'slow',
      manifest: await writeTinySegmenter(folder.file('slow'), { size: 256, work: 60 }),
    };
    start();
    const { pid } = await client.request('engine/hello', { protocolVersion: 1 });
    const answer = client.request('segment/predict', { ...params(click(70, 50)), model: slow });
    process.kill(pid, 'SIGKILL');
    await assert.rejects(answer, { code: 'engine-crashed' });
    await assert.rejects(
      client.request('segment/predict', { ...params(click(70, 50)), model: slow }),
      {
        code: 'engine-crashed',
        message: /slow/,
      },
    );
    assert.equal(
      (await client.request('segment/predict', params(click(70, 50)))).candidates.length,
      1,
    );
  });

  it('cancels hard: the run inside the model ends and the engine is usable again', async () => {
    const slow = {
      id: 'slow',
      manifest: await writeTinySegmenter(folder.file('slow2'), { size: 256, work: 400 }),
    };
    start();
    const answer = client.request('segment/predict', { ...params(click(70, 50)), model: slow });
    const rejected = assert.rejects(answer, { code: 'cancelled' });
    await client.request('engine/memory', {}, 'caption'); // the process is up
    await client.cancelHard();
    await rejected;
    assert.equal(
      (await client.request('segment/predict', params(click(70, 50)))).candidates.length,
      1,
    );
  });

  it('drops a waiting request whose signal is aborted, and replaces waiting previews', async () => {
    start();
    const source = createCancelSource();
    const first = client.request('segment/predict', params(click(70, 50)));
    const aborted = client.request(
      'segment/predict',
      params(click(70, 50)),
      'commit',
      source.signal,
    );
    const previews = [1, 2, 3].map((x) =>
      client.request('segment/predict', params(click(x, 1), 'preview'), 'preview'),
    );
    source.cancel();
    await assert.rejects(aborted, { code: 'cancelled' });
    const outcomes = await Promise.allSettled(previews);
    assert.deepEqual(outcomes.map(({ status }) => status), ['rejected', 'rejected', 'fulfilled']); // prettier-ignore
    assert.equal((await first).candidates.length, 1);
  });

  it('says engine-crashed when the script or the Node binary is missing', async () => {
    start({ script: folder.file('absent.js') });
    await assert.rejects(client.request('engine/memory', {}), { code: 'engine-crashed' });
    client.dispose();
    start({ nodePath: () => folder.file('no-node') });
    await assert.rejects(client.request('engine/memory', {}), { code: 'engine-crashed' });
  });

  it('fails what waits and what comes later when it is disposed', async () => {
    start();
    const running = client.request('segment/predict', params(click(70, 50)));
    const waiting = client.request('segment/predict', params(click(71, 50)));
    client.dispose();
    await assert.rejects(running, { code: 'engine-unavailable' });
    await assert.rejects(waiting, { code: 'engine-unavailable' });
    await assert.rejects(client.request('engine/memory', {}), { code: 'engine-unavailable' });
  });

  it('stops when the last editor is closed for a while, and starts again on need', async () => {
    const clock = new FakeClock();
    start({ clock });
    const editors = [client.retain(), client.retain()];
    await client.request('segment/predict', params(click(70, 50)));
    await until(client, 'ready');
    clock.advance(6000);
    assert.equal(client.status.state, 'ready');
    for (const editor of editors) editor.dispose();
    clock.advance(4000);
    assert.equal(client.status.state, 'ready');
    clock.advance(2000);
    assert.equal(client.status.state, 'stopped');
    assert.equal(
      (await client.request('segment/predict', params(click(70, 50)))).candidates.length,
      1,
    );
  });

  it('is restarted between requests when it has grown too large, losing nothing but caches', async () => {
    start({ maxRssBytes: 1 });
    const before = await client.request('segment/predict', params(click(70, 50)));
    await until(client, 'stopped');
    const prompt = { ...click(70, 50), refineOf: before.predictionId };
    const after = await client.request('segment/predict', params(prompt));
    assert.deepEqual(after.candidates, before.candidates);
  });
});
