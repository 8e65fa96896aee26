// The sentence that describes the image. Typing is local; leaving the field, or Ctrl+Enter, makes it one edit.
import '@vscode-elements/elements/dist/vscode-textarea/index.js';
import type { CaptionAnnotation } from '../../src/shared/coco/types';
import type { Session } from '../state/session';
import { isEditable } from '../state/selectors';
import { watch } from '../state/store';
import { h } from './dom';
import { createSection } from './section';

const NO_CAPTIONS: readonly CaptionAnnotation[] = [];

export function createCaptionPanel(session: Session): HTMLElement {
  const { store } = session;
  const section = createSection(session, 'caption', 'Caption');
  const fields = h('div', { class: 'captions' });
  section.body.append(fields);

  function show(captions: readonly CaptionAnnotation[]): void {
    const known = new Map(
      [...fields.children].map((field) => [field.getAttribute('data-id'), field]),
    );
    const wanted: (CaptionAnnotation | null)[] = captions.length > 0 ? [...captions] : [null];
    fields.replaceChildren(
      ...wanted.map((caption, index) => {
        const id = caption ? String(caption.id) : 'new';
        const field = (known.get(id) ?? createField(session, id, index)) as CaptionField;
        const text = caption?.caption ?? '';
        // What is being typed is not overwritten by what was saved a moment ago.
        if (field.dataset['saved'] !== text || !field.matches(':focus')) field.value = text;
        field.dataset['saved'] = text;
        return field;
      }),
    );
    section.setCount(captions.length > 1 ? captions.length : null);
  }

  watch(store, (state) => state.doc?.captions ?? NO_CAPTIONS, show);
  watch(store, isEditable, (editable) => {
    for (const field of fields.children as HTMLCollectionOf<CaptionField>)
      field.readonly = !editable;
  });
  watch(
    store,
    (state) => state.focusRequest,
    (request) => {
      if (request?.target === 'caption') (fields.firstElementChild as HTMLElement | null)?.focus();
    },
  );
  return section.element;
}

type CaptionField = HTMLElementTagNameMap['vscode-textarea'];

function createField(session: Session, id: string, index: number): CaptionField {
  const field = document.createElement('vscode-textarea');
  field.label = index === 0 ? 'Image caption' : `Image caption ${index + 1}`;
  field.placeholder = 'Describe the image in a sentence';
  field.rows = 3;
  field.resize = 'vertical';
  field.spellcheck = true;
  field.dataset['testid'] = index === 0 ? 'caption' : `caption-${index + 1}`;
  field.dataset['id'] = id;
  field.readonly = !isEditable(session.store.get());
  const save = (): void => {
    const text = field.value.trim();
    if (text === field.dataset['saved']) return;
    field.dataset['saved'] = text;
    void session.apply('Edit Caption', [
      id === 'new' ? { kind: 'caption/set', text } : { kind: 'caption/set', id: Number(id), text },
    ]);
  };
  field.addEventListener('change', save);
  field.addEventListener('blur', save);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
    else if (event.key === 'Escape') {
      field.value = field.dataset['saved'] ?? '';
      session.store.dispatch({ kind: 'focus', target: 'canvas' });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return field;
}
