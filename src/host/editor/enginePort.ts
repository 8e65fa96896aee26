// What editors ask of the engine: paths and prompts in, masks out. engineService.ts is the real one.
import type { EverythingListener } from '../engine/runEverything';
import type { EverythingOptions, ImageInfo, PredictResult } from '../../shared/protocol/engine';
import type { Size } from '../../shared/geometry/types';
import type { ModelStatus } from '../../shared/protocol/editor';
import type { Prompt } from '../../shared/protocol/prompt';
import type { CancelSignal } from '../../shared/protocol/wire';

export interface EnginePrediction extends PredictResult {
  readonly model: { readonly id: string; readonly sha256: string };
}

export interface EnginePort {
  readonly status: ModelStatus;
  /** @returns the way to stop listening */
  onDidChangeStatus(listener: (status: ModelStatus) => void): () => void;
  imageInfo(path: string): Promise<ImageInfo>;
  /** a PNG of at most maxSide, for formats the page cannot show */
  render(
    path: string,
    maxSide: number,
  ): Promise<{ readonly png: ArrayBuffer; readonly size: Size }>;
  /** gets ready in the background, so that the first click is quick; never fails */
  prepare(path: string): void;
  /** 'commit' requests run in order; of 'preview' requests only the latest is answered, others are 'cancelled' */
  predict(
    path: string,
    prompt: Prompt,
    purpose: 'preview' | 'commit',
    signal?: CancelSignal,
  ): Promise<EnginePrediction>;
  /** @param options null: what suits the model */
  everything(
    path: string,
    options: EverythingOptions | null,
    listener: EverythingListener,
    signal?: CancelSignal,
  ): Promise<{ readonly count: number }>;
  /** ends the process and starts it again */
  restart(): Promise<void>;
}
