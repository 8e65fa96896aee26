// The way back: every edit holds both directions, so inverting needs no state.
import type { Edit } from './types';

/** The edits that undo `edits`: each turned round, last one first. */
export function invertEdits(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].reverse().map(invertEdit);
}

function invertEdit(edit: Edit): Edit {
  if (edit.kind === 'order') return { ...edit, from: edit.to, to: edit.from };
  return { ...edit, before: edit.after, after: edit.before } as Edit;
}
