// Merges two changes of one entry field by field. The fields that describe one mask belong together: a bbox of one
// writer with the segmentation of another would be wrong.
import { deepEqual, isPlainObject } from './equal';
import type { Entry } from './types';

const together: readonly (readonly string[])[] = [
  ['segmentation', 'bbox', 'area', 'iscrowd', 'promptmark'],
  ['keypoints', 'num_keypoints'],
  ['file_name', 'width', 'height'],
];

/** The entry with both sides' changes; null when both changed the same fields differently. */
export function mergeFields(base: Entry, mine: Entry, theirs: unknown): Entry | null {
  if (!isPlainObject(theirs)) return null;
  const result: Record<string, unknown> = { ...theirs };
  const keys = new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)]);
  for (const group of groupsOf(keys)) {
    const differs = (a: Entry, b: Entry): boolean =>
      group.some((key) => !deepEqual(a[key], b[key]));
    if (!differs(base, mine)) continue;
    if (differs(base, theirs) && differs(mine, theirs)) return null;
    for (const key of group) {
      if (mine[key] === undefined) delete result[key];
      else result[key] = mine[key];
    }
  }
  return result;
}

function groupsOf(keys: ReadonlySet<string>): readonly (readonly string[])[] {
  const grouped = new Set(together.flat());
  return [...together, ...[...keys].filter((key) => !grouped.has(key)).map((key) => [key])];
}
