// A job that makes or changes annotations: pre-labels, classes, text, better masks. Like the caption job in all else:
// list, work, write; a killed job goes on where it was and ends with the same bytes.
import * as path from 'node:path';
import type { CancelSignal } from '../../shared/protocol/wire';
import { Store } from '../dataset/store';
import { replaceFile } from '../caption/writeCaptions';
import { openLog, refuseOverwrite, shareOf, type JobFiles } from './jobFiles';
import { listJobImages, type JobImage, type JobImages } from './jobImages';
import type { Labeller, Labels } from './labeller';
import { labelTexts, type LabelFormat } from './labelOutput';
import { buildEntries } from './labelEntries';
import type { Pause } from './pause';
import type { ResultLog } from './resultLog';
import { runJob, type JobFailure, type JobOutcome, type JobProgress, type JobTask } from './runJob';

export interface LabelJob extends JobFiles {
  readonly format: LabelFormat;
}

export interface LabelPorts {
  readonly signal?: CancelSignal | undefined;
  readonly pause?: Pause | undefined;
  readonly store?: Store;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

export interface LabelReport {
  /** images of this shard */
  readonly total: number;
  readonly finished: number;
  /** of `finished`, taken over from the journal */
  readonly resumed: number;
  readonly added: number;
  readonly changed: number;
  readonly failures: readonly JobFailure[];
  readonly isCancelled: boolean;
  readonly model: string;
  /** the output as text; only where nothing is written to a file */
  readonly text: string;
}

/**
 * Labels the images of a job.
 *
 * @throws DomainError when the list cannot be made, the job cannot go on or the output not be written; what is done
 *   stays in the journal
 */
export async function runLabelJob(
  job: LabelJob,
  labeller: Labeller,
  { signal, pause, store = new Store(), onProgress }: LabelPorts = {},
): Promise<LabelReport> {
  await refuseOverwrite(job, false);
  const nameRoot = job.out === null ? '' : path.dirname(job.out);
  const list = await listJobImages(store, job.paths, job.coco, nameRoot, signal);
  const log = await openLog<Labels>(job, false);
  try {
    const options = { log, lanes: job.jobs, signal, pause, onProgress };
    const outcome = await runJob(shareOf(list.images, job), labelTask(labeller, list), options);
    return await finish({ job, labeller, list, outcome, log });
  } finally {
    await log.close();
  }
}

function labelTask(labeller: Labeller, list: JobImages): JobTask<JobImage, Labels> {
  const { categories } = list;
  return {
    options: [labeller.kind, labeller.model, labeller.options],
    describe: (item) => [item.place, item.imageId, item.fileName, list.annotationsOf(item)],
    prepare: (item, lane) => labeller.prepare(item.path, lane.index),
    run: (item, lane) => {
      const subject = { path: item.path, annotations: list.annotationsOf(item), categories };
      return labeller.label(subject, lane.index, lane.signal);
    },
  };
}

interface Finished {
  readonly job: LabelJob;
  readonly labeller: Labeller;
  readonly list: JobImages;
  readonly outcome: JobOutcome<JobImage, Labels>;
  readonly log: ResultLog<Labels>;
}

async function finish({ job, labeller, list, outcome, log }: Finished): Promise<LabelReport> {
  const entries = buildEntries(outcome.results, {
    categories: list.categories,
    given: labeller.categories,
    next: list.next,
    shard: job.shard,
  });
  let [added, changed, text] = [0, 0, ''];
  for (const { result } of outcome.results) {
    added += result.added.length;
    changed += result.changed.length;
  }
  const texts = (): Iterable<string> =>
    labelTexts(job.format, { kind: labeller.kind, model: labeller.model, coco: job.coco }, entries);
  if (!outcome.isCancelled && job.out === null) for (const part of texts()) text += part;
  if (!outcome.isCancelled && job.out !== null) {
    await replaceFile(job.out, texts());
    if (outcome.failures.length === 0) await log.remove();
  }
  const { total, finished, skipped: resumed, failures, isCancelled } = outcome;
  const { model } = labeller;
  return { total, finished, resumed, added, changed, failures, isCancelled, model, text };
}
