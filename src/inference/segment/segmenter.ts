// The interface every model family implements; the engine and the everything mode know nothing else of a model.
import type { Box, ImagePoint } from '../../shared/geometry/types';
import type { Runs } from '../../shared/mask/types';
import type { ModelInfo } from '../../shared/protocol/engine';
import type { Prompt } from '../../shared/protocol/prompt';
import type { CancelSignal } from '../../shared/protocol/wire';
import type { DecodedImage } from '../image/image';

/** A mask as a family proposes it, before it becomes RLE text. */
export interface Proposal {
  readonly runs: Runs;
  /** calibrated estimate of the IoU, 0..1 */
  readonly iou_score: number;
  readonly stability_score: number;
}

export interface Prediction {
  /** best first */
  readonly proposals: readonly Proposal[];
  /** what the same family needs to refine this prediction; opaque outside it */
  readonly memory: unknown;
  readonly memoryBytes: number;
  /** time inside session.run */
  readonly runMs: number;
}

export interface QuickProposal {
  readonly proposal: Proposal;
  /** as Prediction.memory: lets `predict` go on from here */
  readonly memory: unknown;
}

export interface PredictOptions {
  readonly purpose: 'preview' | 'commit';
  /** zoom here instead of to the object found */
  readonly view?: Box;
  /** `memory` of the prediction to refine */
  readonly memory?: unknown;
}

export interface PromptableSegmenter {
  readonly info: ModelInfo;
  /** Does once what every prediction on the image needs (encodes it). */
  prepare(image: DecodedImage, signal: CancelSignal): Promise<void>;
  /** @throws DomainError 'invalid-params' for a prompt that does not fit the image, 'cancelled' between runs */
  predict(
    image: DecodedImage,
    prompt: Prompt,
    options: PredictOptions,
    signal: CancelSignal,
  ): Promise<Prediction>;
  /**
   * One quick proposal for each point alone, in few runs; for everything mode. Same order as the points.
   *
   * @param view part of the image to look at; absent: the whole image
   */
  proposeAt(
    image: DecodedImage,
    points: readonly ImagePoint[],
    view: Box | undefined,
    signal: CancelSignal,
  ): Promise<QuickProposal[]>;
  /** How many points one `proposeAt` should get; a click waits as long as that takes. */
  readonly pointsPerBatch: number;
  release(): Promise<void>;
}
