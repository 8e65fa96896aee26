// The prompts of the draft, each to be taken away; of a saved annotation, the prompts that made it.
import type { Session } from '../state/session';
import type { PageState } from '../state/pageState';
import type { PromptChange } from '../state/prompts';
import { draftOf, soleSelection } from '../state/selectors';
import type { Prompt } from '../../src/shared/protocol/prompt';
import { h, icon, iconButton } from './dom';
import { createSection } from './section';

interface PromptRow {
  readonly icon: string;
  readonly look: 'positive' | 'negative' | 'plain';
  readonly text: string;
  /** null: cannot be taken away here */
  readonly remove: PromptChange | null;
}

export function createPromptsPanel(session: Session): HTMLElement {
  const { store } = session;
  const section = createSection(session, 'prompts', 'Prompts');
  const list = h('ul', { class: 'prompt-list', attributes: { 'aria-label': 'Prompts' } });
  const empty = h(
    'p',
    { class: 'empty' },
    'Points, boxes and strokes of the object being segmented are listed here.',
  );
  section.body.append(empty, list);

  function show(state: PageState): void {
    const draft = draftOf(state);
    const rows = draft
      ? promptRows(draft.prompt)
      : storedRows(soleSelection(state)?.promptmark?.prompts);
    empty.hidden = rows.length > 0;
    section.setCount(rows.length > 0 ? rows.length : null);
    list.replaceChildren(...rows.map((row, index) => promptRow(session, row, index)));
  }
  store.subscribe((state, before) => {
    if (draftOf(state) !== draftOf(before) || soleSelection(state) !== soleSelection(before))
      show(state);
  });
  show(store.get());
  return section.element;
}

function promptRow(session: Session, row: PromptRow, index: number): HTMLElement {
  const { remove } = row;
  return h(
    'li',
    { class: `row prompt-row ${row.look}`, testid: `prompt-${index}` },
    icon(row.icon),
    h('span', { class: 'row-name' }, row.text),
    remove &&
      iconButton({
        label: `Remove ${row.text}`,
        icon: 'close',
        class: 'row-button row-end',
        onClick: () => void session.prompt(remove),
      }),
  );
}

function promptRows({ points, scribbles, box, mask, text }: Prompt): readonly PromptRow[] {
  return [
    ...(mask ? [plain('layers', 'Mask of the annotation')] : []),
    ...(text ? [plain('quote', text)] : []),
    ...(box ? [{ ...plain('pm-box', boxText(box)), remove: { kind: 'removeBox' } as const }] : []),
    ...points.map(({ at, label }, index) => ({
      ...signed(label, `Point ${at.x.toFixed(0)}, ${at.y.toFixed(0)}`),
      remove: { kind: 'removePoint', index } as const,
    })),
    ...scribbles.map(({ label }, index) => ({
      ...signed(label, `Scribble ${index + 1}`),
      remove: { kind: 'removeScribble', index } as const,
    })),
  ];
}

/** Prompts as the dataset keeps them; whatever else is in there is passed over. */
function storedRows(prompts: unknown): readonly PromptRow[] {
  if (typeof prompts !== 'object' || prompts === null) return [];
  const { points, box, scribbles, mask } = prompts as Readonly<Record<string, unknown>>;
  const lists = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  return [
    ...(mask === true ? [plain('layers', 'Mask of the annotation')] : []),
    ...(Array.isArray(box) ? [plain('pm-box', boxText(box.map(Number)))] : []),
    ...lists(points)
      .filter(Array.isArray)
      .map(([x, y, label]: readonly unknown[]) =>
        signed(label === 0 ? 0 : 1, `Point ${Number(x).toFixed(0)}, ${Number(y).toFixed(0)}`),
      ),
    ...lists(scribbles).map((scribble, index) =>
      signed(
        (scribble as { label?: unknown } | null)?.label === 0 ? 0 : 1,
        `Scribble ${index + 1}`,
      ),
    ),
  ];
}

const plain = (iconName: string, text: string): PromptRow => ({
  icon: iconName,
  look: 'plain',
  text,
  remove: null,
});

const signed = (label: 0 | 1, text: string): PromptRow => ({
  icon: label === 1 ? 'add' : 'remove',
  look: label === 1 ? 'positive' : 'negative',
  text: label === 1 ? text : `Negative ${text.toLowerCase()}`,
  remove: null,
});

function boxText([x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[]): string {
  return `Box ${x0.toFixed(0)}, ${y0.toFixed(0)}, ${(x1 - x0).toFixed(0)} × ${(y1 - y0).toFixed(0)}`;
}
