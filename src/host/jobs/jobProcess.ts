// Runs a job of the `promptmark` program in a process of its own: a list of a million images never blocks the
// extension host, and the palette does exactly what a pipeline does. Never imports vscode.
import { spawn, type ChildProcess } from 'node:child_process';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import type { JobProgress } from './runJob';

export interface JobProcessOptions {
  /** path of dist/cli.js */
  readonly script: string;
  /** the command and its words, without --json and --events */
  readonly args: readonly string[];
  /** beside this process' own, e.g. a key that must not be seen in a list of processes */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: CancelSignal;
  readonly onProgress?: (progress: JobProgress) => void;
  /** called at once with what pauses the job and lets it go on */
  readonly onStart?: (control: JobProcessControl) => void;
}

export interface JobProcessControl {
  pause(): void;
  resume(): void;
}

/** What every job's own summary has; each command adds its own. */
export interface JobSummary {
  readonly total: number;
  /** finished images */
  readonly done: number;
  readonly resumed: number;
  readonly failed: readonly { readonly image: string; readonly message: string }[];
  readonly interrupted: boolean;
  readonly out: string | null;
  readonly model: string;
}

const NAME = /^promptmark [\w-]+: /u;

/**
 * Runs the job as its words say.
 *
 * @throws DomainError with the program's own sentence when it could not work; 'cancelled' when nothing was done yet
 */
export async function runJobProcess<T extends JobSummary>(options: JobProcessOptions): Promise<T> {
  const { script, args, signal } = options;
  const { NODE_OPTIONS: _debuggerHooks, ...env } = process.env;
  const child = spawn(process.execPath, [script, ...args, '--json', '--events'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Desktop VS Code runs on Electron, which then behaves as Node.
    env: { ...env, ...options.env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1' },
  });
  child.stdin?.on('error', () => undefined); // the process has ended
  const say = (word: string) => (): void => void child.stdin?.write(`${word}\n`);
  options.onStart?.({ pause: say('pause'), resume: say('resume') });
  // The program keeps what is done and ends by itself. Windows knows no signal that asks.
  const stop = process.platform === 'win32' ? say('stop') : (): void => void child.kill('SIGINT');
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    const { out, lastError } = await outputOf(child, options);
    const summary = parseObject(out.trimEnd().split('\n').at(-1) ?? '') as T | null;
    if (summary) return summary;
    if (signal?.aborted) throw new DomainError('cancelled', 'Interrupted; nothing was written.');
    const why = lastError.replace(NAME, '');
    throw new DomainError('internal', why || 'The job ended unexpectedly. Nothing was written.');
  } finally {
    signal?.removeEventListener('abort', stop);
    child.stdin?.destroy();
  }
}

function outputOf(
  child: ChildProcess,
  { onProgress }: JobProcessOptions,
): Promise<{ out: string; lastError: string }> {
  let [out, rest, lastError] = ['', '', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = parseObject(line) as { progress?: JobProgress } | null;
      if (event?.progress) onProgress?.(event.progress);
      else if (line !== '') lastError = line;
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new DomainError('internal', `The job could not start: ${error.message}.`)),
    );
    child.once('close', () => resolve({ out, lastError }));
  });
}

function parseObject(line: string): object | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as object;
  } catch {
    return null; // a sentence that begins so, or the process ended in the middle of it
  }
}
