// What a tool is: a small state machine over pointer input that says what to do (effects) and what to draw (shapes).
// Tools know no DOM, no host and no canvas.
import type { Intent } from '../../src/shared/edits/types';
import type { Box, ImagePoint, ViewPoint } from '../../src/shared/geometry/types';
import type { Rle } from '../../src/shared/mask/types';
import type { ToolId } from '../../src/shared/protocol/editor';
import type { Candidate, PromptLabel } from '../../src/shared/protocol/prompt';
import type { PageState, SelectionOrigin } from '../state/pageState';
import type { PromptChange } from '../state/prompts';
import type { WorkingMask } from './workingMask';

export interface PointerInput {
  /** may lie outside the image */
  readonly at: ImagePoint;
  readonly view: ViewPoint;
  readonly button: 'primary' | 'secondary' | 'middle';
  readonly alt: boolean;
  readonly shift: boolean;
  /** Ctrl, or Cmd on a Mac */
  readonly toggle: boolean;
  /** 2 for the second press of a double click */
  readonly clicks: number;
}

export type ToolEffect =
  | { readonly kind: 'select'; readonly ids: readonly number[]; readonly origin?: SelectionOrigin }
  | { readonly kind: 'hover'; readonly id: number | null }
  | { readonly kind: 'prompt'; readonly change: PromptChange }
  /** null ends the preview */
  | { readonly kind: 'preview'; readonly at: ImagePoint | null }
  | { readonly kind: 'apply'; readonly label: string; readonly intents: readonly Intent[] }
  /** `done` is called when the drawing need not be shown any more */
  | {
      readonly kind: 'create';
      readonly segmentation: Rle | readonly (readonly number[])[];
      readonly tool: ToolId;
      readonly done?: () => void;
    }
  | {
      readonly kind: 'paint';
      readonly target: number | 'draft';
      readonly mask: Rle;
      readonly tool: ToolId;
      readonly done?: () => void;
    }
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'pickCategory' }
  | { readonly kind: 'addProposal'; readonly proposal: Candidate }
  | { readonly kind: 'notice'; readonly message: string };

/** What the interactive layer draws for a tool; image pixels unless a name says otherwise. */
export type Shape =
  | { readonly kind: 'box'; readonly box: Box; readonly look: 'prompt' | 'marquee' }
  | {
      readonly kind: 'path';
      readonly points: readonly ImagePoint[];
      readonly closed: boolean;
      readonly look: 'positive' | 'negative' | 'outline';
    }
  | {
      readonly kind: 'handles';
      readonly points: readonly ImagePoint[];
      /** index of the one under the pointer or being dragged; -1 none */
      readonly active: number;
    }
  | {
      readonly kind: 'circle';
      readonly at: ImagePoint;
      readonly radius: number;
      readonly negative: boolean;
    }
  | { readonly kind: 'marker'; readonly at: ImagePoint; readonly label: PromptLabel }
  | { readonly kind: 'mask'; readonly mask: WorkingMask };

export interface ToolContext {
  readonly state: PageState;
  /** ids under the point, best first */
  hits(at: ImagePoint): readonly number[];
  emit(effect: ToolEffect): void;
}

export interface Tool {
  readonly id: ToolId;
  /** button text and accessible name */
  readonly label: string;
  /** name of a codicon, or of one of ours ("pm-…") */
  readonly icon: string;
  /** key of the default keybinding, for the tooltip */
  readonly key: string;
  /** one sentence: what to do with it */
  hint(state: PageState): string;
  cursor(input: PointerInput | null, context: ToolContext): string;
  down(input: PointerInput, context: ToolContext): void;
  /** `pressed` between down and up */
  move(input: PointerInput, pressed: boolean, context: ToolContext): void;
  up(input: PointerInput, context: ToolContext): void;
  /** drops a gesture under way; true when there was one */
  cancel(context: ToolContext): boolean;
  /** Enter; true when the tool used it */
  finish?(context: ToolContext): boolean;
  /** Backspace; true when the tool used it */
  stepBack?(context: ToolContext): boolean;
  /** something is begun that Enter, Escape or Backspace act on */
  isBusy?(): boolean;
  /** id of the annotation shown by the tool itself meanwhile; the overlay leaves it out */
  editing?(): number | null;
  shapes(context: ToolContext): readonly Shape[];
}

/** Movement in CSS pixels up to which a press and release is a click. */
export const CLICK_SLOP = 4;

export function isBeyondSlop(a: ViewPoint, b: ViewPoint): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) > CLICK_SLOP;
}

/** Alt, Shift or the secondary button make a point negative. */
export function labelOf(input: PointerInput): PromptLabel {
  return input.alt || input.shift || input.button === 'secondary' ? 0 : 1;
}

export function isInside(at: ImagePoint, state: PageState): boolean {
  const [height, width] = state.info?.size ?? [0, 0];
  return at.x >= 0 && at.y >= 0 && at.x < width && at.y < height;
}

/** The nearest place inside the image. */
export function clampToImage(at: ImagePoint, state: PageState): ImagePoint {
  const [height, width] = state.info?.size ?? [1, 1];
  return { x: Math.min(width, Math.max(0, at.x)), y: Math.min(height, Math.max(0, at.y)) };
}
