import { strict as assert } from 'node:assert';
import { bundleScript } from '../../../support/bundle';
import { killedSave } from '../../../support/killedSave';
import { seededRandom } from '../../../support/random';
import { useTempFolder } from '../../../support/tempFolder';

/** test/fuzz/kill.fuzz.ts does the same a thousand times. */
const KILLS = 12;

describe('a save that is killed', () => {
  const folder = useTempFolder();

  it(`leaves the old file or the new one, ${KILLS} times`, async () => {
    const script = await bundleScript('test/support/saveForever.ts', folder.file('save.cjs'));
    const random = seededRandom(3);
    for (let k = 0; k < KILLS; k++) {
      const { told, saved } = await killedSave(script, folder.file('x.json'), random);
      // saves that were answered must be there; one more may have been under way
      assert.ok(saved === told || saved === told + 1, `${saved} saved, ${told} answered`);
    }
  });
});
