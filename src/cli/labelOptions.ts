// The words after `promptmark prelabel`, `classify`, `ocr` and `resegment`, checked.
import type { LabelKind } from '../host/jobs/labeller';
import { LABEL_FORMATS, type LabelFormat } from '../host/jobs/labelOutput';
import { parseNumber, parseOptions, UsageError } from './command';
import { jobOptions, jobUsage, oneOf, parseJob, type JobArguments } from './jobOptions';

export interface LabelArguments extends JobArguments {
  readonly kind: LabelKind;
  readonly format: LabelFormat;
  /** id or manifest; null: the one that is built in */
  readonly model: string | null;
  /** prelabel: category of what everything mode finds */
  readonly category: string;
  /** prelabel: grid points along the longer side; null: what suits the model */
  readonly pointsPerSide: number | null;
  readonly minScore: number | null;
  readonly polygonTolerance: number;
  /** resegment: do not show the old mask to the model */
  readonly boxOnly: boolean;
}

const own: Readonly<Record<LabelKind, string>> = {
  prelabel: '[--category NAME] [--points-per-side N] [--min-score S] ',
  classify: '',
  ocr: '',
  resegment: '[--box-only] ',
};

export const labelUsage = (kind: LabelKind): string =>
  `${kind} [PATH...] [--coco INSTANCES] [--out FILE] [--format ${LABEL_FORMATS.join('|')}] ` +
  `[--model ID] [--polygon-tolerance T] ${own[kind]}${jobUsage}`;

/** @throws UsageError */
export function parseLabel(kind: LabelKind, args: readonly string[], cwd: string): LabelArguments {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseOptions(args, {
    ...jobOptions,
    ...{ model: text, format: text, 'polygon-tolerance': text },
    ...(kind === 'prelabel' ? { category: text, 'points-per-side': text, 'min-score': text } : {}),
    ...(kind === 'resegment' ? { 'box-only': flag } : {}),
  });
  const given = values as Readonly<Record<string, string | boolean | undefined>>;
  const number = (name: string, low: number, high: number): number | null => {
    const word = given[name];
    return typeof word === 'string' ? parseNumber(`--${name}`, word, low, high) : null;
  };
  const needsDataset = kind === 'resegment' || kind === 'classify';
  if (needsDataset && values.coco === undefined)
    throw new UsageError('expected --coco FILE, whose annotations are worked on');
  const sides = number('points-per-side', 1, 256);
  const category = typeof given['category'] === 'string' ? given['category'].trim() : 'object';
  if (category === '') throw new UsageError('--category must not be empty');
  return {
    ...parseJob(values, positionals, cwd, false),
    kind,
    format: oneOf('--format', values.format ?? 'coco', LABEL_FORMATS),
    model: values.model ?? null,
    category,
    pointsPerSide: sides === null ? null : Math.trunc(sides),
    minScore: number('min-score', 0, 1),
    polygonTolerance: number('polygon-tolerance', 0, 0.2) ?? 0,
    boxOnly: given['box-only'] === true,
  };
}
