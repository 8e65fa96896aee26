// The extension host's side of the dataset worker: started on first use, started again after a crash.
import { Worker } from 'node:worker_threads';
import { createChannel, type Channel, type ChannelLog } from '../../shared/protocol/channel';
import type { DatasetEvents, DatasetMethods } from '../../shared/protocol/dataset';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';

type None = Record<never, never>;

export interface DatasetClientOptions {
  /** path of dist/dataset.js */
  readonly script: string;
  readonly onProgress?: (data: DatasetEvents['dataset/progress']) => void;
  readonly log?: ChannelLog;
}

interface Running {
  readonly worker: Worker;
  readonly channel: Channel<DatasetMethods, None>;
  pending: number;
}

/** A client of the dataset worker; the owner disposes it. */
export class DatasetClient {
  private running: Running | null = null;
  private isDisposed = false;

  constructor(private readonly options: DatasetClientOptions) {}

  /**
   * Asks the worker. A crash fails what is pending with 'internal'; the next request starts a new worker, which reads
   * the files again, so nothing has to be replayed.
   */
  request<K extends keyof DatasetMethods>(
    method: K,
    params: DatasetMethods[K]['params'],
    signal?: CancelSignal,
  ): Promise<DatasetMethods[K]['result']> {
    if (this.isDisposed) {
      return Promise.reject(new DomainError('internal', 'The dataset service has been closed.'));
    }
    this.running ??= this.start();
    return held(this.running, this.running.channel.peer.request(method, params, signal));
  }

  /** Ends the worker; a save that is under way leaves the old file or the new one. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    const { running } = this;
    this.running = null;
    running?.channel.close(new DomainError('cancelled', 'The dataset service has been closed.'));
    await running?.worker.terminate();
  }

  private start(): Running {
    const { script, onProgress, log } = this.options;
    const worker = new Worker(script, { stdout: false, stderr: false });
    const channel = createChannel<DatasetMethods, None, None, DatasetEvents>({
      send: (message) => worker.postMessage(message),
      handlers: {},
      events: { 'dataset/progress': (data) => onProgress?.(data) },
      ...(log ? { onLog: log } : {}),
    });
    const running: Running = { worker, channel, pending: 0 };
    const end = (reason: string): void => {
      if (this.running === running) this.running = null;
      channel.close(
        new DomainError(
          'internal',
          'Reading or writing the dataset failed unexpectedly. The file is whole; your changes are kept. Try again.',
          reason,
        ),
      );
    };
    worker.on('message', (message) => channel.receive(message));
    worker.on('error', (error) => {
      log?.('error', `The dataset worker failed: ${error.stack ?? error.message}`);
      end(error.message);
    });
    worker.on('exit', (code) => end(`exit code ${code}`));
    worker.unref(); // an idle worker must not keep the process alive
    return running;
  }
}

/** Keeps the process alive until the answer is there: a program that only waits for it would end without a word. */
async function held<T>(running: Running, answer: Promise<T>): Promise<T> {
  if (running.pending++ === 0) running.worker.ref();
  try {
    return await answer;
  } finally {
    if (--running.pending === 0) running.worker.unref();
  }
}
