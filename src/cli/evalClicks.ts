// `npm run eval:clicks`: measures a model with simulated clicks, boxes and damaged masks, through the same engine
// process the editor uses.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EngineClient } from '../host/engine/engineClient';
import { findModel } from '../host/models/builtinModel';
import { encodeBitmap } from '../shared/mask/bitmap';
import { runsToString } from '../shared/mask/rleString';
import { DomainError } from '../shared/protocol/wire';
import { parseNumber, parseOptions, UsageError, type CliIo, type Command } from './command';
import type { Target } from './eval/clicker';
import { IGNORE, readEntries, type Labels } from './eval/entries';
import { ObjectEvaluator, type EvalOptions, type ObjectResult } from './eval/session';
import { formatSummary, summarize } from './eval/summary';
import { withEngine, type Installation } from './installation';
import { writeOverlay } from './overlay';

const usage =
  'eval-clicks --data FILE_OR_DIR [--model ID] [--max-clicks 20] [--limit N] [--objects all|first] [--json] ' +
  '[--worst N] [--perturb PX] [--out DIR]';

interface Options {
  readonly data: string;
  readonly model: string | undefined;
  readonly maxClicks: number;
  readonly limit: number;
  readonly onlyFirst: boolean;
  readonly json: boolean;
  readonly worst: number;
  readonly perturb: number;
  /** absolute; null: nothing is written */
  readonly out: string | null;
}

export function evalClicksCommand(installation: Installation): Command {
  return {
    name: 'eval-clicks',
    usage,
    summary: 'Measure a model with simulated clicks on labelled images.',
    async run(args, io) {
      const options = parse(args, io.cwd);
      const model = await findModel(installation.root, options.model);
      const evalOptions = {
        model,
        maxClicks: options.maxClicks,
        leastClicks: 10,
        perturb: options.perturb,
      };
      return withEngine(installation, io, (engine) => evaluate(engine, options, evalOptions, io));
    },
  };
}

function parse(args: readonly string[], cwd: string): Options {
  const text = { type: 'string' } as const;
  const flags = { json: { type: 'boolean' } } as const;
  const { values, positionals } = parseOptions(args, {
    ...flags,
    data: text,
    model: text,
    'max-clicks': text,
    limit: text,
    objects: text,
    worst: text,
    perturb: text,
    out: text,
  });
  if (positionals.length) throw new UsageError(`unexpected word "${positionals[0]}"`);
  if (values.data === undefined) throw new UsageError('--data is missing');
  const { objects = 'all' } = values;
  if (objects !== 'all' && objects !== 'first')
    throw new UsageError(`--objects must be all or first, not "${objects}"`);
  const number = (
    name: 'max-clicks' | 'limit' | 'worst' | 'perturb',
    fallback: number,
    low: number,
  ): number => {
    const given = values[name];
    return given === undefined ? fallback : parseNumber(`--${name}`, given, low);
  };
  const worst = number('worst', 0, 0);
  const out = values.out ?? (worst > 0 ? 'eval-clicks' : undefined);
  return {
    data: path.resolve(cwd, values.data),
    model: values.model?.endsWith('.json') ? path.resolve(cwd, values.model) : values.model,
    maxClicks: number('max-clicks', 20, 1),
    limit: number('limit', Infinity, 1),
    onlyFirst: objects === 'first',
    json: values.json ?? false,
    worst,
    perturb: number('perturb', 0, 0),
    out: out === undefined ? null : path.resolve(cwd, out),
  };
}

async function evaluate(
  engine: EngineClient,
  options: Options,
  evalOptions: EvalOptions,
  io: CliIo,
): Promise<number> {
  const { sha256 } = await engine.request('model/load', { model: evalOptions.model });
  const { results, problems } = await evaluateAll(engine, options, evalOptions, io);
  if (!results.length) {
    throw new DomainError(
      'invalid-params',
      `${options.data} has no labelled object that could be used.`,
    );
  }
  const summary = summarize(results, options.maxClicks);
  const document = { ...summary, model: evalOptions.model.id, model_sha256: sha256, problems };
  if (options.out) {
    await writeResults(options.out, document, results);
    io.err(`results are in ${options.out}\n`);
  }
  io.out(options.json ? `${JSON.stringify(document)}\n` : `${formatSummary(summary)}\n`);
  return problems.length ? 1 : 0;
}

