// What stands over the canvas: loading, failure, why nothing can be changed, and the first hint.
import type { Session } from '../state/session';
import type { PageState } from '../state/pageState';
import { annotationsOf, draftOf } from '../state/selectors';
import { watch } from '../state/store';
import { h, icon, setText } from './dom';

export function createBanners(session: Session): readonly HTMLElement[] {
  return [createReadOnlyBanner(session), createFailure(session), createFirstHint(session)];
}

function createReadOnlyBanner(session: Session): HTMLElement {
  const text = h('span', { class: 'banner-text' });
  const actions = h('span', { class: 'banner-actions' });
  const problems = h(
    'button',
    {
      class: 'text-button secondary',
      testid: 'readonly-dataset',
      attributes: { type: 'button' },
      on: {
        click: () =>
          void session.host
            .request('command/run', { command: 'promptmark.chooseDataset' })
            .catch((error: unknown) => session.report(error)),
      },
    },
    'Choose another dataset…',
  );
  actions.append(problems);
  const element = h(
    'div',
    { class: 'banner', role: 'alert', testid: 'readonly' },
    icon('lock'),
    text,
    actions,
  );
  watch(
    session.store,
    (state) => state.info?.readOnly ?? null,
    (reason) => {
      element.hidden = reason === null;
      setText(text, reason ?? '');
    },
  );
  return element;
}

function createFailure(session: Session): HTMLElement {
  const text = h('p');
  const retry = h(
    'button',
    {
      class: 'text-button',
      testid: 'retry',
      attributes: { type: 'button' },
      on: { click: () => void session.open() },
    },
    icon('refresh'),
    'Try again',
  );
  const element = h(
    'div',
    { class: 'centre-message', role: 'alert', testid: 'failure' },
    icon('error'),
    text,
    retry,
  );
  watch(session.store, failureText, (message) => {
    element.hidden = message === null;
    setText(text, message ?? '');
  });
  return element;
}

function failureText(state: PageState): string | null {
  if (state.phase === 'failed') return state.failure;
  return state.imageFailed
    ? 'The picture cannot be shown. The annotations are kept; check that the file is a readable image.'
    : null;
}

function createFirstHint(session: Session): HTMLElement {
  const element = h(
    'div',
    { class: 'first-hint', testid: 'first-hint' },
    icon('pm-point'),
    'Click an object to segment it',
  );
  watch(session.store, isUntouched, (untouched) => (element.hidden = !untouched));
  return element;
}

/** Nothing annotated, nothing prompted, and prompting is what the current tool does. */
function isUntouched(state: PageState): boolean {
  return (
    state.phase === 'open' &&
    !state.imageFailed &&
    !state.info?.readOnly &&
    state.tool === 'point' &&
    annotationsOf(state).length === 0 &&
    !draftOf(state) &&
    !state.pending
  );
}
