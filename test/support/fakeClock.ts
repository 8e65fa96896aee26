import type { Clock } from '../../src/host/engine/clock';

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  private time = 0;
  private readonly timers = new Map<symbol, { readonly at: number; readonly action: () => void }>();

  now(): number {
    return this.time;
  }

  after(ms: number, action: () => void): () => void {
    const token = Symbol('timer');
    this.timers.set(token, { at: this.time + ms, action });
    return () => void this.timers.delete(token);
  }

  /** Moves on, firing what is due, in order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers]
        .filter(([, { at }]) => at <= end)
        .sort(([, a], [, b]) => a.at - b.at);
      const next = due[0];
      if (!next) break;
      this.timers.delete(next[0]);
      this.time = next[1].at;
      next[1].action();
    }
    this.time = end;
  }
}
