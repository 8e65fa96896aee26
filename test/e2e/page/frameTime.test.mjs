// A guard on the design, not on the machine: the cached overlay must stay well ahead of drawing 300 masks one by one.
import assert from 'node:assert';
import { test } from 'node:test';
import * as esbuild from 'esbuild';
import { root } from '../../../scripts/build.mjs';
import { launchBrowser } from '../../../scripts/vscode/browser.mjs';

test('a frame with 300 masks at 4k costs a fraction of 300 draws', async (context) => {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/e2e/page/frameBench.ts'],
    bundle: true,
    format: 'iife',
    target: 'chrome120',
    write: false,
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0].text });
    for (const [name, scale, least] of [
      ['fit', 0, 3],
      ['1:1', 1, 1.5],
    ]) {
      const { cached, separate } = await page.evaluate((at) => window.measureFrames(at), scale);
      context.diagnostic(
        `${name}: cached ${cached.toFixed(1)} ms, separate ${separate.toFixed(1)} ms`,
      );
      assert.ok(separate / cached >= least, `${name}: ${(separate / cached).toFixed(2)} times`);
    }
  } finally {
    await browser.close();
  }
});
