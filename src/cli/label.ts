// `promptmark prelabel`, `resegment`, …: jobs that make or change annotations, with the engine of the editor.
import { Store } from '../host/dataset/store';
import { everythingOptions } from '../host/engine/runEverything';
import { EnginePool, suitableLanes } from '../host/jobs/enginePool';
import { journalPath } from '../host/jobs/jobFiles';
import { runLabelJob, type LabelJob, type LabelReport } from '../host/jobs/labelJob';
import type { Labeller, LabelKind } from '../host/jobs/labeller';
import { everythingLabeller } from '../host/jobs/labellers/everything';
import { resegmentLabeller } from '../host/jobs/labellers/resegment';
import { findModel } from '../host/models/builtinModel';
import type { CliIo, Command } from './command';
import type { Installation } from './installation';
import { jsonFailures, orInterrupted, pauseFrom, progressTo, tellFailures } from './jobConsole';
import { expandPaths } from './jobOptions';
import { labelUsage, parseLabel, type LabelArguments } from './labelOptions';

const SUMMARIES = {
  prelabel: 'Propose annotations of images: every object a segmenter finds.',
  resegment:
    'Make the masks of a dataset again with another model; boxes and masks are the prompts.',
} as const;

/** How a labeller is made of the words. */
type Make = (
  options: LabelArguments,
  pool: EnginePool,
  installation: Installation,
) => Promise<Labeller>;

const makers: Readonly<Record<keyof typeof SUMMARIES, Make>> = {
  async prelabel(options, pool, { root }) {
    const model = await findModel(root, options.model ?? undefined);
    const info = await pool.load(model);
    const suited = everythingOptions(info);
    const { pointsPerSide, minScore, category, polygonTolerance } = options;
    const asked = {
      ...suited,
      pointsPerSide: pointsPerSide ?? suited.pointsPerSide,
      minIouScore: minScore ?? suited.minIouScore,
    };
    return everythingLabeller({ pool, model, info, options: asked, category, polygonTolerance });
  },
  async resegment({ boxOnly, polygonTolerance, ...options }, pool, { root }) {
    const model = await findModel(root, options.model ?? undefined);
    const info = await pool.load(model);
    return resegmentLabeller({ pool, model, info, useMask: !boxOnly, polygonTolerance });
  },
};

export function labelCommand(
  kind: LabelKind & keyof typeof SUMMARIES,
  installation: Installation,
): Command {
  return {
    name: kind,
    usage: labelUsage(kind),
    summary: SUMMARIES[kind],
    async run(args, io) {
      const options = parseLabel(kind, args, io.cwd);
      const paths = await expandPaths(options.paths, io);
      const job: LabelJob = { ...options, paths, jobs: options.jobs ?? suitableLanes() };
      const pool = new EnginePool(installation.engineScript);
      const stop = (): void => pool.dispose();
      const { pause, close } = pauseFrom(io, options);
      io.signal.addEventListener('abort', stop);
      try {
        const ports = { signal: io.signal, pause, onProgress: progressTo(io, options) };
        const work = async (): Promise<LabelReport> => {
          const labeller = await makers[kind](options, pool, installation);
          return runLabelJob(job, labeller, { ...ports, store: new Store() });
        };
        return tell(await orInterrupted(work(), io), options, io);
      } finally {
        io.signal.removeEventListener('abort', stop);
        close();
        pool.dispose();
      }
    },
  };
}

function tell(report: LabelReport, options: LabelArguments, io: CliIo): number {
  const { failures, isCancelled, text } = report;
  io.out(text);
  tellFailures(failures, io);
  const line = isCancelled ? interrupted(report, options) : summary(report);
  if (options.json) io.out(`${JSON.stringify(jsonSummary(report, options))}\n`);
  else if (text !== '') io.err(`${line}\n`);
  else io.out(`${line}\n`);
  return isCancelled || failures.length > 0 ? 1 : 0;
}

function summary({ finished, total, resumed, added, changed, failures }: LabelReport): string {
  const parts = [`${finished} of ${total} images`];
  if (added > 0 || changed === 0) parts.push(`${added} annotations proposed`);
  if (changed > 0) parts.push(`${changed} annotations changed`);
  if (resumed > 0) parts.push(`${resumed} images taken over`);
  if (failures.length > 0) parts.push(`${failures.length} failed; --resume tries them again`);
  return parts.join(', ');
}

function interrupted({ finished, total }: LabelReport, { out }: LabelArguments): string {
  const isKept = journalPath(out, false) !== null && finished > 0;
  const what = isKept ? 'they are kept, go on with --resume' : 'nothing was written';
  return `interrupted after ${finished} of ${total} images; ${what}`;
}

function jsonSummary(report: LabelReport, options: LabelArguments): object {
  const { total, finished, resumed, added, changed, failures, isCancelled } = report;
  return {
    ...{ total, done: finished, resumed, added, changed },
    failed: jsonFailures(failures),
    interrupted: isCancelled,
    model: report.model,
    format: options.format,
    out: options.out,
  };
}
