import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { runCaptionProcess } from '../../../../src/host/caption/captionProcess';
import { useTempFolder } from '../../../support/tempFolder';

describe('runCaptionProcess', () => {
  const temp = useTempFolder();
  /** Runs a program in the place of dist/cli.js. */
  const run = async (
    source: string,
    options: Omit<Parameters<typeof runCaptionProcess>[0], 'script' | 'args'> = {},
  ) => {
    const script = temp.file('cli.cjs');
    await writeFile(script, source);
    return runCaptionProcess({ script, args: ['folder'], ...options });
  };

  it('hands over the words, tells progress and returns the summary', async () => {
    const seen: number[][] = [];
    const source = `
      process.stderr.write('1 of 3\\n2 o');
      setImmediate(() => {
        process.stderr.write('f 3\\n');
        console.log(JSON.stringify({ total: 3, words: process.argv.slice(2), node: process.env.ELECTRON_RUN_AS_NODE }));
      });`;
    const summary = await run(source, { onProgress: (done, total) => seen.push([done, total]) });
    assert.deepEqual(summary, { total: 3, words: ['caption', 'folder', '--json'], node: '1' });
    assert.deepEqual(seen, [
      [1, 3],
      [2, 3],
    ]);
  });

  it("fails with the program's own sentence", async () => {
    const source = `console.error('promptmark caption: the disk is full'); process.exitCode = 1;`;
    await assert.rejects(run(source), { code: 'internal', message: 'the disk is full' });
  });

  it('fails when the program dies without a word', async () => {
    await assert.rejects(run(`process.kill(process.pid, 'SIGKILL')`), /ended unexpectedly/);
  });

  it('asks the program to stop, and returns what it kept', async () => {
    const stop = new AbortController();
    const source = `
      const wait = setInterval(() => {}, 60000);
      process.on('SIGINT', () => { clearInterval(wait); console.log(JSON.stringify({ interrupted: true })); });
      console.error('1 of 9');`;
    const options = { signal: stop.signal, onProgress: () => stop.abort() };
    assert.deepEqual(await run(source, options), { interrupted: true });
  });
});
