// Shows Promptmark in a real VS Code with a sample workspace: a desktop one when there is one, else in a browser.
import fs from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { readArguments, runMain, UsageError } from './lib/arguments.mjs';
import { findDesktopEditor } from './lib/desktop.mjs';
import { cacheDir, root, viewType } from './lib/paths.mjs';
import { plainError, show } from './lib/steps.mjs';
import { packForHost, packQuietly } from './package.mjs';
import { extensionCommand, makeRunDir, pageUrl, startServer } from './vscode/server.mjs';

const USAGE = `
usage: npm start -- [--editor web|desktop] [--folder DIR] [--port N] [--fresh]

Builds Promptmark and opens an image in it.
  --editor   desktop: VS Code or VSCodium of this machine, where one is on PATH (then the default);
             web: a VS Code of our own on 127.0.0.1, for any browser
  --folder   folder to open (default: a copy of samples/workspace that keeps your changes)
  --port     port of the web editor (default: 8790, or a free one when that is taken; 0: a free one)
  --fresh    forgets your changes to the copy of the sample workspace
`;

const DEFAULT_PORT = 8790;
const IMAGE = /\.(png|jpe?g|webp|tiff?|gif|avif|bmp)$/i;
const ASSOCIATED = ['png', 'jpg', 'jpeg', 'webp', 'tif', 'tiff', 'gif', 'avif', 'bmp'];

function readOptions() {
  const options = readArguments(USAGE, {
    editor: { type: 'string' },
    folder: { type: 'string' },
    port: { type: 'string' },
    fresh: { type: 'boolean' },
  });
  const { editor, folder, port } = options;
  if (editor !== undefined && !['web', 'desktop'].includes(editor)) {
    throw new UsageError(`--editor is 'web' or 'desktop', not '${editor}'.`);
  }
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) < 65536)) {
    throw new UsageError(`--port is a number from 0 to 65535, not '${port}'.`);
  }
  if (folder !== undefined && !fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--folder '${folder}' is not a folder.`);
  }
  return { ...options, folder: folder && path.resolve(folder) };
}

/** The copy of the samples that may be changed. */
function sampleWorkspace(isFresh) {
  const folder = path.join(cacheDir, 'workspace');
  if (isFresh) fs.rmSync(folder, { recursive: true, force: true });
  if (!fs.existsSync(folder)) {
    fs.cpSync(path.join(root, 'samples/workspace'), folder, { recursive: true });
  }
  return folder;
}

/** The first image in a folder or one level below. */
function firstImage(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  const names = (isWanted) =>
    entries
      .filter(isWanted)
      .map((entry) => entry.name)
      .sort();
  const images = names((entry) => entry.isFile() && IMAGE.test(entry.name));
  if (images.length) return path.join(folder, images[0]);
  for (const name of names((entry) => entry.isDirectory() && !entry.name.startsWith('.'))) {
    const inside = fs
      .readdirSync(path.join(folder, name))
      .filter((file) => IMAGE.test(file))
      .sort();
    if (inside.length) return path.join(folder, name, inside[0]);
  }
  return undefined;
}

/** A copy of scripts/opener that opens the first image of a folder. */
function makeOpener(folder) {
  const opener = path.join(cacheDir, 'opener');
  fs.cpSync(path.join(root, 'scripts/opener'), opener, { recursive: true });
  const order = JSON.stringify({ image: firstImage(folder), viewType });
  fs.writeFileSync(path.join(opener, 'start.json'), order);
  return opener;
}

async function startDesktop(program, folder) {
  await build();
  const asRoot = process.getuid?.() === 0;
  const profile = path.join(cacheDir, 'desktop');
  const code = await show(program, [
    '--new-window',
    ...(asRoot ? ['--no-sandbox', '--user-data-dir', profile] : []),
    `--extensionDevelopmentPath=${root}`,
    `--extensionDevelopmentPath=${makeOpener(folder)}`,
    folder,
  ]);
  if (code === 0)
    console.log(`Opened in ${program}. After a change: npm run build, reload the window.`);
  return code;
}

/** VS Code forgets linked extensions where others are installed: so this one is installed too. */
async function packOpener(folder) {
  const packagePath = path.join(cacheDir, 'opener.vsix');
  await packQuietly({ cwd: makeOpener(folder), packagePath, skipLicense: true });
  return packagePath;
}

/** Starts the server; without a wish for a port, the usual one or any. */
async function startOnPort(port, options) {
  try {
    return await startServer({ ...options, port: port ?? DEFAULT_PORT });
  } catch (error) {
    const isTaken = /EADDRINUSE|already in use/.test(error.message);
    if (isTaken && port === undefined) return startServer({ ...options, port: 0 });
    throw isTaken ? plainError(`Port ${port} is taken. Try --port 0.`) : error;
  }
}

async function startWeb(folder, port) {
  const vsix = await packForHost();
  const home = path.join(cacheDir, 'web');
  const runDir = makeRunDir();
  const where = {
    runDir,
    userDataDir: path.join(home, 'user'),
    extensionsDir: path.join(home, 'extensions'),
  };
  let server;
  try {
    const extensions = [vsix, await packOpener(folder)];
    const args = extensions.flatMap((file) => ['--install-extension', file]);
    await extensionCommand(args, where);
    const associations = ASSOCIATED.map((suffix) => [`*.${suffix}`, viewType]);
    server = await startOnPort(port, {
      ...where,
      settings: { 'workbench.editorAssociations': Object.fromEntries(associations) },
    });
    console.log(`\nPromptmark is here: ${pageUrl(server, { folder })}\nCtrl+C ends it.`);
    await Promise.race([server.exited, stopSignal()]);
  } finally {
    await server?.stop();
    fs.rmSync(runDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

const stopSignal = () =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, resolve);
  });

await runMain('npm start', async () => {
  const options = readOptions();
  const program = options.editor === 'web' ? undefined : findDesktopEditor();
  if (options.editor === 'desktop' && !program) {
    throw plainError('There is no code or codium on PATH. Use --editor web.');
  }
  fs.mkdirSync(cacheDir, { recursive: true });
  const folder = options.folder ?? sampleWorkspace(options.fresh);
  if (program) return startDesktop(program, folder);
  await startWeb(folder, options.port === undefined ? undefined : Number(options.port));
});
