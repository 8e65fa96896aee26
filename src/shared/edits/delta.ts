// What a save has to write: the difference between the state as it is on disk and as the editor wants it.
import type { CaptionAnnotation, CocoImage, InstanceAnnotation } from '../coco/types';
import type { DatasetDelta, EntryDelta } from '../protocol/dataset';
import type { ImageState } from './types';
import { deepEqual } from '../coco/equal';

interface Identified {
  readonly id: number;
}

export interface DeltaOptions {
  /** false: the file does not list the image yet, so the first entry written brings the image along */
  readonly listed: boolean;
  /** categories this editor may write; absent: all. Another editor's unsaved changes are not ours to save. */
  readonly mayWriteCategory?: (id: number) => boolean;
}

/**
 * The delta from `base` to `current`. Drafts are not part of it: they are not on disk.
 *
 * @returns empty lists and no order when the two are equal on disk (see isEmptyDelta)
 */
export function computeDelta(
  base: ImageState,
  current: ImageState,
  { listed, mayWriteCategory = () => true }: DeltaOptions,
): DatasetDelta {
  const annotations: EntryDelta<InstanceAnnotation | CaptionAnnotation>[] = [
    ...diffEntries<InstanceAnnotation>(base.annotations, current.annotations),
    ...diffEntries<CaptionAnnotation>(base.captions, current.captions),
  ];
  const used = new Set(current.annotations.map((annotation) => annotation.category_id));
  const categories = diffEntries(base.categories, current.categories).filter(
    (delta) => mayWriteCategory(delta.id) || (delta.before === null && used.has(delta.id)),
  );
  const order = wantedOrder(base.annotations, current.annotations);
  return {
    images: imageDelta(base.image, current.image, listed, annotations.length > 0 || !!order),
    annotations,
    categories,
    ...(order ? { order: { imageId: current.image.id, ids: order } } : {}),
  };
}

/** Whether a delta would write nothing. */
export function isEmptyDelta(delta: DatasetDelta): boolean {
  return (
    delta.images.length + delta.annotations.length + delta.categories.length === 0 && !delta.order
  );
}

function imageDelta(
  base: CocoImage,
  current: CocoImage,
  listed: boolean,
  isNeeded: boolean,
): readonly EntryDelta<CocoImage>[] {
  if (!isNeeded) return [];
  if (!listed) return [{ id: current.id, before: null, after: current }];
  return deepEqual(base, current) ? [] : [{ id: base.id, before: base, after: current }];
}

function diffEntries<T extends Identified>(
  base: readonly T[],
  current: readonly T[],
): readonly EntryDelta<T>[] {
  const before = new Map(base.map((entry) => [entry.id, entry]));
  const after = new Map(current.map((entry) => [entry.id, entry]));
  const changed = current
    .filter((entry) => !deepEqual(before.get(entry.id), entry))
    .map((entry) => ({ id: entry.id, before: before.get(entry.id) ?? null, after: entry }));
  const removed = base
    .filter((entry) => !after.has(entry.id))
    .map((entry) => ({ id: entry.id, before: entry, after: null }));
  return [...changed, ...removed];
}

/** @returns the ids in their wanted order, or null when appending what is new keeps the order as it is */
function wantedOrder(
  base: readonly Identified[],
  current: readonly Identified[],
): readonly number[] | null {
  const before = new Set(base.map((entry) => entry.id));
  const after = new Set(current.map((entry) => entry.id));
  const unmoved = [
    ...base.filter((entry) => after.has(entry.id)),
    ...current.filter((entry) => !before.has(entry.id)),
  ];
  const wanted = current.map((entry) => entry.id);
  return unmoved.every((entry, i) => entry.id === wanted[i]) ? null : wanted;
}
