// Bundles test/integration/**/*.test.ts and runs them in mocha inside VS Code's extension host, against the
// working tree's dist/. usage: node scripts/testIntegration.mjs [PATH PART...]
//
// VSCODE_TEST_EXECUTABLE: the VS Code to use; default: the harness, which needs no download and no display.
// VSCODE_TEST_VERSION:    downloads that version of desktop VS Code instead ('stable', '1.100.0').
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { copyWorkspace } from '../test/support/workspace.mjs';
import { build } from './build.mjs';
import { runMain } from './lib/arguments.mjs';
import { findTests, withBundles } from './lib/bundleTests.mjs';
import { root } from './lib/paths.mjs';

const { VSCODE_TEST_VERSION: version, VSCODE_TEST_EXECUTABLE: given } = process.env;
const executable = given ?? (version ? undefined : path.join(root, 'scripts/vscode/code.mjs'));

/** Runs the bundles (the last one is the index) in a new window on a copy of the samples. */
async function runInHost(bundles) {
  const files = bundles.slice(0, -1);
  const reporter = path.join(root, 'scripts/lib/mochaReporter.cjs');
  const workspace = copyWorkspace();
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'promptmark-host-'));
  try {
    await runTests({
      ...(executable ? { vscodeExecutablePath: executable } : { version }),
      extensionDevelopmentPath: root,
      extensionTestsPath: bundles.at(-1),
      extensionTestsEnv: { PROMPTMARK_INTEGRATION: JSON.stringify({ files, reporter }) },
      launchArgs: [
        workspace.folder,
        `--user-data-dir=${path.join(profile, 'u')}`,
        `--extensions-dir=${path.join(profile, 'e')}`,
      ],
    });
    return 0;
  } catch (error) {
    console.error(error.message); // the tests' own output is above
    return 1;
  } finally {
    workspace.remove();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

await runMain('npm run test:integration', async () => {
  const files = await findTests('test/integration', '.test.ts', process.argv.slice(2));
  await build();
  return withBundles('integration', [...files, 'test/integration/index.ts'], runInHost);
});
