// What the scanner finds out about a COCO file, and reading single entries with it.
import { type EntryTable, type ListName } from './entryTable';
import { decodeText } from './text';

/** A finding at bytes [start, end) of the file; see locate.ts for lines and columns. */
export interface ByteProblem {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** JSON path, e.g. annotations[12].bbox */
  readonly path: string;
  readonly fixable?: boolean;
}

/** A member of the root object: bytes of its key (quotes included) and of its value. */
export interface RootMember {
  readonly key: string;
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/** A list of the file: bytes [start, end) with its brackets, and its entries. */
export interface ListIndex {
  readonly start: number;
  end: number;
  readonly entries: EntryTable;
}

/** "results" is a bare list of predictions, "other" is JSON that is no dataset, "broken" has no root value at all. */
export type FileKind = 'coco' | 'results' | 'other' | 'broken';

/** Offsets and ids of a COCO file; holds no text and no objects of it. */
export interface CocoIndex {
  /** bytes of the file */
  readonly length: number;
  readonly kind: FileKind;
  /** the root value */
  readonly start: number;
  readonly end: number;
  readonly members: readonly RootMember[];
  /** null: the file has no such list */
  readonly lists: Readonly<Record<ListName, ListIndex | null>>;
  /** strings with bytes outside ASCII exist, so new text need not be escaped */
  readonly hasRawUnicode: boolean;
  /** structural findings only; one of severity "error" means that the file must not be written */
  readonly problems: readonly ByteProblem[];
}

/** Rows of a list, 0 where the file has no such list. */
export function countEntries(index: CocoIndex, list: ListName): number {
  return index.lists[list]?.entries.length ?? 0;
}

/** True when the file may be changed: it is JSON, and a dataset or an empty object. */
export function isWritable(index: CocoIndex): boolean {
  return !index.problems.some((problem) => problem.severity === 'error');
}

/** The entry as JSON.parse makes it; undefined where its bytes are no legal JSON. */
export function parseEntry(bytes: Uint8Array, list: ListIndex, row: number): unknown {
  return parseSlice(bytes, list.entries.start[row]!, list.entries.end[row]!);
}

/** Parses bytes[start, end); undefined where they are no legal JSON. */
export function parseSlice(bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(decodeText(bytes, start, end));
  } catch {
    return undefined; // NaN, or a file that the scanner has already reported
  }
}

/** Rows whose id is one of `ids`, in file order; one pass over the column. */
export function rowsById(list: ListIndex | null, ids: ReadonlySet<number>): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  if (!list || ids.size === 0) return rows;
  const { id, length } = list.entries;
  for (let row = 0; row < length; row++) {
    const value = id[row]!;
    if (!ids.has(value)) continue;
    const known = rows.get(value);
    if (known) known.push(row);
    else rows.set(value, [row]);
  }
  return rows;
}

/** Rows of the annotations of an image, in file order. */
export function annotationsOfImage(index: CocoIndex, imageId: number): number[] {
  const rows: number[] = [];
  const entries = index.lists.annotations?.entries;
  if (!entries) return rows;
  const column = entries.image_id;
  for (let row = 0; row < entries.length; row++) if (column[row] === imageId) rows.push(row);
  return rows;
}

/** Number of annotations of each image id. */
export function countByImage(index: CocoIndex): Map<number, number> {
  const counts = new Map<number, number>();
  const entries = index.lists.annotations?.entries;
  if (!entries) return counts;
  const column = entries.image_id;
  for (let row = 0; row < entries.length; row++) {
    const imageId = column[row]!;
    counts.set(imageId, (counts.get(imageId) ?? 0) + 1);
  }
  return counts;
}

/** file_name of an image, '' where it is missing or not a string. */
export function fileNameOf(bytes: Uint8Array, images: ListIndex, row: number): string {
  const { nameStart, nameEnd } = images.entries;
  if (nameEnd[row] === 0) return '';
  const value = parseSlice(bytes, nameStart[row]!, nameEnd[row]!);
  return typeof value === 'string' ? value : '';
}
