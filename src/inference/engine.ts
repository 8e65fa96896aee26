// What the inference process answers: the handlers of the engine contract over images, models and predictions.
// It knows no transport. Requests are stateless; everything kept here is a cache.
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import {
  ENGINE_PROTOCOL_VERSION,
  type EngineEvents,
  type EngineMethods,
  type ImageRef,
  type PredictParams,
  type PredictResult,
} from '../shared/protocol/engine';
import { DomainError, type CancelSignal, type Handlers, type Peer } from '../shared/protocol/wire';
import { ByteLru } from './cache/byteLru';
import type { DecodedImage } from './image/image';
import { ImageStore } from './image/imageStore';
import { toCandidate } from './segment/candidate';
import { segmentEverything } from './segment/everything';
import { Models } from './segment/models';
import { describeRuntime } from './sessions/runtime';

export interface EngineLimits {
  /** decoded pixels kept, at least one image */
  readonly imageBytes: number;
  /** logits kept for refineOf */
  readonly predictionBytes: number;
}

const defaultLimits: EngineLimits = { imageBytes: 192e6, predictionBytes: 64e6 };

/** What is kept of a prediction. */
interface Kept {
  readonly imageKey: string;
  readonly modelSha256: string;
  readonly memory: unknown;
}

type Notify = Peer<Record<never, never>, EngineEvents>['notify'];

/**
 * @param notify sends an event to the host
 * @returns the handlers for a channel
 */
export function createEngine(
  notify: Notify,
  limits: EngineLimits = defaultLimits,
): Handlers<EngineMethods> {
  const engine = new Engine(notify, limits);
  return {
    'engine/hello': ({ protocolVersion }) => engine.hello(protocolVersion),
    'engine/memory': () => engine.memory(),
    'model/load': async ({ model }) => (await engine.models.get(model)).info,
    'model/release': async ({ id }) => {
      await engine.models.release(id);
      return null;
    },
    'image/info': async ({ image }) => {
      const { size, format, imageKey } = await engine.images.open(image);
      return { size, format, imageKey };
    },
    'image/render': ({ image, maxSide }) => engine.render(image, maxSide),
    'image/encode': async ({ image, model }, signal) => {
      const [decoded, segmenter] = await Promise.all([
        engine.images.open(image),
        engine.models.get(model),
      ]);
      await segmenter.prepare(decoded, signal);
      return { imageKey: decoded.imageKey };
    },
    'segment/predict': (params, signal) => engine.predict(params, signal),
    'segment/everything': (params, signal) => engine.everything(params, signal),
  };
}

class Engine {
  readonly models = new Models();
  readonly images: ImageStore;
  private readonly predictions: ByteLru<string, Kept>;

  constructor(
    private readonly notify: Notify,
    limits: EngineLimits,
  ) {
    this.images = new ImageStore(limits.imageBytes);
    this.predictions = new ByteLru(limits.predictionBytes);
  }

  async hello(protocolVersion: number): Promise<EngineMethods['engine/hello']['result']> {
    if (protocolVersion !== ENGINE_PROTOCOL_VERSION) {
      throw new DomainError(
        'engine-unavailable',
        `The engine speaks protocol ${ENGINE_PROTOCOL_VERSION}, the editor ${protocolVersion}. ` +
          'Nothing is lost; reload the window so that both are of one version.',
      );
    }
    return { protocolVersion, ...(await describeRuntime()), pid: process.pid };
  }

  memory(): EngineMethods['engine/memory']['result'] {
    return {
      rssBytes: process.memoryUsage.rss(),
      cacheBytes: this.images.cacheBytes + this.predictions.bytes,
    };
  }

  async render(ref: ImageRef, maxSide: number): Promise<EngineMethods['image/render']['result']> {
    if (!(maxSide >= 1))
      throw new DomainError('invalid-params', `maxSide must be at least 1, not ${maxSide}.`);
    const image = await this.images.open(ref);
    const { width, height, data } = image.levels[0]!;
    const side = Math.floor(Math.min(maxSide, Math.max(width, height)));
    const { data: png, info } = await sharp(data, {
      raw: { width, height, channels: 3 },
      limitInputPixels: false,
    })
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .ensureAlpha()
      .png({ compressionLevel: 6 })
      .toBuffer({ resolveWithObject: true });
    return { png: Uint8Array.from(png).buffer, size: [info.height, info.width] };
  }

  async predict(params: PredictParams, signal: CancelSignal): Promise<PredictResult> {
    const begin = performance.now();
    const image = await this.images.open(params.image);
    const decodeMs = performance.now() - begin;
    const segmenter = await this.models.get(params.model);
    const { sha256 } = segmenter.info;
    const memory = this.recall(params.prompt.refineOf, image, sha256);
    const prediction = await segmenter.predict(
      image,
      params.prompt,
      { purpose: params.purpose, memory, ...(params.view ? { view: params.view } : {}) },
      signal,
    );
    const predictionId = randomUUID();
    const kept = { imageKey: image.imageKey, modelSha256: sha256, memory: prediction.memory };
    if (prediction.memory !== undefined)
      this.predictions.set(predictionId, kept, prediction.memoryBytes);
    const candidates = prediction.proposals.map(toCandidate);
    const totalMs = performance.now() - begin;
    const timings = { decodeMs, runMs: prediction.runMs, totalMs };
    return { predictionId, imageKey: image.imageKey, size: image.size, candidates, timings };
  }

  async everything(
    { jobId, image: ref, model, options }: EngineMethods['segment/everything']['params'],
    signal: CancelSignal,
  ): Promise<EngineMethods['segment/everything']['result']> {
    const [image, segmenter] = await Promise.all([this.images.open(ref), this.models.get(model)]);
    const count = await segmentEverything(
      segmenter,
      image,
      options,
      {
        progress: (done, total) => this.notify('segment/progress', { jobId, done, total }),
        found: (proposals) =>
          this.notify('segment/candidates', { jobId, candidates: proposals.map(toCandidate) }),
      },
      signal,
    );
    return { count, size: image.size };
  }

  /** Memory of the prediction to refine; undefined when it has expired or belongs to another image or model. */
  private recall(id: string | undefined, image: DecodedImage, modelSha256: string): unknown {
    const kept = id === undefined ? undefined : this.predictions.get(id);
    const isSame = kept?.imageKey === image.imageKey && kept.modelSha256 === modelSha256;
    return isSame ? kept?.memory : undefined;
  }
}
