// A part of the side panel: a heading that folds its content, a count, and actions.
import type { Session } from '../state/session';
import { watch } from '../state/store';
import { h, icon, setAttribute, setText } from './dom';

export interface Section {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  setCount(count: number | null): void;
}

/** @param name stable id, also for test ids and persisted state */
export function createSection(
  session: Session,
  name: string,
  title: string,
  actions: readonly HTMLElement[] = [],
): Section {
  const count = h('span', { class: 'badge' });
  count.hidden = true;
  const body = h('div', { class: 'section-body', attributes: { id: `section-${name}` } });
  const toggle = createToggle(title, name, count, () =>
    session.store.dispatch({ kind: 'collapse', section: name, collapsed: !body.hidden }),
  );
  const actionBar = h('div', { class: 'section-actions' }, ...actions);
  const element = h(
    'section',
    { class: `section section-${name}`, attributes: { 'aria-label': title } },
    h('h2', { class: 'section-header' }, toggle, actions.length > 0 && actionBar),
    body,
  );
  watch(
    session.store,
    (state) => state.collapsed.includes(name),
    (collapsed) => {
      body.hidden = actionBar.hidden = collapsed;
      element.classList.toggle('collapsed', collapsed);
      setAttribute(toggle, 'aria-expanded', String(!collapsed));
    },
  );
  return {
    element,
    body,
    setCount(value) {
      count.hidden = value === null;
      setText(count, value === null ? '' : String(value));
    },
  };
}

function createToggle(
  title: string,
  name: string,
  count: HTMLElement,
  onClick: () => void,
): HTMLButtonElement {
  return h(
    'button',
    {
      class: 'section-toggle',
      testid: `section-${name}`,
      attributes: { type: 'button', 'aria-controls': `section-${name}` },
      on: { click: onClick },
    },
    icon('chevron-down'),
    h('span', { class: 'section-title' }, title),
    count,
  );
}
