// How a job speaks on the command line: progress, failures, one summary, and the words of a program that runs it.
import { createInterface } from 'node:readline';
import { Pause } from '../host/jobs/pause';
import type { JobFailure, JobProgress } from '../host/jobs/runJob';
import { DomainError } from '../shared/protocol/wire';
import type { CliIo } from './command';
import type { JobArguments } from './jobOptions';

const PROGRESS_MS = 1000;
const EVENTS_MS = 100;
const SHOWN_FAILURES = 50;

/** Lines on stderr: one a second for people, ten a second as JSON for programs; the last one always. */
export function progressTo(io: CliIo, { events }: JobArguments): (progress: JobProgress) => void {
  let shownAt = events ? 0 : Date.now();
  return (progress) => {
    const { done, total } = progress;
    const isDue = Date.now() - shownAt >= (events ? EVENTS_MS : PROGRESS_MS);
    if (!isDue && !(events && done === total)) return;
    shownAt = Date.now();
    io.err(events ? `${JSON.stringify({ progress })}\n` : `${lineOf(progress)}\n`);
  };
}

function lineOf({ done, total, failed, perSecond, etaMs }: JobProgress): string {
  const parts = [`${done} of ${total}`];
  if (perSecond !== null) parts.push(`${perSecond.toPrecision(2)} images a second`);
  if (etaMs !== null && done < total) parts.push(`${durationText(etaMs)} left`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join(', ');
}

/** e.g. "42 s", "3 min", "2 h 5 min" */
export function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * With --events, `pause`, `resume` and `stop` on stdin; its end, which is the end of the program that runs the job,
 * stops it too.
 *
 * @returns what the job asks, and the end of listening
 */
export function pauseFrom(
  { input, interrupt }: CliIo,
  { events }: JobArguments,
): { readonly pause: Pause; close(): void } {
  const pause = new Pause();
  if (!events || !input) return { pause, close: () => undefined };
  const lines = createInterface({ input });
  const stop = (): void => interrupt?.();
  lines.on('line', (word) => {
    if (word === 'pause') pause.pause();
    if (word === 'resume') pause.resume();
    if (word === 'stop') stop();
  });
  lines.on('close', stop);
  return {
    pause,
    close: () => {
      lines.off('close', stop);
      lines.close();
      input.destroy();
    },
  };
}

export const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

/** One line a failure on stderr. */
export function tellFailures(failures: readonly JobFailure[], io: CliIo): void {
  for (const { message } of failures.slice(0, SHOWN_FAILURES)) io.err(`${oneLine(message)}\n`);
  if (failures.length > SHOWN_FAILURES) {
    io.err(`and ${failures.length - SHOWN_FAILURES} more failures\n`);
  }
}

/** What every job's --json has. */
export function jsonFailures(failures: readonly JobFailure[]): object[] {
  return failures.map(({ path: image, message }) => ({ image, message: oneLine(message) }));
}

/**
 * Says what is kept when a job ends by an interruption instead of with a report; other errors stay what they are.
 *
 * @throws DomainError 'cancelled' after an interruption
 */
export async function orInterrupted<T>(work: Promise<T>, { signal }: CliIo): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isStopped = error instanceof DomainError && error.code === 'cancelled';
    if (!signal.aborted || !isStopped) throw error;
    throw new DomainError(
      'cancelled',
      'Interrupted. Images that were done are kept; run the same command with --resume to go on.',
    );
  }
}
