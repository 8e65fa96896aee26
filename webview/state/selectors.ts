// Questions about the state, asked by tools, canvas and panels.
import type { CocoCategory, InstanceAnnotation } from '../../src/shared/coco/types';
import type { Draft } from '../../src/shared/edits/types';
import type { ToolId } from '../../src/shared/protocol/editor';
import type { Candidate } from '../../src/shared/protocol/prompt';
import type { PageState } from './pageState';
import { annotationColor, type Rgb } from './palette';

const NO_ANNOTATIONS: readonly InstanceAnnotation[] = [];
const NO_CATEGORIES: readonly CocoCategory[] = [];

/** File order: the last is drawn on top. */
export const annotationsOf = (state: PageState): readonly InstanceAnnotation[] =>
  state.doc?.annotations ?? NO_ANNOTATIONS;
/** The order of the list: topmost first. */
export const listedAnnotations = (state: PageState): readonly InstanceAnnotation[] =>
  [...annotationsOf(state)].reverse();
export const categoriesOf = (state: PageState): readonly CocoCategory[] =>
  state.doc?.categories ?? NO_CATEGORIES;
export const draftOf = (state: PageState): Draft | null => state.doc?.draft ?? null;
export const activeToolOf = (state: PageState): ToolId => state.temporaryTool ?? state.tool;

export function candidateOf(draft: Draft | null): Candidate | null {
  return draft?.candidates[draft.selected] ?? null;
}

export function findAnnotation(
  state: PageState,
  id: number | null | undefined,
): InstanceAnnotation | undefined {
  return id == null ? undefined : annotationsOf(state).find((annotation) => annotation.id === id);
}

export function findCategory(
  state: PageState,
  id: number | null | undefined,
): CocoCategory | undefined {
  return id == null ? undefined : categoriesOf(state).find((category) => category.id === id);
}

/** The only selected annotation; none when several or no annotation is selected. */
export function soleSelection(state: PageState): InstanceAnnotation | undefined {
  return state.selection.length === 1 ? findAnnotation(state, state.selection[0]) : undefined;
}

export const isEditable = (state: PageState): boolean =>
  state.phase === 'open' && state.doc !== null && !state.info?.readOnly;

export const isLocked = (state: PageState, id: number): boolean => state.locked.has(id);
export const isVisible = (state: PageState, id: number): boolean => !state.hidden.has(id);

/** Annotations drawn in the overlay, bottom first. A refined one is drawn as the draft instead. */
export function visibleAnnotations(state: PageState): readonly InstanceAnnotation[] {
  if (!state.masksVisible) return NO_ANNOTATIONS;
  const refined = draftOf(state)?.targetId;
  return annotationsOf(state).filter(
    (annotation) => !state.hidden.has(annotation.id) && annotation.id !== refined,
  );
}

export function colorOf(state: PageState, annotation: InstanceAnnotation): Rgb {
  return annotationColor(annotation, findCategory(state, annotation.category_id));
}

export function categoryName(state: PageState, id: number): string {
  return findCategory(state, id)?.name ?? `category ${id}`;
}

/** e.g. "dog, annotation 12" */
export function describeAnnotation(state: PageState, annotation: InstanceAnnotation): string {
  return `${categoryName(state, annotation.category_id)}, annotation ${annotation.id}`;
}
