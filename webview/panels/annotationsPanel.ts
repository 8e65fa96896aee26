// The list of annotations, topmost first: select, hide, lock, order, delete.
import type { InstanceAnnotation } from '../../src/shared/coco/types';
import type { Session } from '../state/session';
import type { PageState } from '../state/pageState';
import { toCss } from '../state/palette';
import { categoryName, colorOf, listedAnnotations } from '../state/selectors';
import { watch } from '../state/store';
import { areaText, originText, scoreOf } from './annotationText';
import { h, icon, iconButton, setAttribute, setText } from './dom';
import { createSection } from './section';
import type { Run } from './toolbar';
import { createVirtualList } from './virtualList';

const ROW_HEIGHT = 28;

export function createAnnotationsPanel(session: Session, run: Run): HTMLElement {
  const { store } = session;
  const section = createSection(session, 'annotations', 'Annotations', actionButtons(run));
  const listbox = h('div', {
    class: 'annotation-list',
    role: 'listbox',
    testid: 'annotations',
    attributes: { tabindex: '0', 'aria-label': 'Annotations', 'aria-multiselectable': 'true' },
  });
  const empty = h(
    'p',
    { class: 'empty' },
    'Nothing annotated yet. Click an object in the image; Enter accepts its mask.',
  );
  section.body.append(empty, listbox);

  const list = createVirtualList<InstanceAnnotation>(listbox, {
    rowHeight: ROW_HEIGHT,
    key: (annotation) => annotation.id,
    createRow: () => createRow(session),
    fillRow: (row, annotation, index) => fillRow(row, annotation, index, store.get()),
  });

  store.subscribe((state, before) => {
    if (state.doc !== before.doc) showItems(state);
    else if (
      state.selection !== before.selection ||
      state.hidden !== before.hidden ||
      state.locked !== before.locked ||
      state.hovered !== before.hovered
    )
      list.refresh();
    if (state.selection !== before.selection) reveal(state);
  });

  function showItems(state: PageState): void {
    const items = listedAnnotations(state);
    empty.hidden = items.length > 0;
    listbox.hidden = items.length === 0;
    section.setCount(items.length);
    // As tall as its rows up to a share of the panel, which the style sheet sets.
    listbox.style.setProperty('--rows', String(items.length));
    list.setItems(items);
  }

  function reveal(state: PageState): void {
    const last = state.selection.at(-1);
    const index = listedAnnotations(state).findIndex((annotation) => annotation.id === last);
    if (index >= 0) list.scrollTo(index);
    setAttribute(listbox, 'aria-activedescendant', index < 0 ? null : `annotation-${last}`);
  }

  listbox.addEventListener('click', (event) => onClick(event, session));
  listbox.addEventListener('dblclick', () => run('view/zoomToSelection'));
  listbox.addEventListener('pointerover', (event) =>
    store.dispatch({ kind: 'hover', id: idOf(event.target) }),
  );
  listbox.addEventListener('pointerleave', () => store.dispatch({ kind: 'hover', id: null }));
  listbox.addEventListener('keydown', (event) => onKey(event, session));
  watch(
    store,
    (state) => state.doc !== null,
    () => showItems(store.get()),
  );
  return section.element;
}

function actionButtons(run: Run): HTMLElement[] {
  const action = (
    command: Parameters<Run>[0],
    label: string,
    iconName: string,
  ): HTMLButtonElement =>
    iconButton({
      label,
      icon: iconName,
      testid: command.replace('/', '-'),
      onClick: () => run(command),
    });
  return [
    action('annotation/raise', 'Raise selected', 'arrow-up'),
    action('annotation/lower', 'Lower selected', 'arrow-down'),
    action('annotation/hide', 'Hide or show selected', 'eye'),
    action('annotation/lock', 'Lock or unlock selected', 'lock'),
    action('annotation/delete', 'Delete selected', 'trash'),
  ];
}

function createRow(session: Session): HTMLElement {
  const { store } = session;
  // Row buttons are for the pointer; keys and the section's buttons do the same for the selection.
  const mouseButton = (kind: 'toggleHidden' | 'toggleLocked', label: string): HTMLButtonElement => {
    const button = iconButton({
      label,
      icon: 'eye',
      class: `row-button ${kind}`,
      onClick: (event) => {
        event.stopPropagation();
        const id = idOf(event.target);
        if (id !== null) store.dispatch({ kind, ids: [id] });
      },
    });
    button.tabIndex = -1;
    button.setAttribute('aria-hidden', 'true');
    return button;
  };
  return h(
    'div',
    { class: 'row annotation-row', role: 'option' },
    h('span', { class: 'swatch' }),
    h('span', { class: 'row-name' }),
    h('span', { class: 'row-id' }),
    h('span', { class: 'row-detail' }),
    h('span', { class: 'row-score' }),
    icon('sparkle'),
    mouseButton('toggleHidden', 'Hide or show'),
    mouseButton('toggleLocked', 'Lock or unlock'),
  );
}

