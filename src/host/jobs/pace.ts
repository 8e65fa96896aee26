// How fast a job goes and how long it will take, from the items done in this run; what was taken over and pauses do
// not count.

/** Items of the last minutes decide, not those of the first. */
const MEMORY_MS = 120_000;

export class Pace {
  private readonly ends: number[] = [];
  private begunAt: number;
  private pausedAt: number | null = null;

  /** @param now milliseconds, never going back */
  constructor(private readonly now: () => number) {
    this.begunAt = now();
  }

  /** An item was done, not taken over. */
  count(): void {
    const at = this.now();
    this.ends.push(at);
    while (this.ends.length > 2 && this.ends[0]! < at - MEMORY_MS)
      this.begunAt = this.ends.shift()!;
  }

  pause(): void {
    this.pausedAt ??= this.now();
  }

  resume(): void {
    if (this.pausedAt === null) return;
    const length = this.now() - this.pausedAt;
    this.pausedAt = null;
    this.begunAt += length;
    for (let k = 0; k < this.ends.length; k++) this.ends[k]! += length;
  }

  /** Items a second; null: none was done yet. */
  get perSecond(): number | null {
    const last = this.ends.at(-1);
    if (last === undefined) return null;
    return (this.ends.length * 1000) / Math.max(1, last - this.begunAt);
  }

  /** Milliseconds for so many more items; null: not known. */
  etaMs(left: number): number | null {
    const { perSecond } = this;
    return perSecond === null ? null : Math.round((left * 1000) / perSecond);
  }
}
