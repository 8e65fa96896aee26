import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { promisify } from 'node:util';
import { DatasetClient } from '../../../../src/host/dataset/client';
import { bundleScript } from '../../../support/bundle';
import { useTempFolder } from '../../../support/tempFolder';

describe('DatasetClient', () => {
  const folder = useTempFolder();
  let script = '';
  before(async () => {
    script = await bundleScript('src/host/dataset/worker.ts', folder.file('dataset.js'));
  });

  it('reads through the worker and tells progress', async () => {
    const file = folder.file('x.json');
    await fs.writeFile(file, '{"images":[{"id":3,"file_name":"a.jpg"}]}');
    const progress: number[] = [];
    const onProgress = ({ doneBytes }: { doneBytes: number }): void =>
      void progress.push(doneBytes);
    const client = new DatasetClient({ script, onProgress });
    const summary = await client.request('dataset/open', { path: file });
    assert.equal(summary.images, 1);
    assert.ok(progress.length > 0);
    await assert.rejects(client.request('dataset/open', { path: 'relative.json' }), {
      code: 'invalid-params',
    });
    await client.dispose();
    await assert.rejects(client.request('dataset/open', { path: file }), { name: 'DomainError' });
  });

  it('fails what is pending when the worker dies and starts another one', async () => {
    const crashing = folder.file('crashing.js');
    const marker = folder.file('crashed');
    // the first worker dies at its first message, the second one is the real one
    await fs.writeFile(
      crashing,
      `const fs = require('node:fs');
       if (fs.existsSync(${JSON.stringify(marker)})) require(${JSON.stringify(script)});
       else require('node:worker_threads').parentPort.on('message', () => {
         fs.writeFileSync(${JSON.stringify(marker)}, '');
         throw new Error('on purpose');
       });`,
    );
    const logged: string[] = [];
    const log = (_level: string, message: string): void => void logged.push(message);
    const client = new DatasetClient({ script: crashing, log });
    const path = folder.file('none.json');
    await assert.rejects(client.request('dataset/open', { path }), { code: 'internal' });
    assert.match(logged.join(), /on purpose/);
    assert.equal((await client.request('dataset/open', { path })).exists, false);
    await client.dispose();
  });

  it('keeps a program alive until the answer is there, and not longer', async () => {
    const program = await bundleScript('test/support/askDataset.ts', folder.file('ask.js'));
    const file = folder.file('two.json');
    await fs.writeFile(file, '{"images":[{"id":1,"file_name":"a"},{"id":2,"file_name":"b"}]}');
    const { stdout } = await promisify(execFile)(process.execPath, [program, script, file]);
    assert.equal(stdout, '2\n');
  });
});
