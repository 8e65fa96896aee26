// Walks over JSON in bytes without building anything: the innermost loops of the COCO scanner. Strict JSON, but NaN,
// Infinity and bytes that are not UTF-8 are noted and passed over, so that one of them does not hide the rest.
// The functions take and return positions; FAILED means that `failedAt` and `expected` of the cursor say why.

export const FAILED = -1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const POINT = 0x2e;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const ZERO = 0x30;

/** A token that is no legal JSON but was passed over. */
export interface Tolerated {
  readonly kind: 'not-finite' | 'encoding';
  readonly start: number;
  readonly end: number;
}

const MOST_TOLERATED = 100;

/** The bytes under the walk, where and why it failed, and what was seen on the way. */
export class Cursor {
  failedAt = 0;
  expected = '';
  /** non-ASCII bytes were seen inside a string */
  hasRawUnicode = false;
  readonly tolerated: Tolerated[] = [];

  constructor(
    readonly bytes: Uint8Array,
    readonly maxDepth: number,
  ) {}

  fail(at: number, expected: string): typeof FAILED {
    this.failedAt = Math.min(at, this.bytes.length);
    this.expected = expected;
    return FAILED;
  }

  tolerate(kind: Tolerated['kind'], start: number, end: number): void {
    if (this.tolerated.length < MOST_TOLERATED) this.tolerated.push({ kind, start, end });
  }
}

/** The first position from `i` that is not white space. */
export function skipSpace(bytes: Uint8Array, i: number): number {
  for (;;) {
    const c = bytes[i]!;
    if (c > 0x20 || (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09)) return i;
    i++;
  }
}

/** Over the value that starts at `i` (no white space before it); `depth` is the number of containers around it. */
export function skipValue(cursor: Cursor, i: number, depth: number): number {
  switch (cursor.bytes[i]) {
    case QUOTE:
      return skipString(cursor, i);
    case OPEN_OBJECT:
      return skipObject(cursor, i, depth);
    case OPEN_ARRAY:
      return skipArray(cursor, i, depth);
    case 0x74:
      return skipWord(cursor, i, 'true');
    case 0x66:
      return skipWord(cursor, i, 'false');
    case 0x6e:
      return skipWord(cursor, i, 'null');
    case 0x4e:
      return skipNotFinite(cursor, i, 'NaN');
    case 0x49:
      return skipNotFinite(cursor, i, 'Infinity');
    default:
      return skipNumber(cursor, i);
  }
}

function skipWord(cursor: Cursor, i: number, word: string): number {
  for (let k = 0; k < word.length; k++) {
    if (cursor.bytes[i + k] !== word.charCodeAt(k)) return cursor.fail(i, 'a value');
  }
  return i + word.length;
}

function skipNotFinite(cursor: Cursor, i: number, word: string): number {
  const start = cursor.bytes[i] === MINUS ? i + 1 : i;
  const end = skipWord(cursor, start, word);
  if (end !== FAILED) cursor.tolerate('not-finite', i, end);
  return end;
}

/** Over a number; the position after its last byte. */
export function skipNumber(cursor: Cursor, i: number): number {
  const bytes = cursor.bytes;
  const start = i;
  let c = bytes[i]!;
  if (c === MINUS) c = bytes[++i]!;
  if (c === ZERO) c = bytes[++i]!;
  else if (c > ZERO && c <= 0x39) {
    do c = bytes[++i]!;
    while (c >= ZERO && c <= 0x39);
  } else if (i > start && c === 0x49) return skipNotFinite(cursor, start, 'Infinity');
  else return cursor.fail(i, i > start ? 'a digit' : 'a value');
  if (c === 0x2e) {
    c = bytes[++i]!;
    if (!(c >= ZERO && c <= 0x39)) return cursor.fail(i, 'a digit after the decimal point');
    do c = bytes[++i]!;
    while (c >= ZERO && c <= 0x39);
  }
  if (c === 0x65 || c === 0x45) {
    c = bytes[++i]!;
    if (c === 0x2b || c === MINUS) c = bytes[++i]!;
    if (!(c >= ZERO && c <= 0x39)) return cursor.fail(i, 'a digit in the exponent');
    do c = bytes[++i]!;
    while (c >= ZERO && c <= 0x39);
  }
  return i;
}

/** Over a string, quotes included. */
export function skipString(cursor: Cursor, i: number): number {
  const bytes = cursor.bytes;
  if (bytes[i] !== QUOTE) return cursor.fail(i, 'a string in double quotes');
  i++;
  for (;;) {
    let c = bytes[i]!;
    while (c !== QUOTE && c !== BACKSLASH && c >= 0x20 && c < 0x80) c = bytes[++i]!;
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) i = skipEscape(cursor, i);
    else if (c >= 0x80) i = skipUnicode(cursor, i);
    else {
      const inside = i < bytes.length;
      return cursor.fail(i, inside ? 'no control character in a string' : 'the closing quote');
    }
    if (i === FAILED) return FAILED;
  }
}

