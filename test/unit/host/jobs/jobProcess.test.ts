import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { runJobProcess } from '../../../../src/host/jobs/jobProcess';
import { useTempFolder } from '../../../support/tempFolder';

describe('runJobProcess', () => {
  const temp = useTempFolder();
  /** Runs a program in the place of dist/cli.js. */
  const run = async (
    source: string,
    options: Omit<Parameters<typeof runJobProcess>[0], 'script' | 'args'> = {},
  ) => {
    const script = temp.file('cli.cjs');
    await writeFile(script, source);
    return runJobProcess({ script, args: ['caption', 'folder'], ...options });
  };

  it('hands over the words, tells progress and returns the summary', async () => {
    const seen: number[][] = [];
    const source = `
      process.stderr.write('words of the program\\n{"progress":{"done":1,"total":3}}\\n{"progre');
      setImmediate(() => {
        process.stderr.write('ss":{"done":2,"total":3}}\\n');
        console.log(JSON.stringify({ total: 3, words: process.argv.slice(2), node: process.env.ELECTRON_RUN_AS_NODE }));
      });`;
    const summary = await run(source, {
      onProgress: ({ done, total }) => seen.push([done, total]),
    });
    assert.deepEqual(summary, {
      total: 3,
      words: ['caption', 'folder', '--json', '--events'],
      node: '1',
    });
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
      console.error('{"progress":{"done":1,"total":9}}');`;
    const options = { signal: stop.signal, onProgress: () => stop.abort() };
    assert.deepEqual(await run(source, options), { interrupted: true });
  });

  it('pauses the program and lets it go on', async () => {
    const source = `
      let said = '';
      process.stdin.on('data', (text) => {
        said += text;
        if (said.includes('resume')) { console.log(JSON.stringify({ said })); process.exit(); }
      });
      process.stderr.write('{"progress":{"done":1,"total":9}}\\n');`;
    let control: { pause(): void; resume(): void } | undefined;
    const summary = await run(source, {
      onStart: (given) => (control = given),
      onProgress: () => {
        control?.pause();
        control?.resume();
      },
    });
    assert.deepEqual(summary, { said: 'pause\nresume\n' });
  });

  it('gives the program what must not be seen among its words', async () => {
    const source = `console.log(JSON.stringify({ key: process.env.SECRET, words: process.argv.slice(2) }))`;
    const summary = await run(source, { env: { SECRET: 'x' } });
    assert.deepEqual(summary, { key: 'x', words: ['caption', 'folder', '--json', '--events'] });
  });
});
