// Categories of the dataset: choose the one for new annotations, add, rename, recolour, delete.
import type { CocoCategory } from '../../src/shared/coco/types';
import type { Session } from '../state/session';
import type { PageState } from '../state/pageState';
import { categoryColor, toCss, toHex } from '../state/palette';
import { annotationsOf, categoriesOf, isEditable } from '../state/selectors';
import { createCategoryForm } from './categoryForm';
import { hotkeyOf } from './categoryPicker';
import { h, iconButton, setAttribute } from './dom';
import { createSection } from './section';

export function createCategoriesPanel(session: Session): HTMLElement {
  const { store } = session;
  let editing: number | 'new' | null = null;
  const add = iconButton({
    label: 'Add category',
    icon: 'add',
    testid: 'category-add',
    onClick: () => edit('new'),
  });
  const section = createSection(session, 'categories', 'Categories', [add]);
  const empty = h(
    'p',
    { class: 'empty' },
    'No categories yet. Add one here, or type its name when you accept a mask.',
  );
  const list = h('div', {
    class: 'category-list',
    role: 'listbox',
    testid: 'categories',
    attributes: { tabindex: '0', 'aria-label': 'Category for new annotations' },
  });
  const form = h('div', { class: 'category-form-place' });
  section.body.append(empty, list, form);

  function edit(which: number | 'new' | null): void {
    editing = which;
    form.replaceChildren();
    if (which === null) return list.focus();
    const category = categoriesOf(store.get()).find((one) => one.id === which);
    const made = createCategoryForm(session, category ?? null, () => edit(null));
    form.append(made.element);
    made.focus();
  }

  function show(state: PageState): void {
    const categories = categoriesOf(state);
    empty.hidden = categories.length > 0;
    list.hidden = categories.length === 0;
    add.disabled = !isEditable(state);
    section.setCount(categories.length);
    const uses = countUses(state);
    list.replaceChildren(
      ...categories.map((category, index) => row(category, index, uses.get(category.id) ?? 0)),
    );
    mark(state);
    if (typeof editing === 'number' && !categories.some((one) => one.id === editing)) edit(null);
  }

  function mark(state: PageState): void {
    for (const one of list.children as HTMLCollectionOf<HTMLElement>)
      setAttribute(
        one,
        'aria-selected',
        String(Number(one.dataset['id']) === state.activeCategoryId),
      );
    const active = state.activeCategoryId;
    setAttribute(list, 'aria-activedescendant', active === null ? null : `category-${active}`);
    scrollWithin(list, list.querySelector('[aria-selected="true"]'));
  }

  function row(category: CocoCategory, index: number, uses: number): HTMLElement {
    const swatch = h('span', { class: 'swatch' });
    swatch.style.backgroundColor = toCss(categoryColor(category));
    const digit = hotkeyOf(index);
    const detail = [category.supercategory, uses > 0 ? `${uses} here` : '']
      .filter(Boolean)
      .join(' · ');
    const rename = iconButton({
      label: `Edit category ${category.name}`,
      icon: 'edit',
      class: 'row-button',
      onClick: (event) => {
        event.stopPropagation();
        edit(category.id);
      },
    });
    rename.tabIndex = -1;
    rename.setAttribute('aria-hidden', 'true');
    const element = h(
      'div',
      {
        class: 'row category-row',
        role: 'option',
        testid: `category-${category.id}`,
        attributes: {
          id: `category-${category.id}`,
          'data-id': String(category.id),
          'aria-label': [category.name, detail, digit && `key ${digit}`].filter(Boolean).join(', '),
          'data-color': toHex(categoryColor(category)),
        },
        on: {
          click: () => choose(category.id),
          dblclick: () => isEditable(store.get()) && edit(category.id),
        },
      },
      swatch,
      h('span', { class: 'row-name' }, category.name),
      h('span', { class: 'row-detail' }, detail),
      rename,
      digit ? h('kbd', { title: `Key ${digit}` }, digit) : null,
    );
    return element;
  }

  /** The current one is for new annotations; a click gives it to what is selected too. */
  function choose(id: number): void {
    const { selection } = store.get();
    if (selection.length > 0) void session.picked('assign', id);
    else store.dispatch({ kind: 'activeCategory', id });
  }

  list.addEventListener('keydown', (event) => {
    const state = store.get();
    const ids = categoriesOf(state).map((category) => category.id);
    const at = ids.indexOf(state.activeCategoryId ?? -1);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step ? ids[Math.min(ids.length - 1, Math.max(0, at + step))] : undefined;
    if (next !== undefined) {
      store.dispatch({ kind: 'activeCategory', id: next });
    } else if (event.key === 'F2' && at >= 0) edit(ids[at]!);
    else if (event.key === 'Enter' && at >= 0) choose(ids[at]!);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  store.subscribe((state, before) => {
    const { doc } = state;
    const isShown =
      doc?.categories === before.doc?.categories && doc?.annotations === before.doc?.annotations;
    if (!isShown || state.phase !== before.phase) show(state);
    else if (state.activeCategoryId !== before.activeCategoryId) mark(state);
  });
  show(store.get());
  return section.element;
}

function countUses(state: PageState): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  for (const { category_id } of annotationsOf(state))
    uses.set(category_id, (uses.get(category_id) ?? 0) + 1);
  return uses;
}

/** Scrolls the list alone; scrollIntoView would move the panel too. */
function scrollWithin(list: HTMLElement, row: HTMLElement | null): void {
  if (!row) return;
  const [top, bottom] = [row.offsetTop, row.offsetTop + row.offsetHeight];
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}
