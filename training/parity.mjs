// Compares onnxruntime-node with the torch answers of parity.py, and times one pass at 256 on one core.
//   node parity.mjs FOLDER ../media/models/builtin.onnx [FOLDER_WITH_node_modules]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder, model, modules = '..'] = process.argv.slice(2);
const ort = createRequire(join(resolve(modules), 'x.js'))('onnxruntime-node');

function read(name) {
  const bytes = readFileSync(join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function feeds(k, count, size) {
  return {
    image: new ort.Tensor('float32', read(`${k}.image.bin`), [count, 3, size, size]),
    prompts: new ort.Tensor('float32', read(`${k}.prompts.bin`), [count, 4, size, size]),
  };
}

const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
let worst = 0;
for (const [k, [count, size]] of cases.entries()) {
  const answer = await session.run(feeds(k, count, size));
  const errors = ['logits', 'iou_predictions'].map((name) => {
    const expected = read(`${k}.${name}.bin`);
    return answer[name].data.reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i])), 0);
  });
  const flipped = read(`${k}.logits.bin`).reduce((n, v, i) => n + ((v > 0) !== (answer.logits.data[i] > 0)), 0);
  console.log(`N=${count} S=${size} dims ${answer.logits.dims} max abs error: logits ${errors[0].toExponential(2)}, iou ${errors[1].toExponential(2)}, pixels that change sides ${flipped}`);
  worst = Math.max(worst, ...errors);
}
const times = [];
for (let i = 0; i < 40; i++) {
  const begin = performance.now();
  await session.run(feeds(0, 1, 256));
  times.push(performance.now() - begin);
}
times.sort((a, b) => a - b);
console.log(`one pass at 256, one core: p50 ${times[20].toFixed(1)} ms, fastest ${times[0].toFixed(1)} ms`);
console.log(`max abs error ${worst.toExponential(2)}`);
process.exitCode = worst < 0.1 ? 0 : 1;
