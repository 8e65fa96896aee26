// What the formats that are COCO files of a kind share: the lists of a JSON file of any size, in the order in which
// they are needed.
import { isPlainObject } from '../coco/equal';
import type { Size } from '../geometry/types';
import type { SourceFiles } from './format';
import { jsonPartsOf, parseBytes, type JsonPart } from './jsonParts';
import type { LossLog } from './lossLog';
import { noteUnreadable } from './texts';

/** An image or category of a file by its id, and where it is. */
export interface Listed {
  readonly entry: Record<string, unknown>;
  readonly where: string;
}

export interface Lists {
  readonly images: ReadonlyMap<unknown, Listed>;
  readonly categories: ReadonlyMap<unknown, Listed>;
}

export const placeOfPart = (path: string, { line, column }: JsonPart): string =>
  `${path}:${line}:${column}`;

/** Entries of a list, those that are no objects noted and left out. A broken file is noted too, where it breaks. */
export async function* entriesOf(
  source: SourceFiles,
  path: string,
  keys: readonly string[],
  losses: LossLog,
): AsyncIterable<Listed & { readonly key: string }> {
  try {
    for await (const part of jsonPartsOf(source, path)) {
      if (!keys.includes(part.key) || part.row < 0) continue;
      const entry = parseBytes(part.bytes);
      const where = placeOfPart(path, part);
      if (isPlainObject(entry)) yield { key: part.key, entry, where };
      else losses.add('entry-unusable', 'An entry cannot be read and is left out.', where);
    }
  } catch (error) {
    noteUnreadable(path, error, losses);
  }
}

/** Images and categories of a file, which annotations refer to and may stand after them. */
export async function listsOf(source: SourceFiles, path: string, losses: LossLog): Promise<Lists> {
  const lists = { images: new Map<unknown, Listed>(), categories: new Map<unknown, Listed>() };
  for await (const { key, entry, where } of entriesOf(source, path, Object.keys(lists), losses)) {
    const list = lists[key as keyof Lists];
    if (!list.has(entry['id'])) list.set(entry['id'], { entry, where });
  }
  return lists;
}

/** Size of an image entry; undefined where it says none. */
export function sizeOfEntry({ width, height }: Record<string, unknown>): Size | undefined {
  const isSide = (side: unknown): side is number => typeof side === 'number' && side > 0;
  return isSide(width) && isSide(height) ? [height, width] : undefined;
}

/** An entry without the fields that a builder gives itself. */
export function otherFields(
  entry: Record<string, unknown>,
  ...own: readonly string[]
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !own.includes(key)));
}

export const textField = (value: unknown): string => (typeof value === 'string' ? value : '');
