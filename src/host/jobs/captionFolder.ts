// A caption job over many images: list, caption, write. Used by the command line and by the palette; never imports
// vscode. A killed job goes on where it was and ends with the same bytes.
import * as path from 'node:path';
import { captionObjects } from '../../shared/caption/captionObjects';
import type { CaptionObject, CaptionOptions } from '../../shared/caption/types';
import type { Size } from '../../shared/geometry/types';
import type { CancelSignal } from '../../shared/protocol/wire';
import { composer, type Captioner } from '../caption/captioner';
import { captionEntry, type CaptionFormat, type CaptionRow } from '../caption/captionFormats';
import { readImageSize } from '../caption/imageSize';
import { replaceFile, writeCaptions } from '../caption/writeCaptions';
import { Store } from '../dataset/store';
import { changeTexts, type ImageChanges } from './changeSet';
import { openLog, refuseOverwrite, shareOf, type JobFiles } from './jobFiles';
import { listJobImages, type JobImage, type JobImages } from './jobImages';
import type { Pause } from './pause';
import type { ResultLog } from './resultLog';
import { runJob, type JobFailure, type JobOutcome, type JobProgress, type JobTask } from './runJob';

export interface CaptionJob extends JobFiles {
  /** the dataset whose annotations are told is `coco`; `out` null: 'txt' beside the images, else nothing is written */
  readonly format: CaptionFormat;
  readonly options: CaptionOptions;
}

export interface CaptionPorts {
  readonly signal?: CancelSignal;
  readonly pause?: Pause;
  readonly store?: Store;
  readonly captioner?: Captioner;
  readonly onProgress?: (progress: JobProgress) => void;
  /** asked for formats whose header we do not read; throws DomainError */
  readonly measure?: (file: string) => Promise<Size>;
}

export interface CaptionReport {
  /** images of this shard */
  readonly total: number;
  readonly captioned: number;
  /** finished images in list order, the ones taken over included; only where nothing is written to a file */
  readonly rows: readonly CaptionRow[];
  /** taken over from the journal */
  readonly resumed: number;
  readonly withoutAnnotations: number;
  readonly failures: readonly JobFailure[];
  readonly isCancelled: boolean;
  /** false: cancelled before the end, what is done waits in the journal */
  readonly isWritten: boolean;
}

/** What is kept of a finished image. */
interface Captioned {
  readonly size: Size;
  readonly caption: string;
  readonly hasObjects: boolean;
}

/**
 * Captions the images of a job.
 *
 * @throws DomainError when the list cannot be made or the output not be written; what is done stays in the journal
 */
export async function captionFolder(
  job: CaptionJob,
  ports: CaptionPorts = {},
): Promise<CaptionReport> {
  const { signal, pause, store = new Store(), captioner = composer, onProgress } = ports;
  const isFolder = job.format === 'txt';
  await refuseOverwrite(job, isFolder);
  const nameRoot = job.out === null ? '' : path.dirname(job.out);
  const list = await listJobImages(store, job.paths, job.coco, nameRoot, signal);
  const task = captionTask(job, captioner, list, ports.measure);
  const log = await openLog<Captioned>(job, isFolder);
  try {
    const lanes = job.jobs;
    const options = { log, lanes, signal, pause, onProgress };
    const outcome = await runJob(shareOf(list.images, job), task, options);
    return await finish({ job, outcome, model: captioner.id, log, list });
  } finally {
    await log.close();
  }
}

function captionTask(
  { options }: CaptionJob,
  captioner: Captioner,
  list: JobImages,
  measure: CaptionPorts['measure'],
): JobTask<JobImage, Captioned> {
  const objectsOf = (item: JobImage): readonly CaptionObject[] =>
    captionObjects(list.annotationsOf(item), list.categories);
  return {
    options: ['caption', captioner.id, options],
    describe: (item) => [
      ...[item.place, item.imageId, item.fileName, item.size],
      captioner.readsObjects ? objectsOf(item) : null,
    ],
    prepare: (item, lane) => captioner.prepare?.(item.path, lane.index),
    async run(item, lane) {
      const objects = objectsOf(item);
      // Read though the dataset may know it: a damaged image is told.
      const measured = await readImageSize(item.path, measure);
      const size = item.size ?? measured;
      const subject = { path: item.path, size, objects };
      const caption = await captioner.caption(subject, options, lane.signal, lane.index);
      return { size, caption, hasObjects: objects.length > 0 };
    },
  };
}

interface Finished {
  readonly job: CaptionJob;
  readonly outcome: JobOutcome<JobImage, Captioned>;
  readonly model: string;
  readonly log: ResultLog<Captioned>;
  readonly list: JobImages;
}

/** Writes the output of what was done, unless the job was cancelled. */
async function finish(finished: Finished): Promise<CaptionReport> {
  const { job, outcome, model, log } = finished;
  const { isCancelled, total, skipped: resumed } = outcome;
  const failures = [...outcome.failures];
  let withoutAnnotations = 0;
  for (const { result } of outcome.results) if (!result.hasObjects) withoutAnnotations++;
  const rows = job.out === null ? [...rowsOf(outcome, model)] : [];
  if (!isCancelled) {
    failures.push(...(await write(finished)));
    if (failures.length === 0) await log.remove();
  }
  const isWritten = !isCancelled;
  const captioned = outcome.finished;
  return { total, captioned, rows, resumed, withoutAnnotations, failures, isCancelled, isWritten };
}

async function write({ job, outcome, model, list }: Finished): Promise<JobFailure[]> {
  const { format, out, overwrite } = job;
  if (format === 'changes') {
    const header = { kind: 'caption', model, coco: job.coco, categories: [] };
    if (out !== null) await replaceFile(out, changeTexts(header, changesOf(outcome, model, list)));
    return [];
  }
  const paths = new Map<number, string>();
  for (const { item } of outcome.results) paths.set(item.place, item.path);
  const pathOf = (row: CaptionRow): string => paths.get(row.captionId) ?? row.fileName;
  return writeCaptions({ format, out, overwrite }, rowsOf(outcome, model), pathOf);
}

/** Captions beside the instances of the dataset. */
function changesOf(
  { results }: JobOutcome<JobImage, Captioned>,
  model: string,
  { next }: JobImages,
): Iterable<ImageChanges> {
  return {
    *[Symbol.iterator]() {
      for (const { item, result } of results) {
        const { imageId, fileName, size } = { ...item, size: result.size };
        const [height, width] = size;
        const captionId = next.annotation + item.place - 1;
        const { caption } = result;
        yield {
          path: item.path,
          image: item.image ?? { id: imageId, file_name: fileName, width, height },
          isListed: item.image !== null,
          added: [captionEntry({ captionId, imageId, fileName, size, caption, model })],
          changed: [],
        };
      }
    },
  };
}

function rowsOf({ results }: JobOutcome<JobImage, Captioned>, model: string): Iterable<CaptionRow> {
  return {
    *[Symbol.iterator]() {
      for (const { item, result } of results) {
        const { place: captionId, imageId, fileName } = item;
        const { size, caption } = result;
        yield { captionId, imageId, fileName, size, caption, model };
      }
    },
  };
}
