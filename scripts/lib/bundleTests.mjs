// Bundles test files for Node with esbuild, one bundle each, into a folder that is removed afterwards.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './paths.mjs';
import { plainError } from './steps.mjs';

/**
 * The files under a folder (relative to the repository) that end in `suffix`, sorted.
 *
 * @param parts when given, only files whose path contains one of them
 */
export async function findTests(folder, suffix, parts = []) {
  const all = (await readdir(path.join(root, folder), { recursive: true }))
    .filter((file) => file.endsWith(suffix))
    .map((file) => path.join(folder, file))
    .sort();
  const files = parts.length
    ? all.filter((file) => parts.some((part) => file.includes(part)))
    : all;
  if (!files.length) {
    throw plainError(`${folder}: no *${suffix} matches ${parts.join(' ') || 'anything'}.`);
  }
  return files;
}

/**
 * Bundles files, calls `use` with the bundles' paths in the same order, and removes them.
 *
 * @param name    of the folder in out/
 * @param options more esbuild options
 */
export async function withBundles(name, files, use, options = {}) {
  // Inside the repository, so that packages are found.
  const outdir = path.join(root, 'out', `${name}-${process.pid}`);
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: files,
      outbase: root,
      outdir,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'warning',
      outExtension: { '.js': '.cjs' },
      ...options,
    });
    const bundles = files.map((file) => path.join(outdir, file.replace(/\.ts$/, '.cjs')));
    return await use(bundles, outdir);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
