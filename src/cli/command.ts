// The contract of a command of the `promptmark` program, and the option parser that all commands share.
import type { Readable } from 'node:stream';
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** One command; src/cli.ts finds it by name. */
export interface Command {
  readonly name: string;
  /** e.g. "validate FILE [--json]" */
  readonly usage: string;
  /** one line for the list of commands */
  readonly summary: string;
  /**
   * @param args the words after the command's name
   * @returns exit code: 0 done, 1 problems in the data or in doing it, 2 wrong usage
   * @throws UsageError for wrong usage, DomainError for what a user can meet
   */
  run(args: readonly string[], io: CliIo): Promise<number>;
}

/** What a command may touch of its process. `out` and `err` write the text as it is, without adding a newline. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** lines of the program that runs this one; absent: nobody speaks */
  readonly input?: Readable;
  /** as if the person had interrupted the command */
  interrupt?(): void;
}

/** Wrong words on the command line: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;
interface Config<T extends Options> {
  args: string[];
  options: T;
  allowPositionals: true;
  strict: true;
}
/** The values by the names of their options, and the words that are no options. */
export type Parsed<T extends Options> = ReturnType<typeof parseArgs<Config<T>>>;

/**
 * Parses options and positional words; `--` ends the options.
 *
 * @throws UsageError naming the option that is unknown or lacks its value
 */
export function parseOptions<T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs<Config<T>>({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Only the first sentence: Node's second one explains how to pass words that begin with a dash.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(/\.\s|\n/)[0] ?? message);
  }
}

/** @throws UsageError when `text` is not a finite number within [low, high] */
export function parseNumber(name: string, text: string, low = -Infinity, high = Infinity): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < low || value > high) {
    const range = Number.isFinite(low) || Number.isFinite(high) ? ` from ${low} to ${high}` : '';
    throw new UsageError(`${name} must be a number${range}, not "${text.slice(0, 80)}"`);
  }
  return value;
}
