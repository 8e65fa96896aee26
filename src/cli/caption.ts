// `promptmark caption`: captions of one image or a million, with the job of the palette's "Caption Folder".
import path from 'node:path';
import { composer } from '../host/caption/captioner';
import { captionTexts } from '../host/caption/captionFormats';
import { findCaptionDatasets } from '../host/caption/findCaptionDataset';
import { findImages } from '../host/caption/findImages';
import { Store } from '../host/dataset/store';
import { EnginePool } from '../host/jobs/enginePool';
import { captionFolder, type CaptionJob, type CaptionReport } from '../host/jobs/captionFolder';
import { journalPath } from '../host/jobs/jobFiles';
import type { Size } from '../shared/geometry/types';
import { DomainError } from '../shared/protocol/wire';
import { captionUsage, parseCaption, type CaptionArguments } from './captionOptions';
import { UsageError, type CliIo, type Command } from './command';
import type { Installation } from './installation';
import { jsonFailures, orInterrupted, pauseFrom, progressTo, tellFailures } from './jobConsole';
import { expandPaths } from './jobOptions';

const COMPOSER_LANES = 4;

export function captionCommand(installation: Installation): Command {
  return {
    name: 'caption',
    usage: captionUsage,
    summary: 'Caption images from their annotations; COCO captions, txt, jsonl, csv or sharegpt.',
    async run(args, io) {
      const options = parseCaption(args, io.cwd);
      if (options.model !== null && options.model !== composer.id) throw noModel(options.model);
      const store = new Store();
      const job = await jobOf(options, store, io);
      const pool = new EnginePool(installation.engineScript);
      const stop = (): void => pool.dispose();
      const { pause, close } = pauseFrom(io, options);
      io.signal.addEventListener('abort', stop);
      try {
        const ports = { signal: io.signal, pause, store, onProgress: progressTo(io, options) };
        const measure = measureWith(pool);
        return report(
          await orInterrupted(captionFolder(job, { ...ports, measure }), io),
          options,
          io,
        );
      } finally {
        io.signal.removeEventListener('abort', stop);
        close();
        pool.dispose();
      }
    },
  };
}

function noModel(id: string): DomainError {
  return new DomainError(
    'model-missing',
    `There is no captioning model "${id.slice(0, 80)}". Leave out --model: the built-in composer (${composer.id}) ` +
      'tells the annotations and needs no model.',
  );
}

async function jobOf(options: CaptionArguments, store: Store, io: CliIo): Promise<CaptionJob> {
  const paths = await expandPaths(options.paths, io);
  const { style, lang } = options;
  return {
    ...options,
    paths,
    jobs: options.jobs ?? COMPOSER_LANES,
    coco: options.coco ?? (await onlyDataset(store, paths, io)),
    options: { style, lang },
  };
}

/** The COCO file that lists the images, when none was named; null when there is none. */
export async function onlyDataset(
  store: Store,
  paths: readonly string[],
  io: CliIo,
): Promise<string | null> {
  const [first] = await findImages(paths, io.signal);
  if (first === undefined) return null;
  const [found, other] = await findCaptionDatasets(store, first, io.signal);
  if (found !== undefined && other !== undefined) {
    throw new UsageError(`several COCO files list ${first}; choose one with --coco, e.g. ${found}`);
  }
  const name = (file: string): string => path.relative(io.cwd, file) || file;
  if (found !== undefined) io.err(`annotations of ${name(found)}\n`);
  return found ?? null;
}

/** Sizes from the engine, for what has no simple header; started when first needed. */
function measureWith(pool: EnginePool): (file: string) => Promise<Size> {
  return async (file) => {
    const { size } = await pool.of(0).request('image/info', { image: { path: file } });
    return size;
  };
}

function report(result: CaptionReport, options: CaptionArguments, io: CliIo): number {
  const { failures, rows, isWritten, isCancelled } = result;
  const printed = options.out === null && isWritten && options.format;
  const isPrinted = printed !== false && printed !== 'txt' && printed !== 'changes';
  if (isPrinted) for (const text of captionTexts(printed, rows)) io.out(text);
  tellFailures(failures, io);
  const text = isCancelled ? interrupted(result, options) : summary(result);
  if (options.json) io.out(`${JSON.stringify(jsonSummary(result, options))}\n`);
  else if (isPrinted) io.err(`${text}\n`);
  else io.out(`${text}\n`);
  return isCancelled || failures.length > 0 ? 1 : 0;
}

function summary(report: CaptionReport): string {
  const { captioned, total, resumed, withoutAnnotations, failures } = report;
  const parts = [`${captioned} of ${total} images captioned`];
  if (resumed > 0) parts.push(`${resumed} of them taken over`);
  if (withoutAnnotations > 0) parts.push(`${withoutAnnotations} without annotations`);
  if (failures.length > 0) parts.push(`${failures.length} failed; --resume tries them again`);
  return parts.join(', ');
}

function interrupted({ captioned, total }: CaptionReport, options: CaptionArguments): string {
  const journal = journalPath(options.out, options.format === 'txt');
  const isKept = journal !== null && captioned > 0;
  const what = isKept ? 'they are kept, go on with --resume' : 'nothing was written';
  return `interrupted after ${captioned} of ${total} images; ${what}`;
}

function jsonSummary(result: CaptionReport, options: CaptionArguments): object {
  const { total, captioned, resumed, withoutAnnotations, failures, isCancelled } = result;
  return {
    total,
    done: captioned,
    captioned,
    resumed,
    without_annotations: withoutAnnotations,
    failed: jsonFailures(failures),
    interrupted: isCancelled,
    model: composer.id,
    format: options.format,
    out: options.out,
  };
}
