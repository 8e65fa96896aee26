// Turns what the page asks for into edits. Ids, bbox, area and encoding are made here, and everything the page says
// is checked here, so that a page that lies cannot write a wrong file.
import { applyEdits } from './apply';
import type { Edit, ImageState, Intent } from './types';
import type { ResolveContext } from './resolveContext';
import { refuse } from './resolveContext';
import {
  combineAnnotations,
  createAnnotation,
  deleteAnnotations,
  reorderAnnotation,
  setAttributes,
  setCategory,
  setCrowd,
  setMask,
  setPolygons,
} from './resolveAnnotation';
import { createCategory, deleteCategory, updateCategory } from './resolveCategory';
import { acceptDraft, cancelDraft, selectCandidate } from './resolveDraft';

/** The edits of one intent, and the id it created, if any. */
export interface Resolved {
  readonly edits: readonly Edit[];
  readonly createdId?: number;
}

/**
 * Resolves intents in order, each against the state the ones before it lead to.
 *
 * @returns the edits of all, and the created ids in order of the creating intents; edits may be empty
 * @throws DomainError 'invalid-params' when one cannot be done; then none may be applied
 */
export function resolveIntents(
  state: ImageState,
  intents: readonly Intent[],
  context: ResolveContext,
): { readonly edits: readonly Edit[]; readonly createdIds: readonly number[] } {
  const edits: Edit[] = [];
  const createdIds: number[] = [];
  let current = state;
  for (const intent of intents) {
    const resolved = resolveIntent(current, intent, context);
    current = applyEdits(current, resolved.edits);
    edits.push(...resolved.edits);
    if (resolved.createdId !== undefined) createdIds.push(resolved.createdId);
  }
  return { edits, createdIds };
}

/** Resolves one intent; see resolveIntents. */
export function resolveIntent(
  state: ImageState,
  intent: Intent,
  context: ResolveContext,
): Resolved {
  switch (intent.kind) {
    case 'annotation/create':
      return createAnnotation(state, intent, context);
    case 'annotation/setMask':
      return { edits: setMask(state, intent, context) };
    case 'annotation/setPolygons':
      return { edits: setPolygons(state, intent, context) };
    case 'annotation/setCategory':
      return { edits: setCategory(state, intent) };
    case 'annotation/setAttributes':
      return { edits: setAttributes(state, intent) };
    case 'annotation/setCrowd':
      return { edits: setCrowd(state, intent) };
    case 'annotation/delete':
      return { edits: deleteAnnotations(state, intent.ids) };
    case 'annotation/reorder':
      return { edits: reorderAnnotation(state, intent) };
    case 'annotation/combine':
      return { edits: combineAnnotations(state, intent, context) };
    case 'category/create':
      return createCategory(state, intent, context);
    case 'category/update':
      return { edits: updateCategory(state, intent) };
    case 'category/delete':
      return { edits: deleteCategory(state, intent, context) };
    case 'caption/set':
      return setCaption(state, intent, context);
    case 'draft/select':
      return { edits: selectCandidate(state, intent.selected) };
    case 'draft/accept':
      return acceptPainted(state, intent, context);
    case 'draft/cancel':
      return { edits: cancelDraft(state) };
  }
}

function setCaption(
  state: ImageState,
  { id, text }: { readonly id?: number; readonly text: string },
  context: ResolveContext,
): Resolved {
  const caption = text.trim();
  if (id === undefined) {
    if (!caption) return { edits: [] };
    const after = { id: context.ids.nextAnnotationId(), image_id: state.image.id, caption };
    const index = state.captions.length;
    return { edits: [{ kind: 'caption', index, before: null, after }], createdId: after.id };
  }
  const index = state.captions.findIndex((entry) => entry.id === id);
  const before = state.captions[index];
  if (!before) refuse(`Caption ${id} is not on this image any more.`);
  if (before.caption === caption) return { edits: [] };
  const after = caption ? { ...before, caption } : null;
  return { edits: [{ kind: 'caption', index, before, after }] };
}

/** Accepts the draft; when it was painted on, the new annotation's mask is the painted one, in the same step. */
function acceptPainted(
  state: ImageState,
  { categoryId, painted }: Extract<Intent, { kind: 'draft/accept' }>,
  context: ResolveContext,
): Resolved {
  const accepted = acceptDraft(state, categoryId, context);
  if (!painted) return accepted;
  const id = accepted.createdId ?? state.draft?.targetId;
  if (id === undefined) return accepted;
  const after = applyEdits(state, accepted.edits);
  return {
    ...accepted,
    edits: [...accepted.edits, ...setMask(after, { id, ...painted }, context)],
  };
}
