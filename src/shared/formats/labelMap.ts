// Pictures in which every pixel names what it belongs to: masks painted into one, and the masks of one.
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../coco/types';
import type { Size } from '../geometry/types';
import { runsToString } from '../mask/rleString';
import type { Rle, Runs } from '../mask/types';
import type { ImageRecord } from './format';
import { messageOf, type LossLog } from './lossLog';
import { emptyMap } from './raster';
import { objectsOf, readMask, sizeOf } from './shapes';
import { FEATURES } from './unkept';

/** An object that is painted: its mask and the value of its pixels, 0 is nothing. */
export interface Painted {
  readonly annotation: InstanceAnnotation;
  readonly category: CocoCategory;
  readonly mask: Runs;
  readonly value: number;
}

/**
 * Paints the objects of an image, later ones over earlier ones.
 *
 * @param valueOf the value of an object, given how many were painted before; null leaves it out
 * @returns the map in rows, and what is to be seen of each object; null, with a loss, when the image is too large
 */
export function paintObjects(
  record: ImageRecord,
  categories: ReadonlyMap<number, CocoCategory>,
  valueOf: (
    annotation: InstanceAnnotation,
    category: CocoCategory,
    before: number,
  ) => number | null,
  losses: LossLog,
): { readonly values: Uint32Array; readonly painted: readonly Painted[] } | null {
  const size = sizeOf(record.image);
  const values = mapFor(record.image, losses);
  if (!values) return null;
  const painted: Painted[] = [];
  for (const { annotation, category } of objectsOf(record, categories, losses)) {
    const where = `annotation ${annotation.id}`;
    const mask = readMask(annotation, record.image, losses);
    if (!mask) {
      losses.add('box', FEATURES.box, where);
      continue;
    }
    const value = valueOf(annotation, category, painted.length);
    if (value === null) continue;
    if (paint(values, size, mask, value)) losses.add('overlap', FEATURES.overlap, where);
    painted.push({ annotation, category, mask, value });
  }
  const seen = new Set(values);
  for (const { annotation, value } of painted) {
    if (seen.has(value)) continue;
    const message = 'An object that others cover completely is not in the map.';
    losses.add('covered', message, `annotation ${annotation.id}`);
  }
  return { values, painted: painted.filter(({ value }) => seen.has(value)) };
}

function mapFor(image: CocoImage, losses: LossLog): Uint32Array | null {
  try {
    return emptyMap(sizeOf(image));
  } catch (error) {
    losses.add('image-size', `An image is left out: ${messageOf(error)}.`, `image ${image.id}`);
    return null;
  }
}

/** Paints a mask; true when it covers pixels of another value. */
function paint(values: Uint32Array, [height, width]: Size, mask: Runs, value: number): boolean {
  let isOver = false;
  let at = 0;
  mask.counts.forEach((length, k) => {
    const end = at + length;
    for (; k % 2 === 1 && at < end; at++) {
      const i = (at % height) * width + Math.floor(at / height);
      if (values[i] !== 0 && values[i] !== value) isOver = true;
      values[i] = value;
    }
    at = end;
  });
  return isOver;
}

/** The mask of every value but 0, in the order of their first pixels by columns. @param values in rows */
export function masksOf(values: ArrayLike<number>, [height, width]: Size): Map<number, Rle> {
  const found = new Map<number, { counts: number[]; end: number }>();
  const total = width * height;
  const at = (k: number): number => values[(k % height) * width + Math.floor(k / height)]!;
  for (let start = 0; start < total;) {
    const value = at(start);
    let end = start + 1;
    while (end < total && at(end) === value) end++;
    if (value !== 0) {
      const known = found.get(value) ?? { counts: [], end: 0 };
      found.set(value, known);
      known.counts.push(start - known.end, end - start);
      known.end = end;
    }
    start = end;
  }
  const masks = new Map<number, Rle>();
  for (const [value, { counts, end }] of found) {
    if (end < total) counts.push(total - end);
    masks.set(value, runsToString({ size: [height, width], counts: Uint32Array.from(counts) }));
  }
  return masks;
}
