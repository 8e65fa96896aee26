// The strip under the canvas: what to do or what happened on the left, zoom, place, model and dataset on the right.
import type { ModelStatus } from '../../src/shared/protocol/editor';
import type { PageState } from '../state/pageState';
import { activeToolOf } from '../state/selectors';
import type { Session } from '../state/session';
import { watch } from '../state/store';
import type { Tools } from '../tools';
import { h, icon, iconButton, setAttribute, setText } from './dom';

export function createStatusStrip(session: Session, tools: Tools): HTMLElement {
  return h(
    'footer',
    { class: 'status-strip', testid: 'status' },
    ...createMessage(session, tools),
    createItem(session, 'place', placeText),
    createItem(session, 'position', ({ info }) => {
      const at = info?.position;
      return at ? `${at.index + 1} / ${at.total}` : '';
    }),
    createItem(session, 'zoom', ({ view, viewport }) => {
      return `${Math.round(view.scale * viewport.pixelRatio * 100)} %`;
    }),
    createModelItem(session),
    createItem(session, 'dataset', ({ info }) => info?.datasetName ?? ''),
  );
}

/** The notice, or else the tool's hint, and the button that dismisses a notice. */
function createMessage({ store }: Session, tools: Tools): readonly HTMLElement[] {
  const message = h('span', { class: 'status-message', testid: 'notice' });
  const sign = icon('info');
  const dismiss = iconButton({
    label: 'Dismiss message',
    icon: 'close',
    testid: 'notice-dismiss',
    onClick: () => store.dispatch({ kind: 'dismissNotice' }),
  });
  const element = h('div', { class: 'status-text', role: 'status' }, sign, message);
  const showText = (state: PageState): void => {
    const text = state.notice?.message ?? tools[activeToolOf(state)].hint(state);
    setText(message, text);
    message.title = text;
  };
  const showNotice = ({ notice }: PageState): void => {
    const severity = notice?.severity ?? 'hint';
    const isUrgent = severity === 'error' || severity === 'warning';
    element.dataset['severity'] = severity;
    setAttribute(element, 'role', isUrgent ? 'alert' : 'status');
    sign.setAttribute('class', `codicon codicon-${ICONS[severity]}`);
    dismiss.hidden = notice === null;
  };
  const shown = ['notice', 'tool', 'temporaryTool', 'doc', 'selection', 'selectionOrigin'] as const;
  const show = (state: PageState): void => {
    showNotice(state);
    showText(state);
  };
  store.subscribe((state, before) => {
    if (shown.some((field) => state[field] !== before[field])) show(state);
  });
  show(store.get());
  return [element, dismiss];
}

function createItem(
  { store }: Session,
  name: string,
  select: (state: PageState) => string,
): HTMLElement {
  const element = h('span', {
    class: `status-item status-${name}`,
    testid: name,
    title: TITLES[name] ?? '',
  });
  watch(store, select, (text) => setText(element, text));
  return element;
}

function createModelItem({ store }: Session): HTMLElement {
  const element = h('span', { class: 'status-item', testid: 'model' });
  watch(
    store,
    (state) => state.model,
    (status) => {
      setText(element, modelText(status));
      element.title = status.message ?? `${status.name} on ${status.device}`;
      element.dataset['state'] = status.state;
    },
  );
  return element;
}

function placeText({ pointer, crosshair }: PageState): string {
  const at = pointer ?? crosshair;
  return at ? `${Math.floor(at.x)}, ${Math.floor(at.y)}` : '';
}

const TITLES: Readonly<Record<string, string>> = {
  position: 'This image among all of its dataset or folder',
  place: 'Pixel under the pointer',
  zoom: 'Zoom',
  dataset: 'COCO file that holds the annotations',
};

const ICONS = { hint: 'lightbulb', info: 'info', warning: 'warning', error: 'error' } as const;

function modelText({ name, device, state }: ModelStatus): string {
  switch (state) {
    case 'none':
      return 'No model';
    case 'loading':
      return `Loading ${name}…`;
    case 'busy':
      return `${name} · working…`;
    case 'stopped':
      return 'Engine stopped';
    case 'failed':
      return `${name || 'Model'} failed`;
    case 'ready':
      return [name, device].filter(Boolean).join(' · ');
  }
}
