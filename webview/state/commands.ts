// What VS Code's commands and keybindings do in the page. All keys are VS Code's; they arrive here by name.
import { boxFromBbox, coverBox, expandBox } from '../../src/shared/geometry/box';
import type { Box } from '../../src/shared/geometry/types';
import type { Intent } from '../../src/shared/edits/types';
import type { HostEvents, PageCommand, ToolId } from '../../src/shared/protocol/editor';
import { annotationMask } from './masks';
import { TOOL_IDS } from './pageState';
import {
  annotationsOf,
  candidateOf,
  categoriesOf,
  describeAnnotation,
  draftOf,
  findAnnotation,
  listedAnnotations,
} from './selectors';
import type { Session } from './session';
import { actualSize, fitBox, fitView, zoomBy } from './viewTransform';

/** What the current tool can do with Enter, Escape and Backspace; the canvas provides it. */
export interface GesturePort {
  finish(): boolean;
  cancel(): boolean;
  stepBack(): boolean;
}

/** Runs one command; unknown ones are refused with a notice, so that a newer host cannot break the page. */
export function runPageCommand(
  session: Session,
  gesture: GesturePort,
  { command, args }: HostEvents['command/run'],
): void {
  const commands: Record<PageCommand, () => unknown> = {
    ...viewCommands(session),
    ...draftCommands(session, gesture),
    ...annotationCommands(session, args),
    ...categoryCommands(session, args),
    'tool/select': () => selectTool(session, gesture, field(args, 'tool')),
    'brush/larger': () => changeBrush(session, 1.25),
    'brush/smaller': () => changeBrush(session, 0.8),
    'caption/focus': () => {
      session.store.dispatch({ kind: 'panel', open: true });
      session.store.dispatch({ kind: 'collapse', section: 'caption', collapsed: false });
      session.store.dispatch({ kind: 'focus', target: 'caption' });
    },
    'panel/toggle': () =>
      session.store.dispatch({ kind: 'panel', open: !session.store.get().panelOpen }),
  };
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (run) run();
  else session.notify('warning', `This page does not know the command ${String(command)}.`);
}

type CommandsOf<P extends string> = Record<Extract<PageCommand, `${P}/${string}`>, () => unknown>;

function viewCommands({ store }: Session): CommandsOf<'view'> {
  const change = (make: (state: ReturnType<typeof store.get>) => void): (() => void) => {
    return () => {
      const state = store.get();
      if (state.info && state.viewport.width > 0) make(state);
    };
  };
  const zoom = (factor: number): (() => void) =>
    change((state) => {
      const { view, viewport, info } = state;
      const centre = { x: viewport.width / 2, y: viewport.height / 2 };
      store.dispatch({ kind: 'view', view: zoomBy(view, centre, factor, info!.size, viewport) });
    });
  return {
    'view/fit': change((state) => {
      store.dispatch({ kind: 'view', view: fitView(state.info!.size, state.viewport), own: false });
    }),
    'view/actualSize': change(({ view, viewport, info }) => {
      store.dispatch({ kind: 'view', view: actualSize(view, info!.size, viewport) });
    }),
    'view/zoomIn': zoom(1.5),
    'view/zoomOut': zoom(1 / 1.5),
    'view/zoomToSelection': change((state) => {
      const { size } = state.info!;
      const boxes: Box[] = state.selection
        .map((id) => findAnnotation(state, id))
        .flatMap((annotation) => (annotation ? [annotationMask(annotation, size).box] : []));
      const draft = candidateOf(draftOf(state));
      if (draft) boxes.push(boxFromBbox(draft.bbox));
      const [first, ...others] = boxes;
      if (!first) return;
      const around = others.reduce(coverBox, first);
      const margin = 0.15 * Math.max(around[2] - around[0], around[3] - around[1]);
      const box = expandBox(around, margin);
      store.dispatch({ kind: 'view', view: fitBox(box, size, state.viewport) });
    }),
    'view/toggleMasks': () => {
      const visible = !store.get().masksVisible;
      store.dispatch({ kind: 'masksVisible', visible });
      store.dispatch({ kind: 'announce', text: visible ? 'Masks shown' : 'Masks hidden' });
    },
  };
}

function draftCommands(session: Session, gesture: GesturePort): CommandsOf<'draft'> {
  const { store } = session;
  return {
    'draft/accept': () => gesture.finish() || session.accept(),
    'draft/cancel': () => {
      const { picker, selection } = store.get();
      if (picker) return session.dismissPicker();
      if (gesture.cancel()) return undefined;
      if (draftOf(store.get()) || session.prompts.isBusy) return session.cancelDraft();
      if (selection.length > 0) store.dispatch({ kind: 'select', ids: [] });
      return undefined;
    },
    'draft/removeLastPrompt': () => {
      if (gesture.stepBack()) return undefined;
      return draftOf(store.get()) ? session.prompt({ kind: 'removeLast' }) : undefined;
    },
    'draft/nextCandidate': () => {
      const draft = draftOf(store.get());
      if (!draft || draft.candidates.length < 2) return undefined;
      const selected = (draft.selected + 1) % draft.candidates.length;
      store.dispatch({
        kind: 'announce',
        text: `Candidate ${selected + 1} of ${draft.candidates.length}`,
      });
      return session.apply('Choose Candidate', [{ kind: 'draft/select', selected }]);
    },
  };
}

