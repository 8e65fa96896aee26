// Message envelope and method tables of every channel (page ⇄ host, host ⇄ engine, host ⇄ dataset worker).

/** Maps a method name to its parameters and its result. */
export type MethodTable = Record<string, { params: unknown; result: unknown }>;
export type EventTable = Record<string, unknown>;

export type Wire =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: string;
      readonly params: unknown;
    }
  | { readonly kind: 'response'; readonly id: number; readonly ok: true; readonly result: unknown }
  | {
      readonly kind: 'response';
      readonly id: number;
      readonly ok: false;
      readonly error: WireError;
    }
  | { readonly kind: 'event'; readonly event: string; readonly data: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type ErrorCode =
  | 'cancelled'
  | 'invalid-params'
  | 'not-found'
  | 'model-missing'
  | 'image-unreadable'
  | 'dataset-invalid'
  | 'conflict'
  | 'read-only'
  | 'engine-unavailable'
  | 'engine-crashed'
  | 'out-of-memory'
  | 'internal';

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail?: string;
}

/** An error a user can meet: says what happened, what is kept and what to do. Crosses channels unchanged. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly detail?: string,
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

/** The part of AbortSignal that shared code may know (shared has no DOM types). */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface Peer<M extends MethodTable, E extends EventTable> {
  request<K extends keyof M & string>(
    method: K,
    params: M[K]['params'],
    signal?: CancelSignal,
  ): Promise<M[K]['result']>;
  notify<K extends keyof E & string>(event: K, data: E[K]): void;
}

/** Exhaustive: a new method breaks the build until it is handled. */
export type Handlers<M extends MethodTable> = {
  readonly [K in keyof M]: (
    params: M[K]['params'],
    signal: CancelSignal,
  ) => M[K]['result'] | Promise<M[K]['result']>;
};

export type EventHandlers<E extends EventTable> = {
  readonly [K in keyof E]: (data: E[K]) => void;
};