function fillRow(
  row: HTMLElement,
  annotation: InstanceAnnotation,
  index: number,
  state: PageState,
): void {
  const { id } = annotation;
  const isHidden = state.hidden.has(id);
  const isLocked = state.locked.has(id);
  const name = categoryName(state, annotation.category_id);
  const area = areaText(annotation.area);
  const score = scoreOf(annotation);
  const [swatch, nameCell, idCell, detail, scoreCell, origin, hide, lock] =
    row.children as unknown as HTMLElement[];
  row.id = `annotation-${id}`;
  row.dataset['testid'] = `annotation-${id}`;
  row.dataset['id'] = String(id);
  row.classList.toggle('hidden-mask', isHidden);
  row.classList.toggle('locked-mask', isLocked);
  row.classList.toggle('hovered', state.hovered === id);
  setAttribute(row, 'aria-selected', String(state.selection.includes(id)));
  setAttribute(row, 'aria-posinset', String(index + 1));
  setAttribute(row, 'aria-setsize', String(state.doc?.annotations.length ?? 0));
  setAttribute(row, 'aria-label', describeRow(state, annotation, name, area, score));
  swatch!.style.backgroundColor = toCss(colorOf(state, annotation));
  setText(nameCell!, name);
  setText(idCell!, `#${id}`);
  setText(detail!, area);
  setText(scoreCell!, score === undefined ? '' : score.toFixed(2));
  showOrigin(origin!, annotation);
  setIcon(hide!, isHidden ? 'eye-closed' : 'eye');
  setIcon(lock!, isLocked ? 'lock' : 'unlock');
}

function showOrigin(element: HTMLElement, annotation: InstanceAnnotation): void {
  const { promptmark } = annotation;
  const model = promptmark?.model;
  element.className = `row-origin codicon codicon-${model ? 'sparkle' : promptmark?.tool ? 'edit' : 'blank'}`;
  element.title = originText(annotation);
}

function describeRow(
  state: PageState,
  annotation: InstanceAnnotation,
  name: string,
  area: string,
  score: number | undefined,
): string {
  return [
    `${name}, annotation ${annotation.id}`,
    area && `area ${area}`,
    score === undefined ? '' : `score ${score.toFixed(2)}`,
    state.hidden.has(annotation.id) ? 'hidden' : '',
    state.locked.has(annotation.id) ? 'locked' : '',
    annotation.iscrowd === 1 ? 'crowd' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function setIcon(button: HTMLElement, name: string): void {
  const image = button.firstElementChild;
  if (image) image.className = `codicon codicon-${name}`;
}

function idOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('.annotation-row') : null;
  return row ? Number(row.dataset['id']) : null;
}

function onClick(event: MouseEvent, { store }: Session): void {
  const id = idOf(event.target);
  if (id === null) return;
  const state = store.get();
  const { selection } = state;
  if (event.ctrlKey || event.metaKey) {
    const ids = selection.includes(id) ? selection.filter((one) => one !== id) : [...selection, id];
    store.dispatch({ kind: 'select', ids });
  } else if (event.shiftKey && selection.length > 0) {
    const ids = listedAnnotations(state).map((annotation) => annotation.id);
    const [a, b] = [ids.indexOf(selection[0]!), ids.indexOf(id)].sort((x, y) => x - y);
    const range = ids.slice(a, b! + 1).filter((one) => one !== selection[0]);
    store.dispatch({ kind: 'select', ids: [selection[0]!, ...range] });
  } else store.dispatch({ kind: 'select', ids: [id] });
}

function onKey(event: KeyboardEvent, { store }: Session): void {
  const state = store.get();
  const ids = listedAnnotations(state).map((annotation) => annotation.id);
  const last = ids.length - 1;
  const at = ids.indexOf(state.selection.at(-1) ?? -1);
  const page = 10;
  const places: Readonly<Record<string, number>> = {
    ArrowDown: Math.min(last, at + 1),
    ArrowUp: Math.max(0, at - 1),
    PageDown: Math.min(last, at + page),
    PageUp: Math.max(0, at - page),
    Home: 0,
    End: last,
  };
  const to = places[event.key];
  if (event.altKey) return;
  if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
    store.dispatch({ kind: 'select', ids });
  } else if (to !== undefined && ids[to] !== undefined) {
    const id = ids[to];
    const kept = event.shiftKey ? state.selection.filter((one) => one !== id) : [];
    store.dispatch({ kind: 'select', ids: [...kept, id] });
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
