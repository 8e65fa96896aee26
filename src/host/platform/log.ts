// The output channel "Promptmark". Nothing of a person's images or texts is written here above trace level.
import { window, type Disposable } from 'vscode';

export interface Log extends Disposable {
  trace(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** opens the output channel */
  show(): void;
}

/** Makes the output channel. */
export function createLog(): Log {
  return window.createOutputChannel('Promptmark', { log: true });
}

/** What to write of an error: its stack, else its text. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
