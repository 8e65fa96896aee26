// Morphology, parts, holes, suppression, moving and outlines against brute force over pixels.
import * as assert from 'node:assert';
import { areaOf } from '../../../../src/shared/mask/area';
import { decodeRuns, encodeBitmap } from '../../../../src/shared/mask/bitmap';
import { intersect, unionAll } from '../../../../src/shared/mask/combine';
import { largestPart, partsOf, removeSmallParts } from '../../../../src/shared/mask/components';
import { contoursOf } from '../../../../src/shared/mask/contours';
import { fillHoles, hasHoles, holesOf } from '../../../../src/shared/mask/holes';
import { iou } from '../../../../src/shared/mask/iou';
import { dilate, erode } from '../../../../src/shared/mask/morphology';
import { suppressOverlaps } from '../../../../src/shared/mask/nms';
import { outlineSegments } from '../../../../src/shared/mask/outline';
import { cropRuns, pasteRuns, resizeRuns, translateRuns } from '../../../../src/shared/mask/place';
import type { Bitmap, Runs } from '../../../../src/shared/mask/types';
import { forMaskPairs, maskOfText, randomBitmap } from '../../../support/masks';
import { randomInteger } from '../../../support/random';

/** A bitmap of the given size whose pixels are chosen by `at`. */
function bitmapOf(width: number, height: number, at: (x: number, y: number) => boolean): Bitmap {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = at(i % width, Math.floor(i / width)) ? 1 : 0;
  return { width, height, data };
}

function pixel(bitmap: Bitmap, x: number, y: number): number | undefined {
  const inside = x >= 0 && y >= 0 && x < bitmap.width && y < bitmap.height;
  return inside ? bitmap.data[y * bitmap.width + x] : undefined;
}

function dilatedPixel(bitmap: Bitmap, x: number, y: number, radius: number): boolean {
  const reach = Math.ceil(radius);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if (dx * dx + dy * dy <= radius * radius && pixel(bitmap, x + dx, y + dy) === 1) return true;
    }
  }
  return false;
}

/** Flood fill; parts of pixels with this value as lists of indices, in the order of their first pixel by columns. */
function floodParts(bitmap: Bitmap, value: 0 | 1, connectivity: 4 | 8): number[][] {
  const { width, height, data } = bitmap;
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const start = y * width + x;
      if (data[start] !== value || seen.has(start)) continue;
      const part = [start];
      seen.add(start);
      for (const at of part) {
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
            const [nx, ny] = [(at % width) + dx, Math.floor(at / width) + dy];
            const next = ny * width + nx;
            if (pixel(bitmap, nx, ny) !== value || seen.has(next)) continue;
            seen.add(next);
            part.push(next);
          }
        }
      }
      parts.push(part);
    }
  }
  return parts;
}

function runsOfPixels(like: Bitmap, pixels: readonly number[]): Runs {
  const data = new Uint8Array(like.data.length);
  for (const i of pixels) data[i] = 1;
  return encodeBitmap({ width: like.width, height: like.height, data });
}

