// From COCO annotations to what the captioner needs.
import type { CocoCategory, InstanceAnnotation } from '../coco/types';
import type { CaptionObject } from './types';

/** Annotations of one image as caption objects; an unknown category becomes "object". */
export function captionObjects(
  annotations: readonly InstanceAnnotation[],
  categories: readonly CocoCategory[],
): CaptionObject[] {
  const names = new Map(categories.map(({ id, name }) => [id, String(name)]));
  return annotations.map((annotation) => ({
    name: names.get(annotation.category_id) ?? 'object',
    ...(isBox(annotation.bbox) ? { bbox: annotation.bbox } : {}),
    ...(typeof annotation.area === 'number' ? { area: annotation.area } : {}),
    isCrowd: annotation.iscrowd === 1,
  }));
}

/** Files come from anywhere: a box that is not four numbers is no box. */
function isBox(bbox: InstanceAnnotation['bbox']): bbox is NonNullable<InstanceAnnotation['bbox']> {
  return Array.isArray(bbox) && bbox.length === 4 && bbox.every((v) => Number.isFinite(v));
}
