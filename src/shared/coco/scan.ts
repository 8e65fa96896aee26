// Indexes a COCO file from its bytes without building its objects: any formatting, any key order, any size that fits
// in memory. It never throws for bad bytes: what is wrong is a problem in the index. Duplicate keys count as in
// JSON.parse, the last one wins. The walk over values is in skip.ts.
import type { ByteProblem, CocoIndex, FileKind, ListIndex, RootMember } from './cocoIndex';
import { EntryTable, listNames, type ListName } from './entryTable';
import { Cursor, FAILED, skipKey, skipSpace, skipValue, type Tolerated } from './skip';
import { keyAt, scanEntry } from './scanEntry';

export interface ScanOptions {
  /** deepest nesting that is accepted */
  readonly maxDepth?: number;
  /** bytes between two yields */
  readonly stepBytes?: number;
}

const MAX_DEPTH = 256;
const STEP_BYTES = 8 << 20;

/** Scans in one go. */
export function scan(bytes: Uint8Array, options?: ScanOptions): CocoIndex {
  const steps = scanSteps(bytes, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Scans in steps: yields the number of bytes done, so that the caller can report progress, pause, or stop. */
export function* scanSteps(
  bytes: Uint8Array,
  options: ScanOptions = {},
): Generator<number, CocoIndex, void> {
  const scanner = new Scanner(bytes, options);
  yield* scanner.run();
  return scanner.index();
}

class Scanner {
  private readonly cursor: Cursor;
  private readonly stepBytes: number;
  private readonly problems: ByteProblem[] = [];
  private readonly members: RootMember[] = [];
  private readonly lists: Record<ListName, ListIndex | null> = {
    images: null,
    annotations: null,
    categories: null,
  };
  private kind: FileKind = 'broken';
  private start = 0;
  private end: number;
  /** where the walk is, for the path of a syntax error */
  private path = '';
  private nextStop: number;

  constructor(
    private readonly bytes: Uint8Array,
    options: ScanOptions,
  ) {
    this.cursor = new Cursor(bytes, options.maxDepth ?? MAX_DEPTH);
    this.stepBytes = options.stepBytes ?? STEP_BYTES;
    this.nextStop = this.stepBytes;
    this.end = bytes.length;
  }

  index(): CocoIndex {
    const { kind, start, end, members, lists, problems, cursor } = this;
    for (const found of cursor.tolerated) problems.push(toleratedProblem(found, lists));
    const { length } = this.bytes;
    const { hasRawUnicode } = cursor;
    return { length, kind, start, end, members, lists, problems, hasRawUnicode };
  }

  *run(): Generator<number, void, void> {
    const { bytes } = this;
    const bom = hasBom(bytes) ? 3 : 0;
    if (looksUtf16(bytes)) {
      const message = 'The file is UTF-16; COCO files are UTF-8. Save it as UTF-8 first.';
      return this.report('json-encoding', message, 0, 2);
    }
    const start = skipSpace(bytes, bom);
    this.start = start;
    if (start >= bytes.length) {
      const message = 'The file is empty. Restore it, or delete it to begin a new dataset.';
      return this.report('json-empty', message, 0, 0);
    }
    const end = yield* this.root(start);
    if (end === FAILED) return this.reportSyntax();
    this.end = end;
    const rest = skipSpace(bytes, end);
    if (rest < bytes.length) {
      this.cursor.fail(rest, 'the end of the file');
      this.path = '';
      this.reportSyntax();
    }
    this.checkRoot();
  }

  private *root(start: number): Generator<number, number, void> {
    const { bytes, cursor } = this;
    if (bytes[start] === 0x7b) {
      this.kind = 'coco';
      return yield* this.rootObject(start);
    }
    this.kind = 'other';
    if (bytes[start] !== 0x5b) return skipValue(cursor, start, 0);
    this.kind = 'results';
    this.lists.annotations = { start, end: start, entries: new EntryTable('annotations') };
    return yield* this.list('', this.lists.annotations);
  }

  private *rootObject(start: number): Generator<number, number, void> {
    const { bytes, cursor } = this;
    let i = skipSpace(bytes, start + 1);
    if (bytes[i] === 0x7d) return i + 1;
    for (;;) {
      const keyStart = i;
      this.path = '';
      i = skipKey(cursor, i);
      if (i === FAILED) return FAILED;
      const key = keyAt(bytes, keyStart);
      const valueStart = i;
      this.path = key;
      const name = listNames.find((list) => list === key);
      if (name) i = yield* this.namedList(name, i);
      else i = skipValue(cursor, i, 1);
      if (i === FAILED) return FAILED;
      this.members.push({ key, keyStart, start: valueStart, end: i });
      i = skipSpace(bytes, i);
      if (bytes[i] === 0x2c) i = skipSpace(bytes, i + 1);
      else if (bytes[i] === 0x7d) return i + 1;
      else return cursor.fail(i, 'a comma or }');
    }
  }

  private *namedList(name: ListName, i: number): Generator<number, number, void> {
    if (this.lists[name]) {
      const message = `"${name}" appears twice; readers disagree about which one counts. Remove one of them.`;
      this.report('list-duplicate', message, i, i + 1, name);
    }
    if (this.bytes[i] !== 0x5b) {
      this.lists[name] = null;
      const end = skipValue(this.cursor, i, 1);
      if (end !== FAILED) this.report('list-type', `"${name}" must be a list.`, i, end, name);
      return end;
    }
    const list: ListIndex = { start: i, end: i, entries: new EntryTable(name) };
    this.lists[name] = list;
    return yield* this.list(name, list);
  }

  private *list(name: string, list: ListIndex): Generator<number, number, void> {
    const { bytes, cursor } = this;
    const { entries } = list;
    let i = skipSpace(bytes, list.start + 1);
    if (bytes[i] === 0x5d) return (list.end = i + 1);
    for (;;) {
      const row = entries.add(i);
      i = bytes[i] === 0x7b ? scanEntry(cursor, entries, row, i) : skipValue(cursor, i, 2);
      if (i === FAILED) {
        entries.length = row;
        list.end = cursor.failedAt;
        this.path = `${name}[${row}]`;
        return FAILED;
      }
      entries.end[row] = i;
      if (i >= this.nextStop) {
        this.nextStop = i + this.stepBytes;
        yield i;
      }
      i = skipSpace(bytes, i);
      if (bytes[i] === 0x2c) i = skipSpace(bytes, i + 1);
      else if (bytes[i] === 0x5d) return (list.end = i + 1);
      else {
        list.end = i;
        this.path = `${name}[${row}]`;
        return cursor.fail(i, 'a comma or ]');
      }
    }
  }

  private checkRoot(): void {
    const { start } = this;
    if (this.kind === 'results') {
      const message =
        'This is a COCO results file (a bare list of predictions), not a dataset; it can be read but not edited.';
      this.report('results-file', message, start, start + 1);
    } else if (this.kind === 'other' || this.isForeign()) {
      this.kind = 'other';
      const message = 'This is not a COCO dataset: it has no list of images or annotations.';
      this.report('not-coco', message, start, start + 1);
    }
  }

  /** An object of something else: it has members, but none that a dataset has. */
  private isForeign(): boolean {
    const known: readonly string[] = [...listNames, 'info', 'licenses'];
    return this.members.length > 0 && !this.members.some(({ key }) => known.includes(key));
  }

  private report(rule: string, message: string, start: number, end: number, path = ''): void {
    this.problems.push({ rule, severity: 'error', message, start, end, path });
  }

  private reportSyntax(): void {
    const { failedAt, expected } = this.cursor;
    const found = foundAt(this.bytes, failedAt);
    const message = `Not valid JSON: expected ${expected}, found ${found}.`;
    const end = Math.min(failedAt + 1, this.bytes.length);
    this.report('json-syntax', message, failedAt, end, this.path);
  }
}

const hasBom = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

const looksUtf16 = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) ||
  (bytes[0] === 0xfe && bytes[1] === 0xff) ||
  (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0));

