// New ids for entries that were added under an id another writer had taken meanwhile.
import type { Edit, ImageState } from './types';

/** Old id → new id, per list. JSON objects, so the keys are numbers written as text. */
export interface Renumbering {
  readonly images: Readonly<Record<number, number>>;
  readonly annotations: Readonly<Record<number, number>>;
  readonly categories: Readonly<Record<number, number>>;
}

/** Whether the renumbering changes nothing. */
export function isEmptyRenumbering(renumbering: Renumbering): boolean {
  return [renumbering.images, renumbering.annotations, renumbering.categories].every(
    (map) => Object.keys(map).length === 0,
  );
}

/** The state with new ids in entries and in every reference to them. */
export function remapState(state: ImageState, map: Renumbering): ImageState {
  return {
    image: { ...state.image, id: renumber(map.images, state.image.id) },
    annotations: state.annotations.map((entry) => remapEntry(entry, map)),
    captions: state.captions.map((entry) => remapEntry(entry, map)),
    categories: state.categories.map((entry) => ({
      ...entry,
      id: renumber(map.categories, entry.id),
    })),
    draft: remapDraft(state.draft, map),
  };
}

/** Edits made before a renumbering, so that they can still be undone after it. */
export function remapEdits(edits: readonly Edit[], map: Renumbering): readonly Edit[] {
  return edits.map((edit): Edit => {
    switch (edit.kind) {
      case 'annotation':
        return { ...edit, ...both(edit, (entry) => remapEntry(entry, map)) };
      case 'caption':
        return { ...edit, ...both(edit, (entry) => remapEntry(entry, map)) };
      case 'category':
        return {
          ...edit,
          ...both(edit, (entry) => ({ ...entry, id: renumber(map.categories, entry.id) })),
        };
      case 'order':
        return edit.id === undefined ? edit : { ...edit, id: renumber(map.annotations, edit.id) };
      case 'draft':
        return {
          ...edit,
          before: remapDraft(edit.before, map),
          after: remapDraft(edit.after, map),
        };
    }
  });
}

function both<T>(
  { before, after }: { readonly before: T | null; readonly after: T | null },
  change: (entry: T) => T,
): { readonly before: T | null; readonly after: T | null } {
  return { before: before && change(before), after: after && change(after) };
}

function remapEntry<T extends { readonly id: number; readonly image_id: number }>(
  entry: T,
  map: Renumbering,
): T {
  const category = (entry as { readonly category_id?: unknown }).category_id;
  return {
    ...entry,
    id: renumber(map.annotations, entry.id),
    image_id: renumber(map.images, entry.image_id),
    ...(typeof category === 'number' ? { category_id: renumber(map.categories, category) } : {}),
  };
}

function remapDraft(draft: ImageState['draft'], map: Renumbering): ImageState['draft'] {
  if (draft?.targetId === undefined) return draft;
  return { ...draft, targetId: renumber(map.annotations, draft.targetId) };
}

const renumber = (map: Readonly<Record<number, number>>, id: number): number => map[id] ?? id;
