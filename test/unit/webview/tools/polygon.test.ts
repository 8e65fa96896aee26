import assert from 'node:assert';
import { decodeRuns } from '../../../../src/shared/mask/bitmap';
import { runsFromString } from '../../../../src/shared/mask/rleString';
import { createPolygonTool } from '../../../../webview/tools/polygon';
import { ToolBench, type Place } from '../../../support/toolBench';

const square: readonly Place[] = [
  [1, 1],
  [5, 1],
  [5, 4],
  [1, 4],
];
const flat = square.flat();

/** annotation 3 is the polygon [0, 4, 4, 4, 4, 6, 0, 6] */
const editing = (): ToolBench =>
  new ToolBench(createPolygonTool()).dispatch({ kind: 'select', ids: [3] });
const polygons = (bench: ToolBench): unknown => {
  const [effect] = bench.take();
  assert.ok(effect?.kind === 'apply');
  const [intent] = effect.intents;
  return intent?.kind === 'annotation/setPolygons' ? intent.polygons : intent;
};

describe('polygon tool, drawing', () => {
  const draw = (bench: ToolBench, places: readonly Place[], keys = {}): void =>
    places.forEach((place, index) => void bench.click(place, index === 0 ? keys : {}));

  it('closes by Enter, by the first corner and by a double click', () => {
    const expected = [{ kind: 'create', segmentation: [flat], tool: 'polygon' }];
    const bench = new ToolBench(createPolygonTool());
    draw(bench, square);
    assert.strictEqual(bench.tool.finish?.(bench.context), true);
    assert.deepStrictEqual(bench.take(), expected);
    draw(bench, [...square, [1.3, 1.3]]);
    assert.deepStrictEqual(bench.take(), expected);
    draw(bench, square);
    bench.click([1, 4], { clicks: 2 });
    assert.deepStrictEqual(bench.take(), expected);
    assert.deepStrictEqual(bench.shapes(), []);
  });

  it('takes corners back, and is busy meanwhile', () => {
    const bench = new ToolBench(createPolygonTool());
    assert.strictEqual(bench.tool.isBusy?.(), false);
    draw(bench, square);
    assert.strictEqual(bench.tool.isBusy?.(), true);
    for (let n = 0; n < 4; n++) assert.strictEqual(bench.tool.stepBack?.(bench.context), true);
    assert.strictEqual(bench.tool.isBusy?.(), false);
    assert.strictEqual(bench.tool.stepBack?.(bench.context), false);
  });

  it('makes nothing of two corners, and nothing after Escape', () => {
    const bench = new ToolBench(createPolygonTool());
    draw(bench, square.slice(0, 2));
    bench.tool.finish?.(bench.context);
    draw(bench, square);
    assert.strictEqual(bench.tool.cancel(bench.context), true);
    assert.strictEqual(bench.tool.finish?.(bench.context), false);
    assert.deepStrictEqual(bench.take(), []);
  });

  it('adds a part to the selected polygon with Shift', () => {
    const bench = editing();
    draw(bench, square, { shift: true });
    bench.tool.finish?.(bench.context);
    assert.deepStrictEqual(polygons(bench), [[0, 4, 4, 4, 4, 6, 0, 6], flat]);
  });

  it('cuts a hole into the selected mask with Alt', () => {
    const bench = new ToolBench(createPolygonTool()).dispatch({ kind: 'select', ids: [1] });
    draw(
      bench,
      [
        [1, 1],
        [3, 1],
        [3, 2],
        [1, 2],
      ],
      { alt: true },
    );
    bench.tool.finish?.(bench.context);
    const [effect] = bench.take();
    assert.ok(effect?.kind === 'paint' && effect.target === 1);
    const { data } = decodeRuns(runsFromString(effect.mask));
    assert.deepStrictEqual([...data.subarray(8, 12)], [1, 0, 0, 1]);
  });

  it('cuts corners to the image', () => {
    const bench = new ToolBench(createPolygonTool());
    draw(bench, [
      [-5, -5],
      [99, 0],
      [4, 99],
    ]);
    bench.tool.finish?.(bench.context);
    assert.deepStrictEqual(bench.take(), [
      { kind: 'create', segmentation: [[0, 0, 8, 0, 4, 6]], tool: 'polygon' },
    ]);
  });
});

describe('polygon tool, editing', () => {
  it('moves a corner', () => {
    const bench = editing().drag([
      [4, 4],
      [5, 3],
    ]);
    assert.deepStrictEqual(polygons(bench), [[0, 4, 5, 3, 4, 6, 0, 6]]);
  });

  it('inserts a corner on an edge', () => {
    const bench = editing().drag([
      [2, 4.1],
      [2, 3],
    ]);
    assert.deepStrictEqual(polygons(bench), [[0, 4, 2, 3, 4, 4, 4, 6, 0, 6]]);
  });

  it('deletes a corner by Alt-click, or the touched one by Backspace', () => {
    const bench = editing().click([4, 4], { alt: true });
    assert.deepStrictEqual(polygons(bench), [[0, 4, 4, 6, 0, 6]]);
    const other = editing().click([4, 6]);
    assert.deepStrictEqual(other.take(), []);
    assert.strictEqual(other.tool.isBusy?.(), true);
    assert.strictEqual(other.tool.stepBack?.(other.context), true);
    assert.deepStrictEqual(polygons(other), [[0, 4, 4, 4, 0, 6]]);
  });

  it('deletes an annotation whose last corners go', () => {
    const annotations = [
      { id: 3, image_id: 1, category_id: 1, segmentation: [[0, 0, 4, 0, 4, 4]] },
    ];
    const bench = new ToolBench(createPolygonTool(), { annotations });
    bench.dispatch({ kind: 'select', ids: [3] }).click([4, 4], { alt: true });
    assert.deepStrictEqual(polygons(bench), { kind: 'annotation/delete', ids: [3] });
  });

  it('leaves locked and hidden ones alone', () => {
    for (const kind of ['toggleLocked', 'toggleHidden'] as const) {
      const bench = editing().dispatch({ kind, ids: [3] });
      bench.drag([
        [4, 4],
        [5, 3],
      ]);
      assert.deepStrictEqual(bench.take(), []);
    }
  });
});
