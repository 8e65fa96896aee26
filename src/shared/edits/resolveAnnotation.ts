// Intents on annotations. Every change keeps the entry's other fields, known or not, in their order.
import { isPolygons, isRle, measure } from '../coco/segmentation';
import type { InstanceAnnotation, Polygons, Provenance, Segmentation } from '../coco/types';
import { intersect, subtract, unionAll } from '../mask/combine';
import { runsToString } from '../mask/rleString';
import type { Rle, Runs } from '../mask/types';
import type { Edit, ImageState, Intent } from './types';
import { deepEqual } from '../coco/equal';
import { encodeMask, type EncodedMask } from './encodeMask';
import type { ResolveContext } from './resolveContext';
import { refuse, requireAnnotation, requireCategory } from './resolveContext';
import type { Resolved } from './resolveIntent';
import { checkedRuns, clampPolygons } from './resolveMask';

type Of<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** Adds an annotation on top of the others. */
export function createAnnotation(
  state: ImageState,
  { categoryId, segmentation, tool }: Of<'annotation/create'>,
  context: ResolveContext,
): Resolved {
  requireCategory(state, categoryId);
  const after = newAnnotation(state, categoryId, segmentation, { tool }, context);
  const index = state.annotations.length;
  return { edits: [{ kind: 'annotation', index, before: null, after }], createdId: after.id };
}

/** A new entry with its mask measured and encoded; `iscrowd` is 0. */
export function newAnnotation(
  state: ImageState,
  categoryId: number,
  segmentation: Rle | Segmentation,
  provenance: Provenance,
  context: ResolveContext,
): InstanceAnnotation {
  const mask = encode(segmentation, false, context);
  if (!mask) refuse('The mask is empty.');
  return {
    id: context.ids.nextAnnotationId(),
    image_id: state.image.id,
    category_id: categoryId,
    ...mask,
    iscrowd: 0,
    ...stamp(undefined, provenance, context),
  };
}

/** The annotation with another mask. @throws DomainError 'invalid-params' when the mask is empty */
export function replaceMask(
  annotation: InstanceAnnotation,
  segmentation: Rle | Segmentation,
  provenance: Provenance,
  context: ResolveContext,
): InstanceAnnotation {
  const mask = encode(segmentation, annotation.iscrowd === 1, context);
  if (!mask) refuse('The mask is empty.');
  return { ...annotation, ...mask, ...stamp(annotation.promptmark, provenance, context) };
}

/** A mask edited by brush or eraser; one that is erased completely deletes its annotation. */
export function setMask(
  state: ImageState,
  { id, mask, tool }: Omit<Of<'annotation/setMask'>, 'kind'>,
  context: ResolveContext,
): readonly Edit[] {
  const { index, annotation: before } = requireAnnotation(state, id);
  const known = context.encoded?.get(mask.counts);
  const isEmpty =
    known === undefined ? measure(checkedRuns(mask, context.size)).area === 0 : known === null;
  if (isEmpty) return [{ kind: 'annotation', index, before, after: null }];
  const after = replaceMask(before, mask, { tool }, context);
  return deepEqual(before.segmentation, after.segmentation)
    ? []
    : [{ kind: 'annotation', index, before, after }];
}

/** Polygons as drawn, corners cut to the image. */
export function setPolygons(
  state: ImageState,
  { id, polygons }: Of<'annotation/setPolygons'>,
  context: ResolveContext,
): readonly Edit[] {
  const { index, annotation: before } = requireAnnotation(state, id);
  const after = replaceMask(before, polygons, { tool: 'polygon' }, context);
  return deepEqual(before.segmentation, after.segmentation)
    ? []
    : [{ kind: 'annotation', index, before, after }];
}

/** Gives annotations another category; those that have it already do not change. */
export function setCategory(
  state: ImageState,
  { ids, categoryId }: Of<'annotation/setCategory'>,
): readonly Edit[] {
  requireCategory(state, categoryId);
  return [...new Set(ids)].flatMap((id): readonly Edit[] => {
    const { index, annotation: before } = requireAnnotation(state, id);
    if (before.category_id === categoryId) return [];
    return [{ kind: 'annotation', index, before, after: { ...before, category_id: categoryId } }];
  });
}

/** Replaces the attributes of one annotation. */
export function setAttributes(
  state: ImageState,
  { id, attributes }: Of<'annotation/setAttributes'>,
): readonly Edit[] {
  const { index, annotation: before } = requireAnnotation(state, id);
  const after = { ...before, attributes };
  return deepEqual(before, after) ? [] : [{ kind: 'annotation', index, before, after }];
}

