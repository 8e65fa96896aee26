// promptmark apply: writes the changes a job proposed into a dataset, or takes them back.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { applyChanges, readChanges, undoChanges, type Review } from '../host/jobs/changeSet';
import { Store } from '../host/dataset/store';
import { isPlainObject } from '../shared/coco/equal';
import { DomainError } from '../shared/protocol/wire';
import { parseOptions, UsageError, type Command } from './command';
import { jsonText, onlyFile } from './openDataset';

export const applyCommand: Command = {
  name: 'apply',
  usage: 'apply CHANGES [--coco DATASET] [--review FILE] [--undo] [--json]',
  summary: 'Write the changes that a job proposed (--format changes) into a dataset, or undo that.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      coco: { type: 'string' },
      review: { type: 'string' },
      undo: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const changes = path.resolve(io.cwd, onlyFile(positionals, 'CHANGES'));
    const store = new Store();
    const done = values.undo
      ? await undoChanges(store, changes)
      : await applyChanges(
          store,
          changes,
          await datasetOf(changes, values.coco, io.cwd),
          await readReview(values.review, io.cwd),
        );
    const { images, added, changed, kept } = done;
    const keptText = kept > 0 ? `, ${kept} kept as they were edited meanwhile` : '';
    const text = values.undo
      ? `undone: ${added} annotations removed, ${changed} changed back${keptText}`
      : `${images} images: ${added} annotations added, ${changed} changed${keptText}`;
    io.out(values.json ? jsonText(done) : `${text}\n`);
    return 0;
  },
};

/** The dataset named, else the one the job read. */
async function datasetOf(changes: string, coco: string | undefined, cwd: string): Promise<string> {
  if (coco !== undefined) return path.resolve(cwd, coco);
  for await (const { header } of readChanges(changes)) {
    if (header?.coco != null) return header.coco;
    break;
  }
  throw new UsageError('the job read no dataset; say with --coco FILE where its changes go');
}

/** { "rejected": [image ids], "captions": { "annotation id": "text" } } */
async function readReview(file: string | undefined, cwd: string): Promise<Review | undefined> {
  if (file === undefined) return undefined;
  const bad = (why: string): DomainError =>
    new DomainError('invalid-params', `${file} is no review: ${why}. Nothing was changed.`);
  let value: unknown;
  try {
    value = JSON.parse(await fs.readFile(path.resolve(cwd, file), 'utf8'));
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
  if (!isPlainObject(value)) throw bad('it is no object');
  const { rejected = [], captions = {} } = value;
  if (!Array.isArray(rejected) || !rejected.every((id) => typeof id === 'number'))
    throw bad('"rejected" is no list of image ids');
  if (!isPlainObject(captions)) throw bad('"captions" is no object');
  const texts = Object.entries(captions).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    rejected: new Set(rejected),
    captions: new Map(texts.map(([id, text]) => [Number(id), text])),
  };
}
