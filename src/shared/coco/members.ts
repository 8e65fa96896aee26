// The parts of one JSON value: spans of an object's members or an array's elements. For single entries; the bytes
// must be legal JSON, which the scanner has checked.
import { keyAt } from './scanEntry';
import { Cursor, skipSpace, skipString, skipValue } from './skip';

/** Bytes [start, end) of a value. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Member extends Span {
  readonly key: string;
  /** opening quote of the key */
  readonly keyStart: number;
  /** after the closing quote of the key */
  readonly keyEnd: number;
}

const ANY_DEPTH = 1000;

/** Members of the object whose brace is at `start`, in file order, duplicates included; [] for other values. */
export function memberSpans(bytes: Uint8Array, start: number): Member[] {
  const members: Member[] = [];
  if (bytes[start] !== 0x7b) return members;
  const cursor = new Cursor(bytes, ANY_DEPTH);
  let i = skipSpace(bytes, start + 1);
  while (bytes[i] === 0x22) {
    const keyStart = i;
    const keyEnd = skipString(cursor, i);
    const valueStart = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    const end = skipValue(cursor, valueStart, 0);
    if (end < 0) break;
    members.push({ key: keyAt(bytes, keyStart), keyStart, keyEnd, start: valueStart, end });
    i = skipSpace(bytes, end);
    if (bytes[i] === 0x2c) i = skipSpace(bytes, i + 1);
  }
  return members;
}

/** Elements of the array whose bracket is at `start`; [] for other values. */
export function elementSpans(bytes: Uint8Array, start: number): Span[] {
  const elements: Span[] = [];
  if (bytes[start] !== 0x5b) return elements;
  const cursor = new Cursor(bytes, ANY_DEPTH);
  let i = skipSpace(bytes, start + 1);
  while (i < bytes.length && bytes[i] !== 0x5d) {
    const end = skipValue(cursor, i, 0);
    if (end < 0) break;
    elements.push({ start: i, end });
    i = skipSpace(bytes, end);
    if (bytes[i] === 0x2c) i = skipSpace(bytes, i + 1);
  }
  return elements;
}

/** Span of a value inside another one, e.g. ['segmentation', 0]; the innermost one that exists. */
export function findSpan(bytes: Uint8Array, span: Span, path: readonly (string | number)[]): Span {
  let found = span;
  for (const part of path) {
    const inner: Span | undefined =
      typeof part === 'number'
        ? elementSpans(bytes, found.start)[part]
        : memberSpans(bytes, found.start)
            .filter(({ key }) => key === part)
            .at(-1);
    if (!inner) break;
    found = { start: inner.start, end: inner.end };
  }
  return found;
}
