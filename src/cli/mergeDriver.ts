// promptmark merge-driver: lets git merge COCO files by annotation id. Registered with
//   git config merge.promptmark.driver "promptmark merge-driver %O %A %B %P"
//   *.coco.json merge=promptmark            (in .gitattributes)
import { atomicWrite } from '../host/dataset/atomicWrite';
import { fileError } from '../host/dataset/filePort';
import { Store, type Loaded } from '../host/dataset/store';
import { mergeFiles, type FileMerge } from '../shared/coco/mergeFiles';
import { scan } from '../shared/coco/scan';
import { encodeText } from '../shared/coco/text';
import type { Indexed } from '../shared/coco/diff';
import { parseOptions, UsageError, type CliIo, type Command } from './command';
import { jsonText, openDataset, openFile } from './openDataset';

export const mergeDriverCommand: Command = {
  name: 'merge-driver',
  usage: 'merge-driver BASE OURS THEIRS [NAME] [--json]',
  summary: 'Merge COCO files for git, by id: THEIRS into OURS; exit code 1 on conflicts.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
    const [baseFile, oursFile, theirsFile, name] = positionals;
    if (baseFile === undefined || oursFile === undefined || theirsFile === undefined) {
      throw new UsageError('expected the three files that git gives as %O %A %B');
    }
    const store = new Store();
    const ours = await openDataset(store, oursFile, io);
    const theirs = await openDataset(store, theirsFile, io);
    const merge = mergeFiles(await openBase(store, baseFile, io), ours, theirs);
    await write(store, ours, merge.bytes);
    const conflicts = describeConflicts(merge);
    for (const conflict of conflicts) io.err(`${name ?? oursFile}: ${conflict}\n`);
    const { conflicts: entries, memberConflicts, renumbered } = merge;
    if (values.json) io.out(jsonText({ conflicts: entries, memberConflicts, renumbered }));
    return conflicts.length > 0 ? 1 : 0;
  },
};

/** Git gives an empty file where both sides added the file. */
async function openBase(store: Store, file: string, io: CliIo): Promise<Indexed> {
  const loaded = await openFile(store, file, io);
  if (loaded.bytes.length > 0) return openDataset(store, file, io);
  const bytes = encodeText('{}');
  return { bytes, index: scan(bytes) };
}

function describeConflicts({ conflicts, memberConflicts }: FileMerge): string[] {
  return [
    ...conflicts.map(({ list, id, mine, theirs }) => {
      const what =
        mine === null
          ? 'removed there'
          : theirs === null
            ? 'removed here'
            : 'changed on both sides';
      return `conflict: ${list} ${id} ${what}; this side's version is kept`;
    }),
    ...memberConflicts.map(
      (key) => `conflict: "${key}" changed on both sides; this side's version is kept`,
    ),
  ];
}

async function write(store: Store, ours: Loaded, bytes: Uint8Array): Promise<void> {
  try {
    await atomicWrite(store.files, ours.realPath, [bytes], ours.stamp);
  } catch (error) {
    throw fileError(error, `${ours.path} was not written`, 'The old file is untouched.');
  }
}
