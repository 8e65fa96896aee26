// Holds package.json against the code and README.md: commands, settings, context keys, menus.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import * as esbuild from 'esbuild';
import { isMain, runMain } from './lib/arguments.mjs';
import { root } from './lib/paths.mjs';

const requireHere = createRequire(import.meta.url);
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

/** Ids of all commands the code registers: src/host/commands/register.ts, run with an empty vscode. */
async function registeredCommands() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/host/commands/register.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
  });
  const anything = () =>
    new Proxy(class {}, { get: (_, name) => (name === 'prototype' ? {} : anything()) });
  const require = (name) => (name === 'vscode' ? anything() : requireHere(name));
  const module = { exports: {} };
  vm.runInNewContext(outputFiles[0].text, { module, exports: module.exports, require, process });
  return Array.from(module.exports.allCommands, ({ id }) => id);
}

/** Keys that src/host reads: text('key'), flag('key', …), number('key', …), get('key'). */
function readSettings() {
  const files = fs
    .readdirSync(path.join(root, 'src/host'), { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(path.join('src/host', file)))
    .filter((text) => /getConfiguration\(/.test(text));
  const calls = files.flatMap((text) => [
    ...text.matchAll(/\b(?:text|flag|number|list|get)(?:<[^>]*>)?\(\s*'([\w.]+)'/g),
  ]);
  return new Set(calls.map(([, key]) => `promptmark.${key}`));
}

/** Problems of two lists that should be the same. */
function compare(what, inManifest, inCode) {
  const manifest = new Set(inManifest);
  const code = new Set(inCode);
  return [
    ...[...manifest]
      .filter((name) => !code.has(name))
      .map((name) => `${what} ${name} is in package.json, not in code`),
    ...[...code]
      .filter((name) => !manifest.has(name))
      .map((name) => `${what} ${name} is in code, not in package.json`),
    ...(manifest.size < inManifest.length ? [`a ${what} is twice in package.json`] : []),
  ];
}

/** All objects under `contributes` that have a property. */
function* withProperty(value, name) {
  if (typeof value !== 'object' || value === null) return;
  if (typeof value[name] === 'string') yield value;
  for (const inner of Object.values(value)) yield* withProperty(inner, name);
}

function menuProblems(contributes, commands) {
  const { commands: _declared, ...uses } = contributes;
  const used = [...withProperty(uses, 'command')].map(({ command }) => command);
  const unknown = used.filter((id) => id.startsWith('promptmark.') && !commands.has(id));
  const context = read('src/host/platform/contextKeys.ts');
  const keys = [...withProperty(contributes, 'when')]
    .flatMap(({ when }) => [...when.matchAll(/(?<!')\bpromptmark\.(\w+)/g)])
    .map(([, key]) => key)
    .filter((key) => !new RegExp(`\\b${key}:`).test(context));
  return [
    ...[...new Set(unknown)].map(
      (id) => `a menu or key names the command ${id}, which is not contributed`,
    ),
    ...[...new Set(keys)].map(
      (key) => `a when clause names promptmark.${key}, which contextKeys.ts does not set`,
    ),
  ];
}

/** Everything a user can find in VS Code is explained in README.md. */
function readmeProblems(settings, commands) {
  const readme = read('README.md');
  return [
    ...settings
      .filter((key) => !readme.includes(key))
      .map((key) => `README.md does not list the setting ${key}`),
    ...commands
      .filter(({ title }) => !readme.includes(title))
      .map(({ title }) => `README.md does not list the command ${title}`),
  ];
}

/** @returns one line for each problem */
export async function manifestProblems() {
  const { contributes } = JSON.parse(read('package.json'));
  const { commands, configuration = {} } = contributes;
  const ids = commands.map(({ command }) => command);
  const sections = [configuration].flat();
  const settings = sections.flatMap(({ properties = {} }) => Object.keys(properties));
  const viewTypes = contributes.customEditors.map(({ viewType }) => viewType);
  return [
    ...compare('command', ids, await registeredCommands()),
    ...compare('setting', settings, readSettings()),
    ...menuProblems(contributes, new Set(ids)),
    ...readmeProblems(settings, commands),
    ...(viewTypes.join() === 'promptmark.editor' ? [] : [`custom editors are ${viewTypes}`]),
  ];
}

if (isMain(import.meta.url)) {
  await runMain('checkManifest', async () => {
    const problems = await manifestProblems();
    for (const problem of problems) console.error(problem);
    return problems.length ? 1 : 0;
  });
}
