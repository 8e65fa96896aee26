// promptmark split: one dataset into train, val, … by image.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Store, type Loaded } from '../host/dataset/store';
import { subsetOf } from '../host/dataset/subset';
import { writeDataset } from '../host/dataset/writeDataset';
import { fileNameOf } from '../shared/coco/cocoIndex';
import {
  seededNumbers,
  splitRandomly,
  splitStratified,
  type Part,
} from '../shared/coco/splitImages';
import { parseNumber, parseOptions, UsageError, type Command } from './command';
import { jsonText, onlyFile, openDataset, tableText } from './openDataset';

export const splitCommand: Command = {
  name: 'split',
  usage:
    'split FILE [--parts train=0.8,val=0.2] [--by random|stratified|folder] [--list PART=FILE]... [--seed N] [--out FOLDER] [--dry-run] [--json]',
  summary:
    'Split a COCO file by image: at random, by category, by folder or by lists of file names.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      parts: { type: 'string', default: 'train=0.8,val=0.2' },
      by: { type: 'string', default: 'random' },
      list: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const file = onlyFile(positionals);
    const seed = parseNumber('--seed', values.seed);
    const parts = parseParts(values.parts);
    const loaded = await openDataset(new Store(), file, io);
    const split = values.list
      ? await splitByLists(loaded, values.list, io.cwd)
      : splitBy(loaded, values.by, parts, seed);
    const folder =
      values.out === undefined ? path.dirname(loaded.path) : path.resolve(io.cwd, values.out);
    const report = [];
    for (const [part, name] of split.names.entries()) {
      const result = path.join(
        folder,
        `${path.basename(file, path.extname(file))}_${fileSafe(name)}.json`,
      );
      const counts = await writePart(loaded, split.part, part, values['dry-run'] ? null : result);
      report.push({ part: name, file: result, ...counts });
    }
    const rows = report.map(({ part, images, annotations, file: out }) => [
      part,
      images,
      annotations,
      out,
    ]);
    if (values.json) io.out(jsonText({ file, parts: report, left: split.left }));
    else io.out(tableText([['part', 'images', 'annotations', 'file'], ...rows]));
    return 0;
  },
};

/** Part of each image row; 255 for images of no part. */
interface Split {
  readonly names: readonly string[];
  readonly part: Uint8Array;
  /** images that no list names */
  readonly left: number;
}

const NO_PART = 255;

function parseParts(text: string): Part[] {
  const parts = text.split(',').map((item) => {
    const [name = '', share = ''] = item.split('=');
    if (name === '') throw new UsageError('--parts must be like train=0.8,val=0.2');
    return { name, share: parseNumber('--parts', share, 0, 1) };
  });
  const sum = parts.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6) throw new UsageError(`the shares of --parts sum to ${sum}, not 1`);
  if (new Set(parts.map(({ name }) => name)).size < parts.length) {
    throw new UsageError('--parts names a part twice');
  }
  return parts;
}

function splitBy(loaded: Loaded, by: string, parts: readonly Part[], seed: number): Split {
  const names = parts.map(({ name }) => name);
  const count = loaded.index.lists.images?.entries.length ?? 0;
  const random = seededNumbers(seed);
  switch (by) {
    case 'random':
      return { names, part: splitRandomly(count, parts, random), left: 0 };
    case 'stratified':
      return { names, part: splitStratified(loaded.index, parts, random), left: 0 };
    case 'folder':
      return splitByFolder(loaded, count);
    default:
      throw new UsageError('--by must be random, stratified or folder');
  }
}

/** One part for each folder that file_name begins with. */
function splitByFolder({ bytes, index }: Loaded, count: number): Split {
  const names: string[] = [];
  const part = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const name = fileNameOf(bytes, index.lists.images!, row).replaceAll('\\', '/');
    const folder = name.includes('/') ? name.slice(0, name.indexOf('/')) : 'root';
    if (!names.includes(folder)) names.push(folder);
    part[row] = names.indexOf(folder);
  }
  if (names.length >= NO_PART)
    throw new UsageError(`there are ${names.length} folders; 254 is the most`);
  return { names, part, left: 0 };
}

/** Parts from files that list one file_name a line. */
async function splitByLists(
  { bytes, index }: Loaded,
  lists: readonly string[],
  cwd: string,
): Promise<Split> {
  const partOf = new Map<string, number>();
  const names: string[] = [];
  for (const item of lists) {
    const [name, file] = item.split(/=(.*)/s);
    if (!name || !file) throw new UsageError('--list must be like train=train.txt');
    const text = await fs.readFile(path.resolve(cwd, file), 'utf8');
    for (const line of text.split(/\r?\n/)) if (line !== '') partOf.set(line, names.length);
    names.push(name);
  }
  const count = index.lists.images?.entries.length ?? 0;
  const part = new Uint8Array(count).fill(NO_PART);
  for (let row = 0; row < count; row++) {
    part[row] = partOf.get(fileNameOf(bytes, index.lists.images!, row)) ?? NO_PART;
  }
  return { names, part, left: part.filter((each) => each === NO_PART).length };
}

/** Writes one part, unless `file` is null, and counts it. */
async function writePart(
  loaded: Loaded,
  parts: Uint8Array,
  part: number,
  file: string | null,
): Promise<{ images: number; annotations: number }> {
  const { images, annotations } = loaded.index.lists;
  const ids = new Set<number>();
  let imageCount = 0;
  for (let row = 0; images && row < images.entries.length; row++) {
    if (parts[row] !== part) continue;
    ids.add(images.entries.id[row]!);
    imageCount++;
  }
  const isKept = (row: number): boolean => ids.has(annotations!.entries.image_id[row]!);
  let annotationCount = 0;
  for (let row = 0; annotations && row < annotations.entries.length; row++) {
    if (isKept(row)) annotationCount++;
  }
  const keep = {
    images: (row: number) => parts[row] === part,
    annotations: isKept,
    categories: () => true,
  };
  if (file !== null) await writeDataset(file, subsetOf(loaded, keep));
  return { images: imageCount, annotations: annotationCount };
}

/** A part's name comes from the file (folders): it must not lead elsewhere. */
const fileSafe = (name: string): string => name.replace(/[^\p{L}\p{N}._-]/gu, '_');
