// promptmark convert: COCO to other formats and back, saying what is lost.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readCoco, readFormat, type Source } from '../host/convert/readSource';
import { writeCoco, writeFiles } from '../host/convert/writeTarget';
import { Store } from '../host/dataset/store';
import type { Dataset, Format, Loss } from '../shared/formats/format';
import { formats } from '../shared/formats/formats';
import { parseOptions, UsageError, type CliIo, type Command } from './command';
import { jsonText, progressOn } from './openDataset';
import { printable } from './validate';

const COCO = 'coco';
const NEW_NAME = 'annotations.coco.json';
const MANY_FILES = 500;
const BIG_BYTES = 32 << 20;
const names = [COCO, ...formats.keys()].join('|');

export const convertCommand: Command = {
  name: 'convert',
  usage: `convert SRC DST --from ${names} --to … [--images FOLDER] [--force] [--strict] [--json]`,
  summary:
    'Convert between COCO and other formats; what is lost is told. COCO is a file, the others are files or folders.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      from: { type: 'string' },
      to: { type: 'string' },
      images: { type: 'string' },
      force: { type: 'boolean' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const [source, target] = positionals;
    if (source === undefined || target === undefined || positionals.length > 2) {
      throw new UsageError(`expected SRC and DST, got ${positionals.length}`);
    }
    const from = formatOf('--from', values.from);
    const to = formatOf('--to', values.to);
    const read = await readAny(from, source, values.images, io);
    const written = await writeAny(to, read, target, values.force ?? false, io);
    const losses = [...read.losses, ...written.losses];
    const { images, annotations, categories } = read.dataset;
    const counts = {
      images: images.length,
      annotations: annotations.length,
      categories: categories.length,
    };
    for (const loss of losses) io.err(lossLine(loss));
    if (values.json) {
      const { from: fromId, to: toId } = values;
      const report = { from: fromId, to: toId, source, target: written.target, ...counts };
      io.out(jsonText({ ...report, files: written.files, losses }));
    } else {
      const what = `${counts.images} images, ${counts.annotations} annotations, ${counts.categories} categories`;
      io.out(`${written.target}: ${what}, ${written.files} files written\n`);
    }
    return values.strict && losses.length > 0 ? 1 : 0;
  },
};

/** The format; null: COCO. */
function formatOf(option: string, id: string | undefined): Format | null {
  if (id === COCO) return null;
  const format = id === undefined ? undefined : formats.get(id);
  if (!format) throw new UsageError(`${option} must be one of ${names.replaceAll('|', ', ')}`);
  return format;
}

function readAny(
  format: Format | null,
  source: string,
  images: string | undefined,
  io: CliIo,
): Promise<Source> {
  const file = path.resolve(io.cwd, source);
  const options = {
    signal: io.signal,
    onProgress: onlyAbove(format ? MANY_FILES : BIG_BYTES, progressOn(io, `reading ${source}`)),
    ...(images === undefined ? {} : { images: path.resolve(io.cwd, images) }),
  };
  return format ? readFormat(format, file, options) : readCoco(new Store(), file, options);
}

/** Small work reports no progress. */
function onlyAbove(least: number, report: (done: number, total: number) => void): typeof report {
  return (done, total) => total > least && report(done, total);
}

async function writeAny(
  format: Format | null,
  { dataset, imagesFolder }: Source,
  target: string,
  force: boolean,
  io: CliIo,
): Promise<{ target: string; files: number; losses: readonly Loss[] }> {
  const place = path.resolve(io.cwd, target);
  const onProgress = onlyAbove(MANY_FILES, progressOn(io, `writing ${target}`));
  const options = { force, signal: io.signal, onProgress };
  if (format) {
    const { files, losses } = format.write(dataset);
    await writeFiles(place, files, options);
    return { target, files: files.size, losses };
  }
  const isFolder = /[/\\]$/.test(target) || (await isExistingFolder(place));
  const file = isFolder ? path.join(place, NEW_NAME) : place;
  const placed = relativeToFile(dataset, imagesFolder, file);
  if (!placed) io.err(`file_name is relative to ${imagesFolder}\n`);
  await writeCoco(file, placed ?? dataset, options);
  return { target: isFolder ? path.join(target, NEW_NAME) : target, files: 1, losses: [] };
}

const isExistingFolder = (place: string): Promise<boolean> =>
  fs.stat(place).then(
    (stats) => stats.isDirectory(),
    () => false, // writing tells what is wrong
  );

/** With file names relative to the COCO file's folder; null where the images are not below it. */
function relativeToFile(dataset: Dataset, imagesFolder: string, file: string): Dataset | null {
  const way = path.relative(path.dirname(file), imagesFolder);
  if (way === '') return dataset;
  if (way.startsWith('..') || path.isAbsolute(way)) return null;
  const prefix = `${way.split(path.sep).join('/')}/`;
  const images = dataset.images.map((image) => ({
    ...image,
    file_name: prefix + image.file_name,
  }));
  return { ...dataset, images };
}

function lossLine({ kind, message, count, first }: Loss): string {
  const times = count > 1 ? ` (${count} times, first: ${first})` : ` (${first})`;
  return `lost ${kind}: ${printable(message + times)}\n`;
}
