// The words after `promptmark segment`, checked.
import path from 'node:path';
import type { Box } from '../shared/geometry/types';
import type { PointPrompt } from '../shared/protocol/prompt';
import { parseNumber, parseOptions, UsageError } from './command';

export interface SegmentOptions {
  /** absolute */
  readonly images: readonly string[];
  readonly points: readonly PointPrompt[];
  readonly box?: Box;
  readonly maskOf?: number;
  readonly model?: string;
  readonly category: string;
  /** absolute */
  readonly coco?: string;
  /** absolute */
  readonly overlay?: string;
  readonly json: boolean;
}

export const segmentUsage =
  'segment IMAGE... [--point x,y[,-]]... [--box x0,y0,x1,y1] [--mask-of ANN_ID] [--model ID] [--category NAME] ' +
  '[--coco FILE] [--overlay out.png] [--json]';

const text = { type: 'string' } as const;
const optionTypes = {
  point: { type: 'string', multiple: true },
  box: text,
  'mask-of': text,
  model: text,
  category: text,
  coco: text,
  overlay: text,
  json: { type: 'boolean' },
} as const;

/** @throws UsageError */
export function parseSegment(args: readonly string[], cwd: string): SegmentOptions {
  const { values, positionals } = parseOptions(args, optionTypes);
  const { box, 'mask-of': maskOf, model, coco, overlay } = values;
  if (!positionals.length) throw new UsageError('give at least one image');
  if (!values.point?.length && box === undefined && maskOf === undefined) {
    throw new UsageError('give at least one prompt: --point, --box or --mask-of');
  }
  if (maskOf !== undefined && coco === undefined) {
    throw new UsageError('--mask-of needs --coco FILE, the file that holds the annotation');
  }
  for (const name of ['mask-of', 'overlay'] as const) {
    if (values[name] !== undefined && positionals.length > 1)
      throw new UsageError(`--${name} takes one image`);
  }
  const category = (values.category ?? 'object').trim();
  if (!category) throw new UsageError('--category must not be empty');
  const file = (name: string): string => path.resolve(cwd, name);
  return {
    images: positionals.map(file),
    points: (values.point ?? []).map(parsePoint),
    category,
    json: values.json ?? false,
    ...(box === undefined ? {} : { box: parseBox(box) }),
    ...(maskOf === undefined ? {} : { maskOf: parseNumber('--mask-of', maskOf, 1) }),
    ...(model === undefined ? {} : { model: model.endsWith('.json') ? file(model) : model }),
    ...(coco === undefined ? {} : { coco: file(coco) }),
    ...(overlay === undefined ? {} : { overlay: file(overlay) }),
  };
}

function parsePoint(text: string): PointPrompt {
  const [x, y, sign, ...rest] = text.split(',');
  if (
    x === undefined ||
    y === undefined ||
    rest.length ||
    !(sign === undefined || sign === '-' || sign === '+')
  ) {
    throw new UsageError(`--point must be x,y or x,y,- (a background point), not "${text}"`);
  }
  return {
    at: { x: parseNumber('--point x', x), y: parseNumber('--point y', y) },
    label: sign === '-' ? 0 : 1,
  };
}

function parseBox(text: string): Box {
  const parts = text.split(',');
  if (parts.length !== 4) throw new UsageError(`--box must be x0,y0,x1,y1, not "${text}"`);
  const [x0, y0, x1, y1] = parts.map((part) => parseNumber('--box', part)) as [
    number,
    number,
    number,
    number,
  ];
  return [x0, y0, x1, y1];
}
