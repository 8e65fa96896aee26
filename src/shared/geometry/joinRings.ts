// Several rings as one, for formats that know only one ring an object.

/**
 * Joins rings by bridges of no width: each further ring is entered and left at its vertex nearest to what is joined so
 * far. Filled by the even-odd rule the result covers the same points as all rings together, so holes stay holes.
 *
 * @param rings flat [x0, y0, …] each, of at least one vertex
 * @returns one ring; the given one when there is only one
 */
export function joinRings(rings: readonly (readonly number[])[]): number[] {
  let joined = [...(rings[0] ?? [])];
  for (const ring of rings.slice(1)) {
    const [at, entry] = nearestVertices(joined, ring);
    joined = [
      ...joined.slice(0, at + 2),
      ...ring.slice(entry),
      ...ring.slice(0, entry + 2),
      ...joined.slice(at),
    ];
  }
  return joined;
}

/** Places of the x of the two vertices nearest to each other. */
function nearestVertices(a: readonly number[], b: readonly number[]): [number, number] {
  let best: [number, number] = [0, 0];
  let least = Infinity;
  for (let i = 0; i < a.length; i += 2) {
    for (let j = 0; j < b.length; j += 2) {
      const d = (a[i]! - b[j]!) ** 2 + (a[i + 1]! - b[j + 1]!) ** 2;
      if (d < least) {
        least = d;
        best = [i, j];
      }
    }
  }
  return best;
}
