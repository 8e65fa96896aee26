// The index of one list of a COCO file as columns of numbers: 860,000 annotations cost 28 MB instead of objects.

/** Names of the lists whose entries are indexed. */
export type ListName = 'images' | 'annotations' | 'categories';

export const listNames: readonly ListName[] = ['images', 'annotations', 'categories'];

/**
 * Where every entry of a list is and which ids it has; row k is the list's k-th element.
 * Offsets are bytes from the start of the file; `end` is exclusive. Ids are NaN where missing or not a number.
 * Only `length` rows are valid, the columns may be longer.
 */
export class EntryTable {
  length = 0;
  start: Uint32Array<ArrayBuffer>;
  end: Uint32Array<ArrayBuffer>;
  id: Float64Array<ArrayBuffer>;
  /** annotations only */
  image_id: Float64Array<ArrayBuffer>;
  category_id: Float64Array<ArrayBuffer>;
  /** images only: the value of file_name, quotes included; 0, 0 where missing or not a string */
  nameStart: Uint32Array<ArrayBuffer>;
  nameEnd: Uint32Array<ArrayBuffer>;

  constructor(
    readonly list: ListName,
    private capacity = 16,
  ) {
    const references = list === 'annotations' ? capacity : 0;
    const names = list === 'images' ? capacity : 0;
    this.start = new Uint32Array(capacity);
    this.end = new Uint32Array(capacity);
    this.id = new Float64Array(capacity);
    this.image_id = new Float64Array(references);
    this.category_id = new Float64Array(references);
    this.nameStart = new Uint32Array(names);
    this.nameEnd = new Uint32Array(names);
  }

  /** Adds a row without ids and returns its number. */
  add(start: number): number {
    const row = this.length++;
    if (row >= this.capacity) this.grow();
    this.start[row] = start;
    this.end[row] = start;
    this.id[row] = NaN;
    if (this.list === 'annotations') {
      this.image_id[row] = NaN;
      this.category_id[row] = NaN;
    }
    return row;
  }

  private grow(): void {
    this.capacity *= 2;
    this.start = wider(this.start, Uint32Array);
    this.end = wider(this.end, Uint32Array);
    this.id = wider(this.id, Float64Array);
    this.image_id = wider(this.image_id, Float64Array);
    this.category_id = wider(this.category_id, Float64Array);
    this.nameStart = wider(this.nameStart, Uint32Array);
    this.nameEnd = wider(this.nameEnd, Uint32Array);
  }
}

function wider<T extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  column: T,
  type: new (length: number) => T,
): T {
  const result = new type(column.length * 2);
  result.set(column);
  return result;
}
