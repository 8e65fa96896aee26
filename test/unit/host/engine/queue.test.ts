import assert from 'node:assert/strict';
import { RequestQueue, type JobClass } from '../../../../src/host/engine/queue';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';
import { DomainError } from '../../../../src/shared/protocol/wire';

/** Jobs that end when told to; `started` holds their names in order. */
function bench() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  let idles = 0;
  const queue = new RequestQueue(() => idles++);
  const add = (
    jobClass: JobClass,
    name: string,
    signal?: Parameters<RequestQueue['add']>[2],
  ): Promise<string> =>
    queue.add(
      jobClass,
      () =>
        new Promise<string>((resolve) => {
          started.push(name);
          ends.set(name, () => resolve(name));
        }),
      signal,
    );
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, add, end, started, idles: () => idles };
}

describe('request queue', () => {
  it('runs one prompt at a time: commits in order, before a preview that came earlier', async () => {
    const { add, end, started, idles } = bench();
    const jobs = [
      add('commit', 'c1'),
      add('preview', 'p'),
      add('commit', 'c2'),
      add('commit', 'c3'),
    ];
    assert.deepEqual(started, ['c1']);
    for (const name of ['c1', 'c2', 'c3', 'p']) await end(name);
    assert.deepEqual(started, ['c1', 'c2', 'c3', 'p']);
    assert.deepEqual(await Promise.all(jobs), ['c1', 'p', 'c2', 'c3']);
    assert.equal(idles(), 1);
  });

  it('keeps one preview waiting: a newer one replaces it, the running one goes on', async () => {
    const { add, end, started } = bench();
    const running = add('preview', 'p1');
    const replaced = add('preview', 'p2');
    const latest = add('preview', 'p3');
    await assert.rejects(replaced, { code: 'cancelled' });
    await end('p1');
    await end('p3');
    assert.deepEqual(started, ['p1', 'p3']);
    assert.deepEqual(await Promise.all([running, latest]), ['p1', 'p3']);
  });

  it('lets prompts run beside a long job, captions before everything', async () => {
    const { add, end, started } = bench();
    const jobs = [
      add('everything', 'e1'),
      add('everything', 'e2'),
      add('caption', 't'),
      add('commit', 'c'),
    ];
    assert.deepEqual(started, ['e1', 'c']);
    for (const name of ['e1', 'c', 't', 'e2']) await end(name);
    assert.deepEqual(started, ['e1', 'c', 't', 'e2']);
    await Promise.all(jobs);
  });

  it('takes back a waiting job when its signal is aborted, and never starts an aborted one', async () => {
    const { add, end, started } = bench();
    const source = createCancelSource();
    const first = add('commit', 'c1');
    const waiting = add('commit', 'c2', source.signal);
    source.cancel();
    await assert.rejects(waiting, { code: 'cancelled' });
    await assert.rejects(add('commit', 'c3', source.signal), { code: 'cancelled' });
    await end('c1');
    await first;
    assert.deepEqual(started, ['c1']);
  });

  it('goes on after a job that fails', async () => {
    const queue = new RequestQueue();
    await assert.rejects(
      queue.add('commit', () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await queue.add('commit', () => Promise.resolve(7)), 7);
    assert.equal(queue.isIdle, true);
  });

  it('fails everything that waits on clear', async () => {
    const { queue, add, end } = bench();
    const running = add('commit', 'c1');
    const waiting = [add('commit', 'c2'), add('preview', 'p')];
    const reason = new DomainError('engine-unavailable', 'closing');
    queue.clear(reason);
    for (const job of waiting) await assert.rejects(job, reason);
    await end('c1');
    assert.equal(await running, 'c1');
  });
});