function annotationCommands(session: Session, args: unknown): CommandsOf<'annotation'> {
  const { store } = session;
  const combine = (operation: 'union' | 'subtract' | 'intersect', label: string) => () => {
    const ids = store.get().selection;
    if (ids.length >= 2)
      return editUnlocked(session, label, ids, [{ kind: 'annotation/combine', ids, operation }]);
    session.notify(
      'info',
      'Select at least two annotations first; the first one selected is kept.',
    );
    return undefined;
  };
  return {
    'annotation/select': () => {
      const ids = field(args, 'ids');
      if (Array.isArray(ids)) {
        store.dispatch({ kind: 'select', ids: ids.filter(Number.isSafeInteger) });
      }
    },
    'annotation/delete': () => deleteSelected(session),
    'annotation/selectNext': () => stepSelection(session, 1),
    'annotation/selectPrevious': () => stepSelection(session, -1),
    'annotation/hide': () => toggle(session, 'toggleHidden'),
    'annotation/lock': () => toggle(session, 'toggleLocked'),
    'annotation/raise': () => reorder(session, 1),
    'annotation/lower': () => reorder(session, -1),
    'annotation/union': combine('union', 'Union'),
    'annotation/subtract': combine('subtract', 'Subtract'),
    'annotation/intersect': combine('intersect', 'Intersect'),
  };
}

function categoryCommands(session: Session, args: unknown): CommandsOf<'category'> {
  const { store } = session;
  return {
    'category/pick': () => {
      const state = store.get();
      const purpose = draftOf(state) ? 'accept' : state.selection.length > 0 ? 'assign' : 'choose';
      store.dispatch({ kind: 'picker', purpose });
    },
    'category/assign': () => {
      const state = store.get();
      const index = Number(field(args, 'index'));
      const category = categoriesOf(state)[index];
      if (!category) {
        return session.notify('info', `There is no category number ${index + 1} yet.`);
      }
      const purpose = draftOf(state) ? 'accept' : 'assign';
      store.dispatch({ kind: 'announce', text: `Category ${category.name}` });
      return session.picked(purpose, category.id);
    },
  };
}

/** Deletes the selected annotations that are not locked. */
export async function deleteSelected(session: Session): Promise<void> {
  const { selection } = session.store.get();
  await editUnlocked(
    session,
    selection.length > 1 ? 'Delete Annotations' : 'Delete Annotation',
    selection,
    [{ kind: 'annotation/delete', ids: selection }],
  );
}

async function editUnlocked(
  session: Session,
  label: string,
  ids: readonly number[],
  intents: readonly Intent[],
): Promise<void> {
  const { locked } = session.store.get();
  if (ids.length === 0) return session.notify('info', 'Select an annotation first.');
  if (ids.some((id) => locked.has(id)))
    return session.notify(
      'warning',
      'A selected annotation is locked. Unlock it in the list to change it.',
    );
  await session.apply(label, intents);
}

function selectTool(session: Session, gesture: GesturePort, tool: unknown): void {
  if (!TOOL_IDS.includes(tool as ToolId)) return;
  gesture.cancel();
  session.preview(null);
  session.store.dispatch({ kind: 'dismissNotice' });
  session.store.dispatch({ kind: 'tool', tool: tool as ToolId });
}

function changeBrush({ store }: Session, factor: number): void {
  const { brushRadius } = store.get();
  const step = Math.max(1, Math.abs(brushRadius * factor - brushRadius));
  const radius = Math.round(factor > 1 ? brushRadius + step : brushRadius - step);
  store.dispatch({ kind: 'brushRadius', radius });
  store.dispatch({ kind: 'announce', text: `Brush radius ${store.get().brushRadius} pixels` });
}

function stepSelection({ store }: Session, step: 1 | -1): void {
  const state = store.get();
  const list = listedAnnotations(state);
  if (list.length === 0) return;
  const at = list.findIndex((annotation) => annotation.id === state.selection[0]);
  const index = at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length;
  const annotation = list[index];
  if (annotation) store.dispatch({ kind: 'select', ids: [annotation.id] });
}

function toggle({ store }: Session, kind: 'toggleHidden' | 'toggleLocked'): void {
  const state = store.get();
  const ids = state.selection;
  if (ids.length === 0) return;
  store.dispatch({ kind, ids });
  const after = kind === 'toggleHidden' ? store.get().hidden : store.get().locked;
  const word = kind === 'toggleHidden' ? ['hidden', 'shown'] : ['locked', 'unlocked'];
  const first = findAnnotation(state, ids[0]);
  const what =
    ids.length === 1 && first ? describeAnnotation(state, first) : `${ids.length} annotations`;
  store.dispatch({ kind: 'announce', text: `${what} ${after.has(ids[0]!) ? word[0] : word[1]}` });
}

async function reorder(session: Session, step: 1 | -1): Promise<void> {
  const state = session.store.get();
  const [id] = state.selection;
  if (id === undefined) return;
  const at = annotationsOf(state).findIndex((annotation) => annotation.id === id);
  const to = at + step;
  if (to < 0 || to >= annotationsOf(state).length) return;
  await session.apply(step > 0 ? 'Raise' : 'Lower', [{ kind: 'annotation/reorder', id, to }]);
}

function field(args: unknown, name: string): unknown {
  return typeof args === 'object' && args !== null
    ? (args as Record<string, unknown>)[name]
    : undefined;
}
