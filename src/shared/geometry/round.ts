// Short decimals for files.

/** The value rounded to so many decimals; −0 becomes 0. */
export function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor + 0;
}