interface Problem {
  readonly key: string;
  readonly problem: string;
}

/** Entries one after the other; bad ones are reported and the others go on. */
async function evaluateAll(
  engine: EngineClient,
  options: Options,
  evalOptions: EvalOptions,
  io: CliIo,
): Promise<{ readonly results: readonly ObjectResult[]; readonly problems: readonly Problem[] }> {
  const results: ObjectResult[] = [];
  const problems: Problem[] = [];
  const worst = new WorstCases(engine, options);
  let entries = 0;
  for await (const entry of readEntries(options.data, options.limit)) {
    try {
      if ('problem' in entry) throw new DomainError('image-unreadable', entry.problem);
      for (const result of await evaluateImage(
        engine,
        entry,
        options,
        evalOptions,
        results.length,
      )) {
        results.push(result);
        await worst.consider(result, entry.imagePath, targetOf(entry.labels, result.label));
      }
    } catch (error) {
      if (io.signal.aborted || !(error instanceof DomainError)) throw error;
      problems.push({ key: entry.key, problem: error.message });
      io.err(`${entry.key}: ${error.message}\n`);
    }
    if (++entries % 10 === 0) io.err(`${entries} images, ${results.length} objects\n`);
  }
  return { results, problems };
}

async function evaluateImage(
  engine: EngineClient,
  {
    key,
    imagePath,
    labels,
  }: { readonly key: string; readonly imagePath: string; readonly labels: Labels },
  options: Options,
  evalOptions: EvalOptions,
  firstNumber: number,
): Promise<ObjectResult[]> {
  const { size } = await engine.request('image/info', { image: { path: imagePath } });
  if (size[0] !== labels.height || size[1] !== labels.width) {
    const found = `${labels.width} × ${labels.height}`;
    throw new DomainError(
      'invalid-params',
      `its label map has ${found} pixels, the image ${size[1]} × ${size[0]}`,
    );
  }
  const all = [...new Set(labels.data)]
    .filter((label) => label > 0 && label < IGNORE)
    .sort((a, b) => a - b);
  const results: ObjectResult[] = [];
  for (const label of options.onlyFirst ? all.slice(0, 1) : all) {
    const evaluator = new ObjectEvaluator(engine, evalOptions, imagePath, targetOf(labels, label));
    results.push(await evaluator.run(key, label, firstNumber + results.length));
  }
  return results;
}

function targetOf({ width, height, data }: Labels, label: number): Target {
  return {
    width,
    height,
    truth: data.map((value) => (value === label ? 1 : value === IGNORE ? IGNORE : 0)),
  };
}

async function writeResults(
  out: string,
  summary: object,
  results: readonly ObjectResult[],
): Promise<void> {
  await mkdir(out, { recursive: true });
  await writeFile(path.join(out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  const lines = results.map((result) => JSON.stringify(result));
  await writeFile(path.join(out, 'objects.jsonl'), `${lines.join('\n')}\n`);
}

/** Overlays of the objects with the lowest mean IoU over the first five clicks: truth blue, answer orange, clicks. */
class WorstCases {
  private kept: { readonly score: number; readonly file: string }[] = [];

  constructor(
    private readonly engine: EngineClient,
    private readonly options: Options,
  ) {}

  async consider(
    result: ObjectResult,
    image: string,
    { width, height, truth }: Target,
  ): Promise<void> {
    const { worst, out } = this.options;
    if (!worst || !out) return;
    const first = result.clicks.slice(0, 5);
    const score = first.reduce((sum, { iou }) => sum + iou, 0) / Math.max(1, first.length);
    if (this.kept.length === worst && score >= this.kept.at(-1)!.score) return;
    const file = path.join(
      out,
      'worst',
      `${score.toFixed(3)}-${path.basename(result.key)}-${result.label}.png`,
    );
    await mkdir(path.dirname(file), { recursive: true });
    const object = truth.map((value) => (value === 1 ? 1 : 0));
    const masks = [
      { runs: runsToString(encodeBitmap({ width, height, data: object })), colour: [40, 120, 255] },
      { runs: result.mask, colour: [255, 140, 0] },
    ] as const;
    await writeOverlay(this.engine, { image, masks, points: result.points, file });
    this.kept = [...this.kept, { score, file }].sort((a, b) => a.score - b.score);
    for (const dropped of this.kept.splice(worst)) await rm(dropped.file, { force: true });
  }
}
