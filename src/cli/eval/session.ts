// One object put to the engine: a click session, a box, a damaged mask to refine.
import type { EngineClient } from '../../host/engine/engineClient';
import type { Box } from '../../shared/geometry/types';
import { decodeRuns, encodeBitmap } from '../../shared/mask/bitmap';
import { runsFromString, runsToString } from '../../shared/mask/rleString';
import type { Rle } from '../../shared/mask/types';
import type { ModelRef } from '../../shared/protocol/engine';
import type { PointPrompt, Prompt } from '../../shared/protocol/prompt';
import { boxOf, iouOf, nextClick, type Target } from './clicker';
import { degradeMask } from './degrade';

export interface EvalOptions {
  readonly model: ModelRef;
  readonly maxClicks: number;
  /** a session ends after this many clicks once `enough` is reached; means after k clicks need them */
  readonly leastClicks: number;
  readonly perturb: number;
}

/** IoU that ends a session. */
const ENOUGH = 0.9;

export interface Step {
  readonly iou: number;
  /** the model's own estimate */
  readonly iou_score: number;
  readonly ms: number;
}

export interface ObjectResult {
  readonly key: string;
  readonly label: number;
  readonly size: readonly [height: number, width: number];
  readonly area: number;
  readonly clicks: readonly Step[];
  readonly points: readonly PointPrompt[];
  /** the last mask of the click session */
  readonly mask: Rle;
  readonly box: Step;
  readonly refine: {
    readonly start: number;
    /** refined without a click */
    readonly plain: number;
    readonly clicks: readonly Step[];
  };
}

interface Answer {
  readonly step: Step;
  readonly predicted: Uint8Array;
  readonly predictionId: string;
  readonly mask: Rle;
}

/** Asks the engine about one object of an image. */
export class ObjectEvaluator {
  constructor(
    private readonly engine: EngineClient,
    private readonly options: EvalOptions,
    private readonly imagePath: string,
    private readonly target: Target,
  ) {}

  /** @param number of the object in the run; chooses the damage to refine and seeds the perturbation */
  async run(key: string, label: number, number: number): Promise<ObjectResult> {
    const { target, options } = this;
    const random = seeded(number);
    const empty = new Uint8Array(target.truth.length);
    const session = await this.clickSession(
      empty,
      undefined,
      options.maxClicks,
      options.leastClicks,
      random,
    );
    const bounds = boxOf(target.truth, target.width, target.height)!;
    const box: Box = [bounds[0], bounds[1], bounds[0] + bounds[2], bounds[1] + bounds[3]];
    const boxed = await this.ask({ points: [], scribbles: [], box });
    return {
      key,
      label,
      size: [target.height, target.width],
      area: target.truth.reduce((sum, value) => sum + (value === 1 ? 1 : 0), 0),
      clicks: session.steps,
      points: session.points,
      mask: session.mask,
      box: boxed.step,
      refine: await this.refine(number, random),
    };
  }

  private async refine(number: number, random: () => number): Promise<ObjectResult['refine']> {
    const { width, height } = this.target;
    const damaged = degradeMask(this.target, number);
    const mask = runsToString(encodeBitmap({ width, height, data: damaged }));
    const plain = await this.ask({ points: [], scribbles: [], mask });
    const { steps } = await this.clickSession(damaged, mask, this.options.maxClicks, 1, random);
    return { start: iouOf(this.target, damaged), plain: plain.step.iou, clicks: steps };
  }

  private async clickSession(
    start: Uint8Array,
    startMask: Rle | undefined,
    maxClicks: number,
    leastClicks: number,
    random: () => number,
  ): Promise<{ steps: Step[]; points: PointPrompt[]; mask: Rle }> {
    const points: PointPrompt[] = [];
    const steps: Step[] = [];
    const used = new Set<number>();
    let predicted = start;
    let last: Answer | null = null;
    while (
      points.length < maxClicks &&
      !(points.length >= leastClicks && steps.some(({ iou }) => iou >= ENOUGH))
    ) {
      points.push(nextClick(this.target, predicted, used, this.options.perturb, random));
      last = await this.ask({
        points,
        scribbles: [],
        ...(startMask ? { mask: startMask } : {}),
        ...(last ? { refineOf: last.predictionId } : {}),
      });
      predicted = last.predicted;
      steps.push(last.step);
    }
    return {
      steps,
      points,
      mask: last?.mask ?? { size: [this.target.height, this.target.width], counts: '' },
    };
  }

  private async ask(prompt: Prompt): Promise<Answer> {
    const begin = performance.now();
    const params = {
      image: { path: this.imagePath },
      model: this.options.model,
      prompt,
      purpose: 'commit',
    } as const;
    const { candidates, predictionId } = await this.engine.request('segment/predict', params);
    const ms = performance.now() - begin;
    const best = candidates[0]!;
    const predicted = decodeRuns(runsFromString(best.segmentation)).data;
    const step = { iou: iouOf(this.target, predicted), iou_score: best.iou_score, ms };
    return { step, predicted, predictionId, mask: best.segmentation };
  }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
