// A quick pick for categories: type to search, arrows, Enter; a new name makes a new category.
import type { CocoCategory } from '../../src/shared/coco/types';
import type { Session } from '../state/session';
import { rankCategories } from '../state/categorySearch';
import type { PickerPurpose } from '../state/pageState';
import { categoryColor, toCss } from '../state/palette';
import { categoriesOf } from '../state/selectors';
import { watch } from '../state/store';
import { h, icon, setAttribute, setText } from './dom';

type Option = { readonly category: CocoCategory } | { readonly create: string };

const TITLES: Readonly<Record<PickerPurpose, string>> = {
  accept: 'Category of the new annotation',
  create: 'Category of the drawn annotation',
  assign: 'Change category of the selection',
  choose: 'Category for new annotations',
};

export function createCategoryPicker(session: Session): HTMLElement {
  const { store } = session;
  const { element, title, input, list } = createDialog();
  let options: readonly Option[] = [];
  let active = 0;

  function show(): void {
    const categories = categoriesOf(store.get());
    options = optionsFor(categories, input.value);
    active = Math.min(active, Math.max(0, options.length - 1));
    list.replaceChildren(
      ...options.map((option, index) => optionRow(option, index, categories, choose)),
    );
    mark(active);
  }

  function mark(index: number): void {
    active = index;
    [...list.children].forEach((row, i) => setAttribute(row, 'aria-selected', String(i === index)));
    const row = list.children[index];
    setAttribute(input, 'aria-activedescendant', row?.id ?? null);
    row?.scrollIntoView({ block: 'nearest' });
  }

  function choose(index: number): void {
    const option = options[index];
    const { picker } = store.get();
    if (!option || !picker) return;
    if ('category' in option) void session.picked(picker, option.category.id);
    else void session.createCategoryAndPick(picker, option.create);
    store.dispatch({ kind: 'focus', target: 'canvas' });
  }

  input.addEventListener('input', () => {
    active = 0;
    show();
  });
  element.addEventListener('keydown', (event) => {
    const last = options.length - 1;
    if (event.key === 'ArrowDown') mark(active >= last ? 0 : active + 1);
    else if (event.key === 'ArrowUp') mark(active <= 0 ? last : active - 1);
    else if (event.key === 'Enter') choose(active);
    else if (event.key === 'Escape') session.dismissPicker();
    else if (event.key !== 'Tab') return;
    event.preventDefault(); // Tab too: the dialog is modal and has one field
    event.stopPropagation();
  });
  element.addEventListener('focusout', (event) => {
    const stays = event.relatedTarget instanceof Node && element.contains(event.relatedTarget);
    // Leaving for another window keeps it open.
    if (!stays && document.hasFocus() && store.get().picker) session.dismissPicker();
  });
  function open(purpose: PickerPurpose | null): void {
    element.hidden = purpose === null;
    if (!purpose) return;
    setText(title, TITLES[purpose]);
    input.setAttribute('aria-label', TITLES[purpose]);
    input.value = '';
    active = 0;
    show();
    input.focus();
  }

  watch(store, (state) => state.picker, open);
  watch(store, categoriesOf, () => !element.hidden && show());
  return element;
}

function createDialog(): {
  readonly element: HTMLElement;
  readonly title: HTMLElement;
  readonly input: HTMLInputElement;
  readonly list: HTMLElement;
} {
  const title = h('div', { class: 'picker-title', attributes: { id: 'picker-title' } });
  const input = h('input', {
    class: 'picker-input',
    testid: 'picker-input',
    role: 'combobox',
    attributes: {
      type: 'text',
      'aria-expanded': 'true',
      'aria-controls': 'picker-list',
      'aria-autocomplete': 'list',
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder: 'Search, or type a new category',
    },
  });
  const list = h('div', {
    class: 'picker-list',
    role: 'listbox',
    attributes: { id: 'picker-list', 'aria-label': 'Categories' },
  });
  const element = h(
    'div',
    {
      class: 'picker',
      role: 'dialog',
      testid: 'picker',
      attributes: { 'aria-modal': 'true', 'aria-labelledby': 'picker-title' },
    },
    title,
    input,
    list,
  );
  return { element, title, input, list };
}

function optionsFor(categories: readonly CocoCategory[], text: string): readonly Option[] {
  const name = text.trim();
  const found = rankCategories(categories, name).map((category) => ({ category }));
  const isKnown = categories.some((one) => one.name.toLowerCase() === name.toLowerCase());
  return name && !isKnown ? [...found, { create: name }] : found;
}

function optionRow(
  option: Option,
  index: number,
  categories: readonly CocoCategory[],
  choose: (index: number) => void,
): HTMLElement {
  const row = h('div', {
    class: 'row picker-row',
    role: 'option',
    attributes: { id: `picker-option-${index}` },
    // Not click: the field would lose the focus first and close the picker.
    on: {
      pointerdown: (event) => {
        event.preventDefault();
        choose(index);
      },
    },
  });
  if ('create' in option) {
    row.dataset['testid'] = 'picker-create';
    row.append(icon('add'), h('span', { class: 'row-name' }, `Create “${option.create}”`));
    return row;
  }
  const { category } = option;
  const swatch = h('span', { class: 'swatch' });
  swatch.style.backgroundColor = toCss(categoryColor(category));
  row.dataset['testid'] = `picker-category-${category.id}`;
  row.append(
    swatch,
    h('span', { class: 'row-name' }, category.name),
    h('span', { class: 'row-detail' }, category.supercategory ?? ''),
  );
  const digit = hotkeyOf(categories.indexOf(category));
  if (digit) row.append(h('kbd', {}, digit));
  return row;
}

/** The digit that gives this category: 1 to 9, then 0; '' beyond. */
export function hotkeyOf(index: number): string {
  return index < 0 || index > 9 ? '' : String((index + 1) % 10);
}
