// Applies edits to an image's state. Pure: the same edits give the same state in the host and in the page.
import type { Edit, EntryChange, ImageState } from './types';

interface Identified {
  readonly id: number;
}

/**
 * Applies edits in order.
 *
 * Entries are found by their id and only placed by index, so an edit still fits after a merge has moved entries;
 * an edit of an entry that is no longer there changes nothing.
 *
 * @returns a new state; lists that no edit touches are shared with `state`
 */
export function applyEdits(state: ImageState, edits: readonly Edit[]): ImageState {
  return edits.reduce(applyEdit, state);
}

function applyEdit(state: ImageState, edit: Edit): ImageState {
  switch (edit.kind) {
    case 'annotation':
      return { ...state, annotations: changeList(state.annotations, edit) };
    case 'caption':
      return { ...state, captions: changeList(state.captions, edit) };
    case 'category':
      return { ...state, categories: changeList(state.categories, edit) };
    case 'order':
      return { ...state, annotations: move(state.annotations, edit) };
    case 'draft':
      return { ...state, draft: edit.after };
  }
}

function changeList<T extends Identified>(
  list: readonly T[],
  change: EntryChange<T>,
): readonly T[] {
  const { index, before, after } = change;
  const copy = [...list];
  if (before === null) {
    // Adding what is there already (a redo after a merge brought it) replaces it: ids stay unique.
    const present = after === null ? -1 : findById(list, after.id, index);
    if (after !== null) copy.splice(present < 0 ? index : present, present < 0 ? 0 : 1, after);
    return copy;
  }
  const at = findById(list, before.id, index);
  if (at < 0) return list;
  if (after === null) copy.splice(at, 1);
  else copy[at] = after;
  return copy;
}

function move<T extends Identified>(
  list: readonly T[],
  { from, to, id }: { readonly from: number; readonly to: number; readonly id?: number },
): readonly T[] {
  const at = id === undefined ? from : findById(list, id, from);
  const moved = list[at];
  if (moved === undefined) return list;
  const copy = [...list];
  copy.splice(at, 1);
  copy.splice(to, 0, moved);
  return copy;
}

/** @returns the index of the entry with this id, looking at `hint` first; -1 when there is none */
function findById(list: readonly Identified[], id: number, hint: number): number {
  return list[hint]?.id === id ? hint : list.findIndex((entry) => entry.id === id);
}
