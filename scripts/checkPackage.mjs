// Holds what `vsce ls` says against the list in scripts/package.files.txt, so that nothing is shipped, or left
// out, by accident. usage: node scripts/checkPackage.mjs [--update]   (after a build)
import fs from 'node:fs';
import path from 'node:path';
import { isMain, readArguments, runMain } from './lib/arguments.mjs';
import { root } from './lib/paths.mjs';
import { hostTarget, targets } from './lib/targets.mjs';
import { stagedFiles } from './package.mjs';

const USAGE = `
usage: node scripts/checkPackage.mjs [--update]

Compares the files that would be packed with scripts/package.files.txt.
  --update   writes that list anew
`;
const LIST = path.join(root, 'scripts/package.files.txt');
const MAX_UNPACKED_BYTES = 110e6;

/** Packages are one line each, without files and versions; platforms are called TARGET. */
function summarize(files, target) {
  const lines = files.map((file) =>
    file
      .replace(targets[target], 'PLATFORM/ARCH')
      .replaceAll(target, 'TARGET')
      .replace(/^(dist\/node_modules\/(?:@[^/]+\/)?[^/]+)\/(?!bin\/).*/, '$1/')
      .replace(/(lib)?onnxruntime[^/]*\.(so|dll|dylib)[\d.]*$/, 'onnxruntime'),
  );
  return [...new Set(lines)].sort();
}

/** @returns one line for each problem */
export async function packageProblems({ isUpdate = false } = {}) {
  const target = hostTarget();
  const { stage, files } = await stagedFiles(target);
  const sizes = files.map((file) => fs.statSync(path.join(stage, file)).size);
  fs.rmSync(stage, { recursive: true, force: true });
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const found = summarize(files, target);
  if (isUpdate) fs.writeFileSync(LIST, `${found.join('\n')}\n`);
  const wanted = fs.readFileSync(LIST, 'utf8').trim().split('\n');
  const advice = 'if that is meant: node scripts/checkPackage.mjs --update';
  return [
    ...found
      .filter((name) => !wanted.includes(name))
      .map((name) => `ships ${name}, unlisted; ${advice}`),
    ...wanted
      .filter((name) => !found.includes(name))
      .map((name) => `does not ship ${name}; ${advice}`),
    ...(bytes > MAX_UNPACKED_BYTES ? [`${bytes} bytes, more than ${MAX_UNPACKED_BYTES}`] : []),
  ];
}

if (isMain(import.meta.url)) {
  await runMain('checkPackage', async () => {
    const { update } = readArguments(USAGE, { update: { type: 'boolean' } });
    const problems = await packageProblems({ isUpdate: update });
    for (const problem of problems) console.error(problem);
    return problems.length ? 1 : 0;
  });
}
