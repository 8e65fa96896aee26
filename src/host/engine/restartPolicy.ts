// When a process that died may start again: at once the first time, later with a pause, and not at all when it died
// too often. Deliberate stops do not count.
import type { Clock } from './clock';

export interface RestartLimits {
  /** deaths within windowMs after which it stays down */
  readonly maxDeaths: number;
  readonly windowMs: number;
  /** pause before the start after the 1st, 2nd, … death within the window; the last one repeats */
  readonly pausesMs: readonly number[];
}

export const defaultRestartLimits: RestartLimits = {
  maxDeaths: 3,
  windowMs: 60_000,
  pausesMs: [0, 250, 1000],
};

export class RestartPolicy {
  private deaths: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly limits: RestartLimits = defaultRestartLimits,
  ) {}

  countDeath(): void {
    this.deaths = [...this.recent(), this.clock.now()];
  }

  forgive(): void {
    this.deaths = [];
  }

  /** Pause before the next start; null: it must not start. */
  nextPauseMs(): number | null {
    const count = this.recent().length;
    if (count >= this.limits.maxDeaths) return null;
    if (count === 0) return 0;
    const { pausesMs } = this.limits;
    return pausesMs[Math.min(count, pausesMs.length) - 1] ?? 0;
  }

  private recent(): number[] {
    return this.deaths.filter((time) => this.clock.now() - time < this.limits.windowMs);
  }
}
