// The words that all jobs share: what to work on, where to write, which share, how many at once.
import path from 'node:path';
import type { JobFiles } from '../host/jobs/jobFiles';
import { parseNumber, UsageError, type CliIo } from './command';
import { expandGlob } from './glob';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** For parseOptions. */
export const jobOptions = {
  ...{ coco: text, out: text, shard: text, jobs: text, limit: text },
  ...{ resume: flag, overwrite: flag, json: flag, events: flag },
} as const;

export const jobUsage =
  '[--shard I/N] [--limit N] [--jobs N] [--resume] [--overwrite] [--json] [--events]';

/** Values of the shared words as they were given. */
export interface JobValues {
  readonly coco?: string | undefined;
  readonly out?: string | undefined;
  readonly shard?: string | undefined;
  readonly jobs?: string | undefined;
  readonly limit?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly events?: boolean | undefined;
}

/** The shared words, checked. */
export interface JobArguments extends Omit<JobFiles, 'jobs'> {
  /** null: as many as suit */
  readonly jobs: number | null;
  /** one line of JSON at the end */
  readonly json: boolean;
  /** for programs: progress as lines of JSON on stderr, `pause` and `resume` on stdin */
  readonly events: boolean;
}

const MOST_JOBS = 64;

/** @param isFolder the output is not one file @throws UsageError */
export function parseJob(
  values: JobValues,
  positionals: readonly string[],
  cwd: string,
  isFolder: boolean,
): JobArguments {
  const file = (name: string | undefined): string | null =>
    name === undefined ? null : path.resolve(cwd, name);
  const out = file(values.out);
  if (positionals.length === 0 && values.coco === undefined)
    throw new UsageError('give images, folders or patterns, or --coco FILE for all of its images');
  if (out === null && !isFolder) {
    if (values.resume) throw new UsageError('--resume needs --out: its journal lies beside it');
    if (values.json) throw new UsageError('--json needs --out: both would be printed');
  }
  const count = (name: 'jobs' | 'limit', high: number): number | null => {
    const given = values[name];
    return given === undefined ? null : Math.trunc(parseNumber(`--${name}`, given, 1, high));
  };
  return {
    paths: positionals,
    coco: file(values.coco),
    out,
    shard: parseShard(values.shard ?? '1/1'),
    limit: count('limit', Number.MAX_SAFE_INTEGER),
    jobs: count('jobs', MOST_JOBS),
    resume: values.resume ?? false,
    overwrite: values.overwrite ?? false,
    json: values.json ?? false,
    events: values.events ?? false,
  };
}

/** Absolute paths that the words stand for. @throws UsageError */
export async function expandPaths(words: readonly string[], { cwd }: CliIo): Promise<string[]> {
  const paths: string[] = [];
  for (const word of words) paths.push(...(await expandGlob(word, cwd)));
  return paths;
}

export function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new UsageError(`${name} must be one of ${known.join(', ')}, not "${value.slice(0, 80)}"`);
}

/** "2/8" → the second of eight. */
function parseShard(given: string): JobFiles['shard'] {
  const match = /^(\d{1,9})\/(\d{1,9})$/u.exec(given);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index < 1 || index > count) {
    throw new UsageError(
      `--shard must be I/N with 1 ≤ I ≤ N, e.g. 1/8, not "${given.slice(0, 80)}"`,
    );
  }
  return { index: index - 1, count };
}
