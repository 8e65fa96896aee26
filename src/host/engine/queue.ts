// The one queue in front of the engine. Two lanes: prompts (commit before preview) and long jobs (caption before
// everything), one request of each running; the engine answers a prompt between two steps of a long job.
// Preview is latest-wins: one running, one waiting, a newer one replaces the waiting one.
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';

export type JobClass = 'commit' | 'preview' | 'caption' | 'everything';

interface Job {
  readonly jobClass: JobClass;
  /** @param release frees the lane; called before the caller learns the outcome */
  readonly start: (release: () => void) => void;
  readonly drop: (reason: DomainError) => void;
}

const lanes: readonly (readonly JobClass[])[] = [
  ['commit', 'preview'],
  ['caption', 'everything'],
];

export class RequestQueue {
  private readonly waiting: Job[] = [];
  private readonly isRunning = lanes.map(() => false);

  /** @param onIdle called when nothing runs and nothing waits */
  constructor(private readonly onIdle: () => void = () => undefined) {}

  get isIdle(): boolean {
    return !this.waiting.length && !this.isRunning.includes(true);
  }

  /**
   * Runs `work` when its turn has come.
   *
   * @throws DomainError 'cancelled' when the signal is aborted, or a newer preview replaces this one, before its turn
   */
  add<T>(jobClass: JobClass, work: () => Promise<T>, signal?: CancelSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(cancelled());
    if (jobClass === 'preview') this.dropWaiting((job) => job.jobClass === 'preview', cancelled());
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => this.dropWaiting((other) => other === job, cancelled());
      const job: Job = {
        jobClass,
        start: (release) => {
          signal?.removeEventListener('abort', onAbort);
          work().finally(release).then(resolve, reject);
        },
        drop: (reason) => {
          signal?.removeEventListener('abort', onAbort);
          reject(reason);
        },
      };
      signal?.addEventListener('abort', onAbort);
      this.waiting.push(job);
      this.startNext();
    });
  }

  /** Fails everything that waits; what runs is not touched. */
  clear(reason: DomainError): void {
    this.dropWaiting(() => true, reason);
  }

  private dropWaiting(isMeant: (job: Job) => boolean, reason: DomainError): void {
    for (const job of this.waiting.filter(isMeant)) {
      this.waiting.splice(this.waiting.indexOf(job), 1);
      job.drop(reason);
    }
  }

  private startNext(): void {
    lanes.forEach((classes, lane) => {
      if (this.isRunning[lane]) return;
      const job = classes
        .map((jobClass) => this.waiting.find((waiting) => waiting.jobClass === jobClass))
        .find((found) => found !== undefined);
      if (!job) return;
      this.waiting.splice(this.waiting.indexOf(job), 1);
      this.isRunning[lane] = true;
      job.start(() => {
        this.isRunning[lane] = false;
        this.startNext();
        if (this.isIdle) this.onIdle();
      });
    });
  }
}

const cancelled = (): DomainError =>
  new DomainError('cancelled', 'Replaced by a newer request, or cancelled.');
