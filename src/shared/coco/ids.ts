// New ids. COCO's evaluation code takes id 0 for "no match", so ids begin at 1.
import type { CocoIndex } from './cocoIndex';
import { listNames, type ListName } from './entryTable';

/** The next free id of each list: above every id of the file, at least 1. */
export function nextIds(index: CocoIndex | null): Record<ListName, number> {
  const result = { images: 1, annotations: 1, categories: 1 };
  for (const name of listNames) result[name] = nextId(index, name);
  return result;
}

function nextId(index: CocoIndex | null, name: ListName): number {
  const entries = index?.lists[name]?.entries;
  if (!entries) return 1;
  let highest = 0;
  for (let row = 0; row < entries.length; row++) {
    const id = entries.id[row]!;
    if (id > highest) highest = id; // NaN compares false
  }
  const next = Math.floor(highest) + 1;
  return Number.isSafeInteger(next) ? next : firstGap(entries.id, entries.length);
}

/** For files with ids beyond what a number holds exactly: the lowest id that is not taken. */
function firstGap(ids: Float64Array, length: number): number {
  const taken = new Set(ids.subarray(0, length));
  let id = 1;
  while (taken.has(id)) id++;
  return id;
}
