// The selected annotation: category, crowd flag, how it was made, attributes; for several, what combines them.
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { InstanceAnnotation } from '../../src/shared/coco/types';
import { attributeText, attributeValue } from '../state/attributes';
import type { Session } from '../state/session';
import type { PageState } from '../state/pageState';
import { toCss } from '../state/palette';
import { categoryName, colorOf, findAnnotation, isEditable } from '../state/selectors';
import { watch } from '../state/store';
import { originText } from './annotationText';
import { h, icon, iconButton } from './dom';
import { createSection } from './section';
import type { Run } from './toolbar';

type TextField = HTMLElementTagNameMap['vscode-textfield'];

export function createDetailsPanel(session: Session, run: Run): HTMLElement {
  const { store } = session;
  const section = createSection(session, 'details', 'Selection');
  let shown: InstanceAnnotation | null = null;

  function show(): void {
    const state = store.get();
    section.element.hidden = state.selection.length === 0;
    section.setCount(state.selection.length > 1 ? state.selection.length : null);
    const annotation = findAnnotation(state, state.selection[0]);
    if (state.selection.length !== 1 || !annotation) {
      shown = null;
      return section.body.replaceChildren(...combineButtons(run, state));
    }
    if (annotation === shown || hasUnsavedText(section.body)) return;
    shown = annotation;
    keepFocus(section.body, () =>
      section.body.replaceChildren(...details(session, run, annotation, state)),
    );
  }

  store.subscribe((state, before) => {
    if (state.selection !== before.selection || state.doc !== before.doc) show();
  });
  watch(store, isEditable, () => {
    shown = null;
    show();
  });
  return section.element;
}

/** A text being typed is not thrown away by a change from elsewhere. */
function hasUnsavedText(body: HTMLElement): boolean {
  const field = document.activeElement;
  return (
    field instanceof HTMLElement &&
    body.contains(field) &&
    field.dataset['saved'] !== undefined &&
    (field as TextField).value !== field.dataset['saved']
  );
}

/** Runs a change of the content and puts the focus on what has the same test id as before. */
function keepFocus(body: HTMLElement, change: () => void): void {
  const field = document.activeElement;
  const id = field instanceof HTMLElement && body.contains(field) ? field.dataset['testid'] : null;
  change();
  if (id) body.querySelector<HTMLElement>(`[data-testid="${CSS.escape(id)}"]`)?.focus();
}

function combineButtons(run: Run, state: PageState): readonly HTMLElement[] {
  if (state.selection.length < 2) return [];
  const first = findAnnotation(state, state.selection[0]);
  const name = first ? `${categoryName(state, first.category_id)} #${first.id}` : '';
  const button = (command: Parameters<Run>[0], text: string, title: string): HTMLElement =>
    h(
      'button',
      {
        class: 'text-button secondary',
        testid: command.replace('/', '-'),
        title,
        attributes: { type: 'button' },
        on: { click: () => run(command) },
      },
      text,
    );
  return [
    h('p', { class: 'detail-text' }, `${name} keeps the result.`),
    h(
      'div',
      { class: 'form-buttons detail-line' },
      button('annotation/union', 'Union', 'Join all into the first one selected (Shift+U)'),
      button('annotation/subtract', 'Subtract', 'Cut the others out of the first (Shift+S)'),
      button('annotation/intersect', 'Intersect', 'Keep what all have in common (Shift+I)'),
    ),
  ];
}

function details(
  session: Session,
  run: Run,
  annotation: InstanceAnnotation,
  state: PageState,
): readonly HTMLElement[] {
  const swatch = h('span', { class: 'swatch' });
  swatch.style.backgroundColor = toCss(colorOf(state, annotation));
  const editable = isEditable(state) && !state.locked.has(annotation.id);
  const category = h(
    'button',
    {
      class: 'text-button secondary',
      testid: 'details-category',
      title: 'Change the category (C)',
      attributes: { type: 'button' },
      on: { click: () => run('category/pick') },
    },
    swatch,
    h('span', {}, categoryName(state, annotation.category_id)),
    icon('chevron-down'),
  );
  category.disabled = !editable;
  return [
    h('div', { class: 'detail-line' }, category, crowdBox(session, annotation, editable)),
    h('p', { class: 'detail-text', testid: 'details-origin' }, originText(annotation)),
    ...attributeRows(session, annotation, editable),
  ];
}

function crowdBox(
  session: Session,
  annotation: InstanceAnnotation,
  editable: boolean,
): HTMLElement {
  const box = document.createElement('vscode-checkbox');
  box.label = 'Crowd';
  box.checked = annotation.iscrowd === 1;
  box.disabled = !editable;
  box.title = 'iscrowd: the mask covers a group that cannot be told apart';
  box.dataset['testid'] = 'details-crowd';
  box.addEventListener('change', () => {
    const iscrowd = box.checked ? 1 : 0;
    void session.apply('Change Crowd', [
      { kind: 'annotation/setCrowd', id: annotation.id, iscrowd },
    ]);
  });
  return box;
}

function attributeRows(
  session: Session,
  annotation: InstanceAnnotation,
  editable: boolean,
): readonly HTMLElement[] {
  const attributes = annotation.attributes ?? {};
  const set = (next: Readonly<Record<string, unknown>>): void =>
    void session.apply('Edit Attributes', [
      { kind: 'annotation/setAttributes', id: annotation.id, attributes: next },
    ]);
  const rows = Object.entries(attributes).map(([name, value]) => {
    const field = textField(name, attributeText(value), editable);
    field.dataset['testid'] = `attribute-value-${name}`;
    field.addEventListener('change', () => {
      field.dataset['saved'] = field.value;
      set({ ...attributes, [name]: attributeValue(field.value, value) });
    });
    const remove = iconButton({
      label: `Remove attribute ${name}`,
      icon: 'close',
      onClick: () => {
        const { [name]: _, ...rest } = attributes;
        set(rest);
      },
    });
    remove.disabled = !editable;
    return h(
      'div',
      { class: 'attribute-row', testid: `attribute-${name}` },
      h('span', { class: 'attribute-name', title: name }, name),
      field,
      remove,
    );
  });
  return editable ? [...rows, newAttribute(attributes, set)] : rows;
}

/** Name and value; Enter or leaving the value adds it. */
function newAttribute(
  attributes: Readonly<Record<string, unknown>>,
  set: (next: Readonly<Record<string, unknown>>) => void,
): HTMLElement {
  const name = textField('New attribute', '', true);
  const value = textField('Value of the new attribute', '', true);
  name.placeholder = 'attribute';
  value.placeholder = 'value';
  name.dataset['testid'] = 'attribute-new-name';
  value.dataset['testid'] = 'attribute-new-value';
  const add = (): void => {
    const key = name.value.trim();
    if (!key || value.value === '') return;
    set({ ...attributes, [key]: attributeValue(value.value, undefined) });
    name.value = value.value = '';
  };
  value.addEventListener('change', add);
  const button = iconButton({
    label: 'Add attribute',
    icon: 'add',
    testid: 'attribute-add',
    onClick: add,
  });
  return h('div', { class: 'attribute-row' }, name, value, button);
}

function textField(label: string, value: string, editable: boolean): TextField {
  const field = document.createElement('vscode-textfield');
  field.label = label;
  field.value = value;
  field.dataset['saved'] = value;
  field.readonly = !editable;
  return field;
}
