// Edits that were kept without the state they were made in, put back onto what is on disk now.
import { applyEdits } from './apply';
import { remapEdits } from './remap';
import type { Edit, EntryChange, ImageState } from './types';

interface Identified {
  readonly id: number;
}

/**
 * The state that edits began from and the one they lead to, as far as can be told from what is on disk: entries that
 * no edit touches are as on disk now, the others as the first edit of each found them. Merging the two with the disk
 * (mergeStates) gives back the work, and shows what was changed by others since.
 *
 * @param imageId the image's id when the edits were made
 */
export function replayEdits(
  disk: ImageState,
  edits: readonly Edit[],
  imageId: number,
): { readonly base: ImageState; readonly current: ImageState } {
  const images = imageId === disk.image.id ? {} : { [imageId]: disk.image.id };
  const mine = remapEdits(edits, { images, annotations: {}, categories: {} });
  const base: ImageState = {
    ...disk,
    annotations: undo(disk.annotations, changesOf(mine, 'annotation')),
    captions: undo(disk.captions, changesOf(mine, 'caption')),
    categories: undo(disk.categories, changesOf(mine, 'category')),
    draft: null,
  };
  return { base, current: applyEdits(base, mine) };
}

function changesOf<K extends 'annotation' | 'caption' | 'category'>(
  edits: readonly Edit[],
  kind: K,
): readonly (Edit & { kind: K })[] {
  return edits.filter((edit): edit is Edit & { kind: K } => edit.kind === kind);
}

/** The list with every entry that was changed as the first change found it. */
function undo<T extends Identified>(
  list: readonly T[],
  changes: readonly EntryChange<T>[],
): readonly T[] {
  const seen = new Set<number>();
  const result = [...list];
  for (const { index, before, after } of changes) {
    const id = (before ?? after)?.id;
    if (id === undefined || seen.has(id)) continue;
    seen.add(id);
    const at = result.findIndex((entry) => entry.id === id);
    if (before === null) {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = before;
    else result.splice(index, 0, before);
  }
  return result;
}
