// Counts what node:test ran, for scripts/test.mjs: tests, not suites; a skipped test counts as a failed one.
import { recordResult } from './results.mjs';

/** A reporter for `node --test --test-reporter`. */
export default async function* countingReporter(source) {
  const count = { passed: 0, failed: 0 };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isSuite = data.details?.type === 'suite';
    if (type === 'test:pass' && isSuite) continue;
    // A suite fails because its tests do, or its hooks; only the latter is news.
    if (isSuite && data.details.error?.failureType === 'subtestsFailed') continue;
    if (type === 'test:pass' && data.skip === undefined && data.todo === undefined) count.passed++;
    else count.failed++;
  }
  recordResult('node-test', count);
  yield '';
}
