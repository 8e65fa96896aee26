// A mask as an annotation stores it. For large masks this takes tens of milliseconds, so the host has it done in the
// dataset worker before it resolves intents.
import { isRle, measure, segmentationFromMask } from '../coco/segmentation';
import type { InstanceAnnotation } from '../coco/types';
import type { Size } from '../geometry/types';
import type { Rle, Runs } from '../mask/types';
import type { ImageState, Intent } from './types';

/** The fields of an annotation that follow from its mask. */
export type EncodedMask = Pick<InstanceAnnotation, 'segmentation' | 'area' | 'bbox'>;

/**
 * Measures a mask and chooses polygons or RLE.
 *
 * @param polygonTolerance the IoU that a polygon may lose, 0..1
 * @returns null for an empty mask
 */
export function encodeMask(runs: Runs, polygonTolerance: number): EncodedMask | null {
  const { area, bbox } = measure(runs);
  if (area === 0) return null;
  return { segmentation: segmentationFromMask(runs, { tolerance: polygonTolerance }), area, bbox };
}

/** The masks that resolving these intents will encode, as far as they are known before; of this size only. */
export function masksToEncode(
  state: ImageState,
  intents: readonly Intent[],
  [height, width]: Size,
): readonly Rle[] {
  const { draft } = state;
  const masks = intents.flatMap((intent): readonly unknown[] => {
    if (intent.kind === 'annotation/create') return [intent.segmentation];
    if (intent.kind === 'annotation/setMask') return [intent.mask];
    if (intent.kind === 'draft/accept') {
      return [draft?.candidates[draft.selected]?.segmentation, intent.painted?.mask];
    }
    return [];
  });
  return masks.filter(
    (mask): mask is Rle =>
      isRle(mask) &&
      typeof mask.counts === 'string' &&
      mask.size[0] === height &&
      mask.size[1] === width,
  );
}
