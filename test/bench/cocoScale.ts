// Measures the COCO engine on a file of instances_train2017's size: index, one image, one save, second open. Prints
// ratios to plain operations on the same bytes; not part of `npm run bench` because it needs 2 GB of disk and a minute.
// usage: cocoScale FOLDER [SHARE OF THE FULL SIZE] [python]   (python: compare with its json.load as well)
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { datasetHandlers } from '../../src/host/dataset/handlers';
import { Store } from '../../src/host/dataset/store';
import { scan } from '../../src/shared/coco/scan';
import { validate } from '../../src/shared/coco/rules/validate';
import { createCancelSource } from '../../src/shared/protocol/cancel';
import { bigCoco, trainCounts } from '../support/bigCoco';

const { signal } = createCancelSource();

async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

function writeFile(file: string, share: number): void {
  const images = Math.round(trainCounts.images * share);
  const annotations = Math.round(trainCounts.annotations * share);
  const handle = fs.openSync(file, 'w');
  for (const part of bigCoco({ images, annotations })) fs.writeSync(handle, part);
  fs.closeSync(handle);
}

function byteLoop(bytes: Uint8Array): number {
  let sum = 0;
  for (let k = 0; k < bytes.length; k++) sum = (sum + bytes[k]!) | 0;
  return sum;
}

/** Least CPU time of some runs, ms: on a busy machine wall time tells more about the others. */
function leastCpu(work: () => unknown, times = 3): number {
  let least = Infinity;
  for (let k = 0; k < times; k++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

async function main(folder: string, share: number, withPython: boolean): Promise<void> {
  const file = path.join(folder, 'big.json');
  const copy = path.join(folder, 'copy.json');
  if (!fs.existsSync(file)) writeFile(file, share);
  const report: Record<string, number | string> = { bytes: fs.statSync(file).size };
  const store = new Store();
  const handlers = datasetHandlers(store);
  const open = await timed(() => handlers['dataset/open']({ path: file }, signal));
  report['open (read, hash, index) ms'] = open.ms;
  report['peak RSS after open, MB'] = process.resourceUsage().maxRSS / 1024;
  const loaded = (await store.load(file))!;
  const { bytes } = loaded;
  const loop = leastCpu(() => byteLoop(bytes));
  const index = leastCpu(() => scan(bytes));
  Object.assign(report, {
    'byte loop ms': loop,
    'index ms': index,
    'index / byte loop': index / loop,
  });
  const imagePath = path.join(folder, '000000000077.jpg');
  report['first image ms'] = (
    await timed(() => handlers['dataset/image']({ path: file, imagePath }, signal))
  ).ms;
  const image = await timed(() => handlers['dataset/image']({ path: file, imagePath }, signal));
  report['image ms'] = image.ms;
  report['its annotations'] = image.result.annotations.length;
  const [before] = image.result.annotations;
  const delta = {
    images: [],
    categories: [],
    annotations: [
      {
        id: before!.id,
        before: before!,
        after: { ...before!, category_id: 1 + (before!.category_id % 80) },
      },
    ],
  };
  report['cp ms'] = (
    await timed(() => execFileSync('sh', ['-c', `cp "${file}" "${copy}" && sync "${copy}"`]))
  ).ms;
  report['save ms'] = (
    await timed(() => handlers['dataset/save']({ path: file, delta }, signal))
  ).ms;
  report['save / cp'] = Number(report['save ms']) / Number(report['cp ms']);
  report['open after save ms'] = (
    await timed(() => handlers['dataset/open']({ path: file }, signal))
  ).ms;
  report['peak RSS, MB'] = process.resourceUsage().maxRSS / 1024;
  if (share <= 0.05) {
    const small = (await store.load(file))!;
    report['validate ms'] = (await timed(() => validate(small.bytes, small.index))).ms;
  }
  if (withPython) {
    const script = `import json,time;t=time.process_time();json.load(open("${file}"));print((time.process_time()-t)*1000)`;
    report['python json.load ms'] = Number(execFileSync('python3', ['-c', script]).toString());
    report['python / index'] = Number(report['python json.load ms']) / index;
  }
  for (const [key, value] of Object.entries(report)) {
    console.log(`${key}: ${typeof value === 'number' ? Math.round(value * 100) / 100 : value}`);
  }
}

void main(process.argv[2] ?? '.', Number(process.argv[3] ?? 1), process.argv[4] === 'python');
