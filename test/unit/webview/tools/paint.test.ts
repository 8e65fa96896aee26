import assert from 'node:assert';
import { runsFromString } from '../../../../src/shared/mask/rleString';
import { decodeRuns } from '../../../../src/shared/mask/bitmap';
import type { Rle } from '../../../../src/shared/mask/types';
import { createBrushTool } from '../../../../webview/tools/brush';
import { createEraserTool } from '../../../../webview/tools/eraser';
import { WorkingMask } from '../../../../webview/tools/workingMask';
import { candidate, draft, rle } from '../../../support/pageSession';
import { seededRandom } from '../../../support/random';
import { ToolBench } from '../../../support/toolBench';

function rows(mask: Rle): readonly string[] {
  const { width, height, data } = decodeRuns(runsFromString(mask));
  return Array.from({ length: height }, (_, y) =>
    [...data.subarray(y * width, (y + 1) * width)].map((one) => (one ? '#' : '.')).join(''),
  );
}

describe('brush', () => {
  it('adds to the selected annotation, one stroke one edit', () => {
    const bench = new ToolBench(createBrushTool()).dispatch({ kind: 'select', ids: [1] });
    bench.drag([
      [5, 4.5],
      [6.5, 4.5],
    ]);
    const [effect, ...others] = bench.take();
    assert.deepStrictEqual(others, []);
    assert.ok(effect?.kind === 'paint');
    assert.deepStrictEqual([effect.target, effect.tool], [1, 'brush']);
    assert.deepStrictEqual(rows(effect.mask), [
      '####....',
      '####....',
      '####....',
      '.....##.',
      '....####',
      '.....##.',
    ]);
  });

  it('takes away with Alt', () => {
    const bench = new ToolBench(createBrushTool()).dispatch({ kind: 'select', ids: [1] });
    bench.click([0.5, 0.5], { alt: true });
    const [effect] = bench.take();
    assert.ok(effect?.kind === 'paint');
    assert.deepStrictEqual(rows(effect.mask).slice(0, 2), ['..##....', '.###....']);
  });

  it('makes a new object when nothing is selected', () => {
    const bench = new ToolBench(createBrushTool()).click([6.5, 3.5]);
    const [effect] = bench.take();
    assert.ok(effect?.kind === 'create');
    assert.deepStrictEqual(rows(effect.segmentation as Rle), [
      '........',
      '........',
      '......#.',
      '.....###',
      '......#.',
      '........',
    ]);
  });

  it('paints on the draft’s candidate', () => {
    const doc = { draft: draft({}, { candidates: [candidate()] }) };
    const bench = new ToolBench(createBrushTool(), doc).click([6.5, 4.5]);
    const [effect] = bench.take();
    assert.ok(effect?.kind === 'paint');
    assert.strictEqual(effect.target, 'draft');
    assert.strictEqual(rows(effect.mask)[1], '..##....');
  });

  it('refuses what is locked, ambiguous or read-only, with the reason', () => {
    const check = (bench: ToolBench, reason: RegExp): void => {
      const [effect, ...others] = bench.click([1, 1]).take();
      assert.ok(effect?.kind === 'notice' && others.length === 0);
      assert.match(effect.message, reason);
      assert.ok(!bench.shapes().some(({ kind }) => kind === 'mask'));
    };
    const brush = (): ToolBench => new ToolBench(createBrushTool());
    check(
      brush()
        .dispatch({ kind: 'select', ids: [1] })
        .dispatch({ kind: 'toggleLocked', ids: [1] }),
      /locked/,
    );
    check(brush().dispatch({ kind: 'select', ids: [1, 2] }), /only one/);
    check(new ToolBench(createBrushTool(), {}, 'No, because.'), /No, because/);
  });

  it('shows the painted mask until it is part of the document', () => {
    const bench = new ToolBench(createBrushTool()).dispatch({ kind: 'select', ids: [1] });
    bench.press([[5, 5]]);
    assert.strictEqual(bench.tool.editing?.(), 1);
    bench.release([5, 5]);
    const [effect] = bench.take();
    assert.ok(effect?.kind === 'paint');
    assert.ok(bench.shapes().some(({ kind }) => kind === 'mask'));
    effect.done?.();
    assert.strictEqual(bench.tool.editing?.(), null);
    assert.ok(!bench.shapes().some(({ kind }) => kind === 'mask'));
  });

  it('drops a cancelled stroke', () => {
    const bench = new ToolBench(createBrushTool()).press([
      [5, 5],
      [6, 5],
    ]);
    assert.strictEqual(bench.tool.cancel(bench.context), true);
    assert.deepStrictEqual(bench.take(), []);
  });
});

describe('eraser', () => {
  it('takes the annotation under the pointer when none is selected', () => {
    const bench = new ToolBench(createEraserTool()).click([0.5, 2.5]);
    const [select, paint] = bench.take();
    assert.deepStrictEqual(select, { kind: 'select', ids: [1] });
    assert.ok(paint?.kind === 'paint' && paint.target === 1);
    assert.deepStrictEqual(rows(paint.mask).slice(0, 3), ['####....', '.###....', '..##....']);
  });

  it('says what to do where there is nothing', () => {
    const [effect] = new ToolBench(createEraserTool()).click([5, 3]).take();
    assert.ok(effect?.kind === 'notice');
  });
});

describe('working mask', () => {
  it('sets exactly the pixels whose centre the disc sweeps', () => {
    const random = seededRandom(4);
    for (let n = 0; n < 60; n++) {
      const place = (): { x: number; y: number } => ({
        x: 30 * random() - 5,
        y: 20 * random() - 5,
      });
      const [a, b, radius] = [place(), place(), 1 + 4 * random()];
      const mask = new WorkingMask([12, 20], null, [0, 0, 0, 0]);
      mask.stroke(a, b, radius, 1);
      const { data } = mask.bitmap;
      for (let y = 0; y < 12; y++)
        for (let x = 0; x < 20; x++) {
          const distance = distanceToSegment(x + 0.5, y + 0.5, a, b);
          if (Math.abs(distance - radius) < 1e-9) continue;
          assert.strictEqual(data[y * 20 + x], distance < radius ? 1 : 0, `${n}: ${x}, ${y}`);
        }
    }
  });

  it('reports every changed pixel as dirty, once', () => {
    const start = runsFromString(
      rle('########', '........', '........', '........', '........', '........'),
    );
    const mask = new WorkingMask([6, 8], start, [0, 0, 8, 1]);
    assert.deepStrictEqual(mask.takeDirty(), [0, 0, 8, 1]);
    assert.deepStrictEqual([mask.takeDirty(), mask.changed], [null, false]);
    mask.stroke({ x: 2, y: 3 }, { x: 4, y: 3 }, 1, 1);
    const [x0, y0, x1, y1] = mask.takeDirty()!;
    assert.ok(x0 <= 1 && y0 <= 2 && x1 >= 5 && y1 >= 4 && mask.changed);
    assert.deepStrictEqual(rows(mask.toRle()).slice(0, 4), [
      '########',
      '........',
      '.####...',
      '.####...',
    ]);
  });
});

function distanceToSegment(
  x: number,
  y: number,
  a: { x: number; y: number },
  b: { x: number; y: number },
): number {
  let best = Infinity;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / length2;
  for (const t of [0, 1, Math.min(1, Math.max(0, along))])
    best = Math.min(best, Math.hypot(x - a.x - t * dx, y - a.y - t * dy));
  return best;
}
