// How many tests a step ran: written by reporters to files, added up by scripts/test.mjs.
import fs from 'node:fs';
import path from 'node:path';

/** Names the folder for result files; set by scripts/test.mjs. */
export const RESULTS_VARIABLE = 'PROMPTMARK_TEST_RESULTS';

/** Adds the counts of one run, when somebody asked for them. */
export function recordResult(name, { passed, failed }) {
  const folder = process.env[RESULTS_VARIABLE];
  if (!folder) return;
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}-${process.pid}-${Date.now()}.json`);
  fs.writeFileSync(file, JSON.stringify({ passed, failed }));
}

/** @returns the sums over all files of a folder */
export function readResults(folder) {
  const sum = { passed: 0, failed: 0 };
  if (!fs.existsSync(folder)) return sum;
  for (const name of fs.readdirSync(folder)) {
    const result = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
    sum.passed += result.passed;
    sum.failed += result.failed;
  }
  return sum;
}
