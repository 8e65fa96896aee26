// A caption job that stops answering after a number of images, for tests that kill it: prints "stuck" and waits.
// usage: node captionUntil.js N JOB_AS_JSON
import { captionFolder, type CaptionJob } from '../../src/host/jobs/captionFolder';
import { composer } from '../../src/host/caption/captioner';

const [count, job] = process.argv.slice(2);
let left = Number(count);
const keepAlive = setInterval(() => undefined, 60_000);
void captionFolder(JSON.parse(job ?? '') as CaptionJob, {
  captioner: {
    id: composer.id,
    readsObjects: true,
    caption: (subject, options) => {
      if (left-- > 0) return composer.caption(subject, options);
      console.log('stuck');
      return new Promise<string>(() => undefined);
    },
  },
}).finally(() => clearInterval(keepAlive));
