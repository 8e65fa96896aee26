import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import { nodeFiles } from '../../../../src/host/dataset/filePort';
import { useTempFolder } from '../../../support/tempFolder';

describe('nodeFiles.makeFolder', () => {
  const folder = useTempFolder();

  it('makes what is missing, and is content with what is there', async () => {
    const deep = folder.file('a/b/c');
    await Promise.all([nodeFiles.makeFolder(deep), nodeFiles.makeFolder(deep)]);
    await nodeFiles.makeFolder(deep);
    assert.ok((await fs.stat(deep)).isDirectory());
  });

  it('refuses a file on the way', async () => {
    const file = folder.file('file');
    await fs.writeFile(file, '');
    await assert.rejects(nodeFiles.makeFolder(file), { code: 'EEXIST' });
    await assert.rejects(nodeFiles.makeFolder(folder.file('file/a/b')), { code: 'ENOTDIR' });
  });

  if (process.platform === 'linux') {
    it('comes back from a folder that takes none', async () => {
      await assert.rejects(nodeFiles.makeFolder('/proc/none/deep'), { code: 'ENOENT' });
    });
  }
});
