// Renders the sample workspace: pictures and, from the same geometry, the exact masks of their objects.
//   node samples/render/render.mjs [--only NAME,NAME] [--scale 0.3] [--spp N] [--out DIR] [--threads N]
// Every picture is a scene in ./scenes; the same command gives the same bytes on the same versions of Node and sharp.
// Masks go to DIR/masks/NAME.json (run lengths, row-major); annotate.mjs makes annotations.coco.json of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { denoise, develop, soften } from './develop.mjs';
import { CHANNELS, renderRow } from './tracer.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const SCENES = [
  'fruit-bowl',
  'mugs',
  'street',
  'balloons',
  'cells',
  'workbench',
  'goldfish',
  'robin',
];
const load = async (name) => (await import(`./scenes/${name}.mjs`)).default;

function options(argv) {
  const get = (name, fallback) => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : fallback);
  return {
    only: get('--only', SCENES.join(',')).split(','),
    scale: Number(get('--scale', '1')),
    spp: Number(get('--spp', '0')),
    threads: Number(get('--threads', String(cpus().length))),
    out: get('--out', join(here, '..', 'workspace', 'images')),
    masks: get('--masks', join(here, '..', '..', 'out', 'samples')),
  };
}

async function trace(name, width, height, spp, threads) {
  const shared = new SharedArrayBuffer(width * height * CHANNELS * 4);
  const cursor = new SharedArrayBuffer(4);
  const jobs = Array.from({ length: threads }, () => {
    const worker = new Worker(fileURLToPath(import.meta.url), {
      workerData: { name, width, height, spp, shared, cursor },
    });
    return new Promise((done, fail) => worker.once('error', fail).once('exit', done));
  });
  await Promise.all(jobs);
  return new Float32Array(shared);
}

async function work({ name, width, height, spp, shared, cursor }) {
  const { scene } = await load(name);
  const plane = new Float32Array(shared);
  const next = new Int32Array(cursor);
  for (let y = Atomics.add(next, 0, 1); y < height; y = Atomics.add(next, 0, 1)) {
    renderRow(scene, y, width, height, spp, plane);
  }
  parentPort.close();
}

/** Row-major run lengths of the instance map: [inst, length, inst, length, …]. */
function runs(map) {
  const out = [];
  for (let i = 0; i < map.length; i++) {
    if (out.length && out[out.length - 2] === map[i]) out[out.length - 1]++;
    else out.push(map[i], 1);
  }
  return out;
}

async function picture(name, opts) {
  const description = await load(name);
  const width = Math.round(description.width * opts.scale);
  const height = Math.round(description.height * opts.scale);
  const started = Date.now();
  let pixels;
  let map;
  if (description.paint) {
    ({ pixels, map } = description.paint(width, height));
  } else {
    const plane = await trace(name, width, height, opts.spp || description.spp, opts.threads);
    map = Uint16Array.from({ length: width * height }, (_, i) => plane[i * CHANNELS + 10]);
    const smooth = denoise(
      plane,
      width,
      height,
      description.look?.steps,
      description.look?.denoise,
    );
    const linear = soften(smooth, plane, width, height, description.scene.camera);
    pixels = develop(linear, width, height, description.look ?? {}, description.scene.seed);
  }
  mkdirSync(opts.out, { recursive: true });
  mkdirSync(opts.masks, { recursive: true });
  const bytes = await description.encode(sharp, pixels, width, height);
  writeFileSync(join(opts.out, description.file), bytes);
  const instances = description.scene?.instances ?? description.instances(width, height);
  const record = {
    file: description.file,
    width,
    height,
    annotated: description.annotated,
    instances,
    runs: runs(map),
  };
  writeFileSync(join(opts.masks, `${name}.json`), JSON.stringify(record));
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `${description.file}: ${width} × ${height}, ${(bytes.length / 1024).toFixed(0)} KiB, ${seconds} s`,
  );
}

if (isMainThread) {
  const opts = options(process.argv.slice(2));
  for (const name of opts.only) await picture(name, opts);
} else await work(workerData);
