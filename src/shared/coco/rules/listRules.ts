// Rules over whole lists, answered from the index's columns: ids, references, duplicates. They parse only what they
// report or compare.
import { fileNameOf, parseEntry, type CocoIndex, type ListIndex } from '../cocoIndex';
import { listNames, type ListName } from '../entryTable';
import { deepEqual, isPlainObject } from '../equal';
import { memberSpans } from '../members';
import type { CategoryFacts, Finding, RuleInfo } from './rule';

/** A finding about one row. */
export interface RowFinding extends Finding {
  readonly row: number;
}

export interface ListRule extends RuleInfo {
  readonly lists: readonly ListName[];
  check(context: ListContext): Iterable<RowFinding>;
}

export interface ListContext {
  readonly bytes: Uint8Array;
  readonly index: CocoIndex;
  readonly name: ListName;
  readonly list: ListIndex;
  readonly categories: ReadonlyMap<number, CategoryFacts>;
}

const singular: Readonly<Record<ListName, string>> = {
  images: 'image',
  annotations: 'annotation',
  categories: 'category',
};

export const listRules: readonly ListRule[] = [
  {
    id: 'entry-type',
    lists: listNames,
    severity: 'error',
    summary: 'Images, annotations and categories are objects.',
    *check({ bytes, name, list: { entries } }) {
      for (let row = 0; row < entries.length; row++) {
        if (bytes[entries.start[row]!] === 0x7b) continue;
        yield { row, path: [], message: `An element of "${name}" must be an object.` };
      }
    },
  },
  {
    id: 'key-duplicate',
    lists: listNames,
    severity: 'warning',
    summary: 'No key appears twice in an entry.',
    *check({ bytes, list: { entries } }) {
      for (let row = 0; row < entries.length; row++) {
        const keys = memberSpans(bytes, entries.start[row]!).map(({ key }) => key);
        if (new Set(keys).size === keys.length) continue;
        const twice = keys.find((key, k) => keys.indexOf(key) < k) ?? '';
        yield {
          row,
          path: [twice],
          message: `"${twice}" appears twice; readers take the last one.`,
        };
      }
    },
  },
  {
    id: 'id-missing',
    lists: listNames,
    severity: 'error',
    summary: 'Every image, annotation and category has an id that is a number.',
    fixable: true,
    *check({ bytes, index, name, list: { entries } }) {
      if (index.kind === 'results') return;
      for (let row = 0; row < entries.length; row++) {
        if (!Number.isNaN(entries.id[row]) || bytes[entries.start[row]!] !== 0x7b) continue;
        if (name === 'annotations' && isPanoptic(bytes, entries.start[row]!)) continue;
        // Nothing refers to an annotation, so a new id is safe; what image or category was meant is unknown.
        const fix = name === 'annotations' ? { fix: 'new-id' as const } : {};
        yield { row, path: ['id'], message: `The ${singular[name]} has no numeric id.`, ...fix };
      }
    },
  },
  {
    id: 'id-number',
    lists: listNames,
    severity: 'error',
    summary: 'Ids are whole numbers that every program reads alike (below 2^53).',
    *check({ list: { entries } }) {
      for (let row = 0; row < entries.length; row++) {
        const id = entries.id[row]!;
        if (Number.isNaN(id) || (Number.isSafeInteger(id) && id >= 0)) continue;
        const message = 'An id must be a whole number from 1 to 2^53 - 1.';
        yield { row, path: ['id'], message };
      }
    },
  },
  {
    id: 'id-zero',
    lists: ['annotations', 'categories'],
    severity: 'warning',
    summary: 'Ids begin at 1; evaluation code takes annotation 0 for "no match".',
    fixable: true,
    *check({ index, name, list: { entries } }) {
      if (index.kind === 'results') return;
      const rows = [...rowsWithId(entries.id, entries.length, 0)];
      for (const row of rows) {
        const why =
          name === 'annotations'
            ? 'evaluation code takes 0 for "no match"'
            : 'many programs take 0 for the background';
        // Of two categories 0 it is unknown which one is meant.
        const fix = name === 'annotations' || rows.length === 1 ? { fix: 'new-id' as const } : {};
        yield { row, path: ['id'], message: `The id is 0: ${why}.`, ...fix };
      }
    },
  },
  {
    id: 'id-duplicate',
    lists: listNames,
    severity: 'error',
    summary: 'Ids are unique in their list.',
    fixable: true,
    *check(context) {
      const { entries } = context.list;
      for (const [first, row] of duplicates(entries.id, entries.length)) {
        const message = `The id ${entries.id[row]} is used twice.`;
        const fix = duplicateFix(context, first, row);
        yield { row, path: ['id'], message, ...(fix ? { fix } : {}) };
      }
    },
  },
  {
    id: 'image-file-name-duplicate',
    lists: ['images'],
    severity: 'warning',
    summary: 'No two images have the same file_name.',
    *check({ bytes, list }) {
      const seen = new Map<string, number>();
      for (let row = 0; row < list.entries.length; row++) {
        const name = fileNameOf(bytes, list, row);
        const first = seen.get(name);
        if (first === undefined) seen.set(name, row);
        else if (name !== '') {
          const message = `The image with the id ${list.entries.id[first]} has the same file_name.`;
          yield { row, path: ['file_name'], message };
        }
      }
    },
  },
  {
    id: 'image-empty',
    lists: ['images'],
    severity: 'info',
    summary: 'An image has annotations.',
    *check({ index, list: { entries } }) {
      const annotations = index.lists.annotations?.entries;
      if (!annotations || annotations.length === 0) return;
      const used = new Set(annotations.image_id.subarray(0, annotations.length));
      for (let row = 0; row < entries.length; row++) {
        if (used.has(entries.id[row]!)) continue;
        yield { row, path: [], message: 'The image has no annotation.' };
      }
    },
  },
  {
    id: 'category-unused',
    lists: ['categories'],
    severity: 'info',
    summary: 'A category is used.',
    *check({ index, list: { entries } }) {
      const annotations = index.lists.annotations?.entries;
      if (!annotations || annotations.length === 0) return;
      const used = new Set(annotations.category_id.subarray(0, annotations.length));
      if (used.size === 1 && used.has(NaN)) return; // captions, or panoptic segments
      for (let row = 0; row < entries.length; row++) {
        if (used.has(entries.id[row]!)) continue;
        yield { row, path: [], message: 'No annotation uses this category.' };
      }
    },
  },
  {
    id: 'category-name-duplicate',
    lists: ['categories'],
    severity: 'warning',
    summary: 'No two categories have the same name.',
    *check({ bytes, list }) {
      const seen = new Map<string, number>();
      for (let row = 0; row < list.entries.length; row++) {
        const entry = parseEntry(bytes, list, row);
        const name = isPlainObject(entry) ? entry['name'] : undefined;
        if (typeof name !== 'string') continue;
        const key = name.trim().toLowerCase();
        const first = seen.get(key);
        if (first === undefined) seen.set(key, row);
        else {
          const message = `The category with the id ${list.entries.id[first]} has the same name.`;
          yield { row, path: ['name'], message };
        }
      }
    },
  },
];

/** Panoptic annotations are named by their image and hold their ids in segments_info. */
function isPanoptic(bytes: Uint8Array, start: number): boolean {
  return memberSpans(bytes, start).some(({ key }) => key === 'segments_info');
}

function* rowsWithId(ids: Float64Array, length: number, id: number): Generator<number> {
  for (let row = 0; row < length; row++) if (ids[row] === id) yield row;
}

/** Rows whose id an earlier row has, with that row. */
function* duplicates(ids: Float64Array, length: number): Generator<[first: number, row: number]> {
  const seen = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    const id = ids[row]!;
    if (Number.isNaN(id)) continue;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, row);
    else yield [first, row];
  }
}

/** Nothing refers to annotations, so the later one gets another id; an equal image or category is dropped. */
function duplicateFix(
  { bytes, name, list }: ListContext,
  first: number,
  row: number,
): Finding['fix'] | undefined {
  if (name === 'annotations') return 'new-id';
  const isSame = deepEqual(parseEntry(bytes, list, first), parseEntry(bytes, list, row));
  return isSame ? () => null : undefined;
}
