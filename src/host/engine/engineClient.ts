// The host's and the command line's side of the inference process: starts it on first need, queues requests, restarts
// it after a crash, stops it when it is not needed. Never imports vscode.
import type { EngineEvents, EngineMethods } from '../../shared/protocol/engine';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { systemClock, type Clock } from './clock';
import { startEngineProcess, type EngineLog, type EngineProcess } from './engineProcess';
import { MemoryWatch } from './memoryWatch';
import { RequestQueue, type JobClass } from './queue';
import { RestartPolicy, type RestartLimits } from './restartPolicy';

export interface EngineStatus {
  readonly state: 'stopped' | 'starting' | 'ready' | 'busy' | 'failed';
  /** for 'failed': what happened and what to do */
  readonly message?: string;
}

export interface EngineClientOptions {
  /** path of dist/inference.js */
  readonly script: string;
  /** setting: a Node binary for the engine; read at each start */
  readonly nodePath?: () => string | undefined;
  readonly log?: EngineLog;
  readonly restartLimits?: RestartLimits;
  readonly clock?: Clock;
  /** stop after this long without a request; Infinity: never */
  readonly idleStopMs?: number;
  /** stop this long after the last editor was closed */
  readonly closeGraceMs?: number;
  /** restart between requests when the process has grown beyond this */
  readonly maxRssBytes?: number;
}

export interface Disposable {
  dispose(): void;
}

type Methods = EngineMethods;
type EventName = keyof EngineEvents;
type AnyListener = (data: never) => void;

const HANDSHAKE_TIMEOUT_MS = 30_000;

export class EngineClient implements Disposable {
  private readonly clock: Clock;
  private readonly policy: RestartPolicy;
  private readonly queue = new RequestQueue(() => this.whenIdle());
  private readonly statusListeners = new Set<(status: EngineStatus) => void>();
  private readonly eventListeners = new Map<EventName, Set<AnyListener>>();
  private readonly watch: MemoryWatch;
  private readonly provenModels = new Set<string>();
  private readonly failedModels = new Map<string, DomainError>();
  /** models of the requests under way */
  private readonly modelsAtWork = new Map<symbol, string>();
  private process: EngineProcess | null = null;
  private starting: Promise<EngineProcess> | null = null;
  private current: EngineStatus = { state: 'stopped' };
  private cancelIdleStop: () => void = () => undefined;
  private users = 0;
  private isDisposed = false;

  constructor(private readonly options: EngineClientOptions) {
    this.clock = options.clock ?? systemClock;
    this.policy = new RestartPolicy(this.clock, options.restartLimits);
    this.watch = new MemoryWatch(this.clock, options.maxRssBytes ?? 1.5e9);
  }

  get status(): EngineStatus {
    return this.current;
  }

  onDidChangeStatus(listener: (status: EngineStatus) => void): Disposable {
    this.statusListeners.add(listener);
    return { dispose: () => void this.statusListeners.delete(listener) };
  }

  /** Streams of running requests, e.g. 'segment/candidates'; tell them apart by jobId. */
  onDidReceive<K extends EventName>(
    event: K,
    listener: (data: EngineEvents[K]) => void,
  ): Disposable {
    const listeners = this.eventListeners.get(event) ?? new Set();
    this.eventListeners.set(event, listeners.add(listener));
    return { dispose: () => void listeners.delete(listener) };
  }

  /**
   * Sends a request when its turn has come, starting the process when needed.
   *
   * @param jobClass 'preview' requests replace each other; 'commit' goes first
   * @throws DomainError of the engine; 'engine-crashed' when it died meanwhile, 'engine-unavailable' when it may not
   *   start, 'cancelled'
   */
  request<K extends keyof Methods & string>(
    method: K,
    params: Methods[K]['params'],
    jobClass: JobClass = 'commit',
    signal?: CancelSignal,
  ): Promise<Methods[K]['result']> {
    if (this.isDisposed) return Promise.reject(stopped());
    this.cancelIdleStop();
    return this.queue.add(jobClass, () => this.send(method, params, signal), signal);
  }

  /** Kills the process and starts a new one: the way to end a run that is inside the model. What runs is cancelled. */
  async cancelHard(): Promise<void> {
    this.process?.kill(new DomainError('cancelled', 'Cancelled; the engine was restarted.'));
    await this.start();
  }

  /** The user's restart: forgets crashes and failed models. */
  async restart(): Promise<void> {
    this.policy.forgive();
    this.failedModels.clear();
    await this.cancelHard();
  }

  /** Keeps the process from stopping as long as an editor is open. */
  retain(): Disposable {
    this.users++;
    let isHeld = true;
    return {
      dispose: () => {
        if (!isHeld) return;
        isHeld = false;
        this.users--;
        if (this.queue.isIdle) this.planStop();
      },
    };
  }

  /** Ends the process; what runs and waits fails with 'engine-unavailable'. */
  dispose(): void {
    this.isDisposed = true;
    this.cancelIdleStop();
    this.queue.clear(stopped());
    this.process?.kill(stopped());
    this.statusListeners.clear();
    this.eventListeners.clear();
  }

