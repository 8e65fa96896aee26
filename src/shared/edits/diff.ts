// The edits that lead from one state to another: how a merge, a revert or another editor's change reaches the page.
import type { Edit, ImageState } from './types';
import { applyEdits } from './apply';
import { deepEqual } from '../coco/equal';

interface Identified {
  readonly id: number;
}
type ListKind = 'annotation' | 'caption' | 'category';

/**
 * Edits with `applyEdits(from, diffStates(from, to))` equal to `to` in annotations, captions, categories and draft.
 * The image entry is not part of it: no edit changes the image.
 */
export function diffStates(from: ImageState, to: ImageState): readonly Edit[] {
  const changes = [
    ...diffList('category', from.categories, to.categories),
    ...diffList('annotation', from.annotations, to.annotations),
    ...diffList('caption', from.captions, to.captions),
  ];
  const changed = applyEdits(from, changes);
  const moves = [
    ...diffOrder(changed.categories, to.categories, (...at) => replace('category', ...at)),
    ...diffOrder(changed.captions, to.captions, (...at) => replace('caption', ...at)),
    ...diffOrder(changed.annotations, to.annotations, ({ id }, at, target): readonly Edit[] => [
      { kind: 'order', from: at, to: target, id },
    ]),
  ];
  const draft: Edit[] = deepEqual(from.draft, to.draft)
    ? []
    : [{ kind: 'draft', before: from.draft, after: to.draft }];
  return [...changes, ...moves, ...draft];
}

function diffList<T extends Identified>(
  kind: ListKind,
  from: readonly T[],
  to: readonly T[],
): readonly Edit[] {
  const wanted = new Map(to.map((entry) => [entry.id, entry]));
  const present = new Map(from.map((entry) => [entry.id, entry]));
  const edits: unknown[] = [];
  // Removals from the end, so that the indices of those before them stay right.
  for (let index = from.length - 1; index >= 0; index--) {
    const before = from[index] as T;
    if (!wanted.has(before.id)) edits.push({ kind, index, before, after: null });
  }
  to.forEach((after, index) => {
    const before = present.get(after.id) ?? null;
    if (before === null || !deepEqual(before, after)) edits.push({ kind, index, before, after });
  });
  // The kind and the entry type go together at every call above; the compiler cannot follow that.
  return edits as Edit[];
}

/** Moves that turn the order of `from` into that of `to`; both hold the same ids. */
function diffOrder<T extends Identified>(
  from: readonly T[],
  to: readonly T[],
  move: (entry: T, at: number, target: number) => readonly Edit[],
): readonly Edit[] {
  const ids = from.map((entry) => entry.id);
  const moves: Edit[] = [];
  to.forEach((entry, target) => {
    if (ids[target] === entry.id) return;
    const at = ids.indexOf(entry.id, target);
    ids.splice(at, 1);
    ids.splice(target, 0, entry.id);
    moves.push(...move(entry, at, target));
  });
  return moves;
}

/** Only annotations have an edit that moves; others are taken out and put in again. */
function replace(kind: ListKind, entry: Identified, at: number, target: number): readonly Edit[] {
  const edits: unknown[] = [
    { kind, index: at, before: entry, after: null },
    { kind, index: target, before: null, after: entry },
  ];
  return edits as Edit[]; // as in diffList
}
