// Measures a model with simulated clicks: builds, then runs `dist/cli.js eval-clicks` with the arguments given.
import { build } from './build.mjs';
import { runMain } from './lib/arguments.mjs';
import { showNode } from './lib/steps.mjs';

await runMain('npm run eval:clicks', async () => {
  await build();
  return showNode(['dist/cli.js', 'eval-clicks', ...process.argv.slice(2)]);
});
