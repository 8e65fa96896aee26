// Rules about files that no other tool looks at: size guides, tests in places where none runs, reasons for
// exceptions.
import fs from 'node:fs';
import path from 'node:path';
import { isMain, runMain } from './lib/arguments.mjs';
import { root } from './lib/paths.mjs';
import { capture } from './lib/steps.mjs';

const MAX_LINES = 300;
const MAX_BYTES = 2_000_000;
/** Weights of the built-in model, the checkpoint its training goes on from, and pictures. */
const MAY_BE_LARGE = /^(media\/models|training\/checkpoints|samples|docs\/images)\//;
const TEST = /\.test\.\w+$/;
const TEST_FOLDERS = [
  /^test\/unit\/.*\.test\.ts$/,
  /^test\/integration\/.*\.test\.ts$/,
  /^test\/e2e\/.*\.test\.mjs$/,
];

/** Files that git has or would take. */
function ownFiles() {
  const listed = capture('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z']);
  return listed.split('\0').filter((file) => file && fs.existsSync(path.join(root, file)));
}

function textProblems(file, text) {
  const problems = [];
  // Without blank lines and comments, as ESLint counts the other files.
  const isCode = (line) => line.trim() && !/^\s*(#|\/?\*)/.test(line);
  const lines = text.split('\n').filter(isCode).length;
  const isCounted = /\.(css|py)$/.test(file);
  const hasReason = /more than 300 lines/i.test(text.slice(0, 1000));
  if (isCounted && lines > MAX_LINES && !hasReason) {
    problems.push(`${lines} lines; say at its start why it is "more than ${MAX_LINES} lines"`);
  }
  for (const [index, line] of text.split('\n').entries()) {
    const isException = /eslint-disable|@ts-(expect-error|ignore|nocheck)|\/\* eslint [a-z]/.test(
      line,
    );
    if (
      /\.([cm]?js|ts)$/.test(file) &&
      isException &&
      !/ -- |: \w|@ts-expect-error \w/.test(line)
    ) {
      problems.push(`line ${index + 1}: an exception without a reason (write " -- why")`);
    }
    if (/\b(it|describe|test)\.(only|skip)\(/.test(line) && TEST.test(file)) {
      problems.push(`line ${index + 1}: .only or .skip`);
    }
  }
  return problems;
}

/** @returns one line for each problem */
export function fileProblems() {
  return ownFiles().flatMap((file) => {
    const problems = [];
    const { size } = fs.statSync(path.join(root, file));
    if (size > MAX_BYTES && !MAY_BE_LARGE.test(file)) problems.push(`${size} bytes are too many`);
    if (TEST.test(file) && !TEST_FOLDERS.some((folder) => folder.test(file))) {
      problems.push('no test runner looks here');
    }
    if (/\.(ts|mjs|cjs|js|css|py)$/.test(file) && file !== 'scripts/checkFiles.mjs') {
      problems.push(...textProblems(file, fs.readFileSync(path.join(root, file), 'utf8')));
    }
    return problems.map((problem) => `${file}: ${problem}`);
  });
}

if (isMain(import.meta.url)) {
  await runMain('checkFiles', () => {
    const problems = fileProblems();
    for (const problem of problems) console.error(problem);
    return problems.length ? 1 : 0;
  });
}
