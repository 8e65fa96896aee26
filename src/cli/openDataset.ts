// Opening datasets for commands: paths from the working folder, progress for big files, errors with exit codes.
import * as path from 'node:path';
import { isWritable } from '../shared/coco/cocoIndex';
import { DomainError } from '../shared/protocol/wire';
import { describeProblem } from '../host/dataset/problems';
import type { Loaded, Store } from '../host/dataset/store';
import { UsageError, type CliIo } from './command';

/** Work on smaller files tells no progress. */
export const BIG_BYTES = 32 << 20;

/** The one positional word. @throws UsageError when there is none or more than one */
export function onlyFile(positionals: readonly string[], what = 'FILE'): string {
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    throw new UsageError(`expected one ${what}, got ${positionals.length}`);
  }
  return file;
}

/** Reads and indexes a file, whatever is wrong in it. @throws DomainError when there is no such file */
export async function openFile(store: Store, file: string, io: CliIo): Promise<Loaded> {
  const absolute = path.resolve(io.cwd, file);
  const report = progressOn(io, `reading ${file}`);
  const loaded = await store.load(absolute, {
    signal: io.signal,
    onProgress: (done, total) => total > BIG_BYTES && report(done, total),
  });
  if (!loaded) throw new DomainError('not-found', `There is no file ${file}.`);
  return loaded;
}

/** Reads a dataset that must be sound. @throws DomainError with the place of its first error */
export async function openDataset(store: Store, file: string, io: CliIo): Promise<Loaded> {
  const loaded = await openFile(store, file, io);
  if (!isWritable(loaded.index)) {
    const problem = describeProblem(loaded.bytes, loaded.index);
    throw new DomainError('dataset-invalid', `${file}, ${problem}`);
  }
  return loaded;
}

/** Reports every tenth of some work as a line on stderr. */
export function progressOn(io: CliIo, what: string): (done: number, total: number) => void {
  let told = 0;
  return (done, total) => {
    const tenth = Math.floor((10 * done) / Math.max(total, 1));
    if (tenth <= told) return;
    told = tenth;
    io.err(`${what}: ${tenth * 10} %\n`);
  };
}

/** A value as JSON on one line, as every --json prints it: the last line of the output is the whole answer. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** Columns of a table, padded; numbers to the right. */
export function tableText(rows: readonly (readonly (string | number)[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, k) => (widths[k] = Math.max(widths[k] ?? 0, String(cell).length)));
  }
  const line = (row: readonly (string | number)[]): string =>
    row
      .map((cell, k) => {
        const width = widths[k] ?? 0;
        return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}
