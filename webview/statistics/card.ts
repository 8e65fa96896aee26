// A plot with its heading, a sentence that tells what it shows, and the same numbers as a table.
import { append, h } from '../panels/dom';

export interface CardOptions {
  /** stable id, also for test ids */
  readonly name: string;
  readonly title: string;
  /** one sentence below the heading */
  readonly about: string;
  readonly plot: HTMLElement;
  /** column headings, then rows */
  readonly table: () => readonly (readonly string[])[];
  readonly controls?: readonly HTMLElement[];
  readonly isWide?: boolean;
}

/** The table is built when it is opened: thousands of rows cost nothing before. */
export function createCard(options: CardOptions): HTMLElement {
  const { name, title, about, plot, table, controls = [], isWide = false } = options;
  const id = `plot-${name}`;
  const holder = h('div', { class: 'table-holder' });
  const details = h('details', { testid: `table-${name}` }, h('summary', {}, 'As a table'), holder);
  details.addEventListener('toggle', () => {
    if (details.open && !holder.firstChild) append(holder, [createTable(title, table())]);
  });
  return h(
    'section',
    {
      class: isWide ? 'card wide' : 'card',
      testid: `card-${name}`,
      attributes: { 'aria-labelledby': id },
    },
    h('div', { class: 'card-head' }, h('h2', { attributes: { id } }, title), ...controls),
    h('p', { class: 'about' }, about),
    plot,
    details,
  );
}

function createTable(title: string, [head = [], ...rows]: readonly (readonly string[])[]) {
  const column = (text: string): HTMLElement => h('th', { attributes: { scope: 'col' } }, text);
  const body = rows.map(([first = '', ...cells]) =>
    h(
      'tr',
      {},
      h('th', { attributes: { scope: 'row' } }, first),
      ...cells.map((cell) => h('td', {}, cell)),
    ),
  );
  return h(
    'table',
    {},
    h('caption', { class: 'visually-hidden' }, title),
    h('thead', {}, h('tr', {}, ...head.map(column))),
    h('tbody', {}, ...body),
  );
}
