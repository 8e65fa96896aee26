// All changes of the page's state. Pure; ids that vanished from the document leave selection, hidden and locked.
import type { ImageState } from '../../src/shared/edits/types';
import type { ImagePoint } from '../../src/shared/geometry/types';
import type {
  EditorSettings,
  ModelStatus,
  Snapshot,
  ToolId,
} from '../../src/shared/protocol/editor';
import type { Candidate } from '../../src/shared/protocol/prompt';
import {
  BRUSH_RANGE,
  PANEL_RANGE,
  type Notice,
  type PageState,
  type PendingPrompt,
  type PickerPurpose,
  type SelectionOrigin,
} from './pageState';
import type { PersistedView } from './persisted';
import { fitView, recentre, type ViewTransform, type Viewport } from './viewTransform';

export type Action =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'doc'; readonly revision: number; readonly doc: ImageState }
  | { readonly kind: 'settings'; readonly settings: EditorSettings }
  | { readonly kind: 'model'; readonly model: ModelStatus }
  | { readonly kind: 'progress'; readonly progress: PageState['progress'] }
  | { readonly kind: 'proposals'; readonly proposals: readonly Candidate[] }
  | { readonly kind: 'restore'; readonly persisted: PersistedView }
  | { readonly kind: 'tool'; readonly tool: ToolId }
  | { readonly kind: 'temporaryTool'; readonly tool: ToolId | null }
  | { readonly kind: 'select'; readonly ids: readonly number[]; readonly origin?: SelectionOrigin }
  | { readonly kind: 'hover'; readonly id: number | null }
  | { readonly kind: 'toggleHidden'; readonly ids: readonly number[] }
  | { readonly kind: 'toggleLocked'; readonly ids: readonly number[] }
  | { readonly kind: 'masksVisible'; readonly visible: boolean }
  | { readonly kind: 'brushRadius'; readonly radius: number }
  | { readonly kind: 'activeCategory'; readonly id: number | null }
  | { readonly kind: 'view'; readonly view: ViewTransform; readonly own?: boolean }
  | { readonly kind: 'viewport'; readonly viewport: Viewport }
  | { readonly kind: 'pointer'; readonly at: ImagePoint | null }
  | { readonly kind: 'crosshair'; readonly at: ImagePoint | null }
  | { readonly kind: 'preview'; readonly candidate: Candidate | null }
  | { readonly kind: 'pending'; readonly pending: PendingPrompt | null; readonly queued: number }
  | { readonly kind: 'picker'; readonly purpose: PickerPurpose | null }
  | { readonly kind: 'panel'; readonly open?: boolean; readonly width?: number }
  | { readonly kind: 'collapse'; readonly section: string; readonly collapsed: boolean }
  | { readonly kind: 'notice'; readonly severity: Notice['severity']; readonly message: string }
  | { readonly kind: 'dismissNotice' }
  | { readonly kind: 'announce'; readonly text: string }
  | { readonly kind: 'focus'; readonly target: 'caption' | 'canvas' }
  | { readonly kind: 'imageFailed'; readonly failed: boolean };

/** The next state; the same object when nothing changed. */
export function reduce(state: PageState, action: Action): PageState {
  switch (action.kind) {
    case 'snapshot':
      return withSnapshot(state, action.snapshot);
    case 'doc':
      return withDoc({ ...state, revision: action.revision }, action.doc);
    case 'viewport':
      return withViewport(state, action.viewport);
    case 'restore':
      return withPersisted(state, action.persisted);
    case 'select':
      return select(state, action.ids, action.origin ?? 'picked');
    case 'toggleHidden':
      return { ...state, hidden: toggled(state.hidden, action.ids) };
    case 'toggleLocked':
      return { ...state, locked: toggled(state.locked, action.ids) };
    case 'view':
      return { ...state, view: action.view, viewIsOwn: action.own ?? true };
    default:
      return withInterface(state, action);
  }
}

/** What the person arranged, and what is said to them. */
function withInterface(state: PageState, action: Action): PageState {
  switch (action.kind) {
    case 'panel':
      return {
        ...state,
        panelOpen: action.open ?? state.panelOpen,
        panelWidth: clamp(action.width ?? state.panelWidth, PANEL_RANGE),
      };
    case 'collapse': {
      const others = state.collapsed.filter((name) => name !== action.section);
      return { ...state, collapsed: action.collapsed ? [...others, action.section] : others };
    }
    case 'notice': {
      const { severity, message } = action;
      return { ...state, notice: { severity, message, serial: (state.notice?.serial ?? 0) + 1 } };
    }
    case 'announce':
      return {
        ...state,
        announcement: { serial: state.announcement.serial + 1, text: action.text },
      };
    case 'focus':
      return {
        ...state,
        focusRequest: { serial: (state.focusRequest?.serial ?? 0) + 1, target: action.target },
      };
    default:
      return withLocalField(state, action);
  }
}

/** Actions that set one field of what the host told. */
function withHostField(state: PageState, action: Action): PageState {
  switch (action.kind) {
    case 'failed':
      return { ...state, phase: 'failed', failure: action.message };
    case 'settings':
      return { ...state, settings: action.settings };
    case 'model':
      return { ...state, model: action.model };
    case 'progress':
      return { ...state, progress: action.progress };
    case 'proposals':
      return { ...state, proposals: action.proposals };
    case 'pending':
      return { ...state, pending: action.pending, queuedPrompts: action.queued };
    case 'preview':
      return set(state, 'preview', action.candidate);
    default:
      return state;
  }
}

