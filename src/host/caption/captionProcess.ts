// Runs `promptmark caption` in a process of its own: a list of a million images never blocks the extension host, and
// the palette does exactly what a pipeline does. Never imports vscode.
import { spawn, type ChildProcess } from 'node:child_process';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';

export interface CaptionProcessOptions {
  /** path of dist/cli.js */
  readonly script: string;
  /** words after "caption", without --json */
  readonly args: readonly string[];
  readonly signal?: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The program's own summary. */
export interface CaptionSummary {
  readonly total: number;
  readonly captioned: number;
  readonly without_annotations: number;
  readonly failed: readonly { readonly image: string; readonly message: string }[];
  readonly interrupted: boolean;
  readonly out: string;
}

const NAME = /^promptmark caption: /u;

/**
 * Captions as the options say.
 *
 * @throws DomainError with the program's own sentence when it could not work; 'cancelled' when nothing was done yet
 */
export async function runCaptionProcess(options: CaptionProcessOptions): Promise<CaptionSummary> {
  const { script, args, signal } = options;
  const { NODE_OPTIONS: _debuggerHooks, ...env } = process.env;
  const child = spawn(process.execPath, [script, 'caption', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Desktop VS Code runs on Electron, which then behaves as Node.
    env: { ...env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1' },
  });
  // The program keeps what is done and ends by itself.
  const stop = (): void => void child.kill('SIGINT');
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    const { out, lastError } = await outputOf(child, options);
    const summary = parseSummary(out);
    if (summary) return summary;
    if (signal?.aborted) throw new DomainError('cancelled', 'Interrupted; nothing was written.');
    const why = lastError.replace(NAME, '');
    throw new DomainError('internal', why || 'Captioning ended unexpectedly. Nothing was written.');
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function outputOf(
  child: ChildProcess,
  { onProgress }: CaptionProcessOptions,
): Promise<{ out: string; lastError: string }> {
  let [out, rest, lastError] = ['', '', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const progress = /^(\d+) of (\d+)$/u.exec(line);
      if (progress) onProgress?.(Number(progress[1]), Number(progress[2]));
      else if (line !== '') lastError = line;
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new DomainError('internal', `Captioning could not start: ${error.message}.`)),
    );
    child.once('close', () => resolve({ out, lastError }));
  });
}

function parseSummary(out: string): CaptionSummary | null {
  const line = out.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as CaptionSummary;
  } catch {
    return null; // the process ended in the middle of it
  }
}
