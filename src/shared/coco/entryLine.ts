// One entry of a list as one line of text, for datasets that are put together from others. Spelling of numbers and
// strings, unknown fields and key order stay; only white space between lines goes.
import { parseEntry, type ListIndex } from './cocoIndex';
import { isPlainObject } from './equal';
import { canonicalStyle } from './format';
import { joinPieces } from './pieces';
import { rewriteValue } from './rewrite';
import { decodeText } from './text';
import type { Entry } from './types';

/** The entry's text on one line. @param changes fields that get another value; the rest keeps its text */
export function entryLine(
  bytes: Uint8Array,
  list: ListIndex,
  row: number,
  changes: Entry = {},
): string {
  const span = { start: list.entries.start[row]!, end: list.entries.end[row]! };
  if (Object.keys(changes).length === 0) return oneLine(decodeText(bytes, span.start, span.end));
  const old = parseEntry(bytes, list, row);
  const next = isPlainObject(old) ? { ...old, ...changes } : old;
  const pieces = rewriteValue(bytes, span, old, next, canonicalStyle, '');
  return oneLine(decodeText(joinPieces(bytes, pieces)));
}

/** JSON text without line ends: white space outside strings becomes one space after commas and colons. */
export function oneLine(json: string): string {
  if (!/[\n\r]/.test(json)) return json;
  return json.replace(/"(?:[^"\\]|\\.)*"|\s+|[,:]/g, (token) => {
    if (token.startsWith('"')) return token;
    return token === ',' || token === ':' ? `${token} ` : '';
  });
}
