// A histogram: one button a bin, as high as its count.
import type { Bin } from '../../src/shared/coco/histograms';
import { h } from '../panels/dom';
import { count, plural } from './numbers';
import { makeRoving } from './roving';

/** More would not fit: every second one is left out. */
const MOST_TICKS = 10;

export interface ColumnsOptions {
  readonly label: string;
  readonly bins: readonly Bin[];
  /** below a column */
  readonly tick: (bin: Bin) => string;
  /** the bin in words */
  readonly range: (bin: Bin) => string;
  /** what is counted, e.g. "object" */
  readonly noun: string;
  /** default: the noun with an s */
  readonly plural?: string;
  readonly onChoose: (bin: Bin) => void;
}

export function createColumns(options: ColumnsOptions): HTMLElement {
  const { label, bins, tick, range, noun, onChoose } = options;
  if (bins.length === 0) return h('p', { class: 'nothing' }, 'Nothing to count.');
  const most = Math.max(...bins.map((bin) => bin.count));
  const columns = bins.map((bin, k) => {
    const bar = h('span', { class: 'column-bar' });
    // A bin that holds something is never invisible.
    bar.hidden = bin.count === 0;
    bar.style.height = `max(2px, ${(100 * bin.count) / most}%)`;
    const text = `${range(bin)}: ${plural(bin.count, noun, options.plural)}`;
    return h(
      'button',
      {
        class: 'column',
        title: text,
        attributes: { type: 'button', 'aria-label': text },
        on: { click: () => onChoose(bin) },
      },
      h('span', { class: 'column-count' }, bin.count === 0 ? '' : count(bin.count)),
      h('span', { class: 'column-room' }, bar),
      h('span', { class: 'column-tick' }, bins.length > MOST_TICKS && k % 2 === 1 ? '' : tick(bin)),
    );
  });
  makeRoving(columns);
  return h(
    'div',
    { class: 'columns', role: 'group', attributes: { 'aria-label': label } },
    ...columns,
  );
}
