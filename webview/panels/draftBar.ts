// What to do with the draft, beside it on the canvas: category, candidates, accept, cancel.
import type { Session } from '../state/session';
import type { PageState } from '../state/pageState';
import { categoryColor, toCss } from '../state/palette';
import { promptCount } from '../state/prompts';
import { candidateOf, draftOf, findAnnotation, findCategory } from '../state/selectors';
import { h, icon, iconButton, setText } from './dom';
import type { Run } from './toolbar';

export function createDraftBar(session: Session, run: Run): HTMLElement {
  const { store } = session;
  const summary = h('span', { class: 'draft-summary' });
  const category = createCategoryButton(run);
  const candidates = h('span', { class: 'draft-candidates' });
  const next = iconButton({
    label: 'Next candidate (Tab)',
    icon: 'layers',
    testid: 'draft-next',
    onClick: () => run('draft/nextCandidate'),
  });
  const accept = textButton('Accept', 'Enter', 'check', 'draft-accept', () => run('draft/accept'));
  const cancel = textButton('Cancel', 'Esc', 'close', 'draft-cancel', () => run('draft/cancel'));
  cancel.classList.add('secondary');
  const element = h(
    'div',
    {
      class: 'draft-bar',
      role: 'group',
      testid: 'draft-bar',
      attributes: { 'aria-label': 'Draft' },
    },
    summary,
    next,
    candidates,
    category.element,
    accept,
    cancel,
  );

  function show(state: PageState): void {
    const draft = draftOf(state);
    const isPending = state.pending !== null;
    element.hidden = !draft && !isPending;
    if (element.hidden) return;
    const many = draft?.candidates.length ?? 0;
    const best = candidateOf(draft);
    const count = promptCount(
      state.pending?.prompt ?? draft?.prompt ?? { points: [], scribbles: [] },
    );
    setText(summary, summaryText(count, best?.area ?? null, best?.iou_score, isPending));
    next.hidden = candidates.hidden = many < 2;
    setText(candidates, draft ? `${draft.selected + 1}/${many}` : '');
    category.show(state, draft?.targetId);
    accept.disabled = isPending || !best || best.area === 0;
  }
  store.subscribe((state, before) => {
    if (
      state.doc !== before.doc ||
      state.pending !== before.pending ||
      state.activeCategoryId !== before.activeCategoryId
    )
      show(state);
  });
  show(store.get());
  return element;
}

/** Shows the category the draft will get; fixed when a saved annotation is refined. */
function createCategoryButton(run: Run): {
  readonly element: HTMLElement;
  show(state: PageState, targetId: number | undefined): void;
} {
  const swatch = h('span', { class: 'swatch' });
  const text = h('span');
  const element = h(
    'button',
    {
      class: 'text-button secondary',
      testid: 'draft-category',
      title: 'Choose the category (C)',
      attributes: { type: 'button' },
      on: { click: () => run('category/pick') },
    },
    swatch,
    text,
    icon('chevron-down'),
  );
  return {
    element,
    show(state, targetId) {
      const refined = findAnnotation(state, targetId);
      const chosen = findCategory(state, refined?.category_id ?? state.activeCategoryId);
      const name = chosen?.name ?? 'Category…';
      setText(text, refined ? `${name} #${refined.id}` : name);
      swatch.style.backgroundColor = toCss(categoryColor(chosen));
      swatch.hidden = !chosen;
      element.disabled = refined !== undefined;
    },
  };
}

function summaryText(
  prompts: number,
  area: number | null,
  score: number | undefined,
  isPending: boolean,
): string {
  const count = prompts === 1 ? '1 prompt' : `${prompts} prompts`;
  if (isPending) return `${count} · segmenting…`;
  if (area === 0) return `${count} · no mask found; add a point on the object`;
  return score === undefined ? count : `${count} · score ${score.toFixed(2)}`;
}

function textButton(
  text: string,
  key: string,
  iconName: string,
  testid: string,
  onClick: () => void,
): HTMLButtonElement {
  return h(
    'button',
    {
      class: 'text-button',
      testid,
      title: `${text} (${key})`,
      attributes: { type: 'button' },
      on: { click: onClick },
    },
    icon(iconName),
    text,
  );
}
