// promptmark convert: COCO to other formats and back, saying what is lost.
import * as path from 'node:path';
import {
  convertDataset,
  formatIds,
  NEW_NAME,
  type ConvertReport,
} from '../host/convert/convertDataset';
import type { Loss } from '../shared/formats/format';
import { parseOptions, UsageError, type CliIo, type Command } from './command';
import { jsonText, progressOn } from './openDataset';
import { printable } from './validate';

const MANY_FILES = 500;
const BIG_BYTES = 32 << 20;
const names = formatIds.join('|');

export const convertCommand: Command = {
  name: 'convert',
  usage: `convert SRC DST --from ${names} --to … [--images FOLDER] [--force] [--strict] [--dry-run] [--json]`,
  summary:
    'Convert between COCO and other formats; what is lost is told. COCO is a file, the others are files or folders.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      from: { type: 'string' },
      to: { type: 'string' },
      images: { type: 'string' },
      force: { type: 'boolean' },
      strict: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const [source, target] = positionals;
    if (source === undefined || target === undefined || positionals.length > 2) {
      throw new UsageError(`expected SRC and DST, got ${positionals.length}`);
    }
    const [from, to] = [formatOf('--from', values.from), formatOf('--to', values.to)];
    const isFolder = to === 'coco' && /[/\\]$/.test(target);
    const { losses, ...report } = await convertDataset({
      from,
      to,
      source: path.resolve(io.cwd, source),
      target: path.resolve(io.cwd, isFolder ? path.join(target, NEW_NAME) : target),
      ...(values.images === undefined ? {} : { images: path.resolve(io.cwd, values.images) }),
      force: values.force ?? false,
      dryRun: values['dry-run'] ?? false,
      signal: io.signal,
      onProgress: progressOf(io, source, target),
    });
    const written = {
      ...report,
      target: asTyped(target, path.resolve(io.cwd, target), report.target),
    };
    if (report.imagesFolder !== undefined) {
      io.err(`file_name is relative to ${report.imagesFolder}\n`);
    }
    for (const loss of losses) io.err(lossLine(loss));
    if (values.json) io.out(jsonText({ from, to, source, ...written, losses }));
    else io.out(textOf(written, values['dry-run'] ?? false));
    return values.strict && losses.length > 0 ? 1 : 0;
  },
};

/** @throws UsageError when it is no format */
function formatOf(option: string, id: string | undefined): string {
  if (id !== undefined && formatIds.includes(id)) return id;
  throw new UsageError(`${option} must be one of ${formatIds.join(', ')}`);
}

/** Small work reports no progress. */
function progressOf(
  io: CliIo,
  source: string,
  target: string,
): (stage: 'reading' | 'writing', done: number, total: number) => void {
  const reading = progressOn(io, `reading ${source}`);
  const writing = progressOn(io, `writing ${target}`);
  return (stage, done, total) => {
    // Totals are bytes of a COCO file, or files.
    const isBig = total > (stage === 'reading' && total > 1e6 ? BIG_BYTES : MANY_FILES);
    if (isBig) (stage === 'reading' ? reading : writing)(done, total);
  };
}

/** The place that was written, in the words of the command line. */
function asTyped(target: string, asked: string, written: string): string {
  const way = path.relative(asked, written);
  return way === '' ? target : path.join(target, way);
}

function textOf(report: Omit<ConvertReport, 'losses'>, isDryRun: boolean): string {
  const { images, annotations, categories, files, target } = report;
  const what = `${images} images, ${annotations} annotations, ${categories} categories`;
  return `${target}: ${what}, ${files} files ${isDryRun ? 'would be written' : 'written'}\n`;
}

function lossLine({ kind, message, count, first }: Loss): string {
  const times = count > 1 ? ` (${count} times, first: ${first})` : ` (${first})`;
  return `lost ${kind}: ${printable(message + times)}\n`;
}