function foundAt(bytes: Uint8Array, at: number): string {
  const c = bytes[at];
  if (c === undefined) return 'the end of the file';
  if (c > 0x20 && c < 0x7f) return `"${String.fromCharCode(c)}"`;
  return `byte 0x${c.toString(16).padStart(2, '0')}`;
}

function toleratedProblem(
  found: Tolerated,
  lists: Readonly<Record<ListName, ListIndex | null>>,
): ByteProblem {
  const { start, end } = found;
  const path = pathAt(lists, start);
  const [rule, message] =
    found.kind === 'not-finite'
      ? ['json-not-finite', 'NaN and Infinity are not legal JSON; write a number or null.']
      : ['json-encoding', 'A byte here is not UTF-8; other readers refuse the file.'];
  return { rule, severity: 'error', message, start, end, path };
}

/** Path of the entry around an offset, '' outside the lists. */
function pathAt(lists: Readonly<Record<ListName, ListIndex | null>>, offset: number): string {
  for (const name of listNames) {
    const list = lists[name];
    if (!list || offset < list.start || offset >= list.end) continue;
    const row = lastStartingAt(list.entries, offset);
    return row < 0 ? name : `${name}[${row}]`;
  }
  return '';
}

/** The last row that starts at or before an offset, -1 where none does. */
function lastStartingAt(entries: EntryTable, offset: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries.start[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
