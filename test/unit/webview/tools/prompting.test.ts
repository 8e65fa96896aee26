import assert from 'node:assert';
import { createBoxTool } from '../../../../webview/tools/box';
import { createPointTool } from '../../../../webview/tools/point';
import { createScribbleTool } from '../../../../webview/tools/scribble';
import { draft } from '../../../support/pageSession';
import { ToolBench, type Keys } from '../../../support/toolBench';

const point = { at: { x: 2, y: 2 }, label: 1 } as const;

describe('point tool', () => {
  it('tells positive from negative', () => {
    const check = (keys: Keys, label: 0 | 1): void =>
      assert.deepStrictEqual(new ToolBench(createPointTool()).click([3, 4], keys).take(), [
        { kind: 'prompt', change: { kind: 'addPoint', at: { x: 3, y: 4 }, label } },
      ]);
    check({}, 1);
    check({ alt: true }, 0);
    check({ shift: true }, 0);
    check({ button: 'secondary' }, 0);
  });

  it('ignores clicks beside the image', () => {
    assert.deepStrictEqual(
      new ToolBench(createPointTool()).click([-1, 2]).click([8, 2]).take(),
      [],
    );
  });

  it('takes a small tremble for a click and a drag for a box, from any corner, cut to the image', () => {
    const bench = new ToolBench(createPointTool());
    bench.drag([
      [3, 4],
      [3.3, 4.2],
    ]);
    assert.deepStrictEqual(bench.take()[0], {
      kind: 'prompt',
      change: { kind: 'addPoint', at: { x: 3, y: 4 }, label: 1 },
    });
    bench.press([
      [5, 5],
      [2, 3],
      [1, -9],
    ]);
    assert.deepStrictEqual(bench.shapes(), [{ kind: 'box', box: [1, 0, 5, 5], look: 'prompt' }]);
    bench.release([1, -9]);
    assert.deepStrictEqual(bench.take(), [
      { kind: 'prompt', change: { kind: 'setBox', box: [1, 0, 5, 5] } },
    ]);
  });

  it('moves a marker by dragging and removes it by Alt-click', () => {
    const doc = { draft: draft({ points: [point] }) };
    const bench = new ToolBench(createPointTool(), doc);
    bench.drag([
      [2.4, 2.4],
      [4, 4],
      [5, 5],
    ]);
    bench.click([2, 2], { alt: true });
    assert.deepStrictEqual(bench.take(), [
      { kind: 'prompt', change: { kind: 'movePoint', index: 0, at: { x: 5, y: 5 } } },
      { kind: 'prompt', change: { kind: 'removePoint', index: 0 } },
    ]);
    assert.strictEqual(bench.cursor([2, 2]), 'move');
  });

  it('previews under the pointer while there is no draft', () => {
    const bench = new ToolBench(createPointTool()).move([3, 3]).move([-3, 3]);
    assert.deepStrictEqual(
      bench.effects.map((effect) => effect.kind === 'preview' && effect.at),
      [{ x: 3, y: 3 }, null],
    );
    const drafted = new ToolBench(createPointTool(), { draft: draft({ points: [point] }) });
    drafted.move([3, 3]);
    assert.deepStrictEqual(drafted.effects, [{ kind: 'preview', at: null }]);
  });

  it('forgets a cancelled press', () => {
    const bench = new ToolBench(createPointTool()).press([
      [1, 1],
      [5, 5],
    ]);
    assert.strictEqual(bench.tool.cancel(bench.context), true);
    bench.release([5, 5]);
    assert.deepStrictEqual([bench.take(), bench.shapes()], [[], []]);
    assert.strictEqual(bench.tool.cancel(bench.context), false);
  });
});

describe('box tool', () => {
  it('normalises boxes and ignores clicks and slivers', () => {
    const bench = new ToolBench(createBoxTool());
    bench.drag([
      [7, 5],
      [2, 1],
    ]);
    bench.click([3, 3]);
    bench.drag([
      [3, 3],
      [3, 5],
    ]);
    assert.deepStrictEqual(bench.take(), [
      { kind: 'prompt', change: { kind: 'setBox', box: [2, 1, 7, 5] } },
    ]);
  });
});

describe('scribble tool', () => {
  it('keeps places a little apart, inside the image', () => {
    const bench = new ToolBench(createScribbleTool());
    bench.drag([
      [1, 1],
      [1.1, 1],
      [2, 2],
      [99, 3],
    ]);
    const path = [
      { x: 1, y: 1 },
      { x: 2, y: 2 },
      { x: 8, y: 3 },
    ];
    assert.deepStrictEqual(bench.take(), [
      { kind: 'prompt', change: { kind: 'addScribble', path, label: 1 } },
    ]);
  });

  it('is negative with Alt or the right button, and a dab is a point', () => {
    const bench = new ToolBench(createScribbleTool());
    bench.press(
      [
        [1, 1],
        [4, 4],
      ],
      { button: 'secondary' },
    );
    assert.strictEqual((bench.shapes()[0] as { look?: string }).look, 'negative');
    bench.release([4, 4]);
    bench.click([5, 5], { alt: true });
    const changes = bench.take().map((effect) => effect.kind === 'prompt' && effect.change);
    assert.deepStrictEqual(
      changes.map((change) => change && 'label' in change && [change.kind, change.label]),
      [
        ['addScribble', 0],
        ['addPoint', 0],
      ],
    );
  });
});
