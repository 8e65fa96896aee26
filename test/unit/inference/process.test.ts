// The inference process as a process: what it leaves behind, and when it ends.
import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { createChannel } from '../../../src/shared/protocol/channel';
import type { EngineMethods } from '../../../src/shared/protocol/engine';
import { useInferenceScript } from '../../support/engineProcess';
import { useTempFolder } from '../../support/tempFolder';
import { writeTinySegmenter } from '../../support/tinySegmenter';

type None = Record<never, never>;

describe('inference process', () => {
  const built = useInferenceScript();
  const folder = useTempFolder();

  it('leaves no file in the home folder: the runtime’s telemetry is off even when the parent did not say so', async () => {
    const home = folder.file('home');
    await mkdir(home);
    const { PATH } = process.env;
    const env = {
      PATH,
      HOME: home,
      USERPROFILE: home,
      LOCALAPPDATA: home,
      APPDATA: home,
      TMPDIR: home,
    };
    const child = fork(built.script, [], {
      serialization: 'advanced',
      execArgv: [],
      env,
      cwd: home,
    });
    const channel = createChannel<EngineMethods, None, None, None>({
      send: (message) => child.send(message),
      handlers: {},
      events: {},
    });
    child.on('message', (message) => channel.receive(message));
    await channel.peer.request('engine/hello', { protocolVersion: 1 });
    const manifest = await writeTinySegmenter(folder.file('model'));
    await channel.peer.request('model/load', { model: { id: 'tiny', manifest } });
    child.disconnect();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.deepEqual(await readdir(home, { recursive: true }), []);
  });

  it('ends when its parent is killed', async () => {
    const parentCode = `
      const child = require('node:child_process').fork(${JSON.stringify(built.script)}, [], {
        serialization: 'advanced', stdio: ['ignore', 'ignore', 2, 'ipc'],
      });
      child.on('message', () => process.stdout.write('up'));
      child.send({ kind: 'request', id: 1, method: 'engine/memory', params: {} });`;
    const parent = spawn(process.execPath, ['-e', parentCode], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(parent.stdout, 'data');
    const closed = once(parent.stderr, 'close'); // both hold it, so it closes when the second has ended
    parent.stderr.resume();
    const exited = once(parent, 'exit');
    parent.kill('SIGKILL');
    await closed;
    assert.deepEqual(await exited, [null, 'SIGKILL']);
  });

  it('does not start without a message channel', async () => {
    const child = spawn(process.execPath, [built.script], { stdio: ['ignore', 'ignore', 'pipe'] });
    const text = child.stderr.setEncoding('utf8').toArray();
    const [code] = (await once(child, 'exit')) as [number];
    assert.notEqual(code, 0);
    assert.match((await text).join(''), /started by Promptmark/);
  });
});
