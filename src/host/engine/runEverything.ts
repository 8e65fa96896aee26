// Everything mode through an engine: the streams of one run, told apart by their job.
import { randomUUID } from 'node:crypto';
import type { Size } from '../../shared/geometry/types';
import type { EverythingOptions, ModelInfo, ModelRef } from '../../shared/protocol/engine';
import type { Candidate } from '../../shared/protocol/prompt';
import type { CancelSignal } from '../../shared/protocol/wire';
import type { EngineClient } from './engineClient';

export interface EverythingListener {
  readonly onProgress: (done: number, total: number) => void;
  readonly onCandidates: (candidates: readonly Candidate[]) => void;
}

/** SAM's own defaults for automatic masks. @source segment-anything, SamAutomaticMaskGenerator */
const SAM_EVERYTHING: EverythingOptions = {
  pointsPerSide: 32,
  minIouScore: 0.88,
  minStabilityScore: 0.95,
  nmsIou: 0.7,
  minArea: 100,
};

/** What everything mode uses with a model when nothing else was asked for. */
export const everythingOptions = ({ everything }: ModelInfo): EverythingOptions =>
  everything ?? SAM_EVERYTHING;

/** @throws DomainError of the engine, 'cancelled' */
export async function runEverything(
  engine: EngineClient,
  path: string,
  model: ModelRef,
  options: EverythingOptions,
  { onProgress, onCandidates }: EverythingListener,
  signal?: CancelSignal,
): Promise<{ readonly count: number; readonly size: Size }> {
  const jobId = randomUUID();
  const streams = [
    engine.onDidReceive('segment/progress', (data) => {
      if (data.jobId === jobId) onProgress(data.done, data.total);
    }),
    engine.onDidReceive('segment/candidates', (data) => {
      if (data.jobId === jobId) onCandidates(data.candidates);
    }),
  ];
  try {
    const params = { jobId, image: { path }, model, options };
    return await engine.request('segment/everything', params, 'everything', signal);
  } finally {
    for (const stream of streams) stream.dispose();
  }
}
