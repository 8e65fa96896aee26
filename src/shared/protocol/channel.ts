// The only RPC code: requests, responses, events and cancellation over anything that can send a message.
// It knows no transport, no timer and no process. Every request gets exactly one answer: a result, an error,
// 'cancelled', or the reason the channel was closed with. The answer to a cancelled request comes when its
// handler has ended, so it also tells that the work has stopped.
import { createCancelSource, type CancelSource } from './cancel';
import {
  DomainError,
  type CancelSignal,
  type ErrorCode,
  type EventHandlers,
  type EventTable,
  type Handlers,
  type MethodTable,
  type Peer,
  type Wire,
  type WireError,
} from './wire';

export type ChannelLog = (level: 'info' | 'warn' | 'error', message: string) => void;

export interface ChannelOptions<LM extends MethodTable, LE extends EventTable> {
  /** Hands a message to the transport; may throw, which fails the request that wanted to send. */
  readonly send: (message: Wire) => void;
  /** Methods this side answers. */
  readonly handlers: Handlers<LM>;
  /** Events this side takes; one that throws is logged. */
  readonly events: EventHandlers<LE>;
  /** Gets stacks and protocol faults, never parameters or results. */
  readonly onLog?: ChannelLog;
}

export interface Channel<RM extends MethodTable, RE extends EventTable> {
  readonly peer: Peer<RM, RE>;
  /** Takes one message of the transport; never throws, whatever it is given. */
  receive(message: unknown): void;
  /** Fails everything pending and everything later with `reason`, and aborts the handlers that still run. Idempotent. */
  close(reason: DomainError): void;
}

/**
 * Connects this side's handlers with the other side's.
 *
 * @typeParam RM methods of the other side, RE events sent there, LM methods of this side, LE events taken here
 */
export function createChannel<
  RM extends MethodTable,
  RE extends EventTable,
  LM extends MethodTable,
  LE extends EventTable,
>(options: ChannelOptions<LM, LE>): Channel<RM, RE> {
  return new ChannelState<RM, RE>(
    options.send,
    options.handlers,
    options.events,
    options.onLog ?? (() => undefined),
  );
}

type AnyHandler = (params: unknown, signal: CancelSignal) => unknown;

interface Pending {
  readonly method: string;
  readonly resolve: (result: never) => void;
  readonly reject: (error: DomainError) => void;
  readonly detach: () => void;
}

class ChannelState<RM extends MethodTable, RE extends EventTable> implements Channel<RM, RE> {
  readonly peer: Peer<RM, RE>;
  private readonly pending = new Map<number, Pending>();
  private readonly running = new Map<number, CancelSource>();
  private nextId = 1;
  private closedBy: DomainError | null = null;

  constructor(
    private readonly send: (message: Wire) => void,
    private readonly handlers: Record<string, AnyHandler>,
    private readonly events: Record<string, (data: never) => void>,
    private readonly log: ChannelLog,
  ) {
    this.peer = {
      request: (method, params, signal) => this.request(method, params, signal),
      notify: (event, data) => this.notify(event, data),
    };
  }

  receive(message: unknown): void {
    if (this.closedBy) return this.log('info', 'A message came after the channel was closed.');
    if (!isObject(message)) return this.log('warn', `Not a message: ${typeof message}.`);
    switch (message['kind']) {
      case 'request':
        return this.receiveRequest(message);
      case 'response':
        return this.receiveResponse(message);
      case 'event':
        return this.receiveEvent(message);
      case 'cancel':
        // An unknown id is normal: the answer and the cancel crossed.
        return this.running.get(message['id'] as number)?.cancel();
      default:
        return this.log('warn', `Unknown kind of message: ${describe(message['kind'])}.`);
    }
  }

  close(reason: DomainError): void {
    if (this.closedBy) return;
    this.closedBy = reason;
    const failed = [...this.pending.values()];
    const stopped = [...this.running.values()];
    this.pending.clear();
    this.running.clear();
    for (const source of stopped) source.cancel();
    for (const { detach, reject } of failed) {
      detach();
      reject(reason);
    }
  }

