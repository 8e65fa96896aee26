// Three-way merge by id: what the editor loaded (before), what it wants (after), what is in the file now (theirs).
// Nothing is guessed: where both sides changed the same thing differently, a conflict comes back instead of a plan.
import type { Conflict, DatasetDelta, EntryDelta } from '../protocol/dataset';
import { fileNameOf, parseEntry, rowsById, type CocoIndex, type ListIndex } from './cocoIndex';
import type { ListName } from './entryTable';
import { deepEqual, isPlainObject } from './equal';
import { nextIds } from './ids';
import { mergeFields } from './mergeFields';
import type { FilePlan } from './splice';
import type { Entry } from './types';

export type Renumbered = Readonly<Record<ListName, Readonly<Record<number, number>>>>;

export interface Merge {
  readonly conflicts: readonly Conflict[];
  /** what to do to the file; only to be used when there is no conflict */
  readonly plan: FilePlan;
  /** wanted id → id that was given, for added entries */
  readonly renumbered: Renumbered;
}

/**
 * Merges a delta into the file as it is now.
 *
 * @param resolve settles every conflict one way; absent: they are reported
 */
export function mergeDelta(
  bytes: Uint8Array,
  index: CocoIndex,
  delta: DatasetDelta,
  resolve?: 'mine' | 'theirs',
): Merge {
  const merge = new Merger(bytes, index, resolve);
  // Images and categories first: annotations refer to them by ids that may be renumbered.
  for (const name of ['images', 'categories', 'annotations'] as const) {
    merge.list(name, delta[name]);
  }
  merge.checkReferences(delta);
  merge.checkImages();
  if (delta.order) merge.order(delta.order.ids);
  return merge.result();
}

interface MutablePlan {
  changed: Map<number, unknown>;
  removed: Set<number>;
  added: Entry[];
  order?: readonly number[];
}

