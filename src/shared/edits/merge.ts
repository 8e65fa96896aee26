// Three-way merge by entry id: the file changed outside while the editor holds unsaved changes.
import type { ImageState } from './types';
import { deepEqual } from '../coco/equal';

interface Identified {
  readonly id: number;
}

export interface MergeResult {
  /** what the editor shows now: both sides' changes; where both changed one entry, mine */
  readonly current: ImageState;
  /**
   * what counts as known of the disk: theirs, but for entries in conflict, which keep the old base so that
   * the next save finds the conflict and asks
   */
  readonly base: ImageState;
  /** ids of entries that both sides changed differently */
  readonly conflicts: {
    readonly annotations: readonly number[];
    readonly captions: readonly number[];
    readonly categories: readonly number[];
  };
}

/**
 * Merges what is on disk now into an editor's state.
 *
 * @param base   what the editor last knew of the disk
 * @param mine   the editor's current state; its draft is kept
 * @param theirs what is on disk now
 */
export function mergeStates(base: ImageState, mine: ImageState, theirs: ImageState): MergeResult {
  const annotations = mergeList(base.annotations, mine.annotations, theirs.annotations);
  const captions = mergeList(base.captions, mine.captions, theirs.captions);
  const categories = mergeList(base.categories, mine.categories, theirs.categories);
  const imageChanged = !deepEqual(base.image, mine.image);
  return {
    current: {
      image: imageChanged ? { ...mine.image, id: theirs.image.id } : theirs.image,
      annotations: annotations.current,
      captions: captions.current,
      categories: categories.current,
      draft: mine.draft,
    },
    base: {
      image: theirs.image,
      annotations: annotations.base,
      captions: captions.base,
      categories: categories.base,
      draft: null,
    },
    conflicts: {
      annotations: annotations.conflicts,
      captions: captions.conflicts,
      categories: categories.conflicts,
    },
  };
}

interface ListMerge<T> {
  readonly current: readonly T[];
  readonly base: readonly T[];
  readonly conflicts: readonly number[];
}

function mergeList<T extends Identified>(
  base: readonly T[],
  mine: readonly T[],
  theirs: readonly T[],
): ListMerge<T> {
  const [baseById, mineById, theirsById] = [base, mine, theirs].map(
    (list) => new Map(list.map((entry) => [entry.id, entry])),
  ) as [Map<number, T>, Map<number, T>, Map<number, T>];
  const conflicts: number[] = [];
  const isOrderMine = !sameOrder(base, mine);
  const current: T[] = [];
  const known = new Map<number, T>();
  for (const id of mergedOrder(isOrderMine ? mine : theirs, isOrderMine ? theirs : mine)) {
    const was = baseById.get(id);
    const my = mineById.get(id);
    const their = theirsById.get(id);
    const isMineChanged = !deepEqual(was, my);
    const isConflict = isMineChanged && !deepEqual(was, their) && !deepEqual(my, their);
    if (isConflict) conflicts.push(id);
    const shown = isMineChanged ? my : their;
    if (shown) current.push(shown);
    const disk = isConflict ? was : their;
    if (disk) known.set(id, disk);
  }
  // The new base is in their order, so that a z-order changed here is still seen as a change of mine.
  const inTheirOrder = [...new Set([...theirs.map((entry) => entry.id), ...known.keys()])];
  const newBase = inTheirOrder.flatMap((id) => known.get(id) ?? []);
  return { current, base: newBase, conflicts };
}

/** The ids of `leading` in its order; ids only in `other` follow the neighbour they follow there. */
function mergedOrder(
  leading: readonly Identified[],
  other: readonly Identified[],
): readonly number[] {
  const order = leading.map((entry) => entry.id);
  const present = new Set(order);
  let previous: number | null = null;
  for (const { id } of other) {
    if (!present.has(id)) {
      order.splice(previous === null ? 0 : order.indexOf(previous) + 1, 0, id);
      present.add(id);
    }
    previous = id;
  }
  return order;
}

function sameOrder(base: readonly Identified[], mine: readonly Identified[]): boolean {
  const common = new Set(mine.map((entry) => entry.id));
  const known = new Set(base.map((entry) => entry.id));
  const a = base.filter((entry) => common.has(entry.id));
  const b = mine.filter((entry) => known.has(entry.id));
  return a.every((entry, i) => entry.id === b[i]?.id);
}
