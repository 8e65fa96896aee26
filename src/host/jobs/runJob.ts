// The engine of every batch job: takes items, skips what is done, works on several at once, prepares the next one
// while one is worked on, and keeps every result in a log. It knows neither captions nor masks.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { fileError } from '../dataset/filePort';
import { Pace } from './pace';
import type { Pause } from './pause';
import { statFacts, type FileFacts, type ResultLog } from './resultLog';

export interface JobItem {
  /** absolute */
  readonly path: string;
}

/** Where an item is worked on. */
export interface Lane {
  /** 0-based; each has its own worker process where there are any */
  readonly index: number;
  readonly signal: CancelSignal | undefined;
}

/** What is done with an item. */
export interface JobTask<I extends JobItem, R> {
  /** all that a result depends on beside its item: kind, model and its hash, options; goes into a hash */
  readonly options: unknown;
  /** all of the item that a result depends on beside its file; goes into a hash */
  describe(item: I): unknown;
  /** Makes the next run on this lane quicker, e.g. decodes; its failure is told by the run. */
  prepare?(item: I, lane: Lane): void;
  /** @throws DomainError when this item fails; the others go on, unless the code is one of STOPPING */
  run(item: I, lane: Lane): Promise<R>;
}

export interface JobProgress {
  /** finished, failed ones included */
  readonly done: number;
  readonly failed: number;
  /** of `done`, those taken over from an earlier run */
  readonly skipped: number;
  readonly total: number;
  /** path of the item finished last */
  readonly current: string;
  readonly perSecond: number | null;
  readonly etaMs: number | null;
}

export interface JobFailure {
  readonly path: string;
  readonly message: string;
}

export interface JobOptions<R> {
  readonly log: ResultLog<R>;
  /** items worked on at once */
  readonly lanes: number;
  readonly signal?: CancelSignal | undefined;
  readonly pause?: Pause | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  /** milliseconds */
  readonly now?: (() => number) | undefined;
}

export interface JobOutcome<I, R> {
  /** finished items and their results, in list order, as often as wanted; read one by one while the log is open */
  readonly results: Iterable<{ readonly item: I; readonly result: R }>;
  readonly total: number;
  readonly finished: number;
  /** of `finished`, those taken over from an earlier run */
  readonly skipped: number;
  /** in list order */
  readonly failures: readonly JobFailure[];
  readonly isCancelled: boolean;
}

/** With these every following item would fail too, so the job stops; what is done is kept. */
const STOPPING: ReadonlySet<string> = new Set(['engine-unavailable', 'model-missing']);

/**
 * Works on the items.
 *
 * @throws DomainError when the job cannot go on: no engine, no model, no room for the log; what is done is in the log
 */
export async function runJob<I extends JobItem, R>(
  items: readonly I[],
  task: JobTask<I, R>,
  options: JobOptions<R>,
): Promise<JobOutcome<I, R>> {
  const run = new Run(items, task, options);
  await run.work();
  return run.outcome();
}

class Run<I extends JobItem, R> {
  private readonly keys = new Map<number, string>();
  private readonly failed = new Map<number, string>();
  private readonly pace: Pace;
  private readonly optionsHash: string;
  private skipped = 0;
  private next = 0;
  private isStopped = false;

  constructor(
    private readonly items: readonly I[],
    private readonly task: JobTask<I, R>,
    private readonly options: JobOptions<R>,
  ) {
    this.pace = new Pace(options.now ?? ((): number => performance.now()));
    this.optionsHash = hashOf(task.options);
  }

  async work(): Promise<void> {
    const lanes = Math.max(1, Math.min(this.options.lanes, this.items.length));
    await Promise.all(Array.from({ length: lanes }, (_, index) => this.lane(index)));
  }

  outcome(): JobOutcome<I, R> {
    const { items, keys, failed, skipped } = this;
    const { log } = this.options;
    const places = [...keys.keys()].sort((a, b) => a - b);
    return {
      results: {
        *[Symbol.iterator]() {
          for (const place of places) {
            yield { item: items[place]!, result: log.read(keys.get(place)!) };
          }
        },
      },
      total: items.length,
      finished: places.length,
      skipped,
      failures: [...failed]
        .sort(([a], [b]) => a - b)
        .map(([place, message]) => ({ path: items[place]!.path, message })),
      isCancelled: this.isCancelled(),
    };
  }

