// A label job that stops answering after a number of images, for tests that kill it: prints "stuck" and waits.
// usage: node labelUntil.js N JOB_AS_JSON
import { runLabelJob, type LabelJob } from '../../src/host/jobs/labelJob';
import { countingLabeller } from './countingLabeller';

const [count, job] = process.argv.slice(2);
let left = Number(count);
const keepAlive = setInterval(() => undefined, 60_000);
const labeller = countingLabeller();
void runLabelJob(JSON.parse(job ?? '') as LabelJob, {
  ...labeller,
  label: (...words) => {
    if (left-- > 0) return labeller.label(...words);
    console.log('stuck');
    return new Promise(() => undefined);
  },
}).finally(() => clearInterval(keepAlive));