/** Marks an annotation as a crowd region or as one object; the only way iscrowd ever changes. */
export function setCrowd(
  state: ImageState,
  { id, iscrowd }: Of<'annotation/setCrowd'>,
): readonly Edit[] {
  const { index, annotation: before } = requireAnnotation(state, id);
  if (iscrowd !== 0 && iscrowd !== 1) refuse('iscrowd is 0 or 1.');
  if (before.iscrowd === iscrowd) return [];
  return [{ kind: 'annotation', index, before, after: { ...before, iscrowd } }];
}

/** Deletes annotations, those on top first. */
export function deleteAnnotations(state: ImageState, ids: readonly number[]): readonly Edit[] {
  return [...new Set(ids)]
    .map((id) => requireAnnotation(state, id))
    .sort((a, b) => b.index - a.index)
    .map(({ index, annotation }) => ({
      kind: 'annotation',
      index,
      before: annotation,
      after: null,
    }));
}

/** Moves an annotation in the z-order; `to` beyond the ends means the end. */
export function reorderAnnotation(
  state: ImageState,
  { id, to }: Of<'annotation/reorder'>,
): readonly Edit[] {
  const { index: from } = requireAnnotation(state, id);
  const target = Math.min(Math.max(Math.trunc(to), 0), state.annotations.length - 1);
  if (!Number.isFinite(to)) refuse('The new place is not a number.');
  return from === target ? [] : [{ kind: 'order', from, to: target, id }];
}

/** Union and intersection keep the first annotation and delete the others; subtraction keeps all. */
export function combineAnnotations(
  state: ImageState,
  { ids, operation }: Of<'annotation/combine'>,
  context: ResolveContext,
): readonly Edit[] {
  const [first, ...others] = [...new Set(ids)].map((id) => requireAnnotation(state, id));
  if (!first || others.length === 0) refuse('Select at least two annotations.');
  const masks = others.map(({ annotation }) => maskOf(annotation, context));
  const own = maskOf(first.annotation, context);
  const result =
    operation === 'union'
      ? unionAll([own, ...masks], context.size)
      : operation === 'subtract'
        ? subtract(own, unionAll(masks, context.size))
        : masks.reduce(intersect, own);
  if (measure(result).area === 0) refuse('No pixel would be left.');
  const after = replaceMask(first.annotation, runsToString(result), { tool: operation }, context);
  const change: Edit = { kind: 'annotation', index: first.index, before: first.annotation, after };
  if (operation === 'subtract') return [change];
  return [
    change,
    ...deleteAnnotations(
      state,
      others.map(({ annotation }) => annotation.id),
    ),
  ];
}

function maskOf(annotation: InstanceAnnotation, context: ResolveContext): Runs {
  if (!annotation.segmentation) refuse(`Annotation ${annotation.id} has no mask.`);
  return checkedRuns(annotation.segmentation, context.size);
}

/** @returns null for an empty mask */
function encode(
  segmentation: Rle | Segmentation,
  isCrowd: boolean,
  context: ResolveContext,
): EncodedMask | null {
  const counts = isRle(segmentation) && !isCrowd ? segmentation.counts : null;
  const known = typeof counts === 'string' ? context.encoded?.get(counts) : undefined;
  if (known !== undefined) return known;
  const kept = isPolygons(segmentation) ? cut(segmentation, context) : segmentation;
  const runs = checkedRuns(kept, context.size);
  if (!isPolygons(kept) && !isCrowd) return encodeMask(runs, context.polygonTolerance);
  const { area, bbox } = measure(runs);
  if (area === 0) return null;
  // COCO's crowd regions are RLE; evaluation tools expect that.
  return { segmentation: isCrowd ? runsToString(runs) : kept, area, bbox };
}

function cut(polygons: Polygons, context: ResolveContext): Polygons {
  checkedRuns(polygons, context.size); // checks them
  return clampPolygons(polygons, context.size);
}

/** The provenance to store; nothing when the setting is off, so an existing entry stays as it is. */
function stamp(
  existing: Provenance | undefined,
  provenance: Provenance,
  { provenanceTime }: ResolveContext,
): { readonly promptmark?: Provenance } {
  if (provenanceTime === null) return {};
  return { promptmark: { ...existing, ...provenance, time: provenanceTime } };
}
