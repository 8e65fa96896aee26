// promptmark filter: keeps the annotations and images that fit, with their own text.
import * as path from 'node:path';
import { Store, type Loaded } from '../host/dataset/store';
import { subsetOf, type Keep } from '../host/dataset/subset';
import { writeDataset } from '../host/dataset/writeDataset';
import { fileNameOf, parseEntry } from '../shared/coco/cocoIndex';
import { isPlainObject } from '../shared/coco/equal';
import { parseNumber, parseOptions, UsageError, type Command } from './command';
import { jsonText, onlyFile, openDataset } from './openDataset';

export const filterCommand: Command = {
  name: 'filter',
  usage:
    'filter FILE --out FILE [--category NAME]... [--image TEXT]... [--min-area N] [--max-area N] [--min-score N] [--no-crowd] [--drop-empty] [--drop-unused] [--dry-run] [--json]',
  summary: 'Write the part of a COCO file that fits: by category, image name, area, score, crowd.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      out: { type: 'string' },
      category: { type: 'string', multiple: true },
      image: { type: 'string', multiple: true },
      'min-area': { type: 'string' },
      'max-area': { type: 'string' },
      'min-score': { type: 'string' },
      'no-crowd': { type: 'boolean' },
      'drop-empty': { type: 'boolean' },
      'drop-unused': { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const file = onlyFile(positionals);
    if (values.out === undefined && !values['dry-run']) throw new UsageError('expected --out FILE');
    const limit = (name: 'min-area' | 'max-area' | 'min-score'): number | undefined =>
      values[name] === undefined ? undefined : parseNumber(`--${name}`, values[name]);
    const loaded = await openDataset(new Store(), file, io);
    const keep = choose(loaded, {
      categories: categoryIds(loaded, values.category),
      names: values.image,
      minArea: limit('min-area'),
      maxArea: limit('max-area'),
      minScore: limit('min-score'),
      noCrowd: values['no-crowd'] ?? false,
      dropEmpty: values['drop-empty'] ?? false,
      dropUnused: values['drop-unused'] ?? false,
    });
    if (!values['dry-run'])
      await writeDataset(path.resolve(io.cwd, values.out!), subsetOf(loaded, keep.keep));
    const { images, annotations, categories } = keep;
    if (values.json) io.out(jsonText({ file, out: values.out, images, annotations, categories }));
    else io.out(`${images} images, ${annotations} annotations, ${categories} categories\n`);
    return 0;
  },
};

interface Wanted {
  readonly categories: ReadonlySet<number> | undefined;
  readonly names: readonly string[] | undefined;
  readonly minArea: number | undefined;
  readonly maxArea: number | undefined;
  readonly minScore: number | undefined;
  readonly noCrowd: boolean;
  readonly dropEmpty: boolean;
  readonly dropUnused: boolean;
}

/** Ids of the named categories; undefined: all. @throws UsageError when the file has no such category */
function categoryIds(
  { bytes, index }: Loaded,
  names: readonly string[] | undefined,
): ReadonlySet<number> | undefined {
  if (!names) return undefined;
  const ids = new Map<unknown, number>();
  const list = index.lists.categories;
  for (let row = 0; list && row < list.entries.length; row++) {
    const entry = parseEntry(bytes, list, row);
    if (isPlainObject(entry)) ids.set(entry['name'], list.entries.id[row]!);
  }
  return new Set(
    names.map((name) => {
      const id = ids.get(name);
      if (id === undefined) throw new UsageError(`the file has no category "${name}"`);
      return id;
    }),
  );
}

function choose(
  loaded: Loaded,
  wanted: Wanted,
): { keep: Keep; images: number; annotations: number; categories: number } {
  const { images, annotations, categories } = loaded.index.lists;
  const imageRows = imagesByName(loaded, wanted.names);
  const imageIds = new Set([...imageRows].map((row) => images!.entries.id[row]!));
  const annotationRows = new Set<number>();
  const usedImages = new Set<number>();
  const usedCategories = new Set<number>();
  for (let row = 0; annotations && row < annotations.entries.length; row++) {
    const { image_id, category_id } = annotations.entries;
    if (!imageIds.has(image_id[row]!) || !fits(loaded, wanted, row)) continue;
    annotationRows.add(row);
    usedImages.add(image_id[row]!);
    usedCategories.add(category_id[row]!);
  }
  for (const row of imageRows) {
    if (wanted.dropEmpty && !usedImages.has(images!.entries.id[row]!)) imageRows.delete(row);
  }
  const categoryRows = new Set<number>();
  for (let row = 0; categories && row < categories.entries.length; row++) {
    if (!wanted.dropUnused || usedCategories.has(categories.entries.id[row]!))
      categoryRows.add(row);
  }
  const keep: Keep = {
    images: (row) => imageRows.has(row),
    annotations: (row) => annotationRows.has(row),
    categories: (row) => categoryRows.has(row),
  };
  const sizes = { images: imageRows.size, annotations: annotationRows.size };
  return { keep, ...sizes, categories: categoryRows.size };
}

function imagesByName({ bytes, index }: Loaded, names: readonly string[] | undefined): Set<number> {
  const rows = new Set<number>();
  const list = index.lists.images;
  for (let row = 0; list && row < list.entries.length; row++) {
    const isWanted = !names || names.some((name) => fileNameOf(bytes, list, row).includes(name));
    if (isWanted) rows.add(row);
  }
  return rows;
}

function fits({ bytes, index }: Loaded, wanted: Wanted, row: number): boolean {
  const list = index.lists.annotations!;
  if (wanted.categories && !wanted.categories.has(list.entries.category_id[row]!)) return false;
  const { minArea, maxArea, minScore, noCrowd } = wanted;
  if (minArea === undefined && maxArea === undefined && minScore === undefined && !noCrowd)
    return true;
  const entry = parseEntry(bytes, list, row);
  if (!isPlainObject(entry)) return false;
  const isAbove = (value: unknown, limit: number | undefined): boolean =>
    limit === undefined || (typeof value === 'number' && value >= limit);
  const isBelow =
    maxArea === undefined || (typeof entry['area'] === 'number' && entry['area'] <= maxArea);
  return (
    isAbove(entry['area'], minArea) &&
    isBelow &&
    isAbove(entry['score'], minScore) &&
    !(noCrowd && entry['iscrowd'] === 1)
  );
}
