// Which categories occur on the same images: a table whose cells are as strong as their counts.
import type { DatasetStats } from '../../src/shared/coco/statistics';
import { h } from '../panels/dom';
import { count, plural } from './numbers';
import { makeRoving } from './roving';

export function createMatrix(
  stats: DatasetStats,
  onChoose: (first: number, second: number) => void,
): HTMLElement {
  const { ids, images } = stats.cooccurrence;
  if (ids.length < 2) {
    return h('p', { class: 'nothing' }, 'There are no two categories with annotations.');
  }
  const names = new Map(stats.perCategory.map(({ id, name }) => [id, name || `category ${id}`]));
  const nameOf = (id: number): string => names.get(id) ?? '';
  // The diagonal would outshine every pair.
  const most = Math.max(1, ...images.flatMap((row, i) => row.filter((_, j) => i !== j)));
  const buttons: HTMLElement[] = [];
  const rows = ids.map((a, i) => {
    const cells = ids.map((b, j) => {
      const value = images[i]![j]!;
      const button = createCell(nameOf(a), nameOf(b), value, i === j ? null : value / most);
      button.addEventListener('click', () => onChoose(a, b));
      buttons.push(button);
      return h('td', {}, button);
    });
    return h(
      'tr',
      {},
      h('th', { title: nameOf(a), attributes: { scope: 'row' } }, h('bdi', {}, nameOf(a))),
      ...cells,
    );
  });
  makeRoving(buttons, ids.length);
  const head = ids.map((id) =>
    h(
      'th',
      { title: nameOf(id), attributes: { scope: 'col' } },
      h('div', { class: 'turned' }, h('bdi', {}, nameOf(id))),
    ),
  );
  return h(
    'div',
    { class: 'matrix-scroll' },
    h(
      'table',
      { class: 'matrix' },
      h('caption', { class: 'visually-hidden' }, 'Images that have both categories'),
      h('thead', {}, h('tr', {}, h('td'), ...head)),
      h('tbody', {}, ...rows),
    ),
  );
}

/** @param strength 0..1; null: the category itself */
function createCell(a: string, b: string, value: number, strength: number | null): HTMLElement {
  const text =
    strength === null
      ? `${a}: ${plural(value, 'image')}`
      : `${a} and ${b}: ${plural(value, 'image')}`;
  const button = h(
    'button',
    {
      class: strength === null ? 'cell own' : 'cell',
      title: text,
      attributes: { type: 'button', 'aria-label': text },
    },
    value === 0 ? '' : count(value),
  );
  if (strength) button.style.setProperty('--strength', `${Math.round(15 + 40 * strength)}%`);
  return button;
}
