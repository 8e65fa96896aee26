// Whether a ring crosses itself. Edges are sorted by their left end and compared only while their x ranges overlap.

/**
 * The first pair of edges found that cross, or null. Edges that only touch in a point do not cross; edges that lie on
 * each other over a length do not either.
 *
 * @param ring flat [x0, y0, x1, y1, …]
 * @returns edge numbers: edge i runs from vertex i to the next
 */
export function findSelfIntersection(
  ring: readonly number[],
): readonly [first: number, second: number] | null {
  const n = ring.length >> 1;
  const minX = new Float64Array(n);
  const maxX = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x0 = ring[2 * i]!;
    const x1 = ring[2 * ((i + 1) % n)]!;
    minX[i] = Math.min(x0, x1);
    maxX[i] = Math.max(x0, x1);
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => minX[a]! - minX[b]!);
  const active: number[] = [];
  for (const edge of order) {
    let kept = 0;
    for (const other of active) {
      if (maxX[other]! < minX[edge]!) continue;
      active[kept++] = other;
      if (edgesCross(ring, n, edge, other)) return [Math.min(edge, other), Math.max(edge, other)];
    }
    active.length = kept;
    active.push(edge);
  }
  return null;
}

/** True when two edges of the ring cross in one point inside both. */
function edgesCross(ring: readonly number[], n: number, a: number, b: number): boolean {
  const a0 = 2 * a;
  const a1 = 2 * ((a + 1) % n);
  const b0 = 2 * b;
  const b1 = 2 * ((b + 1) % n);
  const side = (p: number, q: number, r: number): number =>
    Math.sign(
      (ring[q]! - ring[p]!) * (ring[r + 1]! - ring[p + 1]!) -
        (ring[q + 1]! - ring[p + 1]!) * (ring[r]! - ring[p]!),
    );
  return side(a0, a1, b0) * side(a0, a1, b1) < 0 && side(b0, b1, a0) * side(b0, b1, a1) < 0;
}
