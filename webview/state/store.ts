// A store of one immutable value: the page's only mutable variable.

export interface Store<S, A> {
  get(): S;
  dispatch(action: A): void;
  /** @returns the function that ends the subscription */
  subscribe(listener: (state: S, before: S) => void): () => void;
}

/** Listeners run after every action that changed the state; an action dispatched by one runs after all have seen it. */
export function createStore<S, A>(reduce: (state: S, action: A) => S, initial: S): Store<S, A> {
  let state = initial;
  const listeners = new Set<(state: S, before: S) => void>();
  const waiting: A[] = [];
  let running = false;

  function run(action: A): void {
    const before = state;
    state = reduce(before, action);
    if (state === before) return;
    for (const listener of [...listeners]) listener(state, before);
  }

  return {
    get: () => state,
    dispatch(action) {
      waiting.push(action);
      if (running) return;
      running = true;
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) run(next);
      } finally {
        running = false;
        waiting.length = 0;
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Calls `listener` with the selected value whenever it is a different one, and once at once. */
export function watch<S, A, T>(
  store: Store<S, A>,
  select: (state: S) => T,
  listener: (value: T, before: T | undefined) => void,
): () => void {
  let value = select(store.get());
  listener(value, undefined);
  return store.subscribe((state) => {
    const next = select(state);
    if (Object.is(next, value)) return;
    const before = value;
    value = next;
    listener(next, before);
  });
}
