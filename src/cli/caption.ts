// `promptmark caption`: captions of one image or a million, with the job of the palette's "Caption Folder".
import path from 'node:path';
import { composer } from '../host/caption/captioner';
import {
  captionFolder,
  journalPath,
  type CaptionJob,
  type CaptionPorts,
  type CaptionProgress,
  type CaptionReport,
} from '../host/caption/captionFolder';
import { formatCaptions } from '../host/caption/captionFormats';
import { findCaptionDatasets } from '../host/caption/findCaptionDataset';
import { findImages } from '../host/caption/findImages';
import { Store } from '../host/dataset/store';
import { EngineClient } from '../host/engine/engineClient';
import type { Size } from '../shared/geometry/types';
import { DomainError } from '../shared/protocol/wire';
import { captionUsage, parseCaption, type CaptionArguments } from './captionOptions';
import { UsageError, type CliIo, type Command } from './command';
import { expandGlob } from './glob';
import type { Installation } from './installation';

const PROGRESS_MS = 1000;
const SHOWN_FAILURES = 50;

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
      const { measure, dispose } = new Measurer(installation.engineScript);
      io.signal.addEventListener('abort', dispose);
      try {
        const ports = { signal: io.signal, store, measure, onProgress: progressTo(io) };
        return report(await run(job, ports), options, io);
      } finally {
        io.signal.removeEventListener('abort', dispose);
        dispose();
      }
    },
  };
}

/** A job that is interrupted before its list is made has done nothing; that is no error to explain. */
async function run(job: CaptionJob, ports: CaptionPorts): Promise<CaptionReport> {
  try {
    return await captionFolder(job, ports);
  } catch (error) {
    if (ports.signal?.aborted !== true) throw error;
    throw new DomainError('cancelled', 'Interrupted; nothing was written.');
  }
}

function noModel(id: string): DomainError {
  return new DomainError(
    'model-missing',
    `There is no captioning model "${id.slice(0, 80)}". Leave out --model: the built-in composer (${composer.id}) ` +
      'tells the annotations and needs no model.',
  );
}

async function jobOf(options: CaptionArguments, store: Store, io: CliIo): Promise<CaptionJob> {
  const paths: string[] = [];
  for (const word of options.paths) paths.push(...(await expandGlob(word, io.cwd)));
  const { format, out, style, lang, shard, resume, overwrite, jobs } = options;
  return {
    ...{ paths, format, out, shard, resume, overwrite, jobs },
    coco: options.coco ?? (await onlyDataset(store, paths, io)),
    options: { style, lang },
  };
}

/** The COCO file that lists the images, when none was named; null when there is none. */
async function onlyDataset(
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
class Measurer {
  private engine: EngineClient | null = null;

  constructor(private readonly script: string) {}

  readonly measure = async (file: string): Promise<Size> => {
    this.engine ??= new EngineClient({ script: this.script });
    const { size } = await this.engine.request('image/info', { image: { path: file } });
    return size;
  };

  readonly dispose = (): void => this.engine?.dispose();
}

function progressTo(io: CliIo): (progress: CaptionProgress) => void {
  let shownAt = Date.now();
  return ({ done, total }) => {
    if (Date.now() - shownAt < PROGRESS_MS) return;
    shownAt = Date.now();
    io.err(`${done} of ${total}\n`);
  };
}

function report(result: CaptionReport, options: CaptionArguments, io: CliIo): number {
  const { failures, rows, isWritten, isCancelled } = result;
  const printed = options.out === null && isWritten && options.format;
  const isPrinted = printed !== false && printed !== 'txt';
  if (isPrinted) io.out(formatCaptions(printed, rows));
  for (const { message } of failures.slice(0, SHOWN_FAILURES)) io.err(`${oneLine(message)}\n`);
  if (failures.length > SHOWN_FAILURES) {
    io.err(`and ${failures.length - SHOWN_FAILURES} more failures\n`);
  }
  const text = isCancelled ? interrupted(result, options) : summary(result);
  if (options.json) io.out(`${JSON.stringify(jsonSummary(result, options))}\n`);
  else if (isPrinted) io.err(`${text}\n`);
  else io.out(`${text}\n`);
  return isCancelled || failures.length > 0 ? 1 : 0;
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

function summary({ rows, total, resumed, withoutAnnotations, failures }: CaptionReport): string {
  const parts = [`${rows.length} of ${total} images captioned`];
  if (resumed > 0) parts.push(`${resumed} of them taken over`);
  if (withoutAnnotations > 0) parts.push(`${withoutAnnotations} without annotations`);
  if (failures.length > 0) parts.push(`${failures.length} failed; --resume tries them again`);
  return parts.join(', ');
}

function interrupted({ rows, total }: CaptionReport, options: CaptionArguments): string {
  const kept = journalPath(options) !== null && rows.length > 0;
  const what = kept ? 'they are kept, go on with --resume' : 'nothing was written';
  return `interrupted after ${rows.length} of ${total} images; ${what}`;
}

function jsonSummary(result: CaptionReport, options: CaptionArguments): object {
  const { total, rows, resumed, withoutAnnotations, failures, isCancelled } = result;
  return {
    total,
    captioned: rows.length,
    resumed,
    without_annotations: withoutAnnotations,
    failed: failures.map(({ path: image, message }) => ({ image, message: oneLine(message) })),
    interrupted: isCancelled,
    model: composer.id,
    format: options.format,
    out: options.out,
  };
}
