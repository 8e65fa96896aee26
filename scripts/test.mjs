// All tests, one step after the other; ends with one line: N passed, N failed.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readArguments, runMain, UsageError } from './lib/arguments.mjs';
import { readResults, RESULTS_VARIABLE } from './lib/results.mjs';
import { showNode } from './lib/steps.mjs';

/** name → script, in the order they run */
const STEPS = {
  check: 'scripts/check.mjs',
  unit: 'scripts/testUnit.mjs',
  integration: 'scripts/testIntegration.mjs',
  e2e: 'scripts/testE2e.mjs',
};

const USAGE = `
usage: npm test [-- STEP...]

Runs ${Object.keys(STEPS).join(', ')} (default: all), and counts the tests that really ran.
`;

/** Runs a step; a step that fails without a failed test (it crashed) counts as one failed test. */
async function runStep(name, folder) {
  console.log(`\n=== ${name}`);
  const start = Date.now();
  const env = { ...process.env, [RESULTS_VARIABLE]: folder };
  const code = await showNode([STEPS[name]], { env });
  const { passed, failed } = readResults(folder);
  const isCrash = failed === 0 && (code !== 0 || passed === 0);
  const result = { passed, failed: failed + (isCrash ? 1 : 0) };
  const seconds = Math.round((Date.now() - start) / 1000);
  const crash = isCrash ? `, the step itself failed (exit code ${code})` : '';
  console.log(`=== ${name}: ${passed} passed, ${result.failed} failed${crash} (${seconds} s)`);
  return result;
}

await runMain('npm test', async () => {
  const { positionals } = readArguments(USAGE, {}, { allowPositionals: true });
  const unknown = positionals.find((name) => !(name in STEPS));
  if (unknown) throw new UsageError(`There is no step '${unknown}'.`);
  const results = fs.mkdtempSync(path.join(os.tmpdir(), 'promptmark-results-'));
  const sum = { passed: 0, failed: 0 };
  try {
    for (const name of positionals.length ? positionals : Object.keys(STEPS)) {
      const { passed, failed } = await runStep(name, path.join(results, name));
      sum.passed += passed;
      sum.failed += failed;
    }
  } finally {
    fs.rmSync(results, { recursive: true, force: true });
  }
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed ? 1 : 0;
});
