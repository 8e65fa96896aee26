import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { boxOf, iouOf, nextClick, type Target } from '../../../../src/cli/eval/clicker';
import { degradeMask } from '../../../../src/cli/eval/degrade';
import { distanceToOutside } from '../../../../src/cli/eval/distance';
import type { ObjectResult } from '../../../../src/cli/eval/session';
import { formatSummary, summarize } from '../../../../src/cli/eval/summary';
import { openTar } from '../../../../src/cli/eval/tar';
import { randomInteger, seededRandom } from '../../../support/random';
import { tarOf } from '../../../support/tar';
import { useTempFolder } from '../../../support/tempFolder';

describe('distance transform', () => {
  it('equals brute force on 60 random regions', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 60; round++) {
      const [width, height] = [randomInteger(random, 1, 14), randomInteger(random, 1, 14)];
      const region = Uint8Array.from({ length: width * height }, () => (random() < 0.8 ? 1 : 0));
      const found = distanceToOutside(region, width, height);
      for (let k = 0; k < region.length; k++) {
        const [x, y] = [k % width, Math.floor(k / width)];
        let nearest = Infinity;
        for (let v = -1; v <= height; v++) {
          for (let u = -1; u <= width; u++) {
            const isInside =
              u >= 0 && v >= 0 && u < width && v < height && region[v * width + u] === 1;
            if (!isInside) nearest = Math.min(nearest, Math.hypot(u - x, v - y));
          }
        }
        assert.ok(Math.abs(found[k]! - nearest) < 1e-9, `round ${round}: ${found[k]} ≠ ${nearest}`);
      }
    }
  });
});

/** A target drawn as text: # object, . background, ? ignore. */
function target(...rows: string[]): Target {
  const truth = Uint8Array.from(rows.join(''), (c) => ({ '#': 1, '.': 0, '?': 255 })[c] ?? 0);
  return { width: rows[0]!.length, height: rows.length, truth };
}
const mask = (...rows: string[]): Uint8Array =>
  Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));

describe('simulated clicks', () => {
  const square = target('.......', '.#####.', '.#####.', '.#####.', '.......');
  const nothing = new Uint8Array(35);

  it('clicks the centre of the object first', () => {
    assert.deepEqual(nextClick(square, nothing, new Set()), {
      at: { x: 2.5 + 0, y: 2.5 },
      label: 1,
    });
  });

  it('clicks the deepest part of the larger error, positive or negative', () => {
    const full = target('.........', '.###.....', '.###.....', '.###.....', '.........');
    const wrong = mask('....#####', '....#####', '....#####', '....#####', '....#####');
    assert.deepEqual(nextClick(full, wrong, new Set()), { at: { x: 6.5, y: 2.5 }, label: 0 });
    const small = mask('.........', '.........', '.........', '.......#.', '.........');
    assert.deepEqual(nextClick(full, small, new Set()).label, 1);
  });

  it('never clicks ignored pixels and no pixel twice', () => {
    const ignoring = target('?????', '?###?', '?????');
    const used = new Set<number>();
    const clicked = [0, 1, 2].map(() => nextClick(ignoring, new Uint8Array(15), used).at.x);
    assert.deepEqual(new Set(clicked), new Set([1.5, 2.5, 3.5]));
  });

  it('perturbs within the error region', () => {
    const random = seededRandom(4);
    for (let k = 0; k < 50; k++) {
      const { at } = nextClick(square, nothing, new Set(), 3, random);
      assert.equal(square.truth[Math.floor(at.y) * 7 + Math.floor(at.x)], 1);
    }
  });

  it('measures boxes and IoU without ignored pixels', () => {
    assert.deepEqual(boxOf(square.truth, 7, 5), [1, 1, 5, 3]);
    assert.equal(boxOf(nothing, 7, 5), null);
    assert.equal(iouOf(target('##?..'), mask('#####')), 2 / 4);
    assert.equal(iouOf(target('??'), mask('##')), 0);
  });
});

describe('damaged masks', () => {
  it('differ from the object but overlap it, and are the same every time', () => {
    const rows = Array.from({ length: 60 }, (_, y) =>
      Array.from({ length: 60 }, (_, x) => ((x - 30) ** 2 + (y - 28) ** 2 < 400 ? '#' : '.')).join(
        '',
      ),
    );
    const disc = target(...rows);
    for (let number = 0; number < 16; number++) {
      const damaged = degradeMask(disc, number);
      const similarity = iouOf(disc, damaged);
      assert.ok(similarity > 0.4 && similarity < 0.97, `${number}: ${similarity}`);
      assert.deepEqual(degradeMask(disc, number), damaged);
    }
  });
});

describe('summary of an evaluation', () => {
  const result = (ious: number[], box: number): ObjectResult => ({
    key: 'a',
    label: 1,
    size: [1, 1],
    area: 1,
    clicks: ious.map((iou, k) => ({ iou, iou_score: iou - 0.1, ms: 10 * (k + 1) })),
    points: [],
    mask: { size: [1, 1], counts: '' },
    box: { iou: box, iou_score: box, ms: 1 },
    refine: { start: 0.5, plain: 0.6, clicks: [{ iou: 0.87, iou_score: 1, ms: 1 }, { iou: 0.93, iou_score: 1, ms: 1 }] },
  }); // prettier-ignore

  it('counts clicks, failures and means as papers do', () => {
    const summary = summarize([result([0.5, 0.82, 0.91], 0.8), result([0.2, 0.4, 0.6], 0.6)], 20);
    assert.deepEqual(summary, {
      n: 2,
      noc80: 11,
      noc85: 11.5,
      noc90: 11.5,
      failures: { '85': 1, '90': 1 },
      miou: { '1': 0.35, '2': 0.61, '3': 0.755, '5': 0.755, '10': 0.755 },
      box_iou: 0.7,
      refine: { start: 0.5, no_click: 0.6, click1: 0.87, click3: 0.93, noc85: 1, noc90: 2 },
      iou_gap: 0.075,
      ms_p50: 20,
      ms_p95: 30,
    });
    assert.match(formatSummary(summary), /85 %: 11\.5/);
  });
});

describe('tar reader', () => {
  const folder = useTempFolder();
  const long = `${'deep/'.repeat(30)}name.png`;

  it('reads plain, long-named (GNU, pax, prefix) and empty files', async () => {
    const files = { 'a.txt': 'hello', [long]: 'long', 'empty.bin': '', 'b.bin': 'x'.repeat(1500) };
    for (const style of ['gnu', 'pax', 'prefix'] as const) {
      await writeFile(folder.file('t.tar'), tarOf(files, style));
      const tar = await openTar(folder.file('t.tar'));
      assert.deepEqual(tar.entries.map(({ name }) => name), Object.keys(files)); // prettier-ignore
      for (const entry of tar.entries) {
        assert.equal(
          new TextDecoder().decode(await tar.read(entry)),
          files[entry.name as keyof typeof files],
        );
      }
      await tar.close();
    }
  });

  it('refuses truncated and foreign files', async () => {
    const whole = tarOf({ 'b.bin': 'x'.repeat(1500) }, 'gnu');
    await writeFile(folder.file('t.tar'), whole.subarray(0, 1000));
    await assert.rejects(openTar(folder.file('t.tar')), /ends inside b\.bin/);
    await writeFile(folder.file('t.tar'), Buffer.alloc(600, 'no archive '));
    await assert.rejects(openTar(folder.file('t.tar')), /no tar archive/);
  });
});
