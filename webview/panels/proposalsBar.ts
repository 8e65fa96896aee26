// What "segment everything" found: add all, or drop them; single ones are added with the select tool.
import type { Session } from '../state/session';
import type { PageState } from '../state/pageState';
import { h, icon, setText } from './dom';

export function createProposalsBar(session: Session): HTMLElement {
  const { store } = session;
  const text = h('span', { class: 'draft-summary' });
  const button = (label: string, iconName: string, testid: string, look: string, run: () => void) =>
    h(
      'button',
      { class: `text-button ${look}`, testid, attributes: { type: 'button' }, on: { click: run } },
      icon(iconName),
      label,
    );
  const add = button('Add all', 'check-all', 'proposals-add', '', () => {
    void session.addProposals(store.get().proposals);
  });
  const drop = button('Dismiss', 'close', 'proposals-dismiss', 'secondary', () =>
    session.dismissProposals(),
  );
  const element = h(
    'div',
    {
      class: 'draft-bar proposals-bar',
      role: 'group',
      testid: 'proposals',
      attributes: { 'aria-label': 'Proposals' },
    },
    text,
    add,
    drop,
  );
  const show = (state: PageState): void => {
    const { proposals, progress } = state;
    element.hidden = proposals.length === 0 && progress === null;
    add.disabled = proposals.length === 0;
    const found = proposals.length === 1 ? '1 object found' : `${proposals.length} objects found`;
    const part = progress && Math.round((100 * progress.done) / Math.max(1, progress.total));
    setText(
      text,
      progress
        ? `Segmenting everything, ${part} % · ${found}`
        : `${found} · click one with Select to add it`,
    );
  };
  store.subscribe((state, before) => {
    if (state.proposals !== before.proposals || state.progress !== before.progress) show(state);
  });
  show(store.get());
  return element;
}
