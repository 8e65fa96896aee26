// Bundles test/bench/**/*.bench.ts and measures their rows: how many times as fast the candidate is as the
// baseline, in one run. usage: npm run bench [-- PATH PART...]
import path from 'node:path';
import { runMain } from './lib/arguments.mjs';
import { findTests, withBundles } from './lib/bundleTests.mjs';
import { root } from './lib/paths.mjs';
import { showNode } from './lib/steps.mjs';

await runMain('npm run bench', async () => {
  const files = await findTests('test/bench', '.bench.ts', process.argv.slice(2));
  console.log('best ratio (mean ± deviation of the pairs): baseline time / candidate time');
  return withBundles('bench', files, async (bundles) => {
    let worst = 0;
    for (const [index, bundle] of bundles.entries()) {
      console.log(`\n${files[index]}`);
      const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };
      const runner = path.join(root, 'scripts/benchFile.mjs');
      const args = ['--enable-source-maps', '--expose-gc', runner, bundle];
      worst = Math.max(worst, await showNode(args, { env }));
    }
    return worst;
  });
});
