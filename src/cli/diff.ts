// promptmark diff: what differs between two datasets, by id, whatever their formatting.
import { Store, type Loaded } from '../host/dataset/store';
import { diffLists, type ListDiff } from '../shared/coco/diff';
import { listNames } from '../shared/coco/entryTable';
import { parseOptions, UsageError, type Command } from './command';
import { jsonText, openDataset } from './openDataset';
import { printable } from './validate';

export const diffCommand: Command = {
  name: 'diff',
  usage: 'diff A B [--json] [--exit-code]',
  summary: 'Show which images, annotations and categories two COCO files differ in.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      json: { type: 'boolean' },
      'exit-code': { type: 'boolean' },
    });
    const [fileA, fileB] = positionals;
    if (fileA === undefined || fileB === undefined || positionals.length > 2) {
      throw new UsageError('expected two files');
    }
    const store = new Store();
    const a = await openDataset(store, fileA, io);
    const b = await openDataset(store, fileB, io);
    const diffs = listNames.map((name) => diffLists(a, b, name));
    if (values.json)
      io.out(jsonText(Object.fromEntries(listNames.map((name, k) => [name, diffs[k]]))));
    else io.out(textOf(diffs, a, b));
    const isSame = diffs.every(
      ({ added, removed, changed }) => added.length + removed.length + changed.length === 0,
    );
    return values['exit-code'] && !isSame ? 1 : 0;
  },
};

function textOf(diffs: readonly ListDiff[], a: Loaded, b: Loaded): string {
  const lines: string[] = [];
  diffs.forEach(({ added, removed, changed, moved }, k) => {
    const name = listNames[k]!;
    for (const entry of removed) lines.push(`- ${name} ${describe(entry)}`);
    for (const entry of added) lines.push(`+ ${name} ${describe(entry)}`);
    for (const { id, fields } of changed) lines.push(`~ ${name} ${id}: ${fields.join(', ')}`);
    if (moved) lines.push(`  ${name}: the order differs`);
  });
  if (a.contentHash !== b.contentHash && lines.length === 0)
    lines.push('only the formatting differs');
  return lines.length > 0 ? `${lines.map(printable).join('\n')}\n` : 'no difference\n';
}

function describe({
  id,
  image_id,
  category_id,
  name,
  file_name,
  caption,
}: ListDiff['added'][number]): string {
  const facts = Object.entries({ image_id, category_id, name, file_name, caption })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${JSON.stringify(value).slice(0, 80)}`);
  return [String(id), ...facts].join(' ');
}
