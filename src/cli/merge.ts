// promptmark merge: several datasets into one.
import * as path from 'node:path';
import { combineDatasets, type CombineReport } from '../host/dataset/combine';
import { Store } from '../host/dataset/store';
import { writeDataset } from '../host/dataset/writeDataset';
import { parseOptions, UsageError, type Command } from './command';
import { jsonText, openDataset } from './openDataset';
import { printable } from './validate';

export const mergeCommand: Command = {
  name: 'merge',
  usage: 'merge A B... --out FILE [--dry-run] [--json]',
  summary: 'Put COCO files together: categories by name, images by file, ids kept where free.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      out: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    });
    if (positionals.length < 2) throw new UsageError('expected at least two files');
    if (values.out === undefined) throw new UsageError('expected --out FILE');
    const store = new Store(undefined, Infinity);
    const datasets = [];
    for (const file of positionals) datasets.push(await openDataset(store, file, io));
    const outFile = path.resolve(io.cwd, values.out);
    const { dataset, report } = await combineDatasets(store, datasets, outFile);
    if (values['dry-run'])
      for (const _ of dataset.lists.annotations); // counts while it is read
    else await writeDataset(outFile, dataset);
    io.out(values.json ? jsonText(report) : textOf(report, values.out));
    return report.dropped > 0 || report.collisions.length > 0 ? 1 : 0;
  },
};

function textOf(report: CombineReport, out: string): string {
  const { sources, shared, renumbered, collisions, dropped } = report;
  const sum = (key: 'images' | 'annotations'): number =>
    sources.reduce((total, source) => total + source[key], 0);
  return [
    `${out}: ${sum('images') - shared.images} images, ${sum('annotations') - dropped} annotations`,
    `one from several: ${shared.images} images, ${shared.categories} categories`,
    `new ids: ${renumbered.images} images, ${renumbered.annotations} annotations, ${renumbered.categories} categories`,
    ...(dropped > 0 ? [`left out, because they refer to nothing: ${dropped} annotations`] : []),
    ...collisions.map((text) => `collision: ${printable(text)}`),
    '',
  ].join('\n');
}