  private request<T>(method: string, params: unknown, signal?: CancelSignal): Promise<T> {
    if (this.closedBy) return Promise.reject(this.closedBy);
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = this.nextId++;
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => this.trySend({ kind: 'cancel', id });
      const detach = (): void => signal?.removeEventListener('abort', onAbort);
      this.pending.set(id, { method, resolve, reject, detach });
      signal?.addEventListener('abort', onAbort);
      try {
        this.send({ kind: 'request', id, method, params });
      } catch (error) {
        if (!this.pending.delete(id)) return; // closed while sending: already rejected
        detach();
        reject(asDomainError(error, `${method} could not be sent`));
      }
    });
  }

  private notify(event: string, data: unknown): void {
    if (this.closedBy) return this.log('info', `${event} was not sent: the channel is closed.`);
    this.trySend({ kind: 'event', event, data });
  }

  private trySend(message: Wire): void {
    try {
      this.send(message);
    } catch (error) {
      this.log('error', `A ${message.kind} could not be sent: ${stackOf(error)}`);
    }
  }

  private receiveRequest(message: Record<string, unknown>): void {
    const { id, method } = message;
    if (!isId(id)) return this.log('warn', 'A request without a usable id was ignored.');
    if (this.running.has(id)) return this.log('warn', `A second request ${id} was ignored.`);
    if (typeof method !== 'string') {
      return this.answerError(id, {
        code: 'invalid-params',
        message: 'The method name is missing.',
      });
    }
    const handler = Object.hasOwn(this.handlers, method) ? this.handlers[method] : undefined;
    if (!handler)
      return this.answerError(id, { code: 'not-found', message: `Unknown method ${method}.` });
    void this.run(id, method, handler, message['params']);
  }

  private async run(
    id: number,
    method: string,
    handler: AnyHandler,
    params: unknown,
  ): Promise<void> {
    const source = createCancelSource();
    this.running.set(id, source);
    let answer: Wire;
    try {
      const result = await handler(params, source.signal);
      answer = source.signal.aborted
        ? { kind: 'response', id, ok: false, error: toWireError(cancelled()) }
        : { kind: 'response', id, ok: true, result };
    } catch (error) {
      const known = source.signal.aborted ? cancelled() : error;
      if (!(known instanceof DomainError)) this.log('error', `${method} failed: ${stackOf(error)}`);
      answer = { kind: 'response', id, ok: false, error: toWireError(known) };
    }
    if (!this.running.delete(id)) return; // closed meanwhile: nobody waits for the answer
    this.answer(method, answer);
  }

  private answer(method: string, answer: Wire & { kind: 'response' }): void {
    try {
      this.send(answer);
    } catch (error) {
      // E.g. a result that cannot be cloned. The other side must still get its one answer.
      this.log('error', `The answer to ${method} could not be sent: ${stackOf(error)}`);
      this.answerError(answer.id, {
        code: 'internal',
        message: `The answer to ${method} could not be sent.`,
      });
    }
  }

  private answerError(id: number, error: WireError): void {
    this.trySend({ kind: 'response', id, ok: false, error });
  }

  private receiveResponse(message: Record<string, unknown>): void {
    const id = message['id'] as number;
    const pending = this.pending.get(id);
    if (!pending)
      return this.log('warn', `An answer to the unknown request ${describe(id)} was ignored.`);
    this.pending.delete(id);
    pending.detach();
    if (message['ok'] === true) pending.resolve(message['result'] as never);
    else pending.reject(fromWireError(message['error'], pending.method));
  }

  private receiveEvent(message: Record<string, unknown>): void {
    const { event } = message;
    const handler =
      typeof event === 'string' && Object.hasOwn(this.events, event)
        ? this.events[event]
        : undefined;
    if (!handler) return this.log('warn', `The unknown event ${describe(event)} was ignored.`);
    try {
      handler(message['data'] as never);
    } catch (error) {
      this.log('error', `The handler of ${String(event)} failed: ${stackOf(error)}`);
    }
  }
}

const errorCodes: Readonly<Record<ErrorCode, true>> = {
  cancelled: true,
  'invalid-params': true,
  'not-found': true,
  'model-missing': true,
  'image-unreadable': true,
  'dataset-invalid': true,
  conflict: true,
  'read-only': true,
  'engine-unavailable': true,
  'engine-crashed': true,
  'out-of-memory': true,
  internal: true,
};

function toWireError(error: unknown): WireError {
  if (!(error instanceof DomainError)) {
    return {
      code: 'internal',
      message: 'Something went wrong inside Promptmark; the log has the details.',
    };
  }
  const { code, message, detail } = error;
  return detail === undefined ? { code, message } : { code, message, detail };
}

function fromWireError(error: unknown, method: string): DomainError {
  if (!isObject(error) || typeof error['message'] !== 'string') {
    return new DomainError('internal', `${method} failed without a reason.`);
  }
  const { code, detail } = error;
  const known = typeof code === 'string' && Object.hasOwn(errorCodes, code);
  return new DomainError(
    known ? (code as ErrorCode) : 'internal',
    error['message'],
    typeof detail === 'string' ? detail : undefined,
  );
}

function asDomainError(error: unknown, what: string): DomainError {
  return error instanceof DomainError
    ? error
    : new DomainError('internal', `${what}: ${String(error)}`);
}

const cancelled = (): DomainError => new DomainError('cancelled', 'Cancelled.');
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isId = (id: unknown): id is number => typeof id === 'number' && Number.isSafeInteger(id);
const describe = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number'
    ? String(value).slice(0, 80)
    : typeof value;
const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
