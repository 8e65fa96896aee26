// From click to mask message, against the bare session.run calls it contains (1.00 x = no overhead at all; the target
// is 0.77 x, i.e. 1.3 times the bare runs), with the built-in model on synthetic photos. The prompts go through the
// engine process as the editor's do. A row also fails when the process needs more than 600 MB.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineClient } from '../../src/host/engine/engineClient';
import { builtinModel } from '../../src/host/models/builtinModel';
import type { Prompt } from '../../src/shared/protocol/prompt';
import { drawPicture, writePicture } from '../support/picture';

interface BenchRow {
  readonly name: string;
  readonly baseline: () => Promise<number>;
  readonly candidate: () => Promise<number>;
  readonly minRatio?: number;
}

const SIZE = 256;
const MOST_BYTES = 400e6;
const root = path.resolve('.');
const folder = mkdtempSync(path.join(os.tmpdir(), 'promptmark-bench-'));
const script = path.join(root, 'out', `bench-inference-${process.pid}.js`);
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(script, { force: true });
});

const onnx = readFileSync(path.join(root, 'media/models/builtin.onnx'));
const sessions = new Map<boolean, Promise<InferenceSession>>();
const model = builtinModel(root);
// Stops by itself soon after the last request.
const client = new EngineClient({ script, closeGraceMs: 2000 });

function session(arena: boolean): Promise<InferenceSession> {
  const known = sessions.get(arena);
  if (known) return known;
  const opened = InferenceSession.create(onnx, {
    intraOpNumThreads: 1,
    enableCpuMemArena: arena,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  sessions.set(arena, opened);
  return opened;
}

/** Bare runs with a click in the middle. */
async function bareRuns(count: number, arena = false): Promise<number> {
  const graph = await session(arena);
  const image = new Float32Array(3 * SIZE * SIZE).fill(120);
  const prompts = new Float32Array(4 * SIZE * SIZE);
  prompts[SIZE * 128 + 128] = 1;
  for (let k = 0; k < count; k++) {
    await graph.run({
      image: new Tensor('float32', image, [1, 3, SIZE, SIZE]),
      prompts: new Tensor('float32', prompts, [1, 4, SIZE, SIZE]),
    });
  }
  return 1;
}

/** A photo of this size with an object in its middle. */
function photo(name: string, width: number, height: number): () => Promise<string> {
  let written: Promise<string> | undefined;
  return () => {
    written ??= (async () => {
      await esbuild.build({
        entryPoints: [path.join(root, 'src/inference/main.ts')],
        outfile: script,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        external: ['onnxruntime-node', 'sharp'],
      });
      const file = path.join(folder, `${name}.jpg`);
      const shape = { disc: [width / 2, height / 2, height / 5], colour: [200, 60, 40] } as const;
      await writePicture(drawPicture(width, height, [70, 110, 80], [shape]), file);
      await client.request('image/encode', { image: { path: file }, model });
      return file;
    })();
    return written;
  };
}

async function click(file: string, prompt: Prompt): Promise<string> {
  const params = { image: { path: file }, model, prompt, purpose: 'commit' } as const;
  const { predictionId } = await client.request('segment/predict', params);
  const { rssBytes } = await client.request('engine/memory', {});
  if (rssBytes > MOST_BYTES) throw new Error(`the engine needs ${Math.round(rssBytes / 1e6)} MB`);
  return predictionId;
}

function clickRows(name: string, width: number, height: number): BenchRow[] {
  const open = photo(name, width, height);
  const points = [{ at: { x: width / 2, y: height / 2 }, label: 1 as const }];
  let first: Promise<string> | undefined;
  return [
    {
      name: `${name}: first click → mask, against its two runs`,
      baseline: () => bareRuns(2),
      candidate: async () => ((await click(await open(), { points, scribbles: [] })) ? 1 : 0),
      minRatio: 0.4,
    },
    {
      name: `${name}: next click → mask, against its run`,
      baseline: () => bareRuns(1),
      candidate: async () => {
        const file = await open();
        first ??= click(file, { points, scribbles: [] });
        const more = { at: { x: width / 2 + 20, y: height / 2 }, label: 1 as const };
        const prompt = { points: [...points, more], scribbles: [], refineOf: await first };
        return (await click(file, prompt)) ? 1 : 0;
      },
      minRatio: 0.4,
    },
  ];
}

const rows: BenchRow[] = [
  ...clickRows('1.5 megapixels', 1500, 1000),
  ...clickRows('12 megapixels', 4000, 3000),
  {
    name: 'arena: bare run with the memory arena, against without it (sessions use none)',
    baseline: () => bareRuns(1, true),
    candidate: () => bareRuns(1, false),
  },
];
export default rows;
