// Damaged masks to refine, the same in every run: coarse blocks, a missing part, or a boundary that is too far out or in.
import { distanceToOutside } from './distance';
import { boxOf, type Target } from './clicker';

/**
 * @param number of the object; chooses the kind of damage
 * @returns 0 or 1, row-major
 */
export function degradeMask(target: Target, number: number): Uint8Array {
  const object = target.truth.map((label) => (label === 1 ? 1 : 0));
  const box = boxOf(object, target.width, target.height);
  if (!box) return object;
  const scale = Math.sqrt(object.reduce((sum, value) => sum + value, 0));
  switch (number % 4) {
    case 0:
      return coarse(target, object, Math.max(2, Math.round(scale / 6)));
    case 1:
      return cut(target, object, box, number);
    case 2:
      return shrink(target, object, 0.07 * scale);
    default:
      return grow(target, object, 0.1 * scale);
  }
}

/** Blocks of side × side pixels, each object or background as its majority. */
function coarse({ width, height }: Target, object: Uint8Array, side: number): Uint8Array {
  const result = new Uint8Array(object.length);
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      const [bottom, right] = [Math.min(height, top + side), Math.min(width, left + side)];
      let count = 0;
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) count += object[y * width + x]!;
      if (2 * count <= (bottom - top) * (right - left)) continue;
      for (let y = top; y < bottom; y++) result.fill(1, y * width + left, y * width + right);
    }
  }
  return result;
}

/** Leaves out the third of the object's box on one side. */
function cut(
  { width }: Target,
  object: Uint8Array,
  [x0, y0, w, h]: readonly [number, number, number, number],
  number: number,
): Uint8Array {
  const side = Math.floor(number / 4) % 4;
  return object.map((value, k) => {
    const [x, y] = [((k % width) - x0) / w, (Math.floor(k / width) - y0) / h];
    return value && [x > 1 / 3, x < 2 / 3, y > 1 / 3, y < 2 / 3][side] ? 1 : 0;
  });
}

function shrink({ width, height }: Target, object: Uint8Array, by: number): Uint8Array {
  const depth = distanceToOutside(object, width, height);
  return object.map((_, k) => (depth[k]! > by ? 1 : 0));
}

function grow({ width, height }: Target, object: Uint8Array, by: number): Uint8Array {
  // With a margin, so that the image's border does not count as the object.
  const margin = Math.ceil(by) + 1;
  const [w, h] = [width + 2 * margin, height + 2 * margin];
  const outside = new Uint8Array(w * h).fill(1);
  for (let k = 0; k < object.length; k++) {
    if (object[k]) outside[(Math.floor(k / width) + margin) * w + (k % width) + margin] = 0;
  }
  const distance = distanceToOutside(outside, w, h);
  return object.map((_, k) =>
    distance[(Math.floor(k / width) + margin) * w + (k % width) + margin]! <= by ? 1 : 0,
  );
}
