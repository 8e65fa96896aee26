// The whole page on a 4k image, seconds of panning, zooming and hovering with previews: what a person sees as smooth.
// Printed are rates, asserted is what makes them: a frame's drawing does not grow with the number of masks.
import assert from 'node:assert';
import { after, before, test } from 'node:test';
import * as esbuild from 'esbuild';
import { root } from '../../../scripts/build.mjs';
import { PageDriver } from './driver.mjs';
import { PageHarness } from './harness.mjs';

const FRAMES = 240;
const [width, height] = [3840, 2160];

let harness;
let script;
before(async () => {
  harness = await PageHarness.start();
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/e2e/page/frameRate.ts'],
    bundle: true,
    format: 'iife',
    target: 'chrome120',
    write: false,
  });
  script = outputFiles[0].text;
});
after(() => harness?.close());

/** @returns per motion: what frameRate.ts counts, and the main thread's own milliseconds a frame */
async function measure(annotated) {
  const driver = await PageDriver.open(harness, {
    scene: { width, height, count: 300 },
    annotated,
    width: 1900,
    height: 1050,
    settings: { hoverPreview: true },
  });
  try {
    await driver.page.evaluate(script);
    const metrics = await driver.page.context().newCDPSession(driver.page);
    await metrics.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy = async () => {
      const { metrics: all } = await metrics.send('Performance.getMetrics');
      return 1000 * all.find(({ name }) => name === 'TaskDuration').value;
    };
    const rides = {};
    for (const motion of ['pan', 'zoom', 'hover']) {
      await driver.page.evaluate((name) => window.ride(name, 60), motion);
      const start = await busy();
      const ride = await driver.page.evaluate(
        ([name, n]) => window.ride(name, n),
        [motion, FRAMES],
      );
      rides[motion] = { ...ride, workMs: ((await busy()) - start) / FRAMES };
    }
    return rides;
  } finally {
    await driver.close();
  }
}

test('frames with 300 masks at 4k: rates, and no work that grows with masks', async (context) => {
  const [many, none] = [await measure(true), await measure(false)];
  for (const [motion, ride] of Object.entries(many)) {
    const share = (100 * ride.lateShare).toFixed(1);
    const bare = none[motion];
    context.diagnostic(
      `${motion}: ${ride.rate.toFixed(1)} frames/s, ${share} % later than 17.7 ms, ` +
        `main thread ${ride.workMs.toFixed(1)} ms a frame (without masks ${bare.workMs.toFixed(1)} ms, ` +
        `${bare.rate.toFixed(1)} frames/s), ${ride.calls} canvas calls (${bare.calls})`,
    );
    assert.ok(ride.calls <= bare.calls + 6, `${motion}: ${ride.calls} canvas calls`);
  }
});
