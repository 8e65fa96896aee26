import { strict as assert } from 'node:assert';
import { appendFile, mkdtemp, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Pace } from '../../../../src/host/jobs/pace';
import { Pause } from '../../../../src/host/jobs/pause';
import { ResultLog } from '../../../../src/host/jobs/resultLog';
import {
  runJob,
  type JobOptions,
  type JobProgress,
  type JobTask,
} from '../../../../src/host/jobs/runJob';
import { DomainError } from '../../../../src/shared/protocol/wire';
import { useTempFolder } from '../../../support/tempFolder';

interface Item {
  readonly path: string;
  readonly name: string;
}

describe('runJob', () => {
  const temp = useTempFolder();
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(path.join(temp.path, 'job-'));
  });

  const items = async (count: number): Promise<Item[]> => {
    const list = Array.from({ length: count }, (_, i) => {
      const name = `item ${i}`;
      return { name, path: path.join(root, `${i}.bin`) };
    });
    for (const { path: file, name } of list) await writeFile(file, name);
    return list;
  };
  const logFile = (): string => path.join(root, 'log');
  /** Runs a task of functions; names what was worked on. */
  const run = async (
    list: readonly Item[],
    task: Partial<JobTask<Item, string>> = {},
    options: Partial<JobOptions<string>> & { resume?: boolean; inMemory?: boolean } = {},
  ) => {
    const worked: string[] = [];
    const log = await ResultLog.open<string>(
      options.inMemory ? null : logFile(),
      options.resume ?? true,
    );
    try {
      const whole: JobTask<Item, string> = {
        options: 1,
        describe: ({ name }) => name,
        ...task,
        run: async (item, lane) => {
          worked.push(item.name);
          return (await task.run?.(item, lane)) ?? item.name.toUpperCase();
        },
      };
      const outcome = await runJob(list, whole, { log, lanes: 2, ...options });
      const results = [...outcome.results].map(({ result }) => result);
      return { ...outcome, results, worked };
    } finally {
      await log.close();
    }
  };

  it('gives results in list order, whatever the order they came in', async () => {
    const list = await items(7);
    const releases: (() => void)[] = [];
    const answer = run(
      list,
      {
        run: (item) =>
          new Promise((resolve) => {
            releases.push(() => resolve(`of ${item.name}`));
            if (releases.length === 3)
              for (const release of releases.splice(0).reverse()) release();
          }),
      },
      { lanes: 3 },
    );
    const timer = setInterval(() => releases.shift()?.(), 5);
    const { results } = await answer.finally(() => clearInterval(timer));
    assert.deepEqual(
      results,
      list.map(({ name }) => `of ${name}`),
    );
  });

  it('keeps results in memory where there is no file', async () => {
    const { results } = await run(await items(3), {}, { inMemory: true });
    assert.deepEqual(results, ['ITEM 0', 'ITEM 1', 'ITEM 2']);
  });

  it('prepares the next item while one is worked on', async () => {
    const said: string[] = [];
    await run(
      await items(3),
      {
        prepare: ({ name }) => void said.push(`prepare ${name}`),
        run: async ({ name }) => {
          said.push(`begin ${name}`);
          await new Promise((resolve) => setImmediate(resolve));
          said.push(`end ${name}`);
          return name;
        },
      },
      { lanes: 1 },
    );
    assert.deepEqual(said, [
      ...['begin item 0', 'prepare item 1', 'end item 0'],
      ...['begin item 1', 'prepare item 2', 'end item 1'],
      ...['begin item 2', 'end item 2'],
    ]);
  });

  it('skips what is done: by content, not by time', async () => {
    const list = await items(4);
    await run(list);
    await utimes(list[0]!.path, 1, 1); // copied: another time, the same bytes
    await writeFile(list[1]!.path, 'ITEM 1'); // the same size, other bytes
    await utimes(list[1]!.path, 2, 2);
    await writeFile(list[2]!.path, 'longer than before');
    const { worked, skipped, results } = await run(list);
    assert.deepEqual(worked.sort(), ['item 1', 'item 2']);
    assert.equal(skipped, 2);
    assert.equal(results.length, 4);
  });

  it('does everything again with other options, and without resume', async () => {
    const list = await items(3);
    await run(list);
    assert.equal((await run(list, { options: 2 })).skipped, 0);
    assert.equal((await run(list)).skipped, 3);
    assert.equal((await run(list, {}, { resume: false })).skipped, 0);
  });

  it('takes over all before a torn end, and nothing after damage', async () => {
    const list = await items(5);
    await run(list, {}, { lanes: 1 });
    const whole = await readFile(logFile(), 'utf8');
    await writeFile(logFile(), whole.slice(0, -9));
    assert.deepEqual((await run(list)).worked, ['item 4']);
    const lines = (await readFile(logFile(), 'utf8')).split('\n');
    lines[2] = lines[2]!.replace('ITEM', 'META');
    await writeFile(logFile(), lines.join('\n'));
    assert.deepEqual((await run(list, {}, { lanes: 1 })).worked, ['item 2', 'item 3', 'item 4']);
    await appendFile(logFile(), 'no record\n');
    assert.equal((await run(list)).skipped, 5);
  });

  it('tells failures in list order, goes on, and tries only them again', async () => {
    const list = await items(5);
    const failing = (names: readonly string[]) => ({
      run: ({ name }: Item) =>
        names.includes(name)
          ? Promise.reject(new DomainError('image-unreadable', `${name} is broken`))
          : Promise.resolve(name),
    });
    const first = await run(list, failing(['item 3', 'item 1']));
    assert.deepEqual(
      first.failures.map(({ message }) => message),
      ['item 1 is broken', 'item 3 is broken'],
    );
    assert.equal(first.finished, 3);
    const second = await run(list, failing(['item 3']));
    assert.deepEqual(second.worked.sort(), ['item 1', 'item 3']);
    assert.equal(second.failures.length, 1);
  });

  it('tries an item once more when its worker died, and stops when there is none', async () => {
    const list = await items(3);
    let deaths = 1;
    const dying: Partial<JobTask<Item, string>> = {
      run: ({ name }) =>
        name === 'item 1' && deaths-- > 0
          ? Promise.reject(new DomainError('engine-crashed', 'died'))
          : Promise.resolve(name),
    };
    const { worked, failures } = await run(list, dying, { lanes: 1 });
    assert.deepEqual(worked, ['item 0', 'item 1', 'item 1', 'item 2']);
    assert.deepEqual(failures, []);
    const gone: Partial<JobTask<Item, string>> = {
      options: 2,
      run: ({ name }) =>
        name === 'item 1'
          ? Promise.reject(new DomainError('engine-unavailable', 'stays off'))
          : Promise.resolve(name),
    };
    await assert.rejects(run(list, gone, { lanes: 1 }), { code: 'engine-unavailable' });
    assert.deepEqual((await run(list, { options: 2 }, { lanes: 1 })).worked, ['item 1', 'item 2']);
  });

  it('passes on what is no failure of an item', async () => {
    const broken = { run: () => Promise.reject(new TypeError('a bug')) };
    await assert.rejects(run(await items(3), broken), TypeError);
  });

  it('begins nothing while it is paused, and goes on', async () => {
    const list = await items(6);
    const pause = new Pause();
    let begunWhilePaused = 0;
    const { worked } = await run(
      list,
      {
        run: async ({ name }) => {
          if (pause.isPaused) begunWhilePaused++;
          if (name === 'item 1') {
            pause.pause();
            setTimeout(() => pause.resume(), 30);
          }
          return name;
        },
      },
      { lanes: 1, pause },
    );
    assert.equal(worked.length, 6);
    assert.equal(begunWhilePaused, 0);
  });

  it('ends when it is cancelled, paused or not, and keeps what is done', async () => {
    const list = await items(6);
    const stop = new AbortController();
    const pause = new Pause();
    const outcome = await run(
      list,
      {
        run: async ({ name }) => {
          if (name === 'item 2') {
            pause.pause();
            setTimeout(() => stop.abort(), 5);
          }
          return name;
        },
      },
      { lanes: 1, pause, signal: stop.signal },
    );
    assert.equal(outcome.isCancelled, true);
    assert.ok(outcome.finished >= 3 && outcome.finished < 6);
    assert.equal((await run(list)).skipped, outcome.finished);
  });

  it('tells progress that ends with everything', async () => {
    const seen: JobProgress[] = [];
    await run(await items(4), {}, { onProgress: (progress) => seen.push(progress), lanes: 1 });
    assert.deepEqual(
      seen.map(({ done, total }) => [done, total]),
      [1, 2, 3, 4].map((done) => [done, 4]),
    );
    assert.equal(seen.at(-1)?.etaMs, 0);
    assert.ok(seen[0]!.perSecond! > 0);
  });

  it('tells a missing file like any failure', async () => {
    const list = [...(await items(1)), { name: 'gone', path: path.join(root, 'gone.bin') }];
    const { failures, finished } = await run(list);
    assert.equal(finished, 1);
    assert.match(failures[0]?.message ?? '', /gone\.bin does not exist/);
  });
});

describe('Pace', () => {
  it('counts the items of this run, without pauses', () => {
    let now = 0;
    const pace = new Pace(() => now);
    assert.equal(pace.perSecond, null);
    assert.equal(pace.etaMs(5), null);
    now = 1000;
    pace.count();
    pace.pause();
    now = 61_000;
    pace.resume();
    now = 62_000;
    pace.count();
    assert.equal(pace.perSecond, 1);
    assert.equal(pace.etaMs(30), 30_000);
  });

  it('forgets a slow beginning', () => {
    let now = 0;
    const pace = new Pace(() => now);
    now = 600_000;
    pace.count();
    for (let k = 0; k < 300; k++) {
      now += 1000;
      pace.count();
    }
    assert.ok(Math.abs(pace.perSecond! - 1) < 0.05, String(pace.perSecond));
  });
});
