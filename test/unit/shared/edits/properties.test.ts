import { strict as assert } from 'node:assert';
import { applyEdits } from '../../../../src/shared/edits/apply';
import { computeDelta, isEmptyDelta } from '../../../../src/shared/edits/delta';
import { diffStates } from '../../../../src/shared/edits/diff';
import { invertEdits } from '../../../../src/shared/edits/invert';
import { mergeStates } from '../../../../src/shared/edits/merge';
import type { Edit, ImageState } from '../../../../src/shared/edits/types';
import { randomEdit, randomState } from '../../../support/imageStates';
import { randomInteger, seededRandom } from '../../../support/random';

function forSeeds(count: number, check: (random: () => number) => void): void {
  for (let seed = 1; seed <= count; seed++) {
    try {
      check(seededRandom(seed));
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
}

function randomEdits(random: () => number, state: ImageState): readonly Edit[] {
  const edits: Edit[] = [];
  let current = state;
  for (let n = randomInteger(random, 1, 8); n > 0; n--) {
    const edit = randomEdit(random, current, 100 + edits.length);
    current = applyEdits(current, [edit]);
    edits.push(edit);
  }
  return edits;
}

describe('edits', () => {
  it('undo gives the state before, redo the state after', () => {
    forSeeds(500, (random) => {
      const before = randomState(random);
      const edits = randomEdits(random, before);
      const after = applyEdits(before, edits);
      const inverse = invertEdits(edits);
      assert.deepEqual(applyEdits(after, inverse), before);
      assert.deepEqual(applyEdits(before, invertEdits(inverse)), after);
    });
  });

  it('do not change the state they are given', () => {
    forSeeds(50, (random) => {
      const before = randomState(random);
      const copy = structuredClone(before);
      applyEdits(before, randomEdits(random, before));
      assert.deepEqual(before, copy);
    });
  });

  it('of a difference lead from one state to the other, both ways', () => {
    forSeeds(500, (random) => {
      const [from, to] = [randomState(random), randomState(random)];
      const edits = diffStates(from, to);
      assert.deepEqual(applyEdits(from, edits), to);
      assert.deepEqual(applyEdits(to, invertEdits(edits)), from);
    });
  });

  it('of equal states are none', () => {
    forSeeds(50, (random) => {
      const state = randomState(random);
      assert.deepEqual(diffStates(state, structuredClone(state)), []);
    });
  });
});

describe('delta', () => {
  it('of equal states is empty', () => {
    forSeeds(50, (random) => {
      const state = randomState(random);
      for (const listed of [true, false]) {
        assert.ok(isEmptyDelta(computeDelta(state, structuredClone(state), { listed })));
      }
    });
  });

  it('leads from base to current', () => {
    forSeeds(300, (random) => {
      const [base, current] = [randomState(random), randomState(random)];
      const delta = computeDelta(base, current, { listed: true });
      const ids = new Set<number>(
        [...base.annotations, ...current.annotations].map(({ id }) => id),
      );
      for (const { id, before, after } of delta.annotations.filter(
        (entry) => !('caption' in (entry.before ?? entry.after ?? {})),
      )) {
        assert.ok(ids.has(id));
        assert.deepEqual(
          before ?? undefined,
          base.annotations.find((entry) => entry.id === id),
        );
        assert.deepEqual(
          after ?? undefined,
          current.annotations.find((entry) => entry.id === id),
        );
      }
      if (delta.order) {
        assert.deepEqual(
          delta.order.ids,
          current.annotations.map(({ id }) => id),
        );
      }
    });
  });
});

describe('merge', () => {
  it('takes their changes where nothing changed here, and keeps mine where nothing changed there', () => {
    forSeeds(300, (random) => {
      const [base, other] = [{ ...randomState(random), draft: null }, randomState(random)];
      const theirs = { ...other, draft: null };
      const pulled = mergeStates(base, base, theirs);
      assert.deepEqual(pulled.current, theirs);
      assert.deepEqual(pulled.base, theirs);
      const kept = mergeStates(base, theirs, base);
      assert.deepEqual(kept.current, theirs);
      assert.deepEqual(kept.base, base);
    });
  });

  it('has no conflict when both made the same changes', () => {
    forSeeds(100, (random) => {
      const [base, both] = [randomState(random), randomState(random)];
      const { current, conflicts } = mergeStates(base, both, both);
      assert.deepEqual(current.annotations, both.annotations);
      assert.deepEqual(conflicts, { annotations: [], captions: [], categories: [] });
    });
  });

  it('loses nothing: every entry changed on one side only is there as that side has it', () => {
    forSeeds(300, (random) => {
      const [base, mine, theirs] = [randomState(random), randomState(random), randomState(random)];
      const { current, conflicts } = mergeStates(base, mine, theirs);
      const find = (state: ImageState, id: number) => state.annotations.find((a) => a.id === id);
      for (let id = 1; id <= 12; id++) {
        const [b, m, t, c] = [base, mine, theirs, current].map((state) => find(state, id));
        const same = (x: unknown, y: unknown): boolean => JSON.stringify(x) === JSON.stringify(y);
        if (same(b, m)) assert.deepEqual(c, t);
        else assert.deepEqual(c, m);
        const isConflict = !same(b, m) && !same(b, t) && !same(m, t);
        assert.equal(conflicts.annotations.includes(id), isConflict);
      }
    });
  });
});
