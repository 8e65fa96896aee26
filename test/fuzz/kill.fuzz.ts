// Kills a process with SIGKILL in the middle of saves, as often as wanted, and checks each time that the file is the
// old one or the new one. usage: kill.fuzz KILLS [SEED]
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleScript } from '../support/bundle';
import { killedSave } from '../support/killedSave';
import { seededRandom } from '../support/random';

async function main(kills: number, seed: number): Promise<void> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'promptmark-kill-'));
  try {
    const script = await bundleScript('test/support/saveForever.ts', path.join(folder, 'save.cjs'));
    const random = seededRandom(seed);
    let under = 0;
    for (let k = 0; k < kills; k++) {
      const { told, saved } = await killedSave(script, path.join(folder, 'x.json'), random);
      if (saved !== told && saved !== told + 1)
        throw new Error(`kill ${k}: ${saved} saved, ${told} answered`);
      if (saved !== told) under++;
    }
    console.log(JSON.stringify({ kills, seed, 'saved but not answered': under }));
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

void main(Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 1));
