// Cuts a JSON file that comes in parts into the elements of the lists at its root, so that a file of any size is read
// an entry at a time. Only the structure around the entries is checked; whoever parses an entry finds what is wrong
// inside it.
import { parseSlice } from '../coco/cocoIndex';
import type { SourceFiles } from './format';
import { PlacedError } from './texts';

/** A value of the file: an element of a list, or a member of the root that is no list. */
export interface JsonPart {
  /** the root's member; '' where the root itself is a list */
  readonly key: string;
  /** number within the list; -1: not an element of a list */
  readonly row: number;
  /** bytes from the start of the file */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** 1-based; the column counts bytes */
  readonly line: number;
  readonly column: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const NEWLINE = 0x0a;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

type State =
  'root' | 'key' | 'colon' | 'value' | 'element' | 'after-value' | 'after-element' | 'end';

export class JsonSplitter {
  private state: State = 'root';
  private key = '';
  private row = -1;
  private isList = false;
  /** may a list or object end here, or must something come after the comma */
  private mayEnd = true;
  private reader: ValueReader | null = null;
  private offset = 0;
  private line = 1;
  private lineStart = 0;

  /** @throws PlacedError where the structure is wrong */
  *push(chunk: Uint8Array): Iterable<JsonPart> {
    for (let i = 0; i < chunk.length;) {
      if (this.reader) {
        const end = this.reader.read(chunk, i);
        const { newlines, lastNewline } = this.reader;
        if (newlines > 0) {
          this.line += newlines;
          this.lineStart = this.offset + lastNewline + 1;
        }
        i = end;
        if (!this.reader.isDone) break;
        const part = this.finish(this.reader);
        if (part) yield part;
        continue;
      }
      const byte = chunk[i]!;
      if (byte === NEWLINE) {
        this.line++;
        this.lineStart = this.offset + i + 1;
      }
      if (byte <= 0x20 || (this.offset + i < 3 && byte === BYTE_ORDER_MARK[this.offset + i])) i++;
      else if (this.structure(byte, i)) i++;
    }
    this.offset += chunk.length;
  }

  /** @throws PlacedError where the file ends too early */
  end(): void {
    if (this.reader?.isOpenEnded && this.state === 'end') return;
    if (this.state !== 'end') this.fail(0, 'the end of the file comes too early');
  }

  /** Takes a byte between values; false: a value begins with it, which a reader takes. */
  private structure(byte: number, i: number): boolean {
    switch (this.state) {
      case 'root':
        if (byte !== OPEN_LIST && byte !== OPEN_OBJECT) this.fail(i, 'a list or an object');
        this.isList = byte === OPEN_LIST;
        return this.enter(this.isList ? 'element' : 'key');
      case 'key':
        if (byte === CLOSE_OBJECT && this.mayEnd) return this.enter('end');
        if (byte !== QUOTE) this.fail(i, 'a name in quotes');
        return this.begin(i);
      case 'colon':
        if (byte !== COLON) this.fail(i, '":"');
        return this.enter('value');
      case 'value':
        if (byte === OPEN_LIST) return this.enter('element');
        return this.begin(i);
      case 'element':
        if (byte === CLOSE_LIST && this.mayEnd)
          return this.enter(this.isList ? 'end' : 'after-value');
        return this.begin(i);
      case 'after-element':
      case 'after-value':
        return this.separate(byte, i);
      case 'end':
        return this.fail(i, 'the end of the file');
    }
  }

  private separate(byte: number, i: number): boolean {
    const isElement = this.state === 'after-element';
    if (byte === COMMA) {
      this.state = isElement ? 'element' : 'key';
      this.mayEnd = false;
      return true;
    }
    if (byte !== (isElement ? CLOSE_LIST : CLOSE_OBJECT)) this.fail(i, 'a comma or a bracket');
    return this.enter(isElement && !this.isList ? 'after-value' : 'end');
  }

  private enter(state: State): true {
    this.state = state;
    this.mayEnd = true;
    if (state === 'element') this.row = -1;
    return true;
  }