describe('regions of masks equal brute force over pixels', () => {
  it('dilates and erodes by a disc', () => {
    forMaskPairs(150, 24, ({ a, random }) => {
      const runs = encodeBitmap(a);
      const radius = random() < 0.5 ? randomInteger(random, 0, 6) : random() * 5;
      const grown = bitmapOf(a.width, a.height, (x, y) => dilatedPixel(a, x, y, radius));
      assert.deepStrictEqual(decodeRuns(dilate(runs, radius)), grown);
      const inverse = bitmapOf(a.width, a.height, (x, y) => pixel(a, x, y) === 0);
      const shrunk = bitmapOf(a.width, a.height, (x, y) => !dilatedPixel(inverse, x, y, radius));
      assert.deepStrictEqual(decodeRuns(erode(runs, radius)), shrunk);
    });
    assert.throws(() => dilate(maskOfText(['#']), -1), RangeError);
    assert.throws(() => dilate(maskOfText(['#']), NaN), RangeError);
  });

  it('finds connected parts', () => {
    forMaskPairs(300, 24, ({ a, random }) => {
      const runs = encodeBitmap(a);
      for (const connectivity of [4, 8] as const) {
        const parts = floodParts(a, 1, connectivity);
        assert.deepStrictEqual(
          partsOf(runs, connectivity),
          parts.map((part) => runsOfPixels(a, part)),
        );
        const minArea = randomInteger(random, 0, 20);
        assert.deepStrictEqual(
          removeSmallParts(runs, minArea, connectivity),
          runsOfPixels(a, parts.filter((part) => part.length >= minArea).flat()),
        );
        const largest = parts.reduce((most, part) => Math.max(most, part.length), 0);
        assert.strictEqual(areaOf(largestPart(runs, connectivity)), largest);
      }
    });
  });

  it('finds and fills holes', () => {
    forMaskPairs(300, 24, ({ a, random }) => {
      const runs = encodeBitmap(a);
      const atBorder = (i: number): boolean => {
        const [x, y] = [i % a.width, Math.floor(i / a.width)];
        return x === 0 || y === 0 || x === a.width - 1 || y === a.height - 1;
      };
      const holes = floodParts(a, 0, 8).filter((part) => !part.some(atBorder));
      assert.deepStrictEqual(
        holesOf(runs),
        holes.map((part) => runsOfPixels(a, part)),
      );
      assert.strictEqual(hasHoles(runs), holes.length > 0);
      assert.strictEqual(contoursOf(runs).holes.length, holes.length);
      const maxArea = randomInteger(random, 0, 12);
      const filled = holes.filter((part) => part.length <= maxArea).flat();
      const parts = [runs, runsOfPixels(a, filled)];
      assert.deepStrictEqual(fillHoles(runs, maxArea), unionAll(parts, runs.size));
      assert.strictEqual(hasHoles(fillHoles(runs)), false);
    });
  });

  it('suppresses masks that overlap a better one', () => {
    forMaskPairs(100, 20, ({ a, random }) => {
      const masks = Array.from({ length: 12 }, () =>
        encodeBitmap(randomBitmap(random, a.width, a.height)),
      );
      const scores = masks.map(() => randomInteger(random, 0, 5));
      const maxIou = random();
      const order = scores.map((_, i) => i).sort((p, q) => scores[q]! - scores[p]! || p - q);
      const kept: number[] = [];
      for (const i of order) {
        if (kept.every((k) => iou(masks[k]!, masks[i]!) <= maxIou)) kept.push(i);
      }
      assert.deepStrictEqual(suppressOverlaps(masks, scores, maxIou), kept);
    });
    assert.deepStrictEqual(suppressOverlaps([], [], 0.5), []);
    assert.throws(() => suppressOverlaps([maskOfText(['#'])], [], 0.5), RangeError);
    const differing = [maskOfText(['#']), maskOfText(['##'])];
    assert.throws(() => suppressOverlaps(differing, [1, 2], 0.5), /different sizes/);
  });

  it('crops, pastes, shifts and resizes', () => {
    forMaskPairs(300, 20, ({ a, b, random }) => {
      const runs = encodeBitmap(a);
      const [dx, dy] = [randomInteger(random, -25, 25), randomInteger(random, -25, 25)];
      const moved = (w: number, h: number): Bitmap =>
        bitmapOf(w, h, (x, y) => pixel(a, x - dx, y - dy) === 1);
      assert.deepStrictEqual(
        decodeRuns(pasteRuns(runs, [b.width, 30], dx, dy)),
        moved(30, b.width),
      );
      assert.deepStrictEqual(decodeRuns(translateRuns(runs, dx, dy)), moved(a.width, a.height));
      assert.deepStrictEqual(decodeRuns(cropRuns(runs, [-dx, -dy, 9 - dx, 7 - dy])), moved(9, 7));
      const [w, h] = [randomInteger(random, 1, 40), randomInteger(random, 1, 40)];
      const resized = bitmapOf(w, h, (x, y) => {
        const from = (i: number, side: number, old: number): number =>
          Math.floor(((2 * i + 1) * old) / (2 * side));
        return pixel(a, from(x, w, a.width), from(y, h, a.height)) === 1;
      });
      assert.deepStrictEqual(decodeRuns(resizeRuns(runs, [h, w])), resized);
    });
    assert.throws(() => translateRuns(maskOfText(['#']), 0.5, 0), RangeError);
  });

  it('outlines every edge between background and foreground once', () => {
    forMaskPairs(200, 24, ({ a }) => {
      const segments = outlineSegments(encodeBitmap(a));
      const drawn = new Set<string>();
      for (let i = 0; i < segments.length; i += 4) {
        const [x0, y0, x1, y1] = segments.subarray(i, i + 4) as unknown as number[];
        for (let x = x0!; x < x1!; x++) drawn.add(`h ${x} ${y0}`);
        for (let y = y0!; y < y1!; y++) drawn.add(`v ${x0} ${y}`);
      }
      const expected = new Set<string>();
      for (let y = 0; y <= a.height; y++) {
        for (let x = 0; x <= a.width; x++) {
          const here = pixel(a, x, y) ?? 0;
          if (here !== (pixel(a, x - 1, y) ?? 0)) expected.add(`v ${x} ${y}`);
          if (here !== (pixel(a, x, y - 1) ?? 0)) expected.add(`h ${x} ${y}`);
        }
      }
      assert.deepStrictEqual([...drawn].sort(), [...expected].sort());
    });
  });

  it('outlines only what touches the clip box', () => {
    const runs = maskOfText(['#......#', '........']);
    assert.deepStrictEqual(
      [...outlineSegments(runs, [5, 0, 3, 2])],
      [7, 0, 7, 1, 8, 0, 8, 1, 7, 0, 8, 0, 7, 1, 8, 1],
    );
  });

  it('refuses masks of different sizes', () => {
    assert.throws(
      () => intersect(maskOfText(['##']), maskOfText(['#', '#'])),
      /different sizes: 1 × 2 and 2 × 1/,
    );
  });
});