  private isCancelled(): boolean {
    return this.options.signal?.aborted === true;
  }

  /** Takes items until there are none; one ahead of the one it works on. */
  private async lane(index: number): Promise<void> {
    const lane: Lane = { index, signal: this.options.signal };
    try {
      let place = await this.take();
      while (place !== null) {
        const following = await this.take();
        await this.one(place, following, lane);
        place = this.isCancelled() || this.isStopped ? null : following;
      }
    } catch (error) {
      this.isStopped = true;
      throw error;
    }
  }

  /** The next place that is not done yet; null: none, or the job ends. */
  private async take(): Promise<number | null> {
    while (this.next < this.items.length) {
      if (this.options.pause?.isPaused) await this.waitForResume();
      if (this.isCancelled() || this.isStopped) return null;
      const place = this.next++;
      if (!(await this.takeOver(place))) return place;
      this.skipped++;
      this.tell(place);
    }
    return null;
  }

  private async waitForResume(): Promise<void> {
    this.pace.pause();
    await Promise.race([this.options.pause?.whenRunning(), this.whenCancelled()]);
    this.pace.resume();
  }

  private whenCancelled(): Promise<void> {
    const { signal } = this.options;
    return new Promise((resolve) => {
      if (signal?.aborted) resolve();
      else signal?.addEventListener('abort', () => resolve());
    });
  }

  /** Whether the log holds this item's result, made of the same file, inputs and options. */
  private async takeOver(place: number): Promise<boolean> {
    const item = this.items[place]!;
    const key = hashOf([this.optionsHash, this.task.describe(item)]);
    const known = this.options.log.facts(key);
    if (!known) return false;
    const facts = await statFacts(item.path).catch(() => null); // told when the item is worked on
    if (!facts || facts.size !== known.size) return false;
    // A copy on another machine has another time and the same bytes.
    const isSame =
      facts.modifiedMs === known.modifiedMs || (await contentOf(item.path)) === known.content;
    if (isSame) this.keys.set(place, key);
    return isSame;
  }

  private async one(place: number, following: number | null, lane: Lane): Promise<void> {
    const item = this.items[place]!;
    try {
      const facts = await statFacts(item.path);
      const content = contentOf(item.path);
      content.catch(() => undefined); // told below
      const work = this.attempt(item, lane);
      if (following !== null) this.task.prepare?.(this.items[following]!, lane);
      const result = await work;
      await this.keep(place, { ...facts, content: await content }, result);
    } catch (error) {
      if (this.isCancelled()) return;
      const isKnown = error instanceof DomainError && !(error instanceof StopError);
      if (!isKnown || STOPPING.has(error.code)) throw error;
      this.failed.set(place, error.message);
    }
    this.pace.count();
    this.tell(place);
  }

  /** A worker that died is started again, and the item tried once more. */
  private async attempt(item: I, lane: Lane): Promise<R> {
    try {
      return await this.task.run(item, lane);
    } catch (error) {
      const isCrash = error instanceof DomainError && error.code === 'engine-crashed';
      if (!isCrash || this.isCancelled()) throw error;
      return this.task.run(item, lane);
    }
  }

  private async keep(place: number, facts: FileFacts, result: R): Promise<void> {
    const key = hashOf([this.optionsHash, this.task.describe(this.items[place]!)]);
    try {
      await this.options.log.add(key, facts, result);
    } catch (error) {
      const what = 'The job stopped: its journal cannot be written';
      const kept = 'No image or dataset was changed; run it again with --resume.';
      const { code, message, detail } = fileError(error, what, kept);
      throw new StopError(code, message, detail);
    }
    this.keys.set(place, key);
  }

  private tell(place: number): void {
    const total = this.items.length;
    const done = this.keys.size + this.failed.size;
    this.options.onProgress?.({
      ...{ done, failed: this.failed.size, skipped: this.skipped, total },
      current: this.items[place]!.path,
      perSecond: this.pace.perSecond,
      etaMs: this.pace.etaMs(total - done),
    });
  }
}

/** Ends the job whatever its code. */
class StopError extends DomainError {}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/** SHA-256 of a file's bytes. @throws DomainError when it cannot be read */
async function contentOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash).catch((error: unknown) => {
    throw fileError(error, `${file} cannot be read`, 'The other images are not affected.');
  });
  return hash.digest('base64url');
}
