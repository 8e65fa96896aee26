// The family of the built-in model: one network takes the image and the prompts as planes ("early fusion").
// Predicts on the whole image, then zooms to the object found and predicts again; later clicks go straight to the zoom
// around the previous mask. The rules are those of training/predict.py (Predictor).
import type { Box, ImagePoint } from '../../shared/geometry/types';
import { areaOf } from '../../shared/mask/area';
import { bboxOf } from '../../shared/mask/bbox';
import { emptyRuns } from '../../shared/mask/combine';
import type { EverythingOptions, ModelInfo } from '../../shared/protocol/engine';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import type { Prompt } from '../../shared/protocol/prompt';
import type { CancelSignal } from '../../shared/protocol/wire';
import type { DecodedImage } from '../image/image';
import { cropImage, wholeWindow, type Window } from '../image/window';
import { openSession, type ModelSession } from '../sessions/openSession';
import { ArrayPool } from './arrayPool';
import { cleanPrompt, type CleanPrompt } from './cleanPrompt';
import { keepClickedParts } from './clickedParts';
import { logitsToMask } from './logitsMask';
import { readSettings, type EarlyFusionSettings } from './earlyFusionSettings';
import { readModelFile, type ModelManifest } from './manifest';
import { drawPrior, type LogitsPrior, type Prior } from './prior';
import { drawBox, drawClick, drawStroke, type Plane } from './promptPlanes';
import { stabilityOf } from './stability';
import type {
  Prediction,
  PredictOptions,
  PromptableSegmenter,
  Proposal,
  QuickProposal,
} from './segmenter';

/** Such small networks draw softer edges than SAM, so that its limits (.88, .95) would let nothing pass. */
const EVERYTHING: EverythingOptions = {
  pointsPerSide: 16,
  minIouScore: 0.7,
  minStabilityScore: 0.35,
  nmsIou: 0.6,
  minArea: 64,
};
/** A mask smaller than this tells too little to zoom to it. */
const LEAST_AREA = 10;

/** @throws DomainError 'model-missing' when the file is damaged or is no early-fusion model */
export async function openEarlyFusion(manifest: ModelManifest): Promise<PromptableSegmenter> {
  const settings = readSettings(manifest);
  const { size } = settings;
  const session = await openSession(await readModelFile(manifest), {
    modelName: manifest.name,
    family: manifest.family,
    inputs: [
      { name: 'image', type: 'float32', shape: [null, 3, size, size] },
      { name: 'prompts', type: 'float32', shape: [null, 4, size, size] },
    ],
    outputs: [
      { name: 'logits', type: 'float32', shape: [null, 1, size, size] },
      { name: 'iou_predictions', type: 'float32', shape: [null, 1] },
    ],
  });
  return new EarlyFusionSegmenter(manifest, settings, session);
}

/** Answer of one run for one window. */
interface Answer {
  readonly prior: LogitsPrior;
  readonly proposal: Proposal;
}

class EarlyFusionSegmenter implements PromptableSegmenter {
  readonly info: ModelInfo;
  /** Batches gain nothing on a CPU (measured: 20 ms a point with 1, 2 and 4). */
  readonly pointsPerBatch = 1;
  private readonly wholeKey: string;
  private readonly planes = new ArrayPool();

  constructor(
    manifest: ModelManifest,
    private readonly settings: EarlyFusionSettings,
    private readonly session: ModelSession,
  ) {
    const { id, name, family, sha256 } = manifest;
    const prompts = ['point', 'box', 'scribble', 'mask'] as const;
    this.info = { id, name, family, sha256, device: 'cpu', prompts, everything: EVERYTHING };
    this.wholeKey = `whole ${settings.size} ${settings.padColor.join()}`;
  }

  prepare(image: DecodedImage): Promise<void> {
    this.pixels(image, wholeWindow(image.size));
    return Promise.resolve();
  }

