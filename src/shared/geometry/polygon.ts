// Polygons as COCO stores them: flat [x0, y0, x1, y1, …], closed by itself. Pure geometry in real numbers.

/**
 * Shoelace area; positive when the ring runs clockwise on the screen (y down).
 *
 * @returns square pixels; of a self-intersecting ring the difference of what lies left and right
 */
export function signedArea(ring: readonly number[]): number {
  let twice = 0;
  const n = ring.length;
  for (let i = 0; i + 1 < n; i += 2) {
    const j = i + 2 < n ? i + 2 : 0;
    twice += ring[i]! * ring[j + 1]! - ring[j]! * ring[i + 1]!;
  }
  return twice / 2;
}

/** Area of a ring that does not intersect itself, square pixels. */
export function polygonArea(ring: readonly number[]): number {
  return Math.abs(signedArea(ring));
}

/** Even-odd rule; points exactly on the border may count as either. */
export function isInsidePolygon(ring: readonly number[], x: number, y: number): boolean {
  let inside = false;
  const n = ring.length;
  for (let i = 0, j = n - 2; i + 1 < n; j = i, i += 2) {
    const yi = ring[i + 1]!;
    const yj = ring[j + 1]!;
    if (yi > y !== yj > y) {
      const xi = ring[i]!;
      if (x < xi + ((ring[j]! - xi) * (y - yi)) / (yj - yi)) inside = !inside;
    }
  }
  return inside;
}

/** Distance from (x, y) to the segment (x0, y0)–(x1, y1). */
export function distanceToSegment(
  x: number,
  y: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const lengthSquared = dx * dx + dy * dy;
  const along = lengthSquared === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / lengthSquared;
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

/** The point of a ring's outline nearest to (x, y), and the edge it lies on (from vertex `edge` to the next). */
export function nearestOnPolygon(
  ring: readonly number[],
  x: number,
  y: number,
): { readonly edge: number; readonly distance: number } {
  let edge = -1;
  let distance = Infinity;
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const j = i + 2 < ring.length ? i + 2 : 0;
    const d = distanceToSegment(x, y, ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!);
    if (d < distance) {
      distance = d;
      edge = i / 2;
    }
  }
  return { edge, distance };
}
