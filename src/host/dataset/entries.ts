// Single entries of a COCO file for a text editor: the one at a position, what it refers to, and an outline of all.
import {
  annotationsOfImage,
  fileNameOf,
  parseEntry,
  parseSlice,
  type ListIndex,
} from '../../shared/coco/cocoIndex';
import { listNames, type ListName } from '../../shared/coco/entryTable';
import { isPlainObject } from '../../shared/coco/equal';
import { locate, offsetAt, type Position } from '../../shared/coco/locate';
import { memberSpans, type Span } from '../../shared/coco/members';
import type { ImageFacts } from '../../shared/coco/rules/rule';
import { viewOf } from '../../shared/coco/rules/annotationView';
import { thumbnailSvg } from '../../shared/coco/thumbnail';
import type { Entry } from '../../shared/coco/types';
import type { Bbox, Size } from '../../shared/geometry/types';
import type { EntryInfo, OutlineEntry, OutlineList, TextSpan } from '../../shared/protocol/dataset';
import type { Loaded } from './store';

type Source = Pick<Loaded, 'bytes' | 'index'>;

/** Spans of the file as lines and columns; one pass over the bytes. */
export function toTextSpans(bytes: Uint8Array, spans: readonly Span[]): TextSpan[] {
  const places = locate(
    bytes,
    spans.flatMap(({ start, end }) => [start, end]),
  );
  return spans.map((_, k) => {
    const [from, to] = [places[2 * k]!, places[2 * k + 1]!];
    return { ...from, endLine: to.line, endColumn: to.column };
  });
}

/** The entry at a position, with what its image and category say of it; null: there is none. */
export function entryAt(source: Source, position: Position): EntryInfo | null {
  const { bytes, index } = source;
  const offset = offsetAt(bytes, position);
  for (const list of listNames) {
    const table = index.lists[list];
    const row = table ? rowAt(table, offset) : -1;
    if (table && row >= 0) return describe(source, list, table, row, offset);
  }
  return null;
}

/** The row whose entry holds the byte, -1: none. */
function rowAt({ entries }: ListIndex, offset: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries.start[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  const row = low - 1;
  return row >= 0 && offset <= entries.end[row]! ? row : -1;
}

const spanOf = ({ entries }: ListIndex, row: number): Span => ({
  start: entries.start[row]!,
  end: entries.end[row]!,
});

const numberOrNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

function describe(
  source: Source,
  list: ListName,
  table: ListIndex,
  row: number,
  offset: number,
): EntryInfo | null {
  const { bytes } = source;
  const parsed = parseEntry(bytes, table, row);
  const entry: Entry = isPlainObject(parsed) ? parsed : {};
  const reference = list === 'annotations' ? referenceAt(source, spanOf(table, row), offset) : null;
  const spans = [spanOf(table, row), ...(reference ? [reference.from, reference.to] : [])];
  const [span, from, to] = toTextSpans(bytes, spans);
  const id = numberOrNull(table.entries.id[row]);
  const common = { list, id, span: span!, ...(from && to ? { reference: { from, to } } : {}) };
  if (list === 'categories') {
    const annotations = countOf(source, id, 'category_id');
    return {
      ...common,
      imageId: null,
      name: text(entry['name']),
      category: '',
      facts: { annotations },
    };
  }
  if (list === 'images') {
    const annotations = id === null ? 0 : annotationsOfImage(source.index, id).length;
    const size = sizeOf(entry);
    const facts = { annotations, ...(size ? { size } : {}) };
    return { ...common, imageId: id, name: text(entry['file_name']), category: '', facts };
  }
  return { ...common, ...annotationFacts(source, entry) };
}

function annotationFacts(
  source: Source,
  entry: Entry,
): Omit<EntryInfo, 'list' | 'id' | 'span' | 'reference'> {
  const image = entryById(source, 'images', entry['image_id']);
  const category = entryById(source, 'categories', entry['category_id']);
  const size = image ? sizeOf(image.entry) : null;
  const { area, bbox, caption } = entry;
  const isBox = Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite);
  const facts = {
    ...(typeof area === 'number' ? { area } : {}),
    ...(isBox ? { bbox: bbox as number[] } : {}),
    ...(size ? { size } : {}),
    ...(typeof caption === 'string' ? { caption } : {}),
  };
  const imageId = typeof entry['image_id'] === 'number' ? entry['image_id'] : null;
  const thumbnail = image && size && pictureOf(entry, image.row, size, isBox ? bbox : null);
  return {
    imageId,
    name: text(image?.entry['file_name']),
    category: text(category?.entry['name']),
    facts,
    ...(thumbnail ? { thumbnail } : {}),
  };
}

