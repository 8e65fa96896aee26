// Files of one JSON value a line, and files whose root is a list of them, which tools write for the same thing.
import { isPlainObject } from '../coco/equal';
import type { SourceFiles } from './format';
import { jsonPartsOf, parseBytes } from './jsonParts';
import type { LossLog } from './lossLog';
import { messageOf } from './lossLog';
import { hasExtension } from './paths';
import { linesOf } from './streams';
import { noteUnreadable, parseJson, PlacedError } from './texts';

export interface JsonRecord {
  readonly entry: Record<string, unknown>;
  readonly where: string;
}

/** The records of a .jsonl file, or of a .json file that holds a list. What is none is noted with its line. */
export async function* recordsOf(
  source: SourceFiles,
  path: string,
  losses: LossLog,
): AsyncIterable<JsonRecord> {
  const note = (where: string, message: string): void =>
    losses.add('line-unreadable', `A record is left out: ${message}`, where);
  if (!hasExtension(path, '.json')) {
    for await (const { text, line } of linesOf(source, path)) {
      if (text.trim() === '') continue;
      try {
        const entry = parseJson(text);
        if (isPlainObject(entry)) yield { entry, where: `${path}:${line}` };
        else note(`${path}:${line}`, 'an object is expected.');
      } catch (error) {
        const column = error instanceof PlacedError ? `:${error.column ?? 1}` : '';
        note(`${path}:${line}${column}`, messageOf(error));
      }
    }
    return;
  }
  try {
    for await (const { row, bytes, line, column } of jsonPartsOf(source, path)) {
      if (row < 0) continue;
      const entry = parseBytes(bytes);
      const where = `${path}:${line}:${column}`;
      if (isPlainObject(entry)) yield { entry, where };
      else note(where, 'an object is expected.');
    }
  } catch (error) {
    noteUnreadable(path, error, losses);
  }
}
