// Bundles test/unit/**/*.test.ts with esbuild and runs them in mocha, in plain Node.
// usage: node scripts/testUnit.mjs [PATH PART...] [-- MOCHA OPTIONS]
import path from 'node:path';
import { runMain } from './lib/arguments.mjs';
import { findTests, withBundles } from './lib/bundleTests.mjs';
import { root } from './lib/paths.mjs';
import { showNode } from './lib/steps.mjs';

await runMain('npm run test:unit', async () => {
  const args = process.argv.slice(2);
  const split = args.indexOf('--');
  const parts = split < 0 ? args : args.slice(0, split);
  const mochaOptions = split < 0 ? [] : args.slice(split + 1);
  const files = await findTests('test/unit', '.test.ts', parts);
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
  const reporter = path.join(root, 'scripts/lib/mochaReporter.cjs');
  return withBundles('unit', files, (bundles) =>
    showNode(
      [
        ...['--enable-source-maps', mocha, '--reporter', reporter, '--timeout', '20000'],
        ...[...mochaOptions, ...bundles],
      ],
      { env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' } },
    ),
  );
});
