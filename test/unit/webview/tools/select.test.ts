import assert from 'node:assert';
import { createTools } from '../../../../webview/tools';
import { createHandTool } from '../../../../webview/tools/hand';
import { createSelectTool } from '../../../../webview/tools/select';
import { TOOL_IDS } from '../../../../webview/state/pageState';
import { candidate } from '../../../support/pageSession';
import { ToolBench } from '../../../support/toolBench';

const bench = (): ToolBench => new ToolBench(createSelectTool());

describe('select tool', () => {
  it('selects what is clicked and nothing beside', () => {
    const one = bench().click([0.5, 0.5]);
    assert.deepStrictEqual(one.state.selection, [1]);
    assert.deepStrictEqual(one.click([5.5, 3]).state.selection, []);
  });

  it('goes through what overlaps', () => {
    const one = bench();
    const seen = [1, 2, 3].map(() => one.click([1.5, 1.5]).state.selection[0]);
    assert.deepStrictEqual(seen, [1, 2, 1]);
  });

  it('adds and takes away with Shift or Ctrl', () => {
    const one = bench().click([0.5, 0.5]).click([7, 5], { shift: true });
    assert.deepStrictEqual(one.state.selection, [1, 2]);
    one.click([0.5, 0.5], { toggle: true }).click([5.5, 3], { shift: true });
    assert.deepStrictEqual(one.state.selection, [2]);
  });

  it('frames what lies completely inside', () => {
    const one = bench().press([
      [4.5, 6],
      [0, 3.5],
    ]);
    assert.deepStrictEqual(one.shapes(), [{ kind: 'box', box: [0, 3.5, 4.5, 6], look: 'marquee' }]);
    one.drag([
      [4.5, 6],
      [0, 3.5],
    ]);
    assert.deepStrictEqual(one.state.selection, [3]);
    one.drag(
      [
        [0, 0],
        [4, 3],
      ],
      { shift: true },
    );
    assert.deepStrictEqual(one.state.selection, [3, 1]);
  });

  it('opens the picker by double click on a selection', () => {
    const one = bench().click([0.5, 0.5]);
    one.take();
    one.click([0.5, 0.5], { clicks: 2 });
    assert.deepStrictEqual(one.take(), [{ kind: 'pickCategory' }]);
  });

  it('adds the smallest proposal under the pointer', () => {
    const [large, small] = [candidate({ area: 9 }), candidate({ area: 4 })];
    const one = bench().dispatch({ kind: 'proposals', proposals: [large, small] });
    one.click([2.5, 1.5]);
    assert.deepStrictEqual(one.take(), [{ kind: 'addProposal', proposal: small }]);
  });
});

describe('hand tool', () => {
  it('pans by what the pointer moved', () => {
    const one = new ToolBench(createHandTool()).drag([
      [1, 1],
      [2, 3],
      [2, 4],
    ]);
    assert.deepStrictEqual(one.take(), [
      { kind: 'pan', dx: 10, dy: 20 },
      { kind: 'pan', dx: 0, dy: 10 },
    ]);
  });
});

describe('tools', () => {
  it('are all there, each with a name, an icon, a key and a hint of its own', () => {
    const tools = createTools();
    assert.deepStrictEqual(Object.keys(tools), TOOL_IDS);
    const { state } = bench();
    for (const field of ['label', 'icon', 'key'] as const)
      assert.strictEqual(new Set(TOOL_IDS.map((id) => tools[id][field])).size, TOOL_IDS.length);
    assert.strictEqual(new Set(TOOL_IDS.map((id) => tools[id].hint(state))).size, TOOL_IDS.length);
    for (const id of TOOL_IDS) assert.strictEqual(tools[id].id, id);
  });
});
