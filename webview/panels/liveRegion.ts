// Tells assistive technology what changed on the canvas: annotations added and removed, selections, drafts.
import type { PageState } from '../state/pageState';
import type { Session } from '../state/session';
import {
  annotationsOf,
  candidateOf,
  describeAnnotation,
  draftOf,
  findAnnotation,
  listedAnnotations,
} from '../state/selectors';
import { watch } from '../state/store';
import { h } from './dom';

export function createLiveRegion(session: Session): HTMLElement {
  const element = h('div', {
    class: 'visually-hidden',
    role: 'status',
    testid: 'live',
    attributes: { 'aria-live': 'polite' },
  });
  session.store.subscribe((state, before) => {
    const text = describeChange(state, before);
    if (text) session.store.dispatch({ kind: 'announce', text });
  });
  watch(
    session.store,
    (state) => state.announcement,
    ({ text, serial }) => {
      // Equal texts must differ to be said again.
      element.textContent = serial % 2 ? text : `${text}\u00a0`;
    },
  );
  return element;
}

function describeChange(state: PageState, before: PageState): string | null {
  if (state.doc && before.doc && state.doc !== before.doc) {
    const text = describeDocument(state, before);
    if (text) return text;
  }
  if (state.selection !== before.selection) return describeSelection(state);
  if (state.tool !== before.tool) return `${state.tool} tool`;
  return null;
}

function describeDocument(state: PageState, before: PageState): string | null {
  const old = new Set(annotationsOf(before).map((annotation) => annotation.id));
  const added = annotationsOf(state).filter((annotation) => !old.has(annotation.id));
  const removed = old.size + added.length - annotationsOf(state).length;
  const total = `${annotationsOf(state).length} annotations`;
  const [first] = added;
  if (added.length === 1 && first) return `${describeAnnotation(state, first)} added, ${total}`;
  if (added.length > 1) return `${added.length} annotations added, ${total}`;
  if (removed > 0)
    return `${removed === 1 ? 'Annotation' : `${removed} annotations`} removed, ${total}`;
  const draft = draftOf(state);
  if (draft === draftOf(before)) return null;
  if (!draft) return 'Draft removed';
  const best = candidateOf(draft);
  if (!best || best.area === 0) return 'No mask found';
  return `Mask of ${best.area} pixels, score ${best.iou_score.toFixed(2)}. Enter accepts.`;
}

function describeSelection(state: PageState): string | null {
  // What was just created was announced as added.
  if (state.selectionOrigin === 'created') return null;
  const [id, ...others] = state.selection;
  if (id === undefined) return 'Nothing selected';
  if (others.length > 0) return `${others.length + 1} annotations selected`;
  const annotation = findAnnotation(state, id);
  if (!annotation) return null;
  const list = listedAnnotations(state);
  return `${describeAnnotation(state, annotation)} selected, ${list.indexOf(annotation) + 1} of ${list.length}`;
}
