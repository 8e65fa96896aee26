// The worker processes of a job: one engine a lane, started when first needed, all stopped with the job.
import os from 'node:os';
import type { ModelInfo, ModelRef } from '../../shared/protocol/engine';
import { EngineClient } from '../engine/engineClient';

/** A process with a model needs about this much; more processes than fit would make the machine swap. */
const PROCESS_BYTES = 2e9;
/** A model uses several cores by itself. */
const CORES_A_PROCESS = 4;
const MOST_PROCESSES = 8;

/** How many worker processes suit this machine. */
export function suitableLanes(
  cores: number = os.availableParallelism(),
  freeBytes: number = os.freemem(),
): number {
  const fit = Math.min(cores / CORES_A_PROCESS, freeBytes / PROCESS_BYTES, MOST_PROCESSES);
  return Math.max(1, Math.floor(fit));
}

export class EnginePool {
  private readonly engines = new Map<number, EngineClient>();
  private isDisposed = false;

  /** @param script path of dist/inference.js @param nodePath Node binary, '' or absent: this one */
  constructor(
    private readonly script: string,
    private readonly nodePath?: string,
  ) {}

  /** The engine of a lane. */
  of(lane: number): EngineClient {
    const known = this.engines.get(lane);
    if (known) return known;
    const { script, nodePath } = this;
    const engine = new EngineClient({
      script,
      // A job may wait for its disk or be paused; loading the model again would cost more than keeping it.
      idleStopMs: Infinity,
      closeGraceMs: Infinity,
      ...(nodePath ? { nodePath: (): string => nodePath } : {}),
    });
    if (this.isDisposed) engine.dispose();
    this.engines.set(lane, engine);
    return engine;
  }

  /** Facts of a model, loaded into the first lane's engine. */
  load(model: ModelRef): Promise<ModelInfo> {
    return this.of(0).request('model/load', { model });
  }

  /** Decodes an image while the model works on another; a failure is told when the image is worked on. */
  prepare(path: string, lane: number): void {
    void this.of(lane)
      .request('image/info', { image: { path } })
      .catch(() => undefined);
  }

  dispose(): void {
    this.isDisposed = true;
    for (const engine of this.engines.values()) engine.dispose();
  }
}
