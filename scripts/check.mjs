// Everything that can be wrong without running the code. usage: npm run check [-- NAME...]
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { readArguments, runMain, UsageError } from './lib/arguments.mjs';
import { root } from './lib/paths.mjs';
import { recordResult } from './lib/results.mjs';

/** name → program to run in the repository. The first two take longest and run beside each other. */
const CHECKS = {
  types: ['node_modules/typescript/bin/tsc', '-b'],
  lint: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'],
  format: [
    ...['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn'],
    ...['src', 'webview', 'test', 'scripts', 'eslint.config.mjs'],
  ],
  files: ['scripts/checkFiles.mjs'],
  manifest: ['scripts/checkManifest.mjs'],
  imports: ['scripts/checkImports.mjs'],
  package: ['scripts/checkPackage.mjs'],
};
const AFTER_BUILD = ['imports', 'package'];

const USAGE = `
usage: npm run check [-- NAME...]

Checks the repository without running it: ${Object.keys(CHECKS).join(', ')} (default: all).
`;

/** Runs one check and shows its output when it is done; resolves to true when all is well. */
async function runCheck(name) {
  const start = Date.now();
  const child = spawn(process.execPath, CHECKS[name], { cwd: root });
  const chunks = [];
  child.stdout.on('data', (data) => chunks.push(data));
  child.stderr.on('data', (data) => chunks.push(data));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const output = Buffer.concat(chunks).toString().trimEnd();
  if (output) console.log(output);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`check ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  return code === 0;
}

/** The build that some checks need; they count as failed without it. */
async function tryBuild() {
  try {
    await build();
    return true;
  } catch (error) {
    console.error(`check: the build failed: ${error.message}`);
    return false;
  }
}

async function runInOrder(names) {
  const results = [];
  for (const name of names) results.push(await runCheck(name));
  return results;
}

await runMain('npm run check', async () => {
  const { positionals } = readArguments(USAGE, {}, { allowPositionals: true });
  const unknown = positionals.find((name) => !(name in CHECKS));
  if (unknown) throw new UsageError(`There is no check '${unknown}'.`);
  const names = positionals.length ? positionals : Object.keys(CHECKS);
  const isWanted = (name) => names.includes(name);
  const others = names.filter((name) => name !== 'lint' && !AFTER_BUILD.includes(name));
  const beside = await Promise.all([runInOrder(['lint'].filter(isWanted)), runInOrder(others)]);
  const late = AFTER_BUILD.filter(isWanted);
  const hasBuild = late.length === 0 || (await tryBuild());
  const results = [
    ...beside.flat(),
    ...(hasBuild ? await runInOrder(late) : late.map(() => false)),
  ];
  const failed = results.filter((isWell) => !isWell).length;
  recordResult('check', { passed: results.length - failed, failed });
  return failed ? 1 : 0;
});
