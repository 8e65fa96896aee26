// The statistics page: what was counted, or why not; the images behind a bar beside it.
import type { ImageQuery } from '../../src/shared/coco/imagesWith';
import type { DatasetStats } from '../../src/shared/coco/statistics';
import { createCancelSource, type CancelSource } from '../../src/shared/protocol/cancel';
import type {
  StatisticsEvents,
  StatisticsMethods,
  StatisticsPageEvents,
} from '../../src/shared/protocol/statistics';
import { DomainError, type Peer } from '../../src/shared/protocol/wire';
import { h, setText } from '../panels/dom';
import { createCards } from './cards';
import { createImagesPane } from './imageList';
import { plural } from './numbers';

export type StatisticsPeer = Peer<StatisticsMethods, StatisticsPageEvents>;

export interface StatisticsPage {
  readonly element: HTMLElement;
  /** counts and draws; a count that is under way is cancelled */
  load(): Promise<void>;
  showProgress(progress: StatisticsEvents['statistics/progress']): void;
  showChanged(): void;
}

/** @param remember gets the dataset's path once it is known, so that a reloaded window finds it again */
export function createPage(
  host: StatisticsPeer,
  remember: (dataset: string) => void,
): StatisticsPage {
  const status = createStatus();
  const heading = h('h1', {}, 'Statistics');
  const summary = h('p', { class: 'about', testid: 'summary' });
  const cards = h('div', { class: 'cards', testid: 'cards' });
  const choose = chooser(host);
  let running: CancelSource | null = null;

  async function load(): Promise<void> {
    running?.cancel();
    const mine = (running = createCancelSource());
    status.wait(() => mine.cancel());
    try {
      const answer = await host.request('statistics/load', {}, mine.signal);
      if (running !== mine) return;
      remember(answer.dataset);
      setText(heading, answer.name);
      document.title = answer.name;
      show(answer.stats);
    } catch (error) {
      if (running === mine) status.fail(messageOf(error), () => void load());
    }
  }

  function show(stats: DatasetStats | null): void {
    status.clear();
    choose.close();
    if (!stats) {
      return status.fail('There is no such file any more.', () => void load());
    }
    const { images, annotations, categories } = stats;
    setText(
      summary,
      [
        plural(images, 'image'),
        plural(annotations, 'annotation'),
        plural(categories, 'category', 'categories'),
      ].join(' · '),
    );
    cards.replaceChildren(
      ...(images + annotations + categories > 0
        ? createCards(stats, choose.choose)
        : [createEmpty()]),
    );
  }

  const button = (text: string, onClick: () => void): HTMLElement =>
    h(
      'button',
      { class: 'text-button secondary', attributes: { type: 'button' }, on: { click: onClick } },
      text,
    );
  const header = h(
    'header',
    {},
    h('div', { class: 'names' }, heading, summary),
    button('Open as Text', () => void host.request('statistics/openText', {})),
    button('Count Again', () => void load()),
  );
  return {
    element: h(
      'div',
      { class: 'statistics' },
      h('main', {}, header, status.element, cards),
      choose.element,
    ),
    load,
    showProgress: status.progress,
    showChanged: () => status.stale(() => void load()),
  };
}

type Choose = (title: string, query: ImageQuery) => void;

/** Looks for the images behind a bar and shows them; the newest choice counts. */
function chooser(host: StatisticsPeer): {
  readonly element: HTMLElement;
  readonly choose: Choose;
  readonly close: () => void;
} {
  let running: CancelSource | null = null;
  let from: Element | null = null;
  const close = (): void => {
    running?.cancel();
    running = null;
    pane.close();
    if (from instanceof HTMLElement && from.isConnected) from.focus();
    from = null;
  };
  const pane = createImagesPane({
    onOpen: ({ id }) =>
      void host
        .request('statistics/open', { imageId: id })
        .catch((error: unknown) => pane.fail(messageOf(error))),
    onClose: close,
  });
  pane.element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  const choose: Choose = (title, query) => {
    running?.cancel();
    const mine = (running = createCancelSource());
    from = document.activeElement;
    pane.wait(title);
    host
      .request('statistics/images', { query }, mine.signal)
      .then((list) => running === mine && pane.show(list))
      .catch((error: unknown) => running === mine && pane.fail(messageOf(error)));
  };
  return { element: pane.element, choose, close };
}

function createEmpty(): HTMLElement {
  return h(
    'div',
    { class: 'empty-state', testid: 'empty' },
    h('h2', {}, 'Nothing to count yet'),
    h(
      'p',
      {},
      'The file lists no images, annotations or categories. Right-click an image in the Explorer and choose Annotate Image.',
    ),
  );
}

/** The line below the heading: progress, what went wrong, or that the file has changed. */
function createStatus() {
  const text = h('span', { role: 'status' });
  const bar = h('progress', { attributes: { 'aria-label': 'Counting', max: '1' } });
  const action = h('button', { class: 'text-button', attributes: { type: 'button' } });
  const element = h('div', { class: 'status', testid: 'status' }, text, bar, action);
  let onAction: () => void = () => undefined;
  action.addEventListener('click', () => onAction());
  const set = (message: string, hasBar: boolean, label: string, run: () => void): void => {
    element.hidden = false;
    setText(text, message);
    bar.hidden = !hasBar;
    setText(action, label);
    onAction = run;
  };
  return {
    element,
    wait(cancel: () => void) {
      bar.removeAttribute('value');
      set('Counting…', true, 'Cancel', cancel);
    },
    progress({ doneBytes, totalBytes }: StatisticsEvents['statistics/progress']) {
      bar.value = doneBytes / Math.max(totalBytes, 1);
    },
    fail(message: string, retry: () => void) {
      set(message, false, 'Try Again', retry);
    },
    stale(again: () => void) {
      if (!bar.hidden && !element.hidden) return; // it is being counted now
      set('The file has changed since it was counted.', false, 'Count Again', again);
    },
    clear() {
      element.hidden = true;
    },
  };
}

function messageOf(error: unknown): string {
  if (error instanceof DomainError && error.code === 'cancelled') return 'Counting was cancelled.';
  return error instanceof Error ? error.message : String(error);
}
