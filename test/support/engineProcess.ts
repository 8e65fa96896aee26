// Builds the inference process once for the tests that start the real thing.
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';

/** Registers mocha hooks; `script` is the path of the built process while the suite runs. */
export function useInferenceScript(): { readonly script: string } {
  let folder = '';
  before(async () => {
    // Below the repository, so that the external packages are found.
    folder = await mkdtemp(path.resolve('out', 'inference-test-'));
    await esbuild.build({
      entryPoints: [path.resolve('src/inference/main.ts')],
      outfile: path.join(folder, 'inference.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['onnxruntime-node', 'sharp'],
      logLevel: 'warning',
    });
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get script() {
      return path.join(folder, 'inference.js');
    },
  };
}
