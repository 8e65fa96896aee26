// Smaller copies of a picture, each half of the one before: what is drawn is never shrunk by more than two, so it is
// smooth without the browser's own, slow, filtering of large pictures at every frame (test/e2e/page/frameTime).

/** longer side, pixels, from which on a smaller copy pays */
const LEAST_SIDE = 700;

/** Sizes of the copies, largest first, the picture itself left out. */
export function levelSizes(width: number, height: number): readonly (readonly [number, number])[] {
  const sizes: (readonly [number, number])[] = [];
  for (let [w, h] = [width, height]; Math.max(w, h) > LEAST_SIDE;) {
    [w, h] = [Math.ceil(w / 2), Math.ceil(h / 2)];
    sizes.push([w, h]);
  }
  return sizes;
}

/**
 * The copy to draw.
 *
 * @param levels the picture and its copies, largest first
 * @param scale device pixels per pixel of the picture
 */
export function levelFor<T>(levels: readonly [T, ...T[]], scale: number): T {
  const wanted = scale >= 1 ? 0 : Math.floor(Math.log2(1 / scale));
  return levels[Math.min(wanted, levels.length - 1)] ?? levels[0];
}
