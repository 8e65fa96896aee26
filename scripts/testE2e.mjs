// Packs the VSIX, installs it once into an empty VS Code, and runs test/e2e/**/*.test.mjs with node:test.
// usage: node scripts/testE2e.mjs [PATH PART...]
//
// PROMPTMARK_UPDATE_IMAGES=1 renews the pictures of README.md in docs/images.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runMain } from './lib/arguments.mjs';
import { findTests } from './lib/bundleTests.mjs';
import { root } from './lib/paths.mjs';
import { showNode } from './lib/steps.mjs';
import { packForHost } from './package.mjs';
import { extensionCommand } from './vscode/server.mjs';

const reporter = path.join(root, 'scripts/lib/nodeTestReporter.mjs');

await runMain('npm run test:e2e', async () => {
  const files = await findTests('test/e2e', '.test.mjs', process.argv.slice(2));
  const vsix = await packForHost();
  const extensionsDir = fs.mkdtempSync(path.join(os.tmpdir(), 'promptmark-e2e-'));
  try {
    await extensionCommand(['--install-extension', vsix], { extensionsDir });
    return await showNode(
      [
        ...['--test', '--test-concurrency=1', '--test-timeout=600000'],
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        ...[`--test-reporter=${reporter}`, '--test-reporter-destination=stderr'],
        ...files,
      ],
      {
        env: {
          ...process.env,
          PROMPTMARK_E2E_EXTENSIONS: extensionsDir,
          // The extension as installed, for tests that run its programs themselves.
          PROMPTMARK_E2E_DIST: path.join(installedFolder(extensionsDir), 'dist'),
        },
      },
    );
  } finally {
    fs.rmSync(extensionsDir, { recursive: true, force: true });
  }
});

function installedFolder(extensionsDir) {
  const name = fs.readdirSync(extensionsDir).find((entry) => entry.startsWith('promptmark.'));
  return path.join(extensionsDir, name);
}