  private async send<K extends keyof Methods & string>(
    method: K,
    params: Methods[K]['params'],
    signal: CancelSignal | undefined,
  ): Promise<Methods[K]['result']> {
    const model = modelOf(params);
    const failed = model === null ? undefined : this.failedModels.get(model);
    if (failed) throw failed;
    const engine = await this.start();
    const token = Symbol(method);
    if (model !== null) this.modelsAtWork.set(token, model);
    this.setStatus({ state: 'busy' });
    try {
      const result = await engine.peer.request(method, params, signal);
      if (model !== null) this.provenModels.add(model);
      return result;
    } finally {
      this.modelsAtWork.delete(token);
    }
  }

  private start(): Promise<EngineProcess> {
    if (this.isDisposed) return Promise.reject(stopped());
    this.starting ??= this.startNow().catch((error: unknown) => {
      this.starting = null;
      throw error;
    });
    return this.starting;
  }

  private async startNow(): Promise<EngineProcess> {
    const pauseMs = this.policy.nextPauseMs();
    if (pauseMs === null) throw this.fail();
    this.setStatus({ state: 'starting' });
    if (pauseMs > 0) await new Promise<void>((resolve) => this.clock.after(pauseMs, resolve));
    if (this.isDisposed) throw stopped();
    const nodePath = this.options.nodePath?.();
    const started = startEngineProcess({
      script: this.options.script,
      ...(nodePath ? { nodePath } : {}),
      handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
      clock: this.clock,
      log: this.options.log ?? (() => undefined),
      events: {
        'segment/progress': (data) => this.emit('segment/progress', data),
        'segment/candidates': (data) => this.emit('segment/candidates', data),
        'log/write': (data) => this.emit('log/write', data),
      },
      onClosed: (reason) => this.onClosed(started, reason),
    });
    this.process = started;
    const hello = await started.ready;
    this.options.log?.('info', `Engine ${hello.pid}: onnxruntime ${hello.ortVersion}.`);
    this.setStatus({ state: 'ready' });
    return started;
  }

  private onClosed(closed: EngineProcess, reason: DomainError): void {
    if (this.process !== closed) return;
    this.process = null;
    this.starting = null;
    const isDeath = reason.code === 'engine-crashed';
    this.options.log?.(
      isDeath ? 'error' : 'info',
      `Engine stopped: ${reason.detail ?? reason.message}`,
    );
    if (isDeath) {
      this.policy.countDeath();
      this.markFailedModels(reason);
    }
    if (isDeath && this.policy.nextPauseMs() === null) this.fail();
    else this.setStatus({ state: 'stopped' });
  }

  /** A model that never answered and was at work when the process died is not tried again: no crash loop. */
  private markFailedModels(reason: DomainError): void {
    for (const id of this.modelsAtWork.values()) {
      if (this.provenModels.has(id)) continue;
      this.failedModels.set(
        id,
        new DomainError(
          'engine-crashed',
          `The engine stopped while it loaded the model ${id}. Your annotations are kept; choose another model, ` +
            'or run "Promptmark: Restart Engine" to try it again.',
          reason.detail,
        ),
      );
    }
  }

  private fail(): DomainError {
    const error = new DomainError(
      'engine-unavailable',
      'The engine stopped several times within a minute and stays off. Your annotations are kept and can be edited; ' +
        'run "Promptmark: Restart Engine" to try again, the log says why it stopped.',
    );
    this.setStatus({ state: 'failed', message: error.message });
    return error;
  }

  private whenIdle(): void {
    if (this.isDisposed || !this.process) return;
    if (this.current.state === 'busy') this.setStatus({ state: 'ready' });
    this.planStop();
    void this.watch.check(this.process.peer).then((isTooLarge) => {
      if (isTooLarge && this.queue.isIdle) this.stop('it had grown too large');
    });
  }

  private planStop(): void {
    this.cancelIdleStop();
    const { idleStopMs = 15 * 60_000, closeGraceMs = 5000 } = this.options;
    const ms = this.users > 0 ? idleStopMs : Math.min(idleStopMs, closeGraceMs);
    if (ms === Infinity) return;
    this.cancelIdleStop = this.clock.after(ms, () => {
      if (this.queue.isIdle) this.stop('it was not needed any more');
    });
  }

  private stop(why: string): void {
    this.process?.kill(new DomainError('engine-unavailable', 'The engine was stopped.', why));
  }

  private setStatus(status: EngineStatus): void {
    if (status.state === this.current.state && status.message === this.current.message) return;
    this.current = status;
    for (const listener of this.statusListeners) listener(status);
  }

  private emit<K extends EventName>(event: K, data: EngineEvents[K]): void {
    for (const listener of this.eventListeners.get(event) ?? []) listener(data as never);
  }
}

function modelOf(params: unknown): string | null {
  const model = (params as { model?: { id?: unknown } }).model;
  return typeof model?.id === 'string' ? model.id : null;
}

function stopped(): DomainError {
  return new DomainError(
    'engine-unavailable',
    'The engine was stopped because Promptmark is closing.',
  );
}
