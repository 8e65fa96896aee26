// Puts toolbar, canvas, status strip and side panel together; the panel's edge is dragged or moved by arrow keys.
import type { Session } from '../state/session';
import { PANEL_RANGE } from '../state/pageState';
import { watch } from '../state/store';
import { h, setAttribute } from './dom';

export interface LayoutParts {
  readonly toolbar: HTMLElement;
  readonly canvas: HTMLElement;
  /** laid over the canvas */
  readonly overlays: readonly HTMLElement[];
  readonly status: HTMLElement;
  readonly panels: readonly HTMLElement[];
}

/** CSS pixels of the page below which the panel lies over the canvas instead of beside it */
const NARROW = 620;
const KEY_STEP = 16;

export function createLayout(session: Session, parts: LayoutParts): HTMLElement {
  const { store } = session;
  const splitter = h('div', {
    class: 'splitter',
    role: 'separator',
    testid: 'splitter',
    attributes: {
      tabindex: '0',
      'aria-label': 'Panel width',
      'aria-orientation': 'vertical',
      'aria-valuemin': String(PANEL_RANGE.min),
      'aria-valuemax': String(PANEL_RANGE.max),
    },
  });
  const panel = h(
    'aside',
    { class: 'panel', testid: 'panel', attributes: { 'aria-label': 'Annotation panel' } },
    ...parts.panels,
  );
  const stage = h('div', { class: 'stage' }, parts.canvas, ...parts.overlays);
  const main = h('div', { class: 'main' }, parts.toolbar, stage, splitter, panel);
  const element = h('div', { class: 'page' }, main, parts.status);

  watch(
    store,
    (state) => state.panelWidth,
    (width) => {
      panel.style.width = `${width}px`;
      setAttribute(splitter, 'aria-valuenow', String(Math.round(width)));
    },
  );
  watch(
    store,
    (state) => state.panelOpen,
    (open) => {
      panel.hidden = !open;
      splitter.hidden = !open;
    },
  );
  dragWidth(splitter, session);
  collapseWhenNarrow(element, session);
  return element;
}

function dragWidth(splitter: HTMLElement, { store }: Session): void {
  splitter.addEventListener('pointerdown', (event) => {
    splitter.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const width = store.get().panelWidth;
    const stop = new AbortController();
    const { signal } = stop;
    const move = (moved: PointerEvent): void =>
      store.dispatch({ kind: 'panel', width: width + from - moved.clientX });
    splitter.addEventListener('pointermove', move, { signal });
    splitter.addEventListener('pointerup', () => stop.abort(), { signal });
    splitter.addEventListener('pointercancel', () => stop.abort(), { signal });
  });
  splitter.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: KEY_STEP, ArrowRight: -KEY_STEP }[event.key];
    if (!step) return;
    store.dispatch({ kind: 'panel', width: store.get().panelWidth + step });
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Going narrow folds the panel away once; the person may open it over the canvas. */
function collapseWhenNarrow(element: HTMLElement, { store }: Session): void {
  let wasNarrow: boolean | null = null;
  let foldedByUs = false;
  new ResizeObserver(([entry]) => {
    const isNarrow = (entry?.contentRect.width ?? NARROW) < NARROW;
    if (isNarrow === wasNarrow) return;
    wasNarrow = isNarrow;
    element.classList.toggle('narrow', isNarrow);
    const { panelOpen } = store.get();
    if (isNarrow && panelOpen) {
      foldedByUs = true;
      store.dispatch({ kind: 'panel', open: false });
    } else if (!isNarrow && foldedByUs) {
      foldedByUs = false;
      store.dispatch({ kind: 'panel', open: true });
    }
  }).observe(element);
}
