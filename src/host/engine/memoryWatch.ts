// Looks at the engine's memory between requests, not more often than twice a minute.
import type { EngineMethods } from '../../shared/protocol/engine';
import type { Peer } from '../../shared/protocol/wire';
import type { Clock } from './clock';

const INTERVAL_MS = 30_000;

export class MemoryWatch {
  private lastMs = -Infinity;

  /** @param maxRssBytes above this the process should be restarted; it loses only caches */
  constructor(
    private readonly clock: Clock,
    private readonly maxRssBytes: number,
  ) {}

  /** @returns whether the process has grown too large */
  async check(peer: Peer<EngineMethods, Record<never, never>>): Promise<boolean> {
    if (this.clock.now() - this.lastMs < INTERVAL_MS) return false;
    this.lastMs = this.clock.now();
    try {
      const { rssBytes } = await peer.request('engine/memory', {});
      return rssBytes > this.maxRssBytes;
    } catch {
      return false; // the process ended meanwhile
    }
  }
}
