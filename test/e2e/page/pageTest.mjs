// One page a test: opened with options, and closed with the demand that nothing complained.
import assert from 'node:assert';
import { after, before, test } from 'node:test';
import { PageDriver } from './driver.mjs';
import { PageHarness } from './harness.mjs';

let harness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness?.close());

/** @param options see PageHarness.open; `tolerated`: a RegExp for complaints the test provokes itself */
export function page(name, { tolerated, ...options }, run) {
  test(name, async () => {
    const driver = await PageDriver.open(harness, options);
    try {
      await run(driver);
      const complaints = await driver.complaints();
      assert.deepStrictEqual(
        complaints.filter((text) => !tolerated?.test(text)),
        [],
      );
    } finally {
      await driver.close();
    }
  });
}
