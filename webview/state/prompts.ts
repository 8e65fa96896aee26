// Builds the prompt of the next prediction from the draft and one change. Pure.
import type { Draft } from '../../src/shared/edits/types';
import { normaliseBox } from '../../src/shared/geometry/box';
import type { Box, ImagePoint } from '../../src/shared/geometry/types';
import type { Rle } from '../../src/shared/mask/types';
import { EMPTY_PROMPT, type Prompt, type PromptLabel } from '../../src/shared/protocol/prompt';

export type PromptChange =
  | { readonly kind: 'addPoint'; readonly at: ImagePoint; readonly label: PromptLabel }
  | { readonly kind: 'movePoint'; readonly index: number; readonly at: ImagePoint }
  | { readonly kind: 'removePoint'; readonly index: number }
  | { readonly kind: 'setBox'; readonly box: Box }
  | { readonly kind: 'removeBox' }
  | { readonly kind: 'removeScribble'; readonly index: number }
  | {
      readonly kind: 'addScribble';
      readonly path: readonly ImagePoint[];
      readonly label: PromptLabel;
    }
  | { readonly kind: 'removeLast' };

/** The saved annotation a first prompt refines. */
export interface RefineTarget {
  readonly id: number;
  readonly mask: Rle;
}

export interface PromptRequest {
  /** what Edit ▸ Undo shows */
  readonly label: string;
  readonly prompt: Prompt;
  readonly targetId?: number;
}

/**
 * The request that follows from a change; null when no prompt is left, so the draft is to be cancelled.
 * Adding continues from the draft's logits; taking away or moving starts from the prompts alone, because
 * the logits still hold what was taken away.
 *
 * @param order kinds of the prompts so far, oldest first; decides what 'removeLast' takes
 */
export function nextRequest(
  draft: Draft | null,
  change: PromptChange,
  target: RefineTarget | null,
  order: readonly PromptKind[],
): PromptRequest | null {
  const before = draft?.prompt ?? EMPTY_PROMPT;
  const prompt = changePrompt(before, change, order);
  if (!prompt || isEmpty(prompt)) return null;
  const targetId = draft ? draft.targetId : target?.id;
  const additive = isAdditive(change, before);
  const { refineOf: _, mask: seed, ...bare } = prompt;
  const refineOf = additive ? draft?.predictionId : undefined;
  const mask = draft ? seed : target?.mask;
  return {
    label: labelOf(change),
    prompt: {
      ...bare,
      ...(refineOf === undefined ? {} : { refineOf }),
      ...(mask === undefined ? {} : { mask }),
    },
    ...(targetId === undefined ? {} : { targetId }),
  };
}

export type PromptKind = 'point' | 'box' | 'scribble';

/** Brings the remembered order in step with a prompt that may have changed elsewhere (undo, reload). */
export function reconcileOrder(
  order: readonly PromptKind[],
  prompt: Prompt,
): readonly PromptKind[] {
  const left = {
    point: prompt.points.length,
    scribble: prompt.scribbles.length,
    box: prompt.box ? 1 : 0,
  };
  const kept: PromptKind[] = [];
  for (const kind of order) {
    if (left[kind] === 0) continue;
    left[kind] -= 1;
    kept.push(kind);
  }
  for (const kind of ['box', 'scribble', 'point'] as const)
    kept.push(...Array<PromptKind>(left[kind]).fill(kind));
  return kept;
}

/** The box between two corners in any order, cut to the image. */
export function boxOf(a: ImagePoint, b: ImagePoint, width: number, height: number): Box {
  const [x0, y0, x1, y1] = normaliseBox(a, b);
  const clip = (value: number, max: number): number => Math.min(max, Math.max(0, value));
  return [clip(x0, width), clip(y0, height), clip(x1, width), clip(y1, height)];
}

export const promptCount = (prompt: Prompt): number =>
  prompt.points.length + prompt.scribbles.length + (prompt.box ? 1 : 0);

function isEmpty(prompt: Prompt): boolean {
  return promptCount(prompt) === 0 && !prompt.text;
}

function isAdditive(change: PromptChange, before: Prompt): boolean {
  return (
    change.kind === 'addPoint' ||
    change.kind === 'addScribble' ||
    (change.kind === 'setBox' && !before.box)
  );
}

function changePrompt(
  prompt: Prompt,
  change: PromptChange,
  order: readonly PromptKind[],
): Prompt | null {
  switch (change.kind) {
    case 'addPoint':
      return { ...prompt, points: [...prompt.points, { at: change.at, label: change.label }] };
    case 'movePoint':
      return {
        ...prompt,
        points: prompt.points.map((point, index) =>
          index === change.index ? { ...point, at: change.at } : point,
        ),
      };
    case 'removePoint':
      return { ...prompt, points: prompt.points.filter((_, index) => index !== change.index) };
    case 'setBox':
      return { ...prompt, box: change.box };
    case 'removeBox':
      return withoutLast(prompt, 'box');
    case 'removeScribble':
      return { ...prompt, scribbles: prompt.scribbles.filter((_, i) => i !== change.index) };
    case 'addScribble':
      return {
        ...prompt,
        scribbles: [...prompt.scribbles, { path: change.path, label: change.label }],
      };
    case 'removeLast':
      return withoutLast(prompt, reconcileOrder(order, prompt).at(-1));
  }
}

function withoutLast(prompt: Prompt, kind: PromptKind | undefined): Prompt | null {
  switch (kind) {
    case 'point':
      return { ...prompt, points: prompt.points.slice(0, -1) };
    case 'scribble':
      return { ...prompt, scribbles: prompt.scribbles.slice(0, -1) };
    case 'box': {
      const { box: _, ...rest } = prompt;
      return rest;
    }
    case undefined:
      return null;
  }
}

function labelOf(change: PromptChange): string {
  switch (change.kind) {
    case 'addPoint':
      return change.label === 1 ? 'Add Point' : 'Add Negative Point';
    case 'movePoint':
      return 'Move Point';
    case 'removePoint':
      return 'Remove Point';
    case 'setBox':
      return 'Draw Box';
    case 'removeBox':
      return 'Remove Box';
    case 'removeScribble':
      return 'Remove Scribble';
    case 'addScribble':
      return change.label === 1 ? 'Scribble' : 'Negative Scribble';
    case 'removeLast':
      return 'Remove Prompt';
  }
}
