// The overlay of 300 masks on a 4k image: a change redraws its own box, not the picture. Frame times in a browser are
// measured by test/e2e/page/frameTime.test.mjs.
import { encodeBitmap } from '../../src/shared/mask/bitmap';
import { Compositor, type OverlayItem } from '../../webview/canvas/compositor';
import { indexMask, maskContains } from '../../webview/state/masks';
import { randomInteger, seededRandom } from '../support/random';
import type { BenchRow } from './mask.bench';

const [WIDTH, HEIGHT, COUNT] = [3840, 2160, 300];
const LOOK = { fillAlpha: 0.4, edgeAlpha: 1 };
const random = seededRandom(1);

function disc(id: number): OverlayItem {
  const radius = randomInteger(random, 20, 160);
  const [cx, cy] = [random() * WIDTH, random() * HEIGHT];
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(HEIGHT, cy + radius); y++)
    for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(WIDTH, cx + radius); x++)
      if (Math.hypot(x - cx, y - cy) < radius) data[y * WIDTH + x] = 1;
  return {
    id,
    mask: indexMask(encodeBitmap({ width: WIDTH, height: HEIGHT, data })),
    color: [id % 256, 99, 7],
  };
}

const items = Array.from({ length: COUNT }, (_, index) => disc(index + 1));
const others = items.map((item, index) => (index === 150 ? disc(151) : item));
const points = Array.from({ length: 1000 }, () => ({ x: random() * WIDTH, y: random() * HEIGHT }));

class Picture {
  readonly pixels = new Uint32Array(WIDTH * HEIGHT);
  private readonly compositor = new Compositor(WIDTH, HEIGHT, 1, 3);

  update(next: readonly OverlayItem[]): number {
    for (const [x0, y0, x1, y1] of this.compositor.update(next, LOOK)) {
      const part = new Uint32Array((x1 - x0) * (y1 - y0));
      this.compositor.render([x0, y0, x1, y1], part);
      for (let y = y0; y < y1; y++)
        this.pixels.set(
          part.subarray((y - y0) * (x1 - x0), (y - y0 + 1) * (x1 - x0)),
          y * WIDTH + x0,
        );
    }
    let sum = 0;
    for (const { x, y } of points)
      sum += this.pixels[Math.floor(y) * WIDTH + Math.floor(x)]! % 1009;
    return sum;
  }
}

const kept = new Picture();
kept.update(items);

/** Membership by walking the runs from the start, as without an index of columns. */
function isInRuns({ mask }: OverlayItem, x: number, y: number): boolean {
  const { counts, size } = mask.runs;
  const position = Math.floor(x) * size[0] + Math.floor(y);
  let end = 0;
  for (let i = 0; i < counts.length; i++) {
    end += counts[i]!;
    if (position < end) return i % 2 === 1;
  }
  return false;
}

const countHits = (test: (item: OverlayItem, x: number, y: number) => boolean): number =>
  points
    .slice(0, 50)
    .reduce((sum, { x, y }) => sum + items.filter((item) => test(item, x, y)).length, 0);

const rows: readonly (BenchRow & { readonly minRatio?: number })[] = [
  {
    name: 'overlay: one of 300 masks changes, against a full composite (4k)',
    minRatio: 5,
    baseline: () => new Picture().update(others) + new Picture().update(items),
    candidate: () => kept.update(others) + kept.update(items),
  },
  {
    name: 'hit test: 300 masks by box and column index, against walking the runs',
    minRatio: 3,
    baseline: () => countHits(isInRuns),
    candidate: () => countHits(({ mask }, x, y) => maskContains(mask, { x, y })),
  },
];
export default rows;
