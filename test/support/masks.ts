// Random masks for property tests: round blobs, noise, and the extremes, of any size.
import { encodeBitmap } from '../../src/shared/mask/bitmap';
import type { Bitmap, Runs } from '../../src/shared/mask/types';
import { randomInteger, seededRandom } from './random';

export type MaskKind = 'blobs' | 'noise' | 'empty' | 'full' | 'stripes';

/** A random bitmap; `kind` left out: any kind. */
export function randomBitmap(
  random: () => number,
  width: number,
  height: number,
  kind: MaskKind = randomKind(random),
): Bitmap {
  const data = new Uint8Array(width * height);
  if (kind === 'full') data.fill(1);
  if (kind === 'noise') {
    const density = random();
    for (let i = 0; i < data.length; i++) data[i] = random() < density ? 1 : 0;
  }
  if (kind === 'stripes') {
    const [a, b] = [randomInteger(random, 0, 3), randomInteger(random, 0, 3)];
    for (let i = 0; i < data.length; i++) {
      data[i] = (((i % width) * a + Math.floor(i / width) * b) >> 1) & 1;
    }
  }
  if (kind === 'blobs') addBlobs(random, { width, height, data });
  return { width, height, data };
}

/** A random size of up to `most` pixels a side; small sides are common. */
export function randomSides(random: () => number, most: number): [width: number, height: number] {
  const side = (): number => randomInteger(random, 1, random() < 0.3 ? Math.min(5, most) : most);
  return [side(), side()];
}

function randomKind(random: () => number): MaskKind {
  const kinds: MaskKind[] = ['blobs', 'blobs', 'blobs', 'noise', 'stripes', 'empty', 'full'];
  return kinds[randomInteger(random, 0, kinds.length - 1)]!;
}

/** Ellipses, added and cut out again, so that holes, parts and thin places occur. */
function addBlobs(random: () => number, bitmap: Bitmap): void {
  const { width, height, data } = bitmap;
  for (let n = randomInteger(random, 1, 5); n > 0; n--) {
    const value = random() < 0.7 ? 1 : 0;
    const [cx, cy] = [random() * width, random() * height];
    const [rx, ry] = [0.5 + (random() * width) / 2, 0.5 + (random() * height) / 2];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2 < 1)
          data[y * width + x] = value;
      }
    }
  }
}

/** A mask drawn in text: one string a row, '#' is foreground. */
export function maskOfText(rows: readonly string[]): Runs {
  const width = rows[0]?.length ?? 0;
  const data = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0));
  return encodeBitmap({ width, height: rows.length, data });
}

/** Two random masks of one size, and the generator for more random values. */
export interface MaskPair {
  readonly a: Bitmap;
  readonly b: Bitmap;
  readonly random: () => number;
}

/** Runs a check on `count` random pairs of masks with sides up to `most`; a failure tells the seed. */
export function forMaskPairs(count: number, most: number, check: (pair: MaskPair) => void): void {
  for (let seed = 0; seed < count; seed++) {
    const random = seededRandom(seed);
    const [width, height] = randomSides(random, most);
    const a = randomBitmap(random, width, height);
    const b = randomBitmap(random, width, height);
    try {
      check({ a, b, random });
    } catch (error) {
      throw new Error(`seed ${seed}, ${width} × ${height}: ${String(error)}`, { cause: error });
    }
  }
}

/** Random masks that are not empty, of up to 30 pixels a side. */
export function* randomMasks(count: number, seed = 1): Generator<Runs> {
  const random = seededRandom(seed);
  for (let done = 0; done < count;) {
    const [width, height] = randomSides(random, 30);
    const mask = encodeBitmap(randomBitmap(random, width, height));
    if (mask.counts.length < 2) continue;
    done++;
    yield mask;
  }
}
