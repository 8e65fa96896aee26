// Mask kernels against plain implementations over pixels, or over runs without their short cuts. Seeded data; the
// runner measures, here every function only does the work once and answers a number that depends on it.
import { areaOf } from '../../src/shared/mask/area';
import { decodeRuns, encodeBitmap, encodeLogits } from '../../src/shared/mask/bitmap';
import { intersect } from '../../src/shared/mask/combine';
import { partsOf } from '../../src/shared/mask/components';
import { contoursOf } from '../../src/shared/mask/contours';
import { iou, iouMatrix } from '../../src/shared/mask/iou';
import { dilate } from '../../src/shared/mask/morphology';
import { rasterizePolygon } from '../../src/shared/mask/rasterize';
import { runsFromString, runsToString } from '../../src/shared/mask/rleString';
import type { Bitmap, Runs } from '../../src/shared/mask/types';
import { seededRandom } from '../support/random';

/** A pair for scripts/bench.mjs: baseline and candidate do the same work and answer the same number. */
export interface BenchRow {
  readonly name: string;
  readonly baseline: () => number;
  readonly candidate: () => number;
}

const random = seededRandom(1);

/** A closed wavy shape, as a segmented object looks; centre and radius in pixels. */
function shape(width: number, height: number, cx: number, cy: number, radius: number): Bitmap {
  const data = new Uint8Array(width * height);
  const phase = random() * 6;
  for (
    let y = Math.max(0, Math.floor(cy - 1.4 * radius));
    y < Math.min(height, cy + 1.4 * radius);
    y++
  ) {
    for (
      let x = Math.max(0, Math.floor(cx - 1.4 * radius));
      x < Math.min(width, cx + 1.4 * radius);
      x++
    ) {
      const angle = Math.atan2(y - cy, x - cx);
      const edge = radius * (1 + 0.2 * Math.sin(5 * angle + phase) + 0.04 * Math.sin(41 * angle));
      if (Math.hypot(x - cx, y - cy) < edge) data[y * width + x] = 1;
    }
  }
  return { width, height, data };
}

function naiveEncode({ width, height, data }: Bitmap): Runs {
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const pixel = data[y * width + x]!;
      if (pixel !== value) {
        counts.push(run);
        run = 0;
        value = pixel;
      }
      run++;
    }
  }
  counts.push(run);
  return { size: [height, width], counts: Uint32Array.from(counts) };
}

function naiveDecode({ size: [height, width], counts }: Runs): Bitmap {
  const data = new Uint8Array(width * height);
  let position = 0;
  for (let i = 0; i < counts.length; i++) {
    for (let k = counts[i]!; k > 0; k--, position++) {
      if (i & 1) data[(position % height) * width + Math.floor(position / height)] = 1;
    }
  }
  return { width, height, data };
}

function naiveIou(a: Bitmap, b: Bitmap): number {
  let common = 0;
  let either = 0;
  for (let i = 0; i < a.data.length; i++) {
    common += a.data[i]! & b.data[i]!;
    either += a.data[i]! | b.data[i]!;
  }
  return common / either;
}

function naiveDilate({ width, height, data }: Bitmap, radius: number): number {
  let area = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let hit = 0;
      for (let dy = -radius; dy <= radius && !hit; dy++) {
        for (let dx = -radius; dx <= radius && !hit; dx++) {
          const [px, py] = [x + dx, y + dy];
          const inside = px >= 0 && py >= 0 && px < width && py < height;
          if (inside && dx * dx + dy * dy <= radius * radius) hit = data[py * width + px]!;
        }
      }
      area += hit;
    }
  }
  return area;
}

