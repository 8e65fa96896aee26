// Measures the rows (default export) of one bundled benchmark file; started by scripts/bench.mjs.
import { createRequire } from 'node:module';
import { lastAnswer, measureRow } from './lib/measure.mjs';

const { default: rows } = createRequire(import.meta.url)(process.argv[2]);
let failed = 0;
for (const row of rows) {
  try {
    const { name, best, mean, deviation, repetitions } = await measureRow(row);
    const spread = `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`;
    console.log(`${best.toFixed(2).padStart(9)} x  (${spread}, n = ${repetitions})  ${name}`);
    const isTooSlow = row.minRatio !== undefined && best < row.minRatio;
    if (isTooSlow) {
      console.error(`  FAILED: less than ${row.minRatio} times as fast as the baseline`);
      failed++;
    }
  } catch (error) {
    console.error(`   FAILED  ${row.name}: ${error.stack ?? error}`);
    failed++;
  }
}
if (!Number.isFinite(lastAnswer())) console.error('an answer was not a number');
process.exitCode = failed ? 1 : 0;
