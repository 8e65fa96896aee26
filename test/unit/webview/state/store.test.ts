import assert from 'node:assert';
import { createStore, watch } from '../../../../webview/state/store';

const add = (state: number, action: number): number => state + action;

describe('store', () => {
  it('tells listeners after a change only, until they leave', () => {
    const store = createStore(add, 0);
    const seen: number[] = [];
    const stop = store.subscribe((state) => seen.push(state));
    store.dispatch(1);
    store.dispatch(0);
    stop();
    store.dispatch(1);
    assert.deepStrictEqual(seen, [1]);
    assert.strictEqual(store.get(), 2);
  });

  it('runs an action dispatched by a listener after all have seen the first', () => {
    const store = createStore(add, 0);
    const seen: string[] = [];
    store.subscribe((state) => {
      seen.push(`a${state}`);
      if (state === 1) store.dispatch(10);
    });
    store.subscribe((state) => seen.push(`b${state}`));
    store.dispatch(1);
    assert.deepStrictEqual(seen, ['a1', 'b1', 'a11', 'b11']);
  });

  it('goes on after a listener that throws', () => {
    const store = createStore(add, 0);
    const stop = store.subscribe(() => assert.fail('listener'));
    assert.throws(() => store.dispatch(1), /listener/);
    stop();
    store.dispatch(1);
    assert.strictEqual(store.get(), 2);
  });

  it('watches a selected value', () => {
    const store = createStore(add, 0);
    const seen: (readonly [boolean, boolean | undefined])[] = [];
    watch(
      store,
      (state) => state > 5,
      (value, before) => seen.push([value, before]),
    );
    for (const step of [1, 2, 3, 4]) store.dispatch(step);
    assert.deepStrictEqual(seen, [
      [false, undefined],
      [true, false],
    ]);
  });
});
