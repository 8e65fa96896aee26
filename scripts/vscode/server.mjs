// Starts VS Code's own server (no display, no downloads) and stops it by its process group.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { setupHarness } from './setup.mjs';

/** Quiet, reproducible defaults of a user's settings; a caller's settings win. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': 'off',
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Dark Modern',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

// A terminal inside VS Code, npm or node:test must not leak into the server.
const NOT_PASSED_ON =
  /^(VSCODE_(?!TEST_|HARNESS_)|ELECTRON_|npm_|NODE_TEST_CONTEXT$|NODE_OPTIONS$|DISPLAY$|WAYLAND_DISPLAY$)/;

/** A private folder for one run: settings, logs, sockets, temporary files. Short, for socket paths. */
export function makeRunDir() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-'));
}

function environment(runDir, extra) {
  const entries = Object.entries({ ...process.env, ...extra }).filter(
    ([key, value]) => value !== undefined && !NOT_PASSED_ON.test(key),
  );
  const tmp = path.join(runDir, 't');
  fs.mkdirSync(tmp, { recursive: true, mode: 0o700 });
  // Without a gallery the server looks for no marketplace.
  const own = { TMPDIR: tmp, XDG_RUNTIME_DIR: tmp, EXTENSIONS_GALLERY: '{}' };
  return { ...Object.fromEntries(entries), ...own };
}

function folderArguments(runDir, { userDataDir, extensionsDir }) {
  return [
    ['--server-data-dir', path.join(runDir, 's')],
    ['--user-data-dir', userDataDir ?? path.join(runDir, 'u')],
    ['--extensions-dir', extensionsDir ?? path.join(runDir, 'e')],
  ].flat();
}

/** Runs the server's own extension arguments: --install-extension FILE, --list-extensions and so on. */
export async function extensionCommand(args, options = {}) {
  const { node, server } = setupHarness();
  const runDir = options.runDir ?? makeRunDir();
  const main = path.join(server, 'out/server-main.js');
  const fixed = ['--force', '--accept-server-license-terms', ...folderArguments(runDir, options)];
  try {
    return await promisify(execFile)(node, [main, ...args, ...fixed], {
      env: environment(runDir, options.env),
      maxBuffer: 1 << 26,
    });
  } finally {
    if (!options.runDir) fs.rmSync(runDir, { recursive: true, force: true });
  }
}

function writeSettings(userDataDir, settings) {
  const file = path.join(userDataDir, 'User/settings.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const present = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  fs.writeFileSync(file, JSON.stringify({ ...SETTINGS, ...present, ...settings }, null, 2));
}

/** A working tree as if it were installed: linked, nothing to pack. */
function linkExtension(folder, extensionsDir) {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { publisher, name, version } = manifest;
  const link = path.join(extensionsDir, `${publisher}.${name}-${version}`);
  fs.mkdirSync(extensionsDir, { recursive: true });
  if (fs.lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) fs.unlinkSync(link);
  fs.symlinkSync(path.resolve(folder), link);
}

function serverArguments(server, runDir, options) {
  return [
    path.join(server, 'out/server-main.js'),
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    ...['--without-connection-token', '--accept-server-license-terms'],
    ...folderArguments(runDir, options),
    // With it the page's address can name tests to run (a built VS Code ignores that otherwise);
    // notifications are then never shown, so end-to-end tests go without.
    ...(options.driver ? ['--enable-smoke-test-driver'] : []),
    ...['--agent-host-bridge-host', '127.0.0.1'], // host without port: the AI agent host never starts
    ...['--disable-telemetry', '--disable-experiments', '--disable-update-check'],
    ...(options.trust ? [] : ['--disable-workspace-trust']),
    ...['--disable-getting-started-override', '--reconnection-grace-time', '60'],
    ...(options.log ? ['--log', options.log] : []),
  ];
}

/** Resolves to the port once the server listens; rejects when it ends or is late. */
function listening(child, exited, output, timeoutMs) {
  return new Promise((resolve, reject) => {
    const fail = (what) => reject(new Error(`VS Code's server ${what}:\n${output()}`));
    const timer = setTimeout(() => fail('was not ready in time'), timeoutMs);
    const look = () => {
      const match = /Extension host agent listening on (\d+)/.exec(output());
      if (!match) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('error', reject);
    void exited.then((code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}

function signalGroup(child, name) {
  try {
    return process.kill(-child.pid, name);
  } catch {
    return false; // the group is gone
  }
}

async function stopGroup(child, exited) {
  signalGroup(child, 'SIGTERM');
  const late = setTimeout(() => signalGroup(child, 'SIGKILL'), 3000);
  await exited;
  // The extension host ends when its server is gone; wait for the whole group, then make sure.
  for (let i = 0; i < 40 && signalGroup(child, 0); i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  clearTimeout(late);
  signalGroup(child, 'SIGKILL');
}

/**
 * Starts a server on 127.0.0.1.
 *
 * @param options runDir, userDataDir, extensionsDir; vsix (files to install first), extensionFolders
 *   (working trees to use as if installed); port (default: a free one), driver, trust (ask for workspace
 *   trust), settings, env, log (level), onOutput (server lines), timeout (ms)
 */
export async function startServer(options = {}) {
  const { node, server } = setupHarness();
  const runDir = options.runDir ?? makeRunDir();
  const userDataDir = options.userDataDir ?? path.join(runDir, 'u');
  writeSettings(userDataDir, options.settings);
  for (const folder of options.extensionFolders ?? []) {
    linkExtension(folder, options.extensionsDir ?? path.join(runDir, 'e'));
  }
  if (options.vsix?.length) {
    const args = options.vsix.flatMap((file) => ['--install-extension', path.resolve(file)]);
    await extensionCommand(args, { ...options, runDir });
  }
  const args = serverArguments(server, runDir, options);
  const env = environment(runDir, options.env);
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let text = '';
  const read = (data) => {
    options.onOutput?.(String(data));
    text = (text + data).slice(-100_000);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const running = supervise(child, runDir, options);
  try {
    const port = await listening(child, running.exited, () => text, options.timeout ?? 60_000);
    const url = `http://127.0.0.1:${port}`;
    return { url, port, pid: child.pid, runDir, userDataDir, output: () => text, ...running };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** Ends the server with this process at the latest, and removes the run's folder when it is ours. */
function supervise(child, runDir, options) {
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  const remove = () => {
    if (options.runDir || process.env.VSCODE_HARNESS_KEEP) return;
    fs.rmSync(runDir, { recursive: true, force: true, maxRetries: 5 });
  };
  const onExit = () => {
    signalGroup(child, 'SIGKILL');
    remove();
  };
  process.once('exit', onExit);
  let stopping;
  const stop = () => {
    stopping ??= stopGroup(child, exited).then(() => {
      process.removeListener('exit', onExit);
      remove();
    });
    return stopping;
  };
  return { exited, stop };
}

/** The page's address: what to open, and for tests what to run in the extension host. */
export function pageUrl(server, { folder, workspace, payload = [] } = {}) {
  const query = new URLSearchParams();
  if (folder) query.set('folder', path.resolve(folder));
  else if (workspace) query.set('workspace', path.resolve(workspace));
  else query.set('ew', 'true');
  if (payload.length) query.set('payload', JSON.stringify(payload));
  return `${server.url}/?${query}`;
}

/** A file on the machine, as the page names it. */
export function remoteUri(server, file) {
  const escaped = path.resolve(file).split('/').map(encodeURIComponent).join('/');
  return `vscode-remote://127.0.0.1:${server.port}${escaped}`;
}
