// Contract host (or command line) ⇄ inference process. Requests are stateless: each names its image and model;
// the engine keeps decoded images, embeddings and logits in bounded caches, and a crash loses nothing.
import type { Box, Size } from '../geometry/types';
import type { Candidate, Prompt } from './prompt';

export const ENGINE_PROTOCOL_VERSION = 1;

/** An image by path. `size` of the answer is as displayed (EXIF orientation applied). */
export interface ImageRef {
  readonly path: string;
}

export interface ImageInfo {
  /** [height, width] as displayed */
  readonly size: Size;
  readonly format: string;
  /** changes when the file's content changes: size + mtime + content hash */
  readonly imageKey: string;
}

/** One model on disk, as its manifest (builtin.json, or a catalogue entry) describes it. */
export interface ModelRef {
  readonly id: string;
  /** path of the manifest, a JSON file beside the model's files */
  readonly manifest: string;
}

export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly sha256: string;
  readonly device: string;
  readonly prompts: readonly ('point' | 'box' | 'scribble' | 'mask' | 'text')[];
  /** what everything mode should use with this model: scores of different models mean different things */
  readonly everything?: EverythingOptions;
}

export interface PredictParams {
  readonly image: ImageRef;
  readonly model: ModelRef;
  readonly prompt: Prompt;
  /** 'preview' may answer from one pass at low resolution; 'commit' is exact, at image resolution */
  readonly purpose: 'preview' | 'commit';
  /** image pixels to zoom to instead of the object found ("encode this view") */
  readonly view?: Box;
}

export interface PredictResult {
  /** names the logits kept in the engine; use as Prompt.refineOf */
  readonly predictionId: string;
  readonly imageKey: string;
  readonly size: Size;
  /** best first; several when the model proposes several granularities */
  readonly candidates: readonly Candidate[];
  readonly timings: { readonly decodeMs: number; readonly runMs: number; readonly totalMs: number };
}

export interface EverythingOptions {
  /** grid points along the longer side */
  readonly pointsPerSide: number;
  /**
   * For small objects in large images: after the whole image, tiles × tiles overlapping parts are looked at in the
   * same way, each with its own grid. Default 1: the whole image only.
   */
  readonly tiles?: number;
  readonly minIouScore: number;
  readonly minStabilityScore: number;
  readonly nmsIou: number;
  readonly minArea: number;
}

export type EngineMethods = {
  'engine/hello': {
    params: { protocolVersion: number };
    result: {
      protocolVersion: number;
      ortVersion: string;
      providers: readonly string[];
      pid: number;
    };
  };
  'engine/memory': {
    params: Record<string, never>;
    result: { rssBytes: number; cacheBytes: number };
  };
  'model/load': { params: { model: ModelRef }; result: ModelInfo };
  'model/release': { params: { id: string }; result: null };
  'image/info': { params: { image: ImageRef }; result: ImageInfo };
  /** an RGBA PNG of at most maxSide, for formats the page cannot show (TIFF, 16 bit, CMYK) and thumbnails */
  'image/render': {
    params: { image: ImageRef; maxSide: number };
    result: { png: ArrayBuffer; size: Size };
  };
  /** prepares (decodes, encodes) so that the next predict is quick */
  'image/encode': { params: { image: ImageRef; model: ModelRef }; result: { imageKey: string } };
  'segment/predict': { params: PredictParams; result: PredictResult };
  /** streams 'segment/progress' and 'segment/candidates' with this jobId; answers when done */
  'segment/everything': {
    params: { jobId: string; image: ImageRef; model: ModelRef; options: EverythingOptions };
    result: { count: number; size: Size };
  };
};

export type EngineEvents = {
  'segment/progress': { jobId: string; done: number; total: number };
  'segment/candidates': { jobId: string; candidates: readonly Candidate[] };
  'log/write': { level: 'trace' | 'info' | 'warn' | 'error'; message: string };
};
