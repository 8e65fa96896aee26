#!/usr/bin/env node
// Takes the place of desktop VS Code's executable for @vscode/test-electron: understands the arguments
// it is given, runs the tests in the extension host of VS Code's server with a headless Chromium as its
// window, prints their output, exits with their exit code.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, newContext } from './browser.mjs';
import { extensionCommand, makeRunDir, pageUrl, remoteUri, startServer } from './server.mjs';

const VALUED = [
  ...['user-data-dir', 'extensions-dir', 'folder-uri', 'log', 'locale'],
  ...['install-extension', 'uninstall-extension', 'disable-extension', 'enable-proposed-api'],
];
const MANAGING = ['install-extension', 'uninstall-extension', 'list-extensions', 'show-versions'];
const HOST_ENDED = /Extension Host Process exited with code: (\S+), signal: (\w+)/;
const isVerbose = Boolean(process.env.VSCODE_HARNESS_VERBOSE);
const timeoutMs = Number(process.env.VSCODE_HARNESS_TIMEOUT_MS ?? 600_000);

/** @returns name → values given (true for a switch), and what is no option */
function readCommandLine(argv) {
  const options = new Map();
  const positional = [];
  while (argv.length) {
    const raw = argv.shift();
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(raw) ?? [];
    if (!name) {
      positional.push(raw);
      continue;
    }
    const given = value ?? (VALUED.includes(name) ? argv.shift() : true);
    options.set(name, [...(options.get(name) ?? []), given]);
  }
  return { options, positional };
}