/** Actions that set one field of what is local to this editor. */
function withLocalField(state: PageState, action: Action): PageState {
  switch (action.kind) {
    case 'tool':
      return set(set(state, 'tool', action.tool), 'preview', null);
    case 'temporaryTool':
      return set(state, 'temporaryTool', action.tool);
    case 'hover':
      return set(state, 'hovered', action.id);
    case 'masksVisible':
      return set(state, 'masksVisible', action.visible);
    case 'brushRadius':
      return set(state, 'brushRadius', clamp(action.radius, BRUSH_RANGE));
    case 'activeCategory':
      return set(state, 'activeCategoryId', action.id);
    case 'pointer':
      return set(state, 'pointer', action.at);
    case 'crosshair':
      return set(state, 'crosshair', action.at);
    case 'picker':
      return set(state, 'picker', action.purpose);
    case 'dismissNotice':
      return set(state, 'notice', null);
    case 'imageFailed':
      return set(state, 'imageFailed', action.failed);
    default:
      return withHostField(state, action);
  }
}

function withSnapshot(state: PageState, snapshot: Snapshot): PageState {
  const { state: doc, settings, model, revision, protocolVersion: _, ...info } = snapshot;
  const first = state.phase !== 'open';
  const sized = state.info?.size[0] === info.size[0] && state.info.size[1] === info.size[1];
  const next: PageState = {
    ...state,
    phase: 'open',
    failure: null,
    revision,
    info,
    settings,
    model,
    brushRadius: first && state.brushRadius === 12 ? settings.brushRadius : state.brushRadius,
    activeCategoryId: state.activeCategoryId ?? info.lastCategoryId ?? null,
    imageFailed: sized ? state.imageFailed : false,
  };
  const fitted = next.viewIsOwn && (first || sized) ? next : fit(next);
  return withDoc(fitted, doc);
}

function withDoc(state: PageState, doc: ImageState): PageState {
  const ids = new Set(doc.annotations.map((annotation) => annotation.id));
  const active = doc.categories.some((category) => category.id === state.activeCategoryId);
  return {
    ...state,
    doc,
    activeCategoryId: active ? state.activeCategoryId : null,
    selection: kept(state.selection, ids),
    hovered: state.hovered !== null && ids.has(state.hovered) ? state.hovered : null,
    hidden: keptSet(state.hidden, ids),
    locked: keptSet(state.locked, ids),
    preview: doc.draft ? null : state.preview,
  };
}

function withViewport(state: PageState, viewport: Viewport): PageState {
  const { width, height, pixelRatio } = state.viewport;
  if (width === viewport.width && height === viewport.height && pixelRatio === viewport.pixelRatio)
    return state;
  const next = { ...state, viewport };
  if (!state.viewIsOwn) return fit(next);
  return width === 0 ? next : { ...next, view: recentre(state.view, state.viewport, viewport) };
}

function fit(state: PageState): PageState {
  if (!state.info || state.viewport.width === 0) return { ...state, viewIsOwn: false };
  return { ...state, view: fitView(state.info.size, state.viewport), viewIsOwn: false };
}

function withPersisted(state: PageState, persisted: PersistedView): PageState {
  return {
    ...state,
    tool: persisted.tool ?? state.tool,
    ...(persisted.view ? { view: persisted.view, viewIsOwn: true } : {}),
    hidden: new Set(persisted.hidden ?? state.hidden),
    locked: new Set(persisted.locked ?? state.locked),
    brushRadius: persisted.brushRadius ?? state.brushRadius,
    panelOpen: persisted.panelOpen ?? state.panelOpen,
    panelWidth: persisted.panelWidth ?? state.panelWidth,
    collapsed: persisted.collapsed ?? state.collapsed,
  };
}

function select(state: PageState, ids: readonly number[], origin: SelectionOrigin): PageState {
  const known = new Set(state.doc?.annotations.map((annotation) => annotation.id));
  const wanted = [...new Set(ids)].filter((id) => known.has(id));
  if (sameIds(wanted, state.selection) && origin === state.selectionOrigin) return state;
  return { ...state, selection: wanted, selectionOrigin: origin };
}

function toggled(set: ReadonlySet<number>, ids: readonly number[]): ReadonlySet<number> {
  const on = !ids.every((id) => set.has(id));
  const next = new Set(set);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return next;
}

function kept(ids: readonly number[], known: ReadonlySet<number>): readonly number[] {
  return ids.every((id) => known.has(id)) ? ids : ids.filter((id) => known.has(id));
}

function keptSet(ids: ReadonlySet<number>, known: ReadonlySet<number>): ReadonlySet<number> {
  const left = [...ids].filter((id) => known.has(id));
  return left.length === ids.size ? ids : new Set(left);
}

function set<K extends keyof PageState>(state: PageState, key: K, value: PageState[K]): PageState {
  return Object.is(state[key], value) ? state : { ...state, [key]: value };
}

const clamp = (value: number, range: { min: number; max: number }): number =>
  Math.min(range.max, Math.max(range.min, value));

const sameIds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);
