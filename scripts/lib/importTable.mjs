// The import table of ARCHITECTURE.md: which folder may import what. Read by eslint.config.mjs (each import
// as written, types too) and by scripts/checkImports.mjs (what really ended up in the bundles).
import { builtinModules } from 'node:module';

/** Leaves of the protocol: error, prompt and data set types, which data and edits speak of too. */
const CONTRACTS = [
  'src/shared/protocol/wire',
  'src/shared/protocol/prompt',
  'src/shared/protocol/dataset',
];

/**
 * folder or file → folders it may import, beside itself; and packages (`node:` stands for all built-ins).
 * The longest folder that a file is in counts.
 */
const TABLE = {
  'src/shared/geometry': [],
  'src/shared/mask': ['src/shared/geometry', 'src/shared/protocol/wire'],
  'src/shared/coco': ['src/shared/mask', 'src/shared/geometry', ...CONTRACTS],
  'src/shared/caption': ['src/shared/coco', 'src/shared/mask', 'src/shared/geometry'],
  'src/shared/edits': ['src/shared/coco', 'src/shared/mask', 'src/shared/geometry', ...CONTRACTS],
  'src/shared/formats': ['src/shared', 'fast-xml-parser', 'fast-png', 'yaml'],
  'src/shared/protocol': ['src/shared'],
  'src/shared': ['src/shared'],

  // The command line uses these: no vscode.
  'src/host/dataset': ['src/shared', 'node:'],
  'src/host/models': ['src/shared', 'node:'],
  'src/host/caption': ['src/shared', 'src/host/dataset', 'node:'],
  'src/host/convert': ['src/shared', 'src/host/dataset', 'src/host/caption', 'node:'],
  'src/host/engine': ['src/shared', 'src/host/models', 'node:'],
  'src/host/jobs': [
    'src/shared',
    'src/host/dataset',
    'src/host/engine',
    'src/host/models',
    'src/host/caption',
    'node:',
  ],
  'src/host': ['src/shared', 'src/host', 'node:', 'vscode'],
  'src/extension.ts': ['src/shared', 'src/host', 'node:', 'vscode'],

  'src/inference/sessions': ['src/shared', 'src/inference', 'node:', 'onnxruntime-node'],
  'src/inference': ['src/shared', 'src/inference', 'node:', 'sharp'],

  'src/cli': [
    'src/shared',
    'src/host/dataset',
    'src/host/engine',
    'src/host/models',
    'src/host/caption',
    'src/host/convert',
    'src/host/jobs',
    'node:',
    'sharp',
  ],
  'src/cli.ts': ['src/shared', 'src/cli', 'node:'],

  'webview/state': ['src/shared'],
  'webview/tools': ['src/shared', 'webview/state'],
  'webview/canvas': ['src/shared', 'webview/state', 'webview/tools'],
  webview: ['src/shared', 'webview', '@vscode-elements/elements', '@vscode/codicons'],
};

const zones = Object.keys(TABLE).sort((a, b) => b.length - a.length);
const isWithin = (file, folder) => file === folder || file.startsWith(`${folder}/`);

/** @returns the entry of the table that a file (relative to the repository, '/') falls under */
export function zoneOf(file) {
  return zones.find((zone) => isWithin(file, zone));
}

/** 'node:' for built-ins, else the package's name without a path inside it. */
function packageOf(specifier) {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'node:';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * Says what is wrong with an import; undefined when nothing is.
 *
 * @param file   the importing file, relative to the repository
 * @param target the imported file, relative to the repository; or a package as written
 */
export function importProblem(file, target, { isPackage }) {
  const zone = zoneOf(file);
  if (!zone) return undefined;
  const allowed = TABLE[zone];
  if (isPackage) {
    const name = packageOf(target);
    return allowed.includes(name) ? undefined : `${zone} may not import ${target}`;
  }
  const module = target.replace(/\.tsx?$/, '');
  const isAllowed = [zone, ...allowed].some((folder) => isWithin(module, folder));
  return isAllowed ? undefined : `${zone} may not import ${target}`;
}
