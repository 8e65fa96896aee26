// Annotations and images of each category: one button a category, as long as its count; searched and sorted.
import type { CategoryStats, DatasetStats } from '../../src/shared/coco/statistics';
import { categoryColor, toCss } from '../state/palette';
import { h } from '../panels/dom';
import { count, plural } from './numbers';
import { makeRoving } from './roving';

/** Categories shown before "Show all". */
const FIRST = 30;

export interface CategoryBars {
  readonly plot: HTMLElement;
  readonly controls: readonly HTMLElement[];
}

export function createCategoryBars(
  { perCategory }: DatasetStats,
  onChoose: (category: CategoryStats) => void,
): CategoryBars {
  const state = { order: 'count', search: '', isWhole: false };
  const list = h('div', {
    class: 'bars',
    role: 'group',
    attributes: { 'aria-label': 'Categories' },
  });
  const more = h('button', { class: 'text-button secondary', attributes: { type: 'button' } });
  const none = h('p', { class: 'nothing' });
  const most = Math.max(1, ...perCategory.map(({ annotations }) => annotations));
  const render = (): void => {
    const found = sorted(perCategory, state.order).filter(({ name }) =>
      name.toLowerCase().includes(state.search),
    );
    const shown = state.isWhole ? found : found.slice(0, FIRST);
    const bars = shown.map((category) => createBar(category, most, onChoose));
    makeRoving(bars);
    list.replaceChildren(...bars);
    more.hidden = shown.length === found.length;
    more.textContent = `Show all ${count(found.length)}`;
    none.hidden = found.length > 0;
    none.textContent =
      perCategory.length > 0 ? 'No category has this in its name.' : 'There are no categories.';
  };
  more.addEventListener('click', () => {
    state.isWhole = true;
    render();
  });
  render();
  const search = createSearch((text) => {
    state.search = text;
    render();
  });
  const order = createOrder((value) => {
    state.order = value;
    render();
  });
  return {
    plot: h('div', {}, list, none, more),
    controls: perCategory.length > 1 ? [search, order] : [],
  };
}

function createSearch(onSearch: (text: string) => void): HTMLElement {
  const field = h('input', {
    class: 'field',
    testid: 'category-search',
    attributes: {
      type: 'search',
      placeholder: 'Search categories',
      'aria-label': 'Search categories',
    },
  });
  field.addEventListener('input', () => onSearch(field.value.trim().toLowerCase()));
  return field;
}

function createOrder(onOrder: (order: string) => void): HTMLElement {
  const option = (value: string, text: string): HTMLElement =>
    h('option', { attributes: { value } }, text);
  const select = h(
    'select',
    { class: 'field', attributes: { 'aria-label': 'Order of categories' } },
    option('count', 'Most first'),
    option('rare', 'Fewest first'),
    option('name', 'By name'),
    option('id', 'By id'),
  );
  select.addEventListener('change', () => onOrder(select.value));
  return select;
}

function sorted(categories: readonly CategoryStats[], order: string): CategoryStats[] {
  const byCount = (a: CategoryStats, b: CategoryStats): number => b.annotations - a.annotations;
  const compare = {
    count: byCount,
    rare: (a: CategoryStats, b: CategoryStats) => -byCount(a, b),
    name: (a: CategoryStats, b: CategoryStats) => a.name.localeCompare(b.name),
    id: (a: CategoryStats, b: CategoryStats) => a.id - b.id,
  }[order];
  return [...categories].sort((a, b) => (compare ?? byCount)(a, b) || a.id - b.id);
}

function createBar(
  category: CategoryStats,
  most: number,
  onChoose: (category: CategoryStats) => void,
): HTMLElement {
  const { id, name, annotations, images } = category;
  const text = `${name || `category ${id}`}: ${plural(annotations, 'annotation')} on ${plural(images, 'image')}`;
  const bar = h('span', { class: 'bar' });
  bar.hidden = annotations === 0;
  bar.style.width = `max(2px, ${(100 * annotations) / most}%)`;
  bar.style.background = toCss(categoryColor({ id, name }));
  return h(
    'button',
    {
      class: 'bar-row',
      title: text,
      attributes: { type: 'button', 'aria-label': text },
      on: { click: () => onChoose(category) },
    },
    h('span', { class: 'bar-name' }, h('bdi', {}, name || `category ${id}`)),
    h('span', { class: 'bar-room' }, bar),
    h('span', { class: 'bar-count' }, count(annotations)),
  );
}
