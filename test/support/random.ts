// Seeded random numbers, so that a failing property test can be run again with the same data.

/**
 * A generator of uniform numbers in [0, 1); the same seed gives the same numbers on every machine.
 *
 * @param seed any integer; its low 32 bits are used
 * @source the mulberry32 generator (public domain)
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A whole number in [low, high]. */
export function randomInteger(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}
