import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { distFolder, Session } from '../../support/e2e.mjs';
import { eventually } from '../../support/eventually.mjs';

/** Command lines of all processes of this machine. */
function commandLines() {
  if (!fs.existsSync('/proc/self/cmdline')) {
    return spawnSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }).stdout.split('\n');
  }
  const ids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map((id) => {
    try {
      return fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // it ended meanwhile
    }
  });
}

const ownProcesses = () => commandLines().filter((line) => line.includes(distFolder()));

describe('an image in the installed extension', () => {
  let session;
  before(async () => {
    session = await Session.launch();
  });
  afterEach((context) => session?.reportIfFailed(context));
  after(() => session?.close());

  it('is activated by nothing but JSON before an editor opens', () => {
    // VS Code opens JSON of its own now and then (the user's settings).
    const lines = session.hostLog().filter((line) => /_doActivateExtension promptmark/.test(line));
    const others = lines.filter((line) => !line.includes("activationEvent: 'onLanguage:json'"));
    assert.deepEqual(others, []);
  });

  it('starts no process before an editor opens', () => {
    assert.deepEqual(ownProcesses(), []);
  });

  it('shows a canvas that fills the editor, and starts the engine', async () => {
    await session.openImage(session.firstImage());
    const box = await session.view().locator('canvas').first().boundingBox();
    assert.ok(box.width > 300 && box.height > 300, JSON.stringify(box));
    await session.screenshot('open');
    await eventually(
      () => ownProcesses().some((line) => line.includes('inference.js')),
      'an engine',
    );
  });
});
