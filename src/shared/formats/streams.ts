// Files of many images, read a part at a time: as text, lines, rows of a table, elements of an XML file.
import { decodeText } from '../coco/text';
import type { SourceFiles } from './format';
import { withoutMark } from './texts';

/** A part of a file and the line it begins on, from 1. */
export interface Part {
  readonly text: string;
  readonly line: number;
}

/** The file's text in parts, cut between characters; without a byte order mark. */
export async function* textParts(source: SourceFiles, path: string): AsyncIterable<string> {
  let rest = new Uint8Array(0);
  let isFirst = true;
  for await (const chunk of source.chunks(path)) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const end = wholeCharacters(bytes);
    rest = bytes.slice(end);
    const text = decodeText(bytes, 0, end);
    if (text === '') continue;
    yield isFirst ? withoutMark(text) : text;
    isFirst = false;
  }
  if (rest.length > 0) yield decodeText(rest);
}

/** Where the last character begins that may go on in the next bytes, else the length. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at--) {
    const byte = bytes[at]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return at + length > bytes.length ? at : bytes.length;
    }
  }
  return bytes.length;
}

/** The lines of a file, without their ends. */
export async function* linesOf(source: SourceFiles, path: string): AsyncIterable<Part> {
  let pieces: string[] = [];
  let line = 1;
  for await (const part of textParts(source, path)) {
    const lines = part.split('\n');
    pieces.push(lines[0]!);
    for (const next of lines.slice(1)) {
      yield { text: pieces.join('').replace(/\r$/, ''), line: line++ };
      pieces = [next];
    }
  }
  const last = pieces.join('');
  if (last !== '') yield { text: last, line };
}

/** A row of a table, and the line it begins on. */
export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Rows of a table with commas (RFC 4180): a quoted cell may hold commas, quotes (doubled) and line ends. */
export async function* rowsOf(source: SourceFiles, path: string): AsyncIterable<Row> {
  const table = new Table();
  for await (const part of textParts(source, path)) yield* table.push(part);
  yield* table.push('\n');
}

class Table {
  private cells: string[] = [];
  private cell = '';
  private line = 1;
  private rowLine = 1;
  /** within quotes; after the closing quote; else */
  private state: 'quoted' | 'closed' | 'plain' = 'plain';
  private wasReturn = false;

  *push(text: string): Iterable<Row> {
    for (const char of text) {
      const isSecondOfEnd = char === '\n' && this.wasReturn;
      this.wasReturn = char === '\r';
      if ((char === '\n' && !isSecondOfEnd) || char === '\r') this.line++;
      if (this.state === 'quoted') this.inQuotes(char);
      else if (isSecondOfEnd) continue;
      else if (char === ',') this.endCell();
      else if (char === '\n' || char === '\r') yield* this.endRow();
      else this.outside(char);
    }
  }

  private inQuotes(char: string): void {
    if (char === '"') this.state = 'closed';
    else this.cell += char;
  }

  private outside(char: string): void {
    if (char === '"' && this.state === 'closed') {
      this.cell += '"'; // a doubled quote
      this.state = 'quoted';
    } else if (char === '"' && this.cell === '') this.state = 'quoted';
    else if (this.state === 'plain') this.cell += char; // what follows a closing quote is dropped
  }

  private endCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.state = 'plain';
  }

  private *endRow(): Iterable<Row> {
    this.endCell();
    const { cells, rowLine } = this;
    this.cells = [];
    this.rowLine = this.line;
    if (cells.some((cell) => cell !== '')) yield { cells, line: rowLine };
  }
}
