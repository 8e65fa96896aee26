// Which annotations lie under a point.
import type { ImagePoint } from '../../src/shared/geometry/types';
import { areaOf } from '../../src/shared/mask/area';
import { annotationMask, maskContains } from './masks';
import type { PageState } from './pageState';
import { visibleAnnotations } from './selectors';

/**
 * Ids of visible annotations under the point, smallest first, so that a small object inside a large one can be
 * reached; of equal size the one drawn on top.
 */
export function hitTest(state: PageState, at: ImagePoint): readonly number[] {
  const size = state.info?.size;
  if (!size) return [];
  const hits = visibleAnnotations(state)
    .map((annotation, order) => ({
      id: annotation.id,
      order,
      mask: annotationMask(annotation, size),
    }))
    .filter(({ mask }) => maskContains(mask, at))
    .map(({ id, order, mask }) => ({ id, order, area: areaOf(mask.runs) }));
  hits.sort((a, b) => a.area - b.area || b.order - a.order);
  return hits.map(({ id }) => id);
}

/** The hit after the current selection, so that repeated clicks go through what overlaps; null when none is hit. */
export function cycleHit(hits: readonly number[], selection: readonly number[]): number | null {
  const current = selection.length === 1 ? hits.indexOf(selection[0]!) : -1;
  return hits[(current + 1) % Math.max(1, hits.length)] ?? null;
}
