// One run of the inference process: started, greeted, and ended once. Knows nothing of queues and restarts.
import { fork, type ChildProcess } from 'node:child_process';
import { createChannel, type Channel } from '../../shared/protocol/channel';
import {
  ENGINE_PROTOCOL_VERSION,
  type EngineEvents,
  type EngineMethods,
} from '../../shared/protocol/engine';
import { DomainError, type EventHandlers, type Peer } from '../../shared/protocol/wire';
import type { Clock } from './clock';

export type EngineHello = EngineMethods['engine/hello']['result'];
export type EngineLog = (level: 'info' | 'warn' | 'error', message: string) => void;
type None = Record<never, never>;

export interface EngineProcessOptions {
  /** path of dist/inference.js */
  readonly script: string;
  /** a Node binary to run it with; absent: the one this process runs on (Electron counts as Node) */
  readonly nodePath?: string;
  readonly handshakeTimeoutMs: number;
  readonly clock: Clock;
  readonly events: EventHandlers<EngineEvents>;
  readonly log: EngineLog;
  /** called once, when the process has ended or could not start; everything pending has failed with the reason */
  readonly onClosed: (reason: DomainError) => void;
}

export interface EngineProcess {
  readonly peer: Peer<EngineMethods, None>;
  /** the engine's greeting; rejects with the reason when the process ends before it */
  readonly ready: Promise<EngineHello>;
  /** Ends the process at once; everything pending fails with the reason. */
  kill(reason: DomainError): void;
}

/** Starts the process. Its failure to start is told by `ready` and `onClosed`, never thrown. */
export function startEngineProcess(options: EngineProcessOptions): EngineProcess {
  const { clock, log } = options;
  const child = spawnChild(options);
  const channel: Channel<EngineMethods, None> = createChannel<
    EngineMethods,
    None,
    None,
    EngineEvents
  >({
    // A failed send means the process is ending; 'exit' tells the reason.
    send: (message) => child?.send(message, () => undefined),
    handlers: {},
    events: options.events,
    onLog: log,
  });
  let isClosed = false;
  const close = (reason: DomainError): void => {
    if (isClosed) return;
    isClosed = true;
    cancelTimeout();
    child?.kill('SIGKILL');
    channel.close(reason);
    options.onClosed(reason);
  };
  const cancelTimeout = clock.after(options.handshakeTimeoutMs, () =>
    close(crashed(`it did not answer within ${options.handshakeTimeoutMs / 1000} s`)),
  );
  if (child) {
    child.on('message', (message) => channel.receive(message));
    child.on('error', (error) => close(crashed(error.message)));
    child.on('exit', (code, signal) =>
      close(crashed(signal ? `signal ${signal}` : `exit code ${code}`)),
    );
    child.on('disconnect', () => child.kill('SIGKILL')); // 'exit' follows
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log('info', text.trimEnd()));
  }
  const ready = channel.peer.request('engine/hello', { protocolVersion: ENGINE_PROTOCOL_VERSION });
  ready.then(cancelTimeout, (reason: DomainError) => close(reason));
  if (!child) queueMicrotask(() => close(crashed('it could not be started')));
  return { peer: channel.peer, ready, kill: close };
}

function spawnChild({ script, nodePath, log }: EngineProcessOptions): ChildProcess | null {
  const { NODE_OPTIONS: _debuggerHooks, ...env } = process.env;
  try {
    return fork(script, [], {
      ...(nodePath ? { execPath: nodePath } : {}),
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1' },
    });
  } catch (error) {
    log('error', `The engine could not be started: ${String(error)}`);
    return null;
  }
}

function crashed(why: string): DomainError {
  return new DomainError(
    'engine-crashed',
    'The engine stopped while it worked. Your annotations and prompts are kept; it starts again with your next prompt.',
    why,
  );
}
