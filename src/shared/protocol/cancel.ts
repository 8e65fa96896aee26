// Cancellation without the DOM's AbortController, which shared code may not know.
import { DomainError, type CancelSignal } from './wire';

export interface CancelSource {
  readonly signal: CancelSignal;
  /** Aborts the signal once; later calls do nothing. */
  cancel(): void;
}

/** Makes a signal and the means to abort it. A listener added after the abort is not called, as with AbortSignal. */
export function createCancelSource(): CancelSource {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener: (_type, listener) => {
        listeners.add(listener);
      },
      removeEventListener: (_type, listener) => {
        listeners.delete(listener);
      },
    },
    cancel() {
      if (aborted) return;
      aborted = true;
      const called = [...listeners];
      listeners.clear();
      for (const listener of called) listener();
    },
  };
}

/** @throws DomainError 'cancelled' when the signal is aborted; long work calls it between its steps */
export function throwIfCancelled(signal: CancelSignal | undefined): void {
  if (signal?.aborted) throw new DomainError('cancelled', 'Cancelled.');
}
