// onnxruntime-node 1.30 writes a device id with its first session and calls home within seconds, unless
// ORT_DISABLE_TELEMETRY is set before it is loaded. These tests look for the files it writes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { root } from '../../scripts/lib/paths.mjs';
import { distFolder } from '../support/e2e.mjs';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'promptmark-home-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const dist = distFolder();

/** Runs Node with a home and a folder for temporary files of its own; returns all files it leaves there. */
function filesLeftBy(args) {
  const own = fs.mkdtempSync(path.join(home, 'run-'));
  const tmp = path.join(own, 'tmp');
  fs.mkdirSync(tmp);
  // A bare environment: the programs must set ORT_DISABLE_TELEMETRY themselves, and with CI or the like set
  // onnxruntime writes nothing, whatever the programs do.
  const { PATH, SystemRoot } = process.env;
  const env = { PATH, HOME: own, USERPROFILE: own, TMPDIR: tmp, TEMP: tmp };
  if (SystemRoot) env.SystemRoot = SystemRoot;
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  const entries = fs.readdirSync(own, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(own, path.join(entry.parentPath ?? entry.path, entry.name)));
  return { status, output: `${stdout}${stderr}`, files };
}

const isTelemetry = (file) => /onnxruntime|mat-debug|\.ses$|DeveloperTools/i.test(file);

/** Opens a session as nobody should, and ends when the first file is there, long before it would call home. */
const UNPROTECTED = `
  const fs = require('node:fs');
  const [, runtime, model] = process.argv;
  const end = Date.now() + 15_000;
  const look = () => {
    const isThere = fs.existsSync(process.env.HOME + '/.cache/Microsoft/DeveloperTools');
    if (isThere || Date.now() > end) process.exit();
  };
  require(runtime).InferenceSession.create(model).then(() => setInterval(look, 20));
`;

describe('telemetry of onnxruntime', () => {
  it('would be seen by this test', () => {
    const module = path.join(dist, 'node_modules/onnxruntime-node');
    const runtime = fs.existsSync(module) ? module : 'onnxruntime-node';
    const model = path.join(dist, '../media/models/builtin.onnx');
    const { files, output } = filesLeftBy(['-e', UNPROTECTED, runtime, model]);
    assert.ok(files.some(isTelemetry), `left: ${files.join(', ')} ${output}`);
  });

  it('is off when the command line tool segments an image', () => {
    const images = path.join(root, 'samples/workspace');
    const image = fs
      .readdirSync(images, { recursive: true })
      .find((name) => /\.(png|jpg)$/.test(name));
    const args = ['segment', path.join(images, image), '--point', '20,20', '--json'];
    const { status, output, files } = filesLeftBy([path.join(dist, 'cli.js'), ...args]);
    assert.equal(status, 0, output);
    assert.deepEqual(files.filter(isTelemetry), []);
  });
});
