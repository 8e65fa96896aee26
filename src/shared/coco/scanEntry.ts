// The scanner's hot loop: over one entry of a list, keeping the ids and the place of file_name in the index.
import type { EntryTable } from './entryTable';
import { FAILED, skipKey, skipSpace, skipValue, type Cursor } from './skip';
import { decodeText } from './text';

const enum Field {
  none,
  id,
  image_id,
  category_id,
  file_name,
}

/** Keys are short and ASCII nearly always; then no decoder is needed. */
const SHORT_KEY = 40;

const fieldNames = ['', 'id', 'image_id', 'category_id', 'file_name'];
const fieldBytes = fieldNames.map((name) => Array.from(`"${name}"`, (char) => char.charCodeAt(0)));

/** Over one entry, keeping its ids: skipObject with a look at the keys. */
export function scanEntry(cursor: Cursor, entries: EntryTable, row: number, i: number): number {
  const { bytes } = cursor;
  i = skipSpace(bytes, i + 1);
  if (bytes[i] === 0x7d) return i + 1;
  for (;;) {
    const key = i;
    const value = skipKey(cursor, i);
    if (value === FAILED) return FAILED;
    i = skipValue(cursor, value, 3);
    if (i === FAILED) return FAILED;
    const field = fieldAt(bytes, key);
    if (field !== Field.none) keepField(bytes, entries, row, field, value, i);
    i = skipSpace(bytes, i);
    if (bytes[i] === 0x2c) i = skipSpace(bytes, i + 1);
    else if (bytes[i] === 0x7d) return i + 1;
    else return cursor.fail(i, 'a comma or }');
  }
}

/** Which of the fields of interest the key at `at` names. */
function fieldAt(bytes: Uint8Array, at: number): Field {
  switch (bytes[at + 1]) {
    case 0x69:
      if (isKey(bytes, at, Field.id)) return Field.id;
      if (isKey(bytes, at, Field.image_id)) return Field.image_id;
      break;
    case 0x63:
      if (isKey(bytes, at, Field.category_id)) return Field.category_id;
      break;
    case 0x66:
      if (isKey(bytes, at, Field.file_name)) return Field.file_name;
      break;
    case 0x5c:
      break;
    default:
      return Field.none;
  }
  return hasEscape(bytes, at) ? Math.max(0, fieldNames.indexOf(keyAt(bytes, at))) : Field.none;
}

function isKey(bytes: Uint8Array, at: number, field: Field): boolean {
  const key = fieldBytes[field]!;
  for (let k = 1; k < key.length; k++) if (bytes[at + k] !== key[k]) return false;
  return true;
}

function hasEscape(bytes: Uint8Array, at: number): boolean {
  for (let i = at + 1; bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) return true;
  return false;
}

function keepField(
  bytes: Uint8Array,
  entries: EntryTable,
  row: number,
  field: Field,
  start: number,
  end: number,
): void {
  if (field === Field.id) entries.id[row] = numberAt(bytes, start, end);
  else if (field === Field.file_name) {
    const isString = bytes[start] === 0x22 && entries.list === 'images';
    entries.nameStart[row] = isString ? start : 0;
    entries.nameEnd[row] = isString ? end : 0;
  } else if (entries.list !== 'annotations') return;
  else if (field === Field.image_id) entries.image_id[row] = numberAt(bytes, start, end);
  else entries.category_id[row] = numberAt(bytes, start, end);
}

/** The number at bytes[start, end), NaN where another type of value is there. */
function numberAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 15) return slowNumber(bytes, start, end);
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return slowNumber(bytes, start, end);
    value = value * 10 + digit;
  }
  return value;
}

function slowNumber(bytes: Uint8Array, start: number, end: number): number {
  const c = bytes[start]!;
  const isNumber = c === 0x2d || (c >= 0x30 && c <= 0x39);
  return isNumber ? Number(decodeText(bytes, start, end)) : NaN;
}

/** The text of the key whose opening quote is at `at`. */
export function keyAt(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = at + 1; i - at < SHORT_KEY; i++) {
    const c = bytes[i]!;
    if (c === 0x22) return text;
    if (c === 0x5c || c >= 0x80) break;
    text += String.fromCharCode(c);
  }
  let end = at + 1;
  while (bytes[end] !== 0x22) end += bytes[end] === 0x5c ? 2 : 1;
  return JSON.parse(decodeText(bytes, at, end + 1)) as string;
}
