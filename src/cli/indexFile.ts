// promptmark index: what the scanner knows of a file, and how fast it was.
import { performance } from 'node:perf_hooks';
import { Store } from '../host/dataset/store';
import { countEntries, isWritable } from '../shared/coco/cocoIndex';
import { listNames } from '../shared/coco/entryTable';
import { nextIds } from '../shared/coco/ids';
import { toProblems } from '../host/dataset/problems';
import { parseOptions, type Command } from './command';
import { jsonText, onlyFile, openFile } from './openDataset';

export const indexCommand: Command = {
  name: 'index',
  usage: 'index FILE [--json]',
  summary: 'Index a COCO file and tell what it holds, without reading its entries.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
    const file = onlyFile(positionals);
    const start = performance.now();
    const { bytes, contentHash, index } = await openFile(new Store(), file, io);
    const ms = Math.round(performance.now() - start);
    const counts = Object.fromEntries(listNames.map((name) => [name, countEntries(index, name)]));
    const problems = toProblems(bytes, index.problems);
    const facts = {
      file,
      kind: index.kind,
      bytes: bytes.length,
      sha256: contentHash,
      ...counts,
      members: index.members.map(({ key }) => key),
      nextIds: nextIds(index),
      writable: isWritable(index),
      ms,
    };
    if (values.json) io.out(jsonText({ ...facts, problems }));
    else {
      for (const [key, value] of Object.entries(facts)) {
        io.out(`${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}\n`);
      }
      for (const { line, column, message } of problems)
        io.out(`${file}:${line}:${column}: ${message}\n`);
    }
    return problems.length > 0 ? 1 : 0;
  },
};
