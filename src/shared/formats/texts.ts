// Files of other formats as text and JSON, and where in them something is.
import { isPlainObject } from '../coco/equal';
import { locate } from '../coco/locate';
import { findSpan } from '../coco/members';
import { scan } from '../coco/scan';
import { decodeText, encodeText } from '../coco/text';
import type { SourceFiles } from './format';
import { messageOf, type LossLog } from './lossLog';

/** The text of a file, without a byte order mark. */
export async function textOf(source: SourceFiles, path: string): Promise<string> {
  return withoutMark(decodeText(await source.bytes(path)));
}

export const withoutMark = (text: string): string =>
  text.startsWith('\ufeff') ? text.slice(1) : text;

/** Something wrong at a place of a text; `line` and `column` count from 1. */
export class PlacedError extends Error {
  constructor(
    message: string,
    readonly line: number,
    readonly column?: number,
  ) {
    super(message);
  }
}

/** file:line or file:line:column where the error tells, else the file. */
export function placeOf(path: string, error: unknown): string {
  if (!(error instanceof PlacedError)) return path;
  return `${path}:${error.line}${error.column === undefined ? '' : `:${error.column}`}`;
}

/** Notes a file, or a part of it, that cannot be read at all. */
export function noteUnreadable(path: string, error: unknown, losses: LossLog): void {
  const message = `A file cannot be read: ${messageOf(error)}`;
  losses.add('file-unreadable', message, placeOf(path, error));
}

/** @throws PlacedError where the text is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const bytes = encodeText(text);
    const found = scan(bytes).problems.find(({ rule }) => rule.startsWith('json-'));
    if (!found) throw error;
    const { line, column } = locate(bytes, [found.start])[0]!;
    throw new PlacedError(found.message, line, column);
  }
}

/** One JSON file: its value, and the place of any part of it. */
export class JsonFile {
  readonly value: unknown;

  /** @throws PlacedError where the text is no JSON */
  constructor(
    private readonly path: string,
    private readonly text: string,
  ) {
    this.value = parseJson(text);
  }

  /** The root as an object. @throws PlacedError when it is none, or `isExpected` says so */
  object(
    expected: string,
    isExpected: (root: Record<string, unknown>) => boolean,
  ): Record<string, unknown> {
    if (!isPlainObject(this.value) || !isExpected(this.value)) {
      throw new PlacedError(`${expected} is expected`, 1, 1);
    }
    return this.value;
  }

  /** file:line:column of a value, e.g. ['shapes', 3]; scans the text, so for findings only. */
  place(...way: readonly (string | number)[]): string {
    const bytes = encodeText(this.text);
    const root = {
      start: bytes.length - encodeText(this.text.trimStart()).length,
      end: bytes.length,
    };
    const { line, column } = locate(bytes, [findSpan(bytes, root, way).start])[0]!;
    return `${this.path}:${line}:${column}`;
  }
}
