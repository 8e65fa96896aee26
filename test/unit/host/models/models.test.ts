import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  builtinModel,
  findModel,
  readCatalogueEntry,
} from '../../../../src/host/models/builtinModel';
import { verifyModel } from '../../../../src/host/models/verifyModel';
import { useTempFolder } from '../../../support/tempFolder';
import { writeTinySegmenter } from '../../../support/tinySegmenter';

describe('models on disk', () => {
  const folder = useTempFolder();

  it('finds the built-in model beside the extension, without reading it', async () => {
    const model = { id: 'builtin', manifest: path.join('/ext', 'media', 'models', 'builtin.json') };
    assert.deepEqual(builtinModel('/ext'), model);
    assert.deepEqual(await findModel('/ext'), model);
  });

  it('finds a model by the path of its manifest', async () => {
    const manifest = await writeTinySegmenter(folder.path, { id: 'mine' });
    assert.deepEqual(await findModel('/ext', manifest), { id: 'mine', manifest });
    const { name, family } = await readCatalogueEntry(manifest);
    assert.deepEqual({ name, family }, { name: 'Tiny test model', family: 'early-fusion' });
  });

  it('names what is wrong with an unknown model or manifest', async () => {
    await assert.rejects(findModel('/ext', 'sam9'), {
      code: 'model-missing',
      message: /sam9.*builtin/s,
    });
    for (const [text, reason] of [
      ['{', /JSON/],
      ['3', /"id"/],
      ['{"id":"a","name":"b","family":"c","sha256":"d"}', /"bytes"/],
    ] as const) {
      await writeFile(folder.file('bad.json'), text);
      await assert.rejects(findModel('/ext', folder.file('bad.json')), {
        code: 'model-missing',
        message: reason,
      });
    }
  });

  it('verifies the hash of the file', async () => {
    const manifest = await writeTinySegmenter(folder.file('verify'));
    const file = folder.file('verify/tiny.onnx');
    assert.equal((await verifyModel(manifest)).ok, true);
    const bytes = await readFile(file);
    bytes[100]! ^= 1;
    await writeFile(file, bytes);
    const damaged = await verifyModel(manifest);
    assert.ok(
      !damaged.ok && /tiny\.onnx is damaged: sha256 [0-9a-f]{64}, should be/.test(damaged.reason),
    );
    await rm(file);
    const absent = await verifyModel(manifest);
    assert.ok(!absent.ok && /tiny\.onnx: ENOENT/.test(absent.reason));
  });
});