  private begin(i: number): false {
    const column = this.offset + i - this.lineStart + 1;
    this.reader = new ValueReader(this.offset + i, this.line, column);
    return false;
  }

  private finish(reader: ValueReader): JsonPart | null {
    this.reader = null;
    const bytes = reader.bytes();
    if (bytes.length === 0) throw new PlacedError('a value is missing', reader.line, reader.column);
    if (this.state === 'key') {
      this.key = keyOf(bytes, reader);
      this.enter('colon');
      return null;
    }
    const isElement = this.state === 'element';
    this.state = isElement ? 'after-element' : 'after-value';
    const { offset, line, column } = reader;
    const key = this.isList ? '' : this.key;
    return { key, row: isElement ? ++this.row : -1, offset, bytes, line, column };
  }

  private fail(i: number, expected: string): never {
    const column = this.offset + i - this.lineStart + 1;
    throw new PlacedError(`${expected} is expected`, this.line, column);
  }
}

function keyOf(bytes: Uint8Array, { line, column }: ValueReader): string {
  const key = parseBytes(bytes);
  if (typeof key !== 'string') throw new PlacedError('a name in quotes is expected', line, column);
  return key;
}

/** Collects the bytes of one value over the borders of chunks. */
class ValueReader {
  isDone = false;
  /** of the last read: line ends, and where in the chunk the last of them was */
  newlines = 0;
  lastNewline = 0;
  private readonly pieces: Uint8Array[] = [];
  private depth = 0;
  private isString = false;
  private isEscaped = false;
  private kind: 'nested' | 'string' | 'scalar' | null = null;

  constructor(
    readonly offset: number,
    readonly line: number,
    readonly column: number,
  ) {}

  get isOpenEnded(): boolean {
    return this.kind === 'scalar';
  }

  bytes(): Uint8Array {
    if (this.pieces.length === 1) return this.pieces[0]!;
    const all = new Uint8Array(this.pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  /** Reads on from `start`; returns where it stopped: after the value, or at the end of the chunk. */
  read(chunk: Uint8Array, start: number): number {
    this.newlines = 0;
    this.kind ??= kindOf(chunk[start]!);
    const end = this.kind === 'scalar' ? this.scalarEnd(chunk, start) : this.valueEnd(chunk, start);
    if (end > start) this.pieces.push(chunk.subarray(start, end));
    return end;
  }

  private scalarEnd(chunk: Uint8Array, start: number): number {
    for (let i = start; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte <= 0x20 || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        this.isDone = true;
        return i;
      }
    }
    return chunk.length;
  }

  private valueEnd(chunk: Uint8Array, start: number): number {
    let { depth, isString, isEscaped } = this;
    for (let i = start; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (isString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isString = false;
          if (depth === 0) this.isDone = true;
        }
      } else if (byte === QUOTE) isString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth--;
        if (depth <= 0) this.isDone = true;
      } else if (byte === NEWLINE) {
        this.newlines++;
        this.lastNewline = i;
      }
      if (this.isDone) return i + 1;
    }
    this.depth = depth;
    this.isString = isString;
    this.isEscaped = isEscaped;
    return chunk.length;
  }
}

function kindOf(byte: number): 'nested' | 'string' | 'scalar' {
  if (byte === OPEN_OBJECT || byte === OPEN_LIST) return 'nested';
  return byte === QUOTE ? 'string' : 'scalar';
}

/** The value, undefined where the bytes are no legal JSON. */
export function parseBytes(bytes: Uint8Array): unknown {
  return parseSlice(bytes, 0, bytes.length);
}

/** The parts of a file. @throws PlacedError where its structure is wrong; the parts before it have been given */
export async function* jsonPartsOf(source: SourceFiles, path: string): AsyncIterable<JsonPart> {
  const splitter = new JsonSplitter();
  for await (const chunk of source.chunks(path)) yield* splitter.push(chunk);
  splitter.end();
}
