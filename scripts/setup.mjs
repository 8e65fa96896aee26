// Makes a fresh clone ready: npm packages, the real VS Code for tests, Debian's Chromium.
// Run by prestart and pretest. Needs only Node >= 20 and npm; does nothing when all is there.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readArguments, runMain, UsageError } from './lib/arguments.mjs';
import { findDesktopEditor } from './lib/desktop.mjs';
import { root } from './lib/paths.mjs';
import { findPython } from './lib/python.mjs';
import { npm, plainError } from './lib/steps.mjs';
import { findChromium, isHarnessInstalled, setupHarness } from './vscode/setup.mjs';

const USAGE = `
usage: npm run setup -- [--for test|start]

Installs what is missing: npm packages as package-lock.json says, the VS Code that the tests run in
(kept in .promptmark/), and from Debian's packages headless Chromium, a font, and Python with numpy.
  --for start   leaves out what only tests need
`;

const readJson = (file) => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));

/** Are the packages in node_modules those of package-lock.json? */
function isInstalled() {
  if (!fs.existsSync(path.join(root, 'node_modules/.package-lock.json'))) return false;
  const wanted = readJson('package-lock.json').packages;
  const present = readJson('node_modules/.package-lock.json').packages;
  return Object.entries(wanted).every(([name, entry]) => {
    if (!name) return true;
    const found = present[name];
    return found ? found.version === entry.version : Boolean(entry.optional || entry.devOptional);
  });
}

function installPackages() {
  if (isInstalled()) return;
  console.log('setup: installing npm packages (npm ci)');
  npm(['ci'], { env: { ONNXRUNTIME_NODE_INSTALL: 'skip', ORT_DISABLE_TELEMETRY: '1' } });
}

/** The Debian packages that are missing here; Chromium may also come from elsewhere (CHROMIUM_PATH). */
function missingPackages() {
  const missing = [];
  if (!findChromium()) missing.push('chromium-headless-shell');
  const font = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';
  if (process.platform === 'linux' && !fs.existsSync(font)) missing.push('fonts-dejavu-core');
  if (!findPython()) missing.push('python3-numpy');
  return missing;
}

function installDebianPackages() {
  const missing = missingPackages();
  if (!missing.length) return;
  const isDebian = fs.existsSync('/usr/bin/apt-get');
  if (!isDebian || process.getuid() !== 0) {
    const advice = isDebian
      ? `sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`
      : 'install Chromium or Chrome (CHROMIUM_PATH names it), and Python 3 with numpy';
    if (missing.includes('chromium-headless-shell')) {
      throw plainError(`The tests need a Chromium, and none was found. Please run: ${advice}`);
    }
    console.log(`setup: missing for some tests: ${missing.join(', ')}. Please run: ${advice}`);
    return;
  }
  console.log(`setup: installing Debian packages: ${missing.join(' ')}`);
  aptGet('update', '-q');
  const chromium = missing.includes('chromium-headless-shell');
  const others = missing.filter((name) => name !== 'chromium-headless-shell');
  if (others.length) aptGet('install', '-y', '-q', '--no-install-recommends', ...others);
  if (chromium && !tryAptGet('chromium-headless-shell')) {
    aptGet('install', '-y', '-q', '--no-install-recommends', 'chromium'); // older Debian, Ubuntu
  }
}

const tryAptGet = (name) => runApt(['install', '-y', '-q', '--no-install-recommends', name]) === '';

function aptGet(...args) {
  const problem = runApt(args);
  if (problem) throw plainError(`apt-get ${args.join(' ')} failed:\n${problem}`);
}

/** @returns '' when it went well, else the last lines of its output */
function runApt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync('apt-get', args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status === 0) return '';
  return `${result.stdout}${result.stderr}`.trim().split('\n').slice(-15).join('\n') || 'no output';
}

function installHarness() {
  if (isHarnessInstalled()) return;
  console.log('setup: installing VS Code for tests into .promptmark/');
  setupHarness();
}

await runMain('npm run setup', () => {
  const { for: purpose } = readArguments(USAGE, { for: { type: 'string', default: 'test' } });
  if (!['test', 'start'].includes(purpose)) {
    throw new UsageError(`--for is 'test' or 'start', not '${purpose}'.`);
  }
  installPackages();
  if (purpose === 'test') {
    installDebianPackages();
    installHarness();
  } else if (!findDesktopEditor()) {
    installHarness();
  }
});