  async predict(
    image: DecodedImage,
    prompt: Prompt,
    options: PredictOptions,
    signal: CancelSignal,
  ): Promise<Prediction> {
    const clean = cleanPrompt(prompt, image.size);
    let prior: Prior | null = (options.memory as LogitsPrior | undefined) ?? clean.mask;
    if (clean.isEmpty && !prior) return nothing(image);
    const clock = { runMs: 0 };
    const isMaskKnown = prior !== null && prior.area > 0;
    if (clean.box && !isMaskKnown) prior = null;
    if (!options.view && !clean.box && !isMaskKnown) {
      prior = await this.findObject(image, clean, prior, clock, signal);
    }
    const window = options.view ? this.square(options.view, image) : this.zoom(image, clean, prior);
    const { prior: memory, proposal } = await this.run(image, window, clean, prior, clock);
    return {
      proposals: [proposal],
      memory,
      memoryBytes: memory.logits.byteLength,
      runMs: clock.runMs,
    };
  }

  /**
   * Looks at the whole image. In an image so large that small objects vanish, an empty answer is followed by looks
   * around the prompts, each at a quarter of the side.
   */
  private async findObject(
    image: DecodedImage,
    prompt: CleanPrompt,
    before: Prior | null,
    clock: { runMs: number },
    signal: CancelSignal,
  ): Promise<LogitsPrior> {
    let window = wholeWindow(image.size);
    for (;;) {
      const { prior } = await this.run(image, window, prompt, before, clock);
      throwIfCancelled(signal);
      const isLarge = window.side > 8 * this.settings.size;
      if (prior.area >= LEAST_AREA || !isLarge || !prompt.places.length) return prior;
      const side = window.side / 4;
      const { x, y } = prompt.places[0]!;
      window = { x0: x - side / 2, y0: y - side / 2, side };
    }
  }

