// Holds the import table against what esbuild really bundled (dist/*.meta.json), after a build.
import fs from 'node:fs';
import path from 'node:path';
import { isMain, runMain } from './lib/arguments.mjs';
import { importProblem } from './lib/importTable.mjs';
import { root } from './lib/paths.mjs';

const NATIVE = /^(onnxruntime|sharp|@img\/)/;
const BUILT_IN = /^node:/;

/** bundle → what must not be in it, bundled or imported at run time */
const PAGE = [/^vscode$/, NATIVE, BUILT_IN];
const FORBIDDEN = {
  extension: [NATIVE],
  webview: PAGE,
  statistics: PAGE,
  inference: [/^vscode$/],
  dataset: [/^vscode$/, NATIVE],
  cli: [/^vscode$/],
};

/** Name of the package that a bundled file belongs to; undefined for our own files. */
function packageOf(input) {
  return /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
}

function bundleProblems(name, { inputs }) {
  const contents = Object.entries(inputs).flatMap(([input, { imports }]) => [
    ...(packageOf(input) ? [packageOf(input)] : []),
    ...imports.filter(({ external }) => external).map((entry) => entry.path),
  ]);
  return [...new Set(contents)]
    .filter((content) => FORBIDDEN[name].some((pattern) => pattern.test(content)))
    .map((content) => `dist/${name}.js contains ${content}`);
}

function tableProblems({ inputs }) {
  return Object.entries(inputs)
    .filter(([input]) => !packageOf(input))
    .flatMap(([input, { imports }]) =>
      imports.map((entry) => {
        const name = packageOf(entry.path);
        const target = name ?? entry.path;
        const isPackage = Boolean(name) || Boolean(entry.external);
        const problem = importProblem(input, target, { isPackage });
        return problem && `${input}: ${problem}`;
      }),
    )
    .filter(Boolean);
}

/** @returns one line for each import that breaks a rule */
export function importProblems() {
  const problems = Object.keys(FORBIDDEN).flatMap((name) => {
    const file = path.join(root, `dist/${name}.meta.json`);
    const meta = JSON.parse(fs.readFileSync(file, 'utf8'));
    return [...bundleProblems(name, meta), ...tableProblems(meta)];
  });
  return [...new Set(problems)];
}

if (isMain(import.meta.url)) {
  await runMain('checkImports', () => {
    const problems = importProblems();
    for (const problem of problems) console.error(problem);
    return problems.length ? 1 : 0;
  });
}