function skipEscape(cursor: Cursor, i: number): number {
  const bytes = cursor.bytes;
  const c = bytes[i + 1]!;
  if (c === 0x75) {
    for (let k = 2; k < 6; k++) {
      if (!isHexDigit(bytes[i + k])) return cursor.fail(i + k, 'four hexadecimal digits after \\u');
    }
    return i + 6;
  }
  if (c === QUOTE || c === BACKSLASH || c === 0x2f) return i + 2;
  if (c === 0x62 || c === 0x66 || c === 0x6e || c === 0x72 || c === 0x74) return i + 2;
  return cursor.fail(i, 'a legal escape (\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u)');
}

function isHexDigit(c: number | undefined): boolean {
  return (
    c !== undefined && ((c >= ZERO && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66))
  );
}

/** Over one UTF-8 sequence; a byte that begins none is noted and passed over. */
function skipUnicode(cursor: Cursor, i: number): number {
  cursor.hasRawUnicode = true;
  const length = utf8Length(cursor.bytes, i);
  if (length > 0) return i + length;
  cursor.tolerate('encoding', i, i + 1);
  return i + 1;
}

/** Length of the legal UTF-8 sequence at i, 0 where there is none. @source RFC 3629 section 4 */
function utf8Length(bytes: Uint8Array, i: number): number {
  const c = bytes[i]!;
  const second = bytes[i + 1] ?? 0;
  if (c >= 0xc2 && c <= 0xdf) return isTail(second) ? 2 : 0;
  const low = c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80;
  const high = c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high || !isTail(bytes[i + 2] ?? 0)) return 0;
  if (c >= 0xe0 && c <= 0xef) return 3;
  return c >= 0xf0 && c <= 0xf4 && isTail(bytes[i + 3] ?? 0) ? 4 : 0;
}

const isTail = (c: number): boolean => c >= 0x80 && c <= 0xbf;

/** Over an array. Its fast path is the list of numbers, which is most of a polygon file. */
export function skipArray(cursor: Cursor, i: number, depth: number): number {
  if (depth >= cursor.maxDepth)
    return cursor.fail(i, `at most ${cursor.maxDepth} levels of nesting`);
  const bytes = cursor.bytes;
  i = skipSpace(bytes, i + 1);
  if (bytes[i] === CLOSE_ARRAY) return i + 1;
  for (;;) {
    let c = bytes[i]!;
    if (c >= ZERO && c <= 0x39) {
      // A plain decimal and its comma without a call; all else goes the general way from the number's start.
      let k = i;
      if (c !== ZERO) {
        do c = bytes[++k]!;
        while (c >= ZERO && c <= 0x39);
      } else c = bytes[++k]!;
      if (c === POINT && bytes[k + 1]! >= ZERO && bytes[k + 1]! <= 0x39) {
        do c = bytes[++k]!;
        while (c >= ZERO && c <= 0x39);
      }
      if (c === COMMA) {
        i = k + 1;
        if (bytes[i]! <= 0x20) i = skipSpace(bytes, i);
        continue;
      }
      i = skipNumber(cursor, i);
    } else i = skipValue(cursor, i, depth + 1);
    if (i === FAILED) return FAILED;
    c = bytes[i]!;
    if (c <= 0x20) c = bytes[(i = skipSpace(bytes, i))]!;
    if (c === COMMA) {
      c = bytes[++i]!;
      if (c <= 0x20) i = skipSpace(bytes, i);
    } else if (c === CLOSE_ARRAY) return i + 1;
    else return cursor.fail(i, 'a comma or ]');
  }
}

/** Over an object. */
export function skipObject(cursor: Cursor, i: number, depth: number): number {
  if (depth >= cursor.maxDepth)
    return cursor.fail(i, `at most ${cursor.maxDepth} levels of nesting`);
  const bytes = cursor.bytes;
  i = skipSpace(bytes, i + 1);
  if (bytes[i] === CLOSE_OBJECT) return i + 1;
  for (;;) {
    i = skipKey(cursor, i);
    if (i === FAILED) return FAILED;
    i = skipValue(cursor, i, depth + 1);
    if (i === FAILED) return FAILED;
    i = skipSpace(bytes, i);
    if (bytes[i] === COMMA) i = skipSpace(bytes, i + 1);
    else if (bytes[i] === CLOSE_OBJECT) return i + 1;
    else return cursor.fail(i, 'a comma or }');
  }
}

/** Over a key, its colon and the white space around it: the position of the value. */
export function skipKey(cursor: Cursor, i: number): number {
  if (cursor.bytes[i] !== QUOTE) return cursor.fail(i, 'a key in double quotes');
  i = skipString(cursor, i);
  if (i === FAILED) return FAILED;
  i = skipSpace(cursor.bytes, i);
  if (cursor.bytes[i] !== COLON) return cursor.fail(i, 'a colon');
  return skipSpace(cursor.bytes, i + 1);
}
