// Bundles the programs into dist/ with esbuild and keeps the metafiles for scripts/checkImports.mjs.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'onnxruntime-node', 'sharp'],
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: root,
};
const page = { ...node, platform: 'browser', format: 'iife', target: 'chrome120', external: [] };

/** name of the bundle → esbuild options */
export const programs = {
  extension: { ...node, entryPoints: ['src/extension.ts'] },
  inference: { ...node, entryPoints: ['src/inference/main.ts'] },
  dataset: { ...node, entryPoints: ['src/host/dataset/worker.ts'] },
  cli: { ...node, entryPoints: ['src/cli.ts'], banner: { js: '#!/usr/bin/env node' } },
  webview: {
    ...page,
    entryPoints: ['webview/main.ts'],
    loader: { '.ttf': 'dataurl', '.woff2': 'dataurl', '.svg': 'text' },
  },
  statistics: { ...page, entryPoints: ['webview/statistics/main.ts'] },
};

export async function build({ watch = false, minify = false } = {}) {
  await mkdir(path.join(root, 'dist'), { recursive: true });
  await Promise.all(
    Object.entries(programs).map(async ([name, options]) => {
      const context = await esbuild.context({ ...options, minify, outfile: `dist/${name}.js` });
      if (watch) return context.watch();
      try {
        const { metafile } = await context.rebuild();
        await writeFile(path.join(root, 'dist', `${name}.meta.json`), JSON.stringify(metafile));
      } finally {
        await context.dispose();
      }
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({
    watch: process.argv.includes('--watch'),
    minify: process.argv.includes('--minify'),
  });
}