function naiveParts({ width, data }: Bitmap): number {
  const seen = new Uint8Array(data.length);
  let parts = 0;
  for (let start = 0; start < data.length; start++) {
    if (!data[start] || seen[start]) continue;
    parts++;
    seen[start] = 1;
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const x = at % width;
      for (const next of [
        x > 0 ? at - 1 : -1,
        x + 1 < width ? at + 1 : -1,
        at - width,
        at + width,
      ]) {
        if (next < 0 || !data[next] || seen[next]) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
  }
  return parts;
}

/** Even-odd test of every pixel centre of the ring's box against every edge, row by row. */
function naiveFill(ring: readonly number[], width: number, height: number): number {
  let area = 0;
  for (let y = 0; y < height; y++) {
    const crossings: number[] = [];
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      const [y0, y1] = [ring[i + 1]!, ring[j + 1]!];
      if (y0 > y + 0.5 === y1 > y + 0.5) continue;
      crossings.push(ring[i]! + ((ring[j]! - ring[i]!) * (y + 0.5 - y0)) / (y1 - y0));
    }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      for (let x = 0; x < width; x++) {
        if (x + 0.5 >= crossings[k]! && x + 0.5 < crossings[k + 1]!) area++;
      }
    }
  }
  return area;
}

const WIDTH = 3840;
const HEIGHT = 2160;
const large = shape(WIDTH, HEIGHT, 1900, 1050, 750);
const other = shape(WIDTH, HEIGHT, 2100, 1150, 700);
const largeRuns = encodeBitmap(large);
const otherRuns = encodeBitmap(other);
const largeText = runsToString(largeRuns);
const logits = Float32Array.from(large.data, (pixel) => (pixel ? 3.5 : -2));
const ring = contoursOf(largeRuns).polygons[0]!;
const quarter = shape(960, 540, 480, 270, 190);
const quarterRuns = encodeBitmap(quarter);
const many = Array.from({ length: 250 }, () =>
  encodeBitmap(shape(640, 480, random() * 640, random() * 480, 20 + random() * 110)),
);

const rows: readonly BenchRow[] = [
  {
    name: 'mask: encode 4k pixels',
    baseline: () => naiveEncode(large).counts.length,
    candidate: () => encodeBitmap(large).counts.length,
  },
  {
    name: 'mask: encode 4k logits',
    baseline: () => {
      const data = new Uint8Array(logits.length);
      for (let i = 0; i < logits.length; i++) data[i] = logits[i]! > 0 ? 1 : 0;
      return naiveEncode({ width: WIDTH, height: HEIGHT, data }).counts.length;
    },
    candidate: () => encodeLogits(logits, WIDTH, HEIGHT).counts.length,
  },
  {
    name: 'mask: decode 4k',
    baseline: () => naiveDecode(largeRuns).data[1050 * WIDTH + 1900]!,
    candidate: () => decodeRuns(largeRuns).data[1050 * WIDTH + 1900]!,
  },
  {
    name: 'mask: IoU at 4k, runs against pixels already decoded',
    baseline: () => naiveIou(large, other),
    candidate: () => iou(largeRuns, otherRuns),
  },
  {
    name: 'mask: RLE text to area at 4k, against decoding',
    baseline: () => {
      let area = 0;
      for (const pixel of naiveDecode(runsFromString(largeText)).data) area += pixel;
      return area;
    },
    candidate: () => areaOf(runsFromString(largeText)),
  },
  {
    name: 'mask: connected parts at 4k, against flood fill',
    baseline: () => naiveParts(large),
    candidate: () => partsOf(largeRuns, 4).length,
  },
  {
    name: 'mask: dilate by 5 at 960 × 540',
    baseline: () => naiveDilate(quarter, 5),
    candidate: () => areaOf(dilate(quarterRuns, 5)),
  },
  {
    name: `mask: rasterise a contour of ${ring.length / 2} vertices at 4k`,
    baseline: () => naiveFill(ring, WIDTH, HEIGHT),
    candidate: () => areaOf(rasterizePolygon(ring, [HEIGHT, WIDTH])),
  },
  {
    name: 'mask: IoU matrix 250 × 250 at 640 × 480, against intersecting each pair',
    baseline: () => {
      let sum = 0;
      for (const a of many) {
        for (const b of many) {
          const common = areaOf(intersect(a, b));
          if (common) sum += common / (areaOf(a) + areaOf(b) - common);
        }
      }
      return sum;
    },
    candidate: () => iouMatrix(many, many).reduce((sum, value) => sum + value),
  },
];

export default rows;
