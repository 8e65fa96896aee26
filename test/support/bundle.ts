// Bundles one TypeScript file into a script that a child process or worker of a test can run.
import * as esbuild from 'esbuild';

/** @param entry path from the repository's root @param outfile absolute */
export async function bundleScript(entry: string, outfile: string): Promise<string> {
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}
