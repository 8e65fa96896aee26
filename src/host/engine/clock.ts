/** Time as the engine client needs it; tests pass their own. */
export interface Clock {
  /** milliseconds, never going back */
  now(): number;
  /** @returns a function that takes the timer back */
  after(ms: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
