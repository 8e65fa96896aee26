// From byte offsets to the lines and columns of an editor.

/** 1-based; the column counts UTF-16 units, as VS Code does. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const NEWLINE = 0x0a;

/**
 * Positions of byte offsets, in the order given; one pass over the bytes up to the last of them.
 * A byte order mark is no column, because editors hide it.
 */
export function locate(bytes: Uint8Array, offsets: readonly number[]): Position[] {
  const order = offsets.map((_, k) => k).sort((a, b) => offsets[a]! - offsets[b]!);
  const result = new Array<Position>(offsets.length);
  let line = 1;
  let column = 1;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (const k of order) {
    const target = Math.min(offsets[k]!, bytes.length);
    for (let next = bytes.indexOf(NEWLINE, at); next >= 0 && next < target;) {
      line++;
      column = 1;
      at = next + 1;
      next = bytes.indexOf(NEWLINE, at);
    }
    column += countUnits(bytes, at, target);
    at = Math.max(at, target);
    result[k] = { line, column };
  }
  return result;
}

/** UTF-16 units of UTF-8 bytes: one for each sequence, two for those of four bytes. */
function countUnits(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c < 0x80 || c >= 0xc0) units += c >= 0xf0 ? 2 : 1;
  }
  return units;
}

/**
 * The byte offset of a position, the opposite of `locate`; the end of the line where the line is shorter, the end of
 * the file where there are fewer lines.
 */
export function offsetAt(bytes: Uint8Array, { line, column }: Position): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let k = 1; k < line; k++) {
    const next = bytes.indexOf(NEWLINE, at);
    if (next < 0) return bytes.length;
    at = next + 1;
  }
  for (let units = 1; units < column && at < bytes.length && bytes[at] !== NEWLINE;) {
    units += bytes[at]! >= 0xf0 ? 2 : 1;
    at++;
    while (at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at++;
  }
  return at;
}
