// Lays out the folder that a VSIX of one platform is packed from: the repository's shipped files, and
// under dist/node_modules only that platform's native packages. Files are hard links: quick, no space.
import fs from 'node:fs';
import path from 'node:path';
import { npmPack, unpack } from './npmPack.mjs';
import { cacheDir, outDir, root } from './paths.mjs';
import { commonModules, platformModules, targets } from './targets.mjs';

const SHIPPED = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'dist'];

function linkTree(from, to) {
  for (const entry of fs.readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = path.join(entry.parentPath ?? entry.path, entry.name);
    linkFile(source, path.join(to, path.relative(from, source)));
  }
}

function linkFile(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (!['EXDEV', 'EPERM'].includes(error.code)) throw error;
    fs.copyFileSync(from, to); // another file system, or one without links
  }
}

/** Folder of a package's files: installed here, else fetched as package-lock.json says. */
function modulePath(name, lock) {
  const installed = path.join(root, 'node_modules', name);
  if (fs.existsSync(installed)) return installed;
  const { version, integrity } = lock[`node_modules/${name}`];
  const folder = path.join(cacheDir, 'packages', `${name.replace('/', '-')}-${version}`);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(cacheDir, { recursive: true });
  console.log(`package: fetching ${name}@${version}`);
  const tmp = fs.mkdtempSync(path.join(cacheDir, 'tmp-'));
  try {
    const [archive] = npmPack([{ name, version, integrity }], tmp);
    unpack(archive, path.join(tmp, 'files'));
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    fs.renameSync(path.join(tmp, 'files'), folder);
  } finally {
    fs.rmSync(tmp, { recursive: true, force: true });
  }
  return folder;
}

function stageModules(target, stage) {
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const modules = path.join(stage, 'dist/node_modules');
  for (const name of [...commonModules, ...platformModules(target)]) {
    if (name === 'onnxruntime-node') continue; // it has every platform's binaries: below
    linkTree(modulePath(name, lock), path.join(modules, name));
  }
  const runtime = path.join(root, 'node_modules/onnxruntime-node');
  const binaries = path.join('bin/napi-v6', targets[target]);
  for (const part of ['package.json', 'dist', binaries]) {
    const to = path.join(modules, 'onnxruntime-node', part);
    if (part === 'package.json') linkFile(path.join(runtime, part), to);
    else linkTree(path.join(runtime, part), to);
  }
}

/** @returns the folder for a target, laid out anew; .vscodeignore in it decides what is packed */
export function makeStage(target) {
  const stage = path.join(outDir, 'stage', target);
  fs.rmSync(stage, { recursive: true, force: true });
  for (const name of [...SHIPPED, '.vscodeignore']) {
    const from = path.join(root, name);
    if (!fs.existsSync(from)) continue; // README and the like, before they are written
    if (fs.statSync(from).isDirectory()) linkTree(from, path.join(stage, name));
    else linkFile(from, path.join(stage, name));
  }
  stageModules(target, stage);
  return stage;
}