function pictureOf(entry: Entry, row: number, size: Size, bbox: unknown): string | null {
  const images = new Map<number, ImageFacts>([[entry['image_id'] as number, { row, size }]]);
  const view = viewOf(entry, { images, categories: new Map(), isResults: false });
  return thumbnailSvg(view.mask(), bbox as Bbox | null, size);
}

function entryById(
  { bytes, index }: Source,
  list: ListName,
  id: unknown,
): { readonly row: number; readonly entry: Entry } | null {
  const table = index.lists[list];
  const row = table && typeof id === 'number' ? rowOf(table, id) : -1;
  const entry = table && row >= 0 ? parseEntry(bytes, table, row) : undefined;
  return isPlainObject(entry) ? { row, entry } : null;
}

function rowOf({ entries }: ListIndex, id: number): number {
  const row = entries.id.subarray(0, entries.length).indexOf(id);
  return row;
}

/** image_id or category_id at a byte of an annotation, and the entry with that id. */
function referenceAt(
  { bytes, index }: Source,
  entry: Span,
  offset: number,
): { from: Span; to: Span } | null {
  for (const { key, keyStart, start, end } of memberSpans(bytes, entry.start)) {
    if (offset < keyStart || offset > end) continue;
    const list = key === 'image_id' ? 'images' : key === 'category_id' ? 'categories' : null;
    const table = list && index.lists[list];
    const id = parseSlice(bytes, start, end);
    const row = table && typeof id === 'number' ? rowOf(table, id) : -1;
    return table && row >= 0 ? { from: { start: keyStart, end }, to: spanOf(table, row) } : null;
  }
  return null;
}

function countOf({ index }: Source, id: number | null, column: 'category_id'): number {
  const entries = index.lists.annotations?.entries;
  let count = 0;
  for (let row = 0; entries && row < entries.length; row++) {
    if (entries[column][row] === id) count++;
  }
  return count;
}

function sizeOf({ width, height }: Entry): Size | null {
  const isSize = [width, height].every((side) => Number.isInteger(side) && (side as number) > 0);
  return isSize ? [height as number, width as number] : null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The lists of the file in its order, each with its first `most` entries. */
export function outlineOf(source: Source, most: number): OutlineList[] {
  const { bytes, index } = source;
  const names = new Names(source);
  const lists = listNames
    .flatMap((list) => (index.lists[list] ? [{ list, table: index.lists[list] }] : []))
    .sort((a, b) => a.table.start - b.table.start);
  const spans = lists.flatMap(({ table }) => [
    { start: table.start, end: table.end },
    ...rowsUpTo(table, most).map((row) => spanOf(table, row)),
  ]);
  const places = toTextSpans(bytes, spans)[Symbol.iterator]();
  const next = (): TextSpan => places.next().value as TextSpan;
  return lists.map(({ list, table }) => {
    const span = next();
    const entries = rowsUpTo(table, most).map((row) => names.entry(list, table, row, next()));
    return { list, span, total: table.entries.length, entries };
  });
}

const rowsUpTo = ({ entries }: ListIndex, most: number): number[] =>
  Array.from({ length: Math.min(entries.length, most) }, (_, row) => row);

/** Names of images and categories by id, looked up once. */
class Names {
  private readonly images = new Map<number, string>();
  private readonly categories = new Map<number, string>();

  constructor(private readonly source: Source) {
    const { bytes, index } = source;
    const { images, categories } = index.lists;
    for (let row = 0; images && row < images.entries.length; row++) {
      this.images.set(images.entries.id[row]!, fileNameOf(bytes, images, row));
    }
    for (let row = 0; categories && row < categories.entries.length; row++) {
      const entry = parseEntry(bytes, categories, row);
      if (isPlainObject(entry))
        this.categories.set(categories.entries.id[row]!, text(entry['name']));
    }
  }

  entry(list: ListName, { entries }: ListIndex, row: number, span: TextSpan): OutlineEntry {
    const id = numberOrNull(entries.id[row]);
    const own = entries.id[row]!;
    if (list === 'categories') {
      return { id, span, imageId: null, name: this.categories.get(own) ?? '', category: '' };
    }
    if (list === 'images') {
      return { id, span, imageId: id, name: this.images.get(own) ?? '', category: '' };
    }
    const image = entries.image_id[row]!;
    const category = this.categories.get(entries.category_id[row]!) ?? '';
    return { id, span, imageId: numberOrNull(image), name: this.images.get(image) ?? '', category };
  }
}