  async proposeAt(
    image: DecodedImage,
    points: readonly ImagePoint[],
    view: Box | undefined,
    signal: CancelSignal,
  ): Promise<QuickProposal[]> {
    throwIfCancelled(signal);
    const window = view ? this.square(view, image, 1) : wholeWindow(image.size);
    const prompts = points.map((at) =>
      cleanPrompt({ points: [{ at, label: 1 }], scribbles: [] }, image.size),
    );
    const answers = await this.runBatch(image, window, prompts, null, { runMs: 0 });
    return answers.map(({ proposal, prior }) => ({ proposal, memory: prior }));
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** Window around mask, prompts and box; the whole image when there is hardly anything to zoom to. */
  private zoom(image: DecodedImage, prompt: CleanPrompt, prior: Prior | null): Window {
    const boxes: Box[] = prompt.box ? [prompt.box] : [];
    if (prior && prior.area >= LEAST_AREA) {
      const [x, y, width, height] = prior.bbox;
      boxes.push([x, y, x + width, y + height]);
    }
    if (!boxes.length) return wholeWindow(image.size);
    // A prompt counts as the pixel it lies in.
    for (const { x, y } of prompt.places) boxes.push([x - 0.5, y - 0.5, x + 0.5, y + 0.5]);
    const bounds: Box = [
      Math.min(...boxes.map((box) => box[0])),
      Math.min(...boxes.map((box) => box[1])),
      Math.max(...boxes.map((box) => box[2])),
      Math.max(...boxes.map((box) => box[3])),
    ];
    return this.square(bounds, image);
  }

  private square(
    [x0, y0, x1, y1]: Box,
    { size: [height, width] }: DecodedImage,
    expand = this.settings.expand,
  ): Window {
    const { minSide } = this.settings;
    const wanted = Math.max(Math.max(x1 - x0, y1 - y0) * expand, minSide);
    const side = Math.min(wanted, Math.max(width, height));
    return { x0: (x0 + x1 - side) / 2, y0: (y0 + y1 - side) / 2, side };
  }

  private async run(
    image: DecodedImage,
    window: Window,
    prompt: CleanPrompt,
    prior: Prior | null,
    clock: { runMs: number },
  ): Promise<Answer> {
    const [answer] = await this.runBatch(image, window, [prompt], prior, clock);
    return answer!;
  }

  /** One session run: image: float32[N, 3, S, S], prompts: float32[N, 4, S, S] → logits: float32[N, 1, S, S], iou_predictions: float32[N, 1]. */
  private async runBatch(
    image: DecodedImage,
    window: Window,
    prompts: readonly CleanPrompt[],
    prior: Prior | null,
    clock: { runMs: number },
  ): Promise<Answer[]> {
    const { size } = this.settings;
    const count = prompts.length;
    const pixels = this.pixels(image, window);
    const images = count === 1 ? pixels : new Float32Array(count * pixels.length);
    const planes = this.planes.take(count * 4 * size * size);
    prompts.forEach((prompt, k) => {
      if (count > 1) images.set(pixels, k * pixels.length);
      this.draw(
        planes.subarray(k * 4 * size * size, (k + 1) * 4 * size * size),
        image,
        window,
        prompt,
        prior,
      );
    });
    const begin = performance.now();
    const outputs = await this.session.run({
      image: { data: images, dims: [count, 3, size, size] },
      prompts: { data: planes, dims: [count, 4, size, size] },
    });
    clock.runMs += performance.now() - begin;
    const logits = outputs['logits']!.data;
    const scores = outputs['iou_predictions']!.data;
    const part = (all: Float32Array, k: number, channels: number): Float32Array =>
      all.subarray(k * channels * size * size, (k * channels + 1) * size * size);
    const answers = prompts.map((prompt, k) => {
      const own = part(logits, k, 1);
      if (isClicksOnly(prompt)) keepClickedParts(own, part(planes, k, 4), size);
      return this.answer(image, window, own, scores[k]!);
    });
    this.planes.giveBack(planes);
    return answers;
  }

  private answer(image: DecodedImage, window: Window, logits: Float32Array, score: number): Answer {
    const { size, calibration } = this.settings;
    const runs = logitsToMask(logits, size, window, image.size);
    const iou_score = Math.min(1, Math.max(0, score * calibration.scale + calibration.offset));
    return {
      prior: { kind: 'logits', window, logits, size, bbox: bboxOf(runs), area: areaOf(runs) },
      proposal: { runs, iou_score, stability_score: stabilityOf(logits) },
    };
  }

  private pixels(image: DecodedImage, window: Window): Float32Array {
    const { size, padColor } = this.settings;
    if (window.side !== Math.max(...image.size)) return cropImage(image, window, size, padColor);
    const kept = image.derived.get(this.wholeKey) as
      { window: Window; pixels: Float32Array } | undefined;
    if (kept && kept.window.x0 === window.x0 && kept.window.y0 === window.y0) return kept.pixels;
    const pixels = cropImage(image, window, size, padColor);
    const whole = wholeWindow(image.size);
    if (whole.x0 === window.x0 && whole.y0 === window.y0)
      image.derived.set(this.wholeKey, { window, pixels });
    return pixels;
  }

  /** @param planes float32[4, size, size], zeros: positive, negative, box, previous probability */
  private draw(
    planes: Float32Array,
    image: DecodedImage,
    window: Window,
    prompt: CleanPrompt,
    prior: Prior | null,
  ): void {
    const { size, diskRadius } = this.settings;
    const plane = (k: number): Plane => ({
      size,
      data: planes.subarray(k * size * size, (k + 1) * size * size),
    });
    for (const { at, label } of prompt.points) drawClick(plane(1 - label), window, at, diskRadius);
    for (const { path, label } of prompt.scribbles)
      drawStroke(plane(1 - label), window, path, diskRadius);
    if (prompt.box) drawBox(plane(2), window, prompt.box);
    if (prior) drawPrior(plane(3), window, prior, image.size);
  }
}

/** Then every part of the object is expected to be clicked; a box or a saved mask may hold several parts. */
function isClicksOnly({ box, mask, places }: CleanPrompt): boolean {
  return !box && !mask && places.length > 0;
}

function nothing(image: DecodedImage): Prediction {
  const empty = { runs: emptyRuns(image.size), iou_score: 0, stability_score: 0 };
  return { proposals: [empty], memory: undefined, memoryBytes: 0, runMs: 0 };
}
