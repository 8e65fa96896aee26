// Packs one VSIX per target, each with only that platform's native binaries.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { build } from './build.mjs';
import { isMain, readArguments, runMain, UsageError } from './lib/arguments.mjs';
import { outDir } from './lib/paths.mjs';
import { makeStage } from './lib/stage.mjs';
import { plainError } from './lib/steps.mjs';
import { hostTarget, targets } from './lib/targets.mjs';

const USAGE = `
usage: npm run package -- [--target TARGET]... [--all]

Builds, and packs out/promptmark-TARGET.vsix for each target (default: this machine's).
  --target  ${Object.keys(targets).join(', ')}
  --all     every target
`;

/** Larger would be a mistake: a platform too many, a model that belongs in a download. */
const MAX_BYTES = 80e6;

/** The files of a VSIX, sorted, with the folder that they are packed from. */
export async function stagedFiles(target) {
  const stage = makeStage(target);
  const files = await listFiles({ cwd: stage, packageManager: PackageManager.None });
  return { stage, files: files.map((file) => file.replaceAll('\\', '/')).sort() };
}

/** Packs a folder that is laid out as it ships. What vsce prints is shown only when it fails. */
export async function packQuietly(options) {
  const { log } = console;
  const lines = [];
  console.log = (line) => lines.push(line);
  try {
    await createVSIX({
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
      ...options,
    });
  } catch (error) {
    log(lines.join('\n'));
    throw error;
  } finally {
    console.log = log;
  }
}

/** Names and contents of all that is packed, as one hash. */
function contentHash(stage, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = fs.readFileSync(path.join(stage, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @throws when binaries of another platform, or none, are among the files */
function checkBinaries(target, files) {
  const binaries = files.filter((file) => /\.(node|dll|dylib|so(\.[\d.]+)?)$/.test(file));
  const isOwn = (file) =>
    file.includes(`/bin/napi-v6/${targets[target]}/`) || file.includes(`-${target}/`);
  const foreign = binaries.filter((file) => !isOwn(file));
  if (foreign.length) throw plainError(`${target}: foreign binaries: ${foreign.join(', ')}`);
  for (const part of ['onnxruntime_binding.node', `sharp-${target}`]) {
    if (!binaries.some((file) => file.includes(part))) throw plainError(`${target}: no ${part}.`);
  }
}

/**
 * Packs the VSIX of one target from dist/ as it is; keeps the one there is when nothing changed.
 *
 * @returns path of the VSIX
 */
export async function packTarget(target) {
  const { stage, files } = await stagedFiles(target);
  checkBinaries(target, files);
  const packagePath = path.join(outDir, `promptmark-${target}.vsix`);
  const record = `${packagePath}.sha256`;
  const hash = contentHash(stage, files);
  const isSame = fs.existsSync(packagePath) && fs.existsSync(record);
  if (!isSame || fs.readFileSync(record, 'utf8') !== hash) {
    await packQuietly({ cwd: stage, packagePath, target });
    fs.writeFileSync(record, hash);
  }
  fs.rmSync(stage, { recursive: true, force: true });
  const { size } = fs.statSync(packagePath);
  if (size > MAX_BYTES)
    throw plainError(`${packagePath} has ${size} bytes, more than ${MAX_BYTES}.`);
  console.log(
    `package: ${path.relative('.', packagePath)}, ${files.length} files, ${(size / 1e6).toFixed(1)} MB`,
  );
  return packagePath;
}

/** The VSIX for this machine, built and packed. */
export async function packForHost() {
  const target = hostTarget();
  if (!target) throw plainError(`There is no VSIX for ${process.platform}-${process.arch}.`);
  await build();
  return packTarget(target);
}

async function main() {
  const options = readArguments(USAGE, {
    target: { type: 'string', multiple: true },
    all: { type: 'boolean' },
  });
  const wanted = options.all ? Object.keys(targets) : (options.target ?? [hostTarget()]);
  for (const target of wanted) {
    if (!(target in targets)) throw new UsageError(`There is no target '${target}'.`);
  }
  await build();
  for (const target of wanted) await packTarget(target);
}

if (isMain(import.meta.url)) await runMain('npm run package', main);
