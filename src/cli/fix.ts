// promptmark fix: applies the safe fixes of validation, touching only the entries that need them.
import { atomicWrite } from '../host/dataset/atomicWrite';
import { fileError } from '../host/dataset/filePort';
import { fixFile } from '../host/dataset/fixFile';
import { Store, type Loaded } from '../host/dataset/store';
import { parseOptions, type Command } from './command';
import { jsonText, onlyFile, openDataset } from './openDataset';
import { ruleSet } from './validate';

export const fixCommand: Command = {
  name: 'fix',
  usage: 'fix FILE [--rule ID]... [--dry-run] [--no-images] [--json]',
  summary: 'Repair what can be repaired without losing anything.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      rule: { type: 'string', multiple: true },
      'dry-run': { type: 'boolean' },
      'no-images': { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const only = ruleSet(values.rule);
    const file = onlyFile(positionals);
    const store = new Store();
    const loaded = await openDataset(store, file, io);
    const { bytes, fixed } = await fixFile(store, loaded, {
      ...(only ? { only } : {}),
      imageFiles: !values['no-images'],
    });
    const total = Object.values(fixed).reduce((sum, count) => sum + count, 0);
    const isWritten = total > 0 && !values['dry-run'];
    if (isWritten) await write(store, loaded, bytes);
    if (values.json) io.out(jsonText({ file, fixed, total, written: isWritten }));
    else {
      for (const [rule, count] of Object.entries(fixed)) io.out(`${rule}: ${count}\n`);
      io.out(`${file}: ${total} ${values['dry-run'] ? 'would be fixed' : 'fixed'}\n`);
    }
    return 0;
  },
};

async function write(store: Store, loaded: Loaded, bytes: Uint8Array): Promise<void> {
  try {
    await atomicWrite(store.files, loaded.realPath, [bytes], loaded.stamp);
  } catch (error) {
    throw fileError(error, `${loaded.path} was not written`, 'The old file is untouched.');
  }
}
