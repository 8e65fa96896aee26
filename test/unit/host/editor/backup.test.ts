import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import { readBackup } from '../../../../src/host/editor/backup';
import { useTempFolder } from '../../../support/tempFolder';

describe('readBackup', () => {
  const temp = useTempFolder();

  it('finds nothing where VS Code has removed the file already', async () => {
    assert.equal(await readBackup(temp.file('gone')), undefined);
  });

  it('refuses what another version wrote, and keeps it', async () => {
    const file = temp.file('backup');
    await fs.writeFile(file, '{"version":2}');
    await assert.rejects(readBackup(file), /written by another version/);
    assert.equal(await fs.readFile(file, 'utf8'), '{"version":2}');
  });

  it('does not take a backup that cannot be read for none', async () => {
    await assert.rejects(readBackup(temp.path), { code: 'EISDIR' });
  });
});
