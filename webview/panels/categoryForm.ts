// Name, supercategory and colour of one category, in place under the list.
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { CocoCategory } from '../../src/shared/coco/types';
import type { Session } from '../state/session';
import { categoryColor, toHex } from '../state/palette';
import { annotationsOf } from '../state/selectors';
import { h } from './dom';

type TextField = HTMLElementTagNameMap['vscode-textfield'];

/** @param category null: a new one */
export function createCategoryForm(
  session: Session,
  category: CocoCategory | null,
  close: () => void,
): { readonly element: HTMLElement; focus(): void } {
  const name = textField('Category name', 'category-name', category?.name ?? '');
  const group = textField('Supercategory', 'category-supercategory', category?.supercategory ?? '');
  const color = createColorField(category);
  const save = async (): Promise<void> => {
    const fields = {
      name: name.value.trim(),
      ...(group.value.trim() || category?.supercategory
        ? { supercategory: group.value.trim() }
        : {}),
      ...(color.chosen() ? { color: color.element.value } : {}),
    };
    if (!fields.name) return name.focus();
    const done = category
      ? await session.apply('Edit Category', [
          { kind: 'category/update', id: category.id, ...fields },
        ])
      : await session.apply('Add Category', [{ kind: 'category/create', ...fields }]);
    if (!done) return;
    const id = done.createdIds[0];
    if (id !== undefined) session.store.dispatch({ kind: 'activeCategory', id });
    close();
  };
  const element = h(
    'div',
    {
      class: 'category-form',
      role: 'group',
      testid: 'category-form',
      attributes: { 'aria-label': category ? `Edit category ${category.name}` : 'Add category' },
    },
    h('div', { class: 'form-line' }, name, color.element),
    group,
    h(
      'div',
      { class: 'form-buttons' },
      button(category ? 'Save' : 'Add', 'category-save', false, () => void save()),
      button('Cancel', 'category-cancel', true, close),
      category && deleteButton(session, category, close),
    ),
  );
  element.addEventListener('keydown', (event) => {
    const isField =
      event.target instanceof HTMLElement && event.target.tagName === 'VSCODE-TEXTFIELD';
    if (event.key === 'Enter' && isField) void save();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { element, focus: () => name.focus() };
}

/** `chosen`: the person set it; otherwise the palette goes on deciding. */
function createColorField(category: CocoCategory | null): {
  readonly element: HTMLInputElement;
  chosen(): boolean;
} {
  let isChosen = false;
  const value = category ? toHex(categoryColor(category)) : '#888888';
  const element = h('input', {
    class: 'color-field',
    testid: 'category-color',
    title: 'Colour',
    attributes: { type: 'color', 'aria-label': 'Colour', value },
    on: { input: () => (isChosen = true) },
  });
  return { element, chosen: () => isChosen };
}

function deleteButton(session: Session, category: CocoCategory, close: () => void): HTMLElement {
  const used = annotationsOf(session.store.get()).filter((one) => one.category_id === category.id);
  const remove = (): void => {
    void session
      .apply('Delete Category', [{ kind: 'category/delete', id: category.id, reassignTo: null }])
      .then((done) => done && close());
  };
  const text = used.length > 0 ? `Delete with ${used.length} annotations` : 'Delete';
  return button(text, 'category-delete', true, remove);
}

function textField(label: string, testid: string, value: string): TextField {
  const field = document.createElement('vscode-textfield');
  field.label = label;
  field.placeholder = label;
  field.value = value;
  field.dataset['testid'] = testid;
  return field;
}

function button(
  text: string,
  testid: string,
  secondary: boolean,
  onClick: () => void,
): HTMLElement {
  const element = document.createElement('vscode-button');
  element.textContent = text;
  element.secondary = secondary;
  element.dataset['testid'] = testid;
  element.addEventListener('click', onClick);
  return element;
}