class Merger {
  private readonly conflicts: Conflict[] = [];
  private readonly plan: Record<ListName, MutablePlan> = {
    images: { changed: new Map(), removed: new Set(), added: [] },
    annotations: { changed: new Map(), removed: new Set(), added: [] },
    categories: { changed: new Map(), removed: new Set(), added: [] },
  };
  private readonly renumbered: Record<ListName, Record<number, number>> = {
    images: {},
    annotations: {},
    categories: {},
  };
  private readonly next: Record<ListName, number>;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly index: CocoIndex,
    private readonly resolve: 'mine' | 'theirs' | undefined,
  ) {
    this.next = nextIds(index);
  }

  result(): Merge {
    const { conflicts, renumbered } = this;
    return { conflicts, renumbered, plan: this.plan };
  }

  list(name: ListName, deltas: readonly EntryDelta<Entry>[]): void {
    const list = this.index.lists[name];
    const rows = rowsById(list, new Set(deltas.map(({ id }) => id)));
    // New ids must be above every id that this save brings itself.
    for (const { id, after } of deltas)
      if (after) this.next[name] = Math.max(this.next[name], id + 1);
    for (const delta of deltas) this.entry(name, list, rows.get(delta.id) ?? [], delta);
  }

  private entry(
    name: ListName,
    list: ListIndex | null,
    rows: readonly number[],
    { id, before, after }: EntryDelta<Entry>,
  ): void {
    const mine = after && this.mapReferences(name, after);
    if (!before) {
      if (mine) this.add(name, list, rows, id, mine);
      return;
    }
    // Several entries with one id: the one the editor loaded is the one that equals `before`.
    const parsed = rows.map((row) => (list ? parseEntry(this.bytes, list, row) : undefined));
    const same = parsed.findIndex((entry) => deepEqual(entry, before));
    const k = same >= 0 ? same : 0;
    const row = rows[k];
    const theirs = parsed[k];
    if (row === undefined) this.changedGone(name, id, before, mine);
    else if (!mine) this.remove(name, row, id, before, theirs);
    else this.change(name, row, id, before, mine, theirs);
  }

  private add(
    name: ListName,
    list: ListIndex | null,
    rows: readonly number[],
    id: number,
    mine: Entry,
  ): void {
    const row = rows[0];
    const theirs = row !== undefined && list ? parseEntry(this.bytes, list, row) : undefined;
    if (row !== undefined && deepEqual(theirs, mine)) return; // saved before
    const twin = list ? this.findTwin(name, list, mine) : undefined;
    if (twin === id) return;
    if (twin !== undefined) this.renumbered[name][id] = twin;
    else if (row === undefined && id >= 1) this.plan[name].added.push(mine);
    else {
      const given = this.next[name]++;
      this.renumbered[name][id] = given;
      this.plan[name].added.push({ ...mine, id: given });
    }
  }

  /** Id of the image with the same file name or the category with the same name, when another writer added it. */
  private findTwin(name: ListName, list: ListIndex, mine: Entry): number | undefined {
    if (name === 'annotations') return undefined;
    const removed = this.plan[name].removed;
    for (let row = 0; row < list.entries.length; row++) {
      if (removed.has(row) || Number.isNaN(list.entries.id[row])) continue;
      const isTwin =
        name === 'images'
          ? fileNameOf(this.bytes, list, row) === mine['file_name']
          : this.nameOf(list, row) === mine['name'];
      if (isTwin) return list.entries.id[row];
    }
    return undefined;
  }

  private nameOf(list: ListIndex, row: number): unknown {
    const entry = parseEntry(this.bytes, list, row);
    return isPlainObject(entry) ? entry['name'] : undefined;
  }

  private remove(name: ListName, row: number, id: number, base: Entry, theirs: unknown): void {
    if (deepEqual(base, theirs) || this.settle({ list: name, id, base, mine: null, theirs })) {
      this.plan[name].removed.add(row);
    }
  }

  private change(
    name: ListName,
    row: number,
    id: number,
    base: Entry,
    mine: Entry,
    theirs: unknown,
  ): void {
    if (deepEqual(theirs, mine)) return;
    const merged = deepEqual(theirs, base) ? mine : mergeFields(base, mine, theirs);
    if (merged) this.plan[name].changed.set(row, merged);
    else if (this.settle({ list: name, id, base, mine, theirs })) {
      this.plan[name].changed.set(row, mine);
    }
  }

  /** The entry is no longer in the file. Removing it too is agreement; changing it is a conflict. */
  private changedGone(name: ListName, id: number, base: Entry, mine: Entry | null): void {
    if (!mine || deepEqual(base, mine)) return;
    if (this.settle({ list: name, id, base, mine, theirs: null })) this.plan[name].added.push(mine);
  }

  /** True when mine wins. */
  private settle(conflict: Conflict): boolean {
    if (!this.resolve) this.conflicts.push(conflict);
    return this.resolve === 'mine';
  }

  private mapReferences(name: ListName, entry: Entry): Entry {
    if (name !== 'annotations') return entry;
    const image = this.renumbered.images[entry['image_id'] as number];
    const category = this.renumbered.categories[entry['category_id'] as number];
    return {
      ...entry,
      ...(image === undefined ? {} : { image_id: image }),
      ...(category === undefined ? {} : { category_id: category }),
    };
  }

  /** A removed image or category to which another writer's annotations still refer is a conflict. */
  checkReferences(delta: DatasetDelta): void {
    const annotations = this.index.lists.annotations?.entries;
    if (!annotations) return;
    for (const [name, column] of [
      ['images', annotations.image_id],
      ['categories', annotations.category_id],
    ] as const) {
      const { removed } = this.plan[name];
      if (removed.size === 0) continue;
      const ids = this.index.lists[name]!.entries.id;
      const gone = new Map([...removed].map((row) => [ids[row]!, row]));
      for (let row = 0; row < annotations.length && gone.size > 0; row++) {
        const target = gone.get(column[row]!);
        if (target === undefined || this.isDropped(row, name, column[row]!)) continue;
        gone.delete(column[row]!);
        this.keepReferenced(name, target, column[row]!, delta);
      }
    }
  }

  /** An annotation added to an image that another writer removed is a conflict; it would refer to nothing. */
  checkImages(): void {
    const { added } = this.plan.annotations;
    if (added.length === 0) return;
    const wanted = new Set(added.map((entry) => entry['image_id'] as number));
    const rows = rowsById(this.index.lists.images, wanted);
    const known = new Set(this.plan.images.added.map((entry) => entry['id']));
    const { removed } = this.plan.images;
    for (const [id, found] of rows) if (found.some((row) => !removed.has(row))) known.add(id);
    this.plan.annotations.added = added.filter((entry) => {
      if (known.has(entry['image_id'])) return true;
      const id = entry['id'] as number;
      return this.settle({ list: 'annotations', id, base: null, mine: entry, theirs: null });
    });
  }

  private isDropped(row: number, name: 'images' | 'categories', target: number): boolean {
    const { removed, changed } = this.plan.annotations;
    if (removed.has(row)) return true;
    const next = changed.get(row);
    const key = name === 'images' ? 'image_id' : 'category_id';
    return isPlainObject(next) && next[key] !== target;
  }

  private keepReferenced(
    name: 'images' | 'categories',
    row: number,
    id: number,
    delta: DatasetDelta,
  ): void {
    const base = delta[name].find((entry) => entry.id === id)?.before;
    const list = this.index.lists[name]!;
    const theirs = parseEntry(this.bytes, list, row);
    if (!this.settle({ list: name, id, base, mine: null, theirs })) {
      this.plan[name].removed.delete(row);
    }
  }

  /** Keeps the wanted order only where it differs from the file's. */
  order(ids: readonly number[]): void {
    const wanted = ids.map((id) => this.renumbered.annotations[id] ?? id);
    const ranks = new Map(wanted.map((id, k) => [id, k]));
    const { added, removed } = this.plan.annotations;
    const current: number[] = [];
    const entries = this.index.lists.annotations?.entries;
    for (let row = 0; entries && row < entries.length; row++) {
      const rank = ranks.get(entries.id[row]!);
      if (rank !== undefined && !removed.has(row)) current.push(rank);
    }
    for (const entry of added) {
      const rank = ranks.get(entry['id'] as number);
      if (rank !== undefined) current.push(rank);
    }
    if (current.some((rank, k) => k > 0 && rank < current[k - 1]!)) {
      this.plan.annotations.order = wanted;
    }
  }
}
