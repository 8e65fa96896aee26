// Intents on categories. Names are unique in a dataset, so that a category can be reused by name.
import type { CocoCategory } from '../coco/types';
import type { Edit, ImageState, Intent } from './types';
import { deepEqual } from '../coco/equal';
import { deleteAnnotations, setCategory } from './resolveAnnotation';
import type { ResolveContext } from './resolveContext';
import { refuse, requireCategory } from './resolveContext';
import type { Resolved } from './resolveIntent';

type Of<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** Adds a category at the end of the list. */
export function createCategory(
  state: ImageState,
  { name, supercategory, color }: Of<'category/create'>,
  context: ResolveContext,
): Resolved {
  const checked = checkName(state, name, null);
  const after: CocoCategory = {
    id: context.ids.nextCategoryId(),
    name: checked,
    ...(supercategory === undefined ? {} : { supercategory: supercategory.trim() }),
    ...(color === undefined ? {} : { color: checkColor(color) }),
  };
  const index = state.categories.length;
  return { edits: [{ kind: 'category', index, before: null, after }], createdId: after.id };
}

/** Renames, regroups or recolours; fields not named keep their value, fields not known are kept. */
export function updateCategory(
  state: ImageState,
  { id, name, supercategory, color }: Of<'category/update'>,
): readonly Edit[] {
  const { index, category: before } = requireCategory(state, id);
  const after: CocoCategory = {
    ...before,
    ...(name === undefined ? {} : { name: checkName(state, name, id) }),
    ...(supercategory === undefined ? {} : { supercategory: supercategory.trim() }),
    ...(color === undefined ? {} : { color: inFormOf(before['color'], checkColor(color)) }),
  };
  return deepEqual(before, after) ? [] : [{ kind: 'category', index, before, after }];
}

/** Deletes a category and either deletes this image's annotations of it or gives them another. */
export function deleteCategory(
  state: ImageState,
  { id, reassignTo }: Of<'category/delete'>,
  context: ResolveContext,
): readonly Edit[] {
  const { index, category: before } = requireCategory(state, id);
  const elsewhere = context.categoryUseElsewhere?.get(id) ?? 0;
  if (elsewhere > 0) {
    refuse(`"${before.name}" is used by ${elsewhere} annotations of other images.`);
  }
  if (reassignTo === id) refuse('A category that is deleted cannot be its own replacement.');
  const ids = state.annotations.filter((a) => a.category_id === id).map((a) => a.id);
  const freed =
    reassignTo === null
      ? deleteAnnotations(state, ids)
      : setCategory(state, { kind: 'annotation/setCategory', ids, categoryId: reassignTo });
  return [...freed, { kind: 'category', index, before, after: null }];
}

function checkName(state: ImageState, name: string, ownId: number | null): string {
  const checked = name.trim();
  if (!checked) refuse('A category needs a name.');
  const taken = state.categories.some((c) => c.id !== ownId && c.name === checked);
  if (taken) refuse(`There is already a category "${checked}".`);
  return checked;
}

function checkColor(color: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(color))
    refuse(`"${color.slice(0, 20)}" is not a colour like #1f77b4.`);
  return color.toLowerCase();
}

/** Some tools store [r, g, b], 0..255; a colour keeps the form it has in the file. */
function inFormOf(existing: unknown, color: string): string | readonly number[] {
  if (!Array.isArray(existing)) return color;
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
