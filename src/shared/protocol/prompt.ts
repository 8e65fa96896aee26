// What a person asks a model, and what the model proposes. Used by the page, the host, the engine and the command line.
import type { Bbox, Box, ImagePoint } from '../geometry/types';
import type { Rle } from '../mask/types';

/** 1 foreground (positive), 0 background (negative), as SAM's point_labels. */
export type PromptLabel = 0 | 1;

export interface PointPrompt {
  readonly at: ImagePoint;
  readonly label: PromptLabel;
}

/** A stroke: a polyline in image pixels; the model adapter decides how thick it is drawn. */
export interface ScribblePrompt {
  readonly path: readonly ImagePoint[];
  readonly label: PromptLabel;
}

/** All prompts of one object. Order inside each list is the order they were given. */
export interface Prompt {
  readonly points: readonly PointPrompt[];
  readonly scribbles: readonly ScribblePrompt[];
  readonly box?: Box;
  /** A saved or edited mask to start from; size must equal the image's. */
  readonly mask?: Rle;
  /** Id of a prediction whose logits are fed back; when it has expired the model goes on without. */
  readonly refineOf?: string;
  /** Phrase for text-promptable models. */
  readonly text?: string;
}

export const EMPTY_PROMPT: Prompt = { points: [], scribbles: [] };

/** A proposed mask, not yet an annotation. An empty mask (area 0) is a valid answer. */
export interface Candidate {
  readonly segmentation: Rle;
  readonly bbox: Bbox;
  readonly area: number;
  /** The model's own estimate of the IoU with the object meant, 0..1. */
  readonly iou_score: number;
  /** IoU of the masks at a raised and a lowered logit threshold, 0..1. */
  readonly stability_score: number;
}
