// The words after `promptmark caption`, checked.
import { CAPTION_FORMATS, type CaptionFormat } from '../host/caption/captionFormats';
import {
  CAPTION_LANGUAGES,
  CAPTION_STYLES,
  type CaptionLanguage,
  type CaptionStyle,
} from '../shared/caption/types';
import { parseOptions } from './command';
import { jobOptions, jobUsage, oneOf, parseJob, type JobArguments } from './jobOptions';

export interface CaptionArguments extends JobArguments {
  readonly model: string | null;
  readonly format: CaptionFormat;
  readonly style: CaptionStyle;
  readonly lang: CaptionLanguage;
}

export const captionUsage =
  `caption [PATH...] [--coco INSTANCES] [--out FILE] [--format ${CAPTION_FORMATS.join('|')}] ` +
  `[--style ${CAPTION_STYLES.join('|')}] [--lang ${CAPTION_LANGUAGES.join('|')}] [--model ID] ` +
  jobUsage;

/** @throws UsageError */
export function parseCaption(args: readonly string[], cwd: string): CaptionArguments {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseOptions(args, {
    ...jobOptions,
    ...{ model: text, format: text, style: text, lang: text },
  });
  const format = oneOf('--format', values.format ?? 'coco', CAPTION_FORMATS);
  return {
    ...parseJob(values, positionals, cwd, format === 'txt'),
    model: values.model ?? null,
    format,
    style: oneOf('--style', values.style ?? 'sentence', CAPTION_STYLES),
    lang: oneOf('--lang', values.lang ?? 'en', CAPTION_LANGUAGES),
  };
}