const { options, positional } = readCommandLine(process.argv.slice(2));
const last = (name) => options.get(name)?.at(-1);
const asPath = (text) => (/^[a-z-]+:\/\//.test(text) ? fileURLToPath(text) : path.resolve(text));
const optionalPath = (name) => last(name) && asPath(last(name));

const runDir = makeRunDir();
const common = {
  runDir,
  userDataDir: optionalPath('user-data-dir'),
  extensionsDir: optionalPath('extensions-dir'),
};
let server;

/** Passes --install-extension and its like on to the server. */
async function manageExtensions(names) {
  const args = names.flatMap((name) =>
    options.get(name).flatMap((value) => (value === true ? [`--${name}`] : [`--${name}`, value])),
  );
  const { stdout, stderr } = await extensionCommand(args, common);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return 0;
}

/** Prints what another process appends to a file; returns a function that prints the rest. */
function followFile(file) {
  fs.writeFileSync(file, '');
  let position = 0;
  return () => {
    const fd = fs.openSync(file, 'r');
    const buffer = Buffer.alloc(65536);
    let size;
    while ((size = fs.readSync(fd, buffer, 0, buffer.length, position)) > 0) {
      process.stdout.write(Buffer.from(buffer.subarray(0, size)));
      position += size;
    }
    fs.closeSync(fd);
  };
}

/** Promises of the two things that can end a run, with the functions that settle them. */
function makeEnd() {
  let finish;
  let hostHasEnded;
  const finished = new Promise((resolve) => (finish = resolve));
  const hostEnded = new Promise((resolve) => (hostHasEnded = resolve));
  const onOutput = (text) => {
    if (isVerbose) process.stderr.write(text);
    const exit = HOST_ENDED.exec(text);
    if (!exit) return;
    hostHasEnded();
    const early = new Error(
      `The extension host ended before the tests did: code ${exit[1]}, signal ${exit[2]}.`,
    );
    setTimeout(() => finish(early), 1000);
  };
  return { finish, finished, hostEnded, onOutput };
}

async function openPage(browser, { finish, messages }) {
  const page = await (await newContext(browser)).newPage();
  const log = (text) => {
    messages.push(text);
    if (isVerbose) process.stderr.write(`${text}\n`);
  };
  const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  await page.exposeFunction('codeAutomationLog', (type, args) =>
    log(`[${type}] ${args.map(asText).join(' ')}`),
  );
  await page.exposeFunction('codeAutomationExit', (code) => finish(code));
  page.on('crash', () => finish(new Error('The page crashed.')));
  page.on('pageerror', (error) => log(`[pageerror] ${error.stack ?? error}`));
  return page;
}

/** The address of a window that runs the tests with the extension, folder, workspace or file given. */
function testUrl(extension) {
  const target = positional.length ? asPath(positional.at(-1)) : optionalPath('folder-uri');
  const isFolder = target && fs.statSync(target).isDirectory();
  const isWorkspace = target?.endsWith('.code-workspace');
  const runner = fileURLToPath(new URL('./host-runner.cjs', import.meta.url));
  const payload = [['extensionTestsPath', remoteUri(server, runner)]];
  if (extension) payload.push(['extensionDevelopmentPath', remoteUri(server, extension)]);
  if (target && !isFolder && !isWorkspace) payload.push(['openFile', remoteUri(server, target)]);
  const folder = isFolder ? { folder: target } : {};
  return pageUrl(server, { ...folder, ...(isWorkspace ? { workspace: target } : {}), payload });
}

async function reportFailure(page, messages, error) {
  if (page && !page.isClosed()) {
    const picture = path.join(runDir, 'failure.png');
    await page.screenshot({ path: picture, timeout: 5000 }).then(
      () => console.error(`screenshot: ${picture}`),
      () => {}, // the page is gone: the messages must do
    );
  }
  const output = server?.output().slice(-4000) ?? '';
  console.error(`${messages.slice(-40).join('\n')}\n${output}\n${error.stack ?? error}`);
}

/** The verdict is the runner's result file: VS Code's own code is 0 even when the host was killed. */
function readVerdict(file, ending) {
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')).code;
  if (ending instanceof Error) throw ending;
  throw new Error(`VS Code ended with ${ending} before the tests ran.`);
}

/** Starts the server and a window of it on the tests; resolves to how the window ended. */
async function runWindow(tests, files, { starting, end, messages, onPage }) {
  // The page takes one extension under development; more are linked into the extensions folder.
  const [extension, ...others] = (options.get('extensionDevelopmentPath') ?? []).map(asPath);
  const env = {
    VSCODE_HARNESS_TESTS: asPath(tests),
    VSCODE_HARNESS_OUTPUT: files.output,
    VSCODE_HARNESS_RESULT: files.result,
  };
  const { onOutput } = end;
  server = await startServer({ ...common, driver: true, extensionFolders: others, env, onOutput });
  const page = await openPage(await starting, { finish: end.finish, messages });
  onPage(page);
  await page.goto(testUrl(extension));
  const ending = await end.finished;
  // The host deactivates its extensions, and writes coverage.
  await Promise.race([end.hostEnded, new Promise((resolve) => setTimeout(resolve, 5000))]);
  return ending;
}

async function runTests(tests) {
  const files = { output: path.join(runDir, 'output'), result: path.join(runDir, 'result') };
  const passOn = followFile(files.output);
  const noSignals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  const starting = launchBrowser(noSignals);
  starting.catch(() => {}); // awaited below; the server starts beside it
  const end = makeEnd();
  const messages = [];
  let page;
  const onPage = (opened) => (page = opened);
  const timer = setInterval(passOn, 100);
  const tooLate = new Error(`The tests did not end within ${timeoutMs} ms.`);
  const late = setTimeout(() => end.finish(tooLate), timeoutMs);
  try {
    const ending = await runWindow(tests, files, { starting, end, messages, onPage });
    return readVerdict(files.result, ending);
  } catch (error) {
    await reportFailure(page, messages, error);
    return 1;
  } finally {
    clearTimeout(late);
    clearInterval(timer);
    passOn();
    await starting.then((browser) => browser.close()).catch(() => {}); // it is gone already
    await server?.stop();
  }
}

async function main() {
  const managing = MANAGING.filter((name) => options.has(name));
  if (managing.length) return manageExtensions(managing);
  const tests = last('extensionTestsPath');
  if (tests) return runTests(tests);
  throw new Error('This stands in for VS Code in tests only: --extensionTestsPath is missing.');
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(name, async () => {
    await server?.stop();
    fs.rmSync(runDir, { recursive: true, force: true });
    process.exit(130);
  });
}
const code = await main().catch((error) => {
  console.error(error.stack ?? error);
  return 1;
});
if (!process.env.VSCODE_HARNESS_KEEP && code === 0) {
  fs.rmSync(runDir, { recursive: true, force: true });
} else {
  console.error(`kept for a look: ${runDir}`);
}
process.exit(code);
