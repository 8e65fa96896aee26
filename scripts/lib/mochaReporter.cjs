// Mocha's spec output, and the counts for scripts/test.mjs. A skipped test counts as a failed one: we have none.
const fs = require('node:fs');
const path = require('node:path');
const Mocha = require('mocha');

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const folder = process.env.PROMPTMARK_TEST_RESULTS;
      if (!folder) return;
      const { passes, failures, pending } = this.stats;
      const result = { passed: passes, failed: failures + pending };
      fs.mkdirSync(folder, { recursive: true });
      const file = path.join(folder, `mocha-${process.pid}-${Date.now()}.json`);
      fs.writeFileSync(file, JSON.stringify(result));
    });
  }
};
