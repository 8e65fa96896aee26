// Random image states and edits, and small fixed ones.
import type { CocoCategory, InstanceAnnotation } from '../../src/shared/coco/types';
import type { ResolveContext } from '../../src/shared/edits/resolveContext';
import type { Draft, Edit, ImageState } from '../../src/shared/edits/types';
import { encodeBitmap } from '../../src/shared/mask/bitmap';
import { runsToString } from '../../src/shared/mask/rleString';
import type { Rle } from '../../src/shared/mask/types';
import { randomInteger } from './random';

export const SIZE = [8, 10] as const;

/** A filled rectangle as a mask of SIZE. */
export function rectangle(x: number, y: number, width: number, height: number): Rle {
  const [rows, columns] = SIZE;
  const data = new Uint8Array(rows * columns);
  for (let row = y; row < y + height; row++) {
    data.fill(1, row * columns + x, row * columns + x + width);
  }
  return runsToString(encodeBitmap({ width: columns, height: rows, data }));
}

export function category(id: number, name = `category ${id}`): CocoCategory {
  return { id, name };
}

/** An annotation with fields Promptmark does not know. */
export function annotation(
  id: number,
  fields: Partial<InstanceAnnotation> = {},
): InstanceAnnotation {
  const segmentation = rectangle(1, 1, 2, 3);
  return {
    id,
    image_id: 1,
    category_id: 1,
    segmentation,
    bbox: [1, 1, 2, 3],
    area: 6,
    iscrowd: 0,
    team: { name: 'field kept' },
    ...fields,
  };
}

export function draft(fields: Partial<Draft> = {}): Draft {
  const candidate = (mask: Rle, area: number): Draft['candidates'][number] => ({
    segmentation: mask,
    bbox: [0, 0, 2, 2],
    area,
    iou_score: 0.91237,
    stability_score: 0.95,
  });
  return {
    prompt: { points: [{ at: { x: 1.254, y: 1.5 }, label: 1 }], scribbles: [] },
    candidates: [candidate(rectangle(0, 0, 2, 2), 4), candidate(rectangle(0, 0, 4, 4), 16)],
    selected: 0,
    predictionId: 'p1',
    model: { id: 'builtin', sha256: 'abc' },
    ...fields,
  };
}

export function imageState(fields: Partial<ImageState> = {}): ImageState {
  const [height, width] = SIZE;
  return {
    image: { id: 1, file_name: 'photo.png', width, height },
    annotations: [],
    captions: [],
    categories: [category(1, 'cat'), category(2, 'dog')],
    draft: null,
    ...fields,
  };
}

/** Ids from 100 up. */
export function resolveContext(fields: Partial<ResolveContext> = {}): ResolveContext {
  let annotationId = 100;
  let categoryId = 100;
  return {
    ids: { nextAnnotationId: () => annotationId++, nextCategoryId: () => categoryId++ },
    size: SIZE,
    polygonTolerance: 0,
    provenanceTime: null,
    ...fields,
  };
}

/** A state with up to 6 entries a list; ids are taken from `pool`, so that two states share some. */
export function randomState(random: () => number, pool = 12): ImageState {
  const ids = (): number[] => {
    const all = Array.from({ length: pool }, (_, i) => i + 1).sort(() => random() - 0.5);
    return all.slice(0, randomInteger(random, 0, 6));
  };
  const version = (): number => randomInteger(random, 1, 3);
  return imageState({
    annotations: ids().map((id) => annotation(id, { area: version() })),
    captions: ids().map((id) => ({ id, image_id: 1, caption: `text ${version()}` })),
    categories: ids().map((id) => category(id, `name ${version()}`)),
    draft: random() < 0.5 ? null : draft({ selected: version() }),
  });
}

/** An edit that fits the state. */
export function randomEdit(random: () => number, state: ImageState, newId: number): Edit {
  const kind = (['annotation', 'caption', 'category', 'order', 'draft'] as const)[
    randomInteger(random, 0, 4)
  ]!;
  if (kind === 'draft') {
    return { kind, before: state.draft, after: random() < 0.5 ? null : draft({ selected: newId }) };
  }
  if (kind === 'order') {
    const last = state.annotations.length - 1;
    if (last < 0) return { kind: 'draft', before: state.draft, after: null };
    const [from, to] = [randomInteger(random, 0, last), randomInteger(random, 0, last)];
    return { kind, from, to, id: state.annotations[from]!.id };
  }
  if (kind === 'annotation')
    return { kind, ...change(random, state.annotations, annotation(newId)) };
  if (kind === 'category') return { kind, ...change(random, state.categories, category(newId)) };
  const caption = { id: newId, image_id: 1, caption: 'new' };
  return { kind, ...change(random, state.captions, caption) };
}

function change<T extends { readonly id: number }>(
  random: () => number,
  list: readonly T[],
  added: T,
): { readonly index: number; readonly before: T | null; readonly after: T | null } {
  const what = randomInteger(random, 0, 2);
  const index = randomInteger(random, 0, Math.max(0, list.length - 1));
  const before = list[index];
  if (what === 0 || !before) {
    return { index: randomInteger(random, 0, list.length), before: null, after: added };
  }
  return { index, before, after: what === 1 ? null : { ...before, changed: random() } };
}
