// The difference of two datasets by id. Entries whose bytes are equal are not parsed.
import type { EntryDelta } from '../protocol/dataset';
import { parseEntry, type CocoIndex, type ListIndex } from './cocoIndex';
import type { ListName } from './entryTable';
import { deepEqual, isPlainObject } from './equal';
import type { Entry } from './types';

/** Bytes and their index. */
export interface Indexed {
  readonly bytes: Uint8Array;
  readonly index: CocoIndex;
}

export interface ListDiff {
  readonly added: readonly Entry[];
  readonly removed: readonly Entry[];
  readonly changed: readonly { readonly id: number; readonly fields: readonly string[] }[];
  /** entries of both files stand in another order */
  readonly moved: boolean;
}

/** Changes from a to b of one list as a save would take them. Of entries with one id the first counts. */
export function entryDeltas(a: Indexed, b: Indexed, name: ListName): EntryDelta<Entry>[] {
  const [listA, listB] = [a.index.lists[name], b.index.lists[name]];
  const rowsA = firstRows(listA);
  const rowsB = firstRows(listB);
  const deltas: EntryDelta<Entry>[] = [];
  for (const [id, rowA] of rowsA) {
    const rowB = rowsB.get(id);
    if (rowB !== undefined && sameBytes(a.bytes, listA!, rowA, b.bytes, listB!, rowB)) continue;
    const before = entryAt(a.bytes, listA, rowA);
    const after = entryAt(b.bytes, listB, rowB);
    if (before && !deepEqual(before, after)) deltas.push({ id, before, after });
  }
  for (const [id, rowB] of rowsB) {
    const after = rowsA.has(id) ? null : entryAt(b.bytes, listB, rowB);
    if (after) deltas.push({ id, before: null, after });
  }
  return deltas;
}

/** The difference of one list for people. */
export function diffLists(a: Indexed, b: Indexed, name: ListName): ListDiff {
  const deltas = entryDeltas(a, b, name);
  const changed = deltas.flatMap(({ id, before, after }) =>
    before && after ? [{ id, fields: changedFields(before, after) }] : [],
  );
  return {
    added: deltas.flatMap(({ before, after }) => (!before && after ? [after] : [])),
    removed: deltas.flatMap(({ before, after }) => (before && !after ? [before] : [])),
    changed,
    moved: isMoved(firstRows(a.index.lists[name]), firstRows(b.index.lists[name])),
  };
}

function firstRows(list: ListIndex | null): Map<number, number> {
  const rows = new Map<number, number>();
  for (let row = 0; list && row < list.entries.length; row++) {
    const id = list.entries.id[row]!;
    if (!Number.isNaN(id) && !rows.has(id)) rows.set(id, row);
  }
  return rows;
}

function entryAt(bytes: Uint8Array, list: ListIndex | null, row: number | undefined): Entry | null {
  const entry = list && row !== undefined ? parseEntry(bytes, list, row) : null;
  return isPlainObject(entry) ? entry : null;
}

function sameBytes(
  bytesA: Uint8Array,
  listA: ListIndex,
  rowA: number,
  bytesB: Uint8Array,
  listB: ListIndex,
  rowB: number,
): boolean {
  const startA = listA.entries.start[rowA]!;
  const startB = listB.entries.start[rowB]!;
  const length = listA.entries.end[rowA]! - startA;
  if (listB.entries.end[rowB]! - startB !== length) return false;
  for (let k = 0; k < length; k++) if (bytesA[startA + k] !== bytesB[startB + k]) return false;
  return true;
}

function changedFields(before: Entry, after: Entry): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !deepEqual(before[key], after[key]));
}

function isMoved(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  let last = -1;
  for (const id of a.keys()) {
    const row = b.get(id);
    if (row === undefined) continue;
    if (row < last) return true;
    last = row;
  }
  return false;
}
