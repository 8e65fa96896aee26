// Runs other programs: with their output shown, or kept.
import { spawn, spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

/** An error whose message is enough: no stack is shown. */
export function plainError(message) {
  return Object.assign(new Error(message), { isPlain: true });
}

/** Runs a program in the repository with its output shown; resolves to its exit code (1 for a signal). */
export function show(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs one of our scripts, or another JavaScript file, with this Node; resolves to its exit code. */
export const showNode = (args, options) => show(process.execPath, args, options);

/** Runs a program to its end and returns its standard output. Throws with its output when it fails. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    const output = `${result.stdout}${result.stderr}`.trim();
    throw plainError(`${command} ${args.join(' ')} failed (${result.status}):\n${output}`);
  }
  return result.stdout;
}

/** npm as the user's shell would run it: without the variables of an outer `npm run`. */
export function npm(args, options = {}) {
  const env = { ...process.env, ...options.env };
  for (const key of Object.keys(env)) {
    if (/^npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix)/.test(key)) {
      delete env[key];
    }
  }
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier'];
  const isWindows = process.platform === 'win32'; // npm is a .cmd file there
  return capture(isWindows ? 'npm.cmd' : 'npm', [...args, ...quiet], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: isWindows,
    ...options,
    env,
  });
}
