// What resolving an intent may ask of its surroundings, and the checks all resolvers share.
import type { Size } from '../geometry/types';
import type { CocoCategory, InstanceAnnotation } from '../coco/types';
import { DomainError } from '../protocol/wire';
import type { EncodedMask } from './encodeMask';
import type { ImageState } from './types';

/** Hands out ids that no entry of the dataset has, ≥ 1, each once. */
export interface IdSource {
  nextAnnotationId(): number;
  nextCategoryId(): number;
}

export interface ResolveContext {
  readonly ids: IdSource;
  /** the image's size as displayed, [height, width]; every mask must have it */
  readonly size: Size;
  /** the IoU with the mask that a polygon may lose, 0..1; 0: polygons only where no pixel is lost */
  readonly polygonTolerance: number;
  /** the time to write into `promptmark`, ISO 8601 UTC; null: the setting is off, write no provenance */
  readonly provenanceTime: string | null;
  /** masks encoded before, by their counts (see masksToEncode); null: an empty one. Others are encoded here */
  readonly encoded?: ReadonlyMap<string, EncodedMask | null>;
  /** how many annotations of other images use a category; needed to delete one */
  readonly categoryUseElsewhere?: ReadonlyMap<number, number>;
}

/** @throws DomainError 'invalid-params' with the reason */
export function refuse(reason: string): never {
  throw new DomainError('invalid-params', `${reason} Nothing was changed.`);
}

/** @throws DomainError 'invalid-params' when there is no such annotation on this image */
export function requireAnnotation(
  state: ImageState,
  id: number,
): { readonly index: number; readonly annotation: InstanceAnnotation } {
  const index = state.annotations.findIndex((annotation) => annotation.id === id);
  const annotation = state.annotations[index];
  if (!annotation) refuse(`Annotation ${id} is not on this image any more.`);
  return { index, annotation };
}

/** @throws DomainError 'invalid-params' when there is no such category */
export function requireCategory(
  state: ImageState,
  id: number,
): { readonly index: number; readonly category: CocoCategory } {
  const index = state.categories.findIndex((category) => category.id === id);
  const category = state.categories[index];
  if (!category) refuse(`Category ${id} does not exist in this dataset any more.`);
  return { index, category };
}
