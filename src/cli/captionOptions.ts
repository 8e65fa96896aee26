// The words after `promptmark caption`, checked.
import path from 'node:path';
import { CAPTION_FORMATS, type CaptionFormat } from '../host/caption/captionFormats';
import {
  CAPTION_LANGUAGES,
  CAPTION_STYLES,
  type CaptionLanguage,
  type CaptionStyle,
} from '../shared/caption/types';
import { parseNumber, parseOptions, UsageError } from './command';

export interface CaptionArguments {
  /** as given: files, folders, patterns */
  readonly paths: readonly string[];
  /** absolute */
  readonly coco: string | null;
  /** absolute */
  readonly out: string | null;
  readonly model: string | null;
  readonly format: CaptionFormat;
  readonly style: CaptionStyle;
  readonly lang: CaptionLanguage;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly shard: { readonly index: number; readonly count: number };
  readonly jobs: number;
  readonly json: boolean;
}

export const captionUsage =
  `caption [PATH...] [--coco INSTANCES] [--out FILE] [--format ${CAPTION_FORMATS.join('|')}] ` +
  `[--style ${CAPTION_STYLES.join('|')}] [--lang ${CAPTION_LANGUAGES.join('|')}] [--model ID] [--resume] ` +
  '[--overwrite] [--shard I/N] [--jobs N] [--json]';

const MOST_JOBS = 64;

/** @throws UsageError */
export function parseCaption(args: readonly string[], cwd: string): CaptionArguments {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseOptions(args, {
    ...{ coco: text, out: text, model: text, format: text, style: text, lang: text },
    ...{ shard: text, jobs: text, resume: flag, overwrite: flag, json: flag },
  });
  const file = (name: string | undefined): string | null =>
    name === undefined ? null : path.resolve(cwd, name);
  const format = oneOf('--format', values.format ?? 'coco', CAPTION_FORMATS);
  const out = file(values.out);
  if (positionals.length === 0 && values.coco === undefined)
    throw new UsageError('give images, folders or patterns, or --coco FILE for all of its images');
  if (out === null && format !== 'txt') {
    if (values.resume) throw new UsageError('--resume needs --out: its journal lies beside it');
    if (values.json) throw new UsageError('--json needs --out: both would be printed');
  }
  return {
    paths: positionals,
    coco: file(values.coco),
    out,
    model: values.model ?? null,
    format,
    style: oneOf('--style', values.style ?? 'sentence', CAPTION_STYLES),
    lang: oneOf('--lang', values.lang ?? 'en', CAPTION_LANGUAGES),
    resume: values.resume ?? false,
    overwrite: values.overwrite ?? false,
    shard: parseShard(values.shard ?? '1/1'),
    jobs: Math.trunc(parseNumber('--jobs', values.jobs ?? '4', 1, MOST_JOBS)),
    json: values.json ?? false,
  };
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new UsageError(`${name} must be one of ${known.join(', ')}, not "${value.slice(0, 80)}"`);
}

/** "2/8" → the second of eight. */
function parseShard(text: string): CaptionArguments['shard'] {
  const match = /^(\d{1,9})\/(\d{1,9})$/u.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index < 1 || index > count) {
    throw new UsageError(
      `--shard must be I/N with 1 ≤ I ≤ N, e.g. 1/8, not "${text.slice(0, 80)}"`,
    );
  }
  return { index: index - 1, count };
}
