// Long work of shared code, cut into steps: between two of them messages are handled, so it can be cancelled.
import { throwIfCancelled } from '../../shared/protocol/cancel';
import type { CancelSignal } from '../../shared/protocol/wire';

export interface StepOptions {
  readonly signal?: CancelSignal;
  /** gets what the work yields */
  readonly onProgress?: (done: number) => void;
}

/** @throws DomainError 'cancelled' */
export async function inSteps<T>(
  steps: Generator<number, T, void>,
  { signal, onProgress }: StepOptions = {},
): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
    await new Promise((resolve) => setImmediate(resolve));
    throwIfCancelled(signal);
  }
}
