// From a prompt to the document's draft. Prompts of one document are answered in the order they were given.
import { maskOf } from '../../shared/coco/segmentation';
import { requireAnnotation } from '../../shared/edits/resolveContext';
import type { Draft, ImageState } from '../../shared/edits/types';
import type { Size } from '../../shared/geometry/types';
import { runsToString } from '../../shared/mask/rleString';
import type { Prompt } from '../../shared/protocol/prompt';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import type { EnginePort } from './enginePort';
import type { ImageDocument } from './imageDocument';

export interface DraftRequest {
  /** what Edit ▸ Undo shows */
  readonly label: string;
  readonly prompt: Prompt;
  /** the saved annotation to refine */
  readonly targetId?: number;
}

export class DraftPrompter {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly document: ImageDocument,
    private readonly engine: EnginePort,
  ) {}

  /**
   * Predicts and makes the answer the draft, as one undo step.
   *
   * @throws DomainError 'cancelled' when the draft was undone, accepted or dropped meanwhile
   */
  prompt(request: DraftRequest, signal: CancelSignal): Promise<{ readonly totalMs: number }> {
    const { draftEpoch } = this.document.core;
    const answer = this.last.then(() => this.answer(request, draftEpoch, signal));
    // One failure must not stop the prompts after it; its caller gets the error.
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async answer(
    { label, prompt, targetId }: DraftRequest,
    epoch: number,
    signal: CancelSignal,
  ): Promise<{ readonly totalMs: number }> {
    const { document } = this;
    this.checkFresh(epoch, signal);
    if (document.readOnly) throw new DomainError('read-only', document.readOnly);
    const full = completePrompt(document.core.state, prompt, targetId, document.size);
    const result = await this.engine.predict(document.imagePath, full, 'commit', signal);
    this.checkFresh(epoch, signal);
    const { refineOf: _, ...kept } = full;
    const draft: Draft = {
      prompt: kept,
      candidates: result.candidates,
      selected: 0,
      predictionId: result.predictionId,
      model: result.model,
      ...(targetId === undefined ? {} : { targetId }),
    };
    document.setDraft(label, draft);
    return { totalMs: result.timings.totalMs };
  }

  private checkFresh(epoch: number, signal: CancelSignal): void {
    if (signal.aborted || this.document.core.draftEpoch !== epoch) {
      throw new DomainError('cancelled', 'The object was changed meanwhile.');
    }
  }
}

/**
 * Adds what the model can start from: the previous logits when the prompt goes on from the draft, else the mask of
 * the annotation that is refined.
 *
 * @throws DomainError 'invalid-params' when there is no such annotation
 */
export function completePrompt(
  state: ImageState,
  prompt: Prompt,
  targetId: number | undefined,
  size: Size,
): Prompt {
  if (prompt.refineOf !== undefined) return prompt;
  const { draft } = state;
  const goesOn = draft && draft.targetId === targetId && isExtension(prompt, draft.prompt);
  const { predictionId, prompt: before } = draft ?? {};
  if (goesOn && predictionId !== undefined) {
    // The mask an object started from stays part of its prompt: the logits may have expired.
    const mask = prompt.mask ?? before?.mask;
    return { ...prompt, ...(mask ? { mask } : {}), refineOf: predictionId };
  }
  if (targetId === undefined || prompt.mask) return prompt;
  const runs = maskOf(requireAnnotation(state, targetId).annotation, size);
  return runs ? { ...prompt, mask: runsToString(runs) } : prompt;
}

/** Whether `after` only adds to `before`. */
function isExtension(after: Prompt, before: Prompt): boolean {
  const isPrefix = (short: readonly unknown[], long: readonly unknown[]): boolean =>
    short.length <= long.length &&
    short.every((item, i) => JSON.stringify(item) === JSON.stringify(long[i]));
  return (
    isPrefix(before.points, after.points) &&
    isPrefix(before.scribbles, after.scribbles) &&
    (before.box === undefined || JSON.stringify(before.box) === JSON.stringify(after.box))
  );
}
