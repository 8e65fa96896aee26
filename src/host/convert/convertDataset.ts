// One conversion between COCO and the other formats, for the command line and the editor. It streams: memory does not
// grow with the annotations. Between two foreign formats the way goes through a temporary COCO file.
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { DatasetSource, Format, Loss } from '../../shared/formats/format';
import { formats } from '../../shared/formats/formats';
import { readFormat, writeFormat } from '../../shared/formats/runFormat';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { nodeFiles } from '../dataset/filePort';
import { findRootOf } from '../dataset/imageLookup';
import { CocoSink, CountingSink } from './cocoSink';
import { CocoSource } from './cocoSource';
import { FolderFiles } from './folderFiles';
import { CountedFiles, refuseExisting, StagedFiles } from './stagedFiles';

/** The id of COCO beside those of `formats`. */
export const COCO = 'coco';

/** Ids of everything that can be converted from and to. */
export const formatIds: readonly string[] = [COCO, ...formats.keys()];

/** Name of a COCO file that is written into a folder. */
export const NEW_NAME = 'annotations.coco.json';

export interface ConvertJob {
  /** id of the source's and of the target's format */
  readonly from: string;
  readonly to: string;
  /** absolute; COCO is a file, the others are files or folders */
  readonly source: string;
  /** absolute; COCO is a file or an existing folder, the others are folders */
  readonly target: string;
  /** folder of the pictures, absolute; absent: found beside the COCO file, or the source's folder */
  readonly images?: string;
  /** replace files that are there already */
  readonly force?: boolean;
  /** report only: nothing is written */
  readonly dryRun?: boolean;
  readonly signal?: CancelSignal;
  readonly onProgress?: (stage: 'reading' | 'writing', done: number, total: number) => void;
}

export interface ConvertReport {
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  /** where it was written, absolute: the COCO file, or the folder */
  readonly target: string;
  /** number of files written, or that would be */
  readonly files: number;
  readonly losses: readonly Loss[];
  /** folder that file_name in a written COCO file is relative to, where that is not the file's own; absolute */
  readonly imagesFolder?: string;
}

/**
 * Converts a dataset.
 *
 * @throws DomainError when the source is no dataset or the target exists; nothing is changed then. Bad content inside
 *   files does not throw: it is among the losses, with file, line and column.
 */
export async function convertDataset(job: ConvertJob): Promise<ConvertReport> {
  const [from, to] = [formatOf(job.from), formatOf(job.to)];
  if (from && to) return throughCoco(job, from, to);
  if (from) return readToCoco(job, from, await cocoTarget(job));
  const source = await openCoco(job, job.source);
  return to ? writeFrom(source, job, to) : copyCoco(source, job);
}

/** The converter; null: COCO itself. @throws DomainError for an id that is neither */
function formatOf(id: string): Format | null {
  if (id === COCO) return null;
  const format = formats.get(id);
  if (!format) throw new DomainError('invalid-params', `There is no format "${id}".`);
  return format;
}

function progressOf(
  { signal, onProgress }: ConvertJob,
  stage: 'reading' | 'writing',
): { signal?: CancelSignal; onProgress?: (done: number, total: number) => void } {
  return {
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress: (done, total) => onProgress(stage, done, total) } : {}),
  };
}

async function openCoco(job: ConvertJob, file: string): Promise<CocoSource> {
  return CocoSource.open(file, {
    ...progressOf(job, 'reading'),
    onRecord: progressOf(job, 'writing').onProgress,
  });
}

async function cocoTarget({ target, force }: ConvertJob): Promise<string> {
  const stats = await fs.stat(target).catch(() => null); // writing tells what is wrong
  const file = stats?.isDirectory() ? path.join(target, NEW_NAME) : target;
  if (!force) await refuseExisting([file]);
  return file;
}

/** file_name from the folder of the COCO file; null where the pictures are not below it. */
function prefixOf(file: string, imagesFolder: string): string | null {
  const way = path.relative(path.dirname(file), imagesFolder);
  if (way === '') return '';
  if (way.startsWith('..') || path.isAbsolute(way)) return null;
  return `${way.split(path.sep).join('/')}/`;
}

async function readToCoco(job: ConvertJob, from: Format, file: string): Promise<ConvertReport> {
  let sink: CocoSink | undefined;
  const options = {
    ...progressOf(job, 'reading'),
    ...(job.images === undefined ? {} : { images: job.images }),
  };
  const source = await FolderFiles.find(from, job.source, options, async () => sink?.flush());
  const prefix = prefixOf(file, source.imagesFolder);
  if (!job.dryRun) sink = await CocoSink.create(path.dirname(file), prefix ?? '');
  const counted = sink ?? new CountingSink();
  try {
    const { categories, losses } = await readFormat(from, source, counted);
    await sink?.finish(file, categories);
    return {
      ...counted.counts,
      categories: categories.length,
      target: file,
      files: 1,
      losses,
      ...(prefix === null ? { imagesFolder: source.imagesFolder } : {}),
    };
  } finally {
    await sink?.discard();
  }
}

async function writeFrom(source: CocoSource, job: ConvertJob, to: Format): Promise<ConvertReport> {
  const target = job.dryRun ? new CountedFiles() : new StagedFiles(job.target, job.signal);
  try {
    const losses = await writeFormat(to, source, target);
    if (target instanceof StagedFiles) await target.commit(job.force ?? false);
    const all = [...source.losses, ...losses];
    return { ...source.counts, target: job.target, files: target.count, losses: all };
  } finally {
    if (target instanceof StagedFiles) await target.discard();
  }
}

async function throughCoco(job: ConvertJob, from: Format, to: Format): Promise<ConvertReport> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'promptmark-convert-'));
  try {
    const middle = path.join(folder, NEW_NAME);
    const read = await readToCoco({ ...job, dryRun: false, force: false }, from, middle);
    const written = await writeFrom(await openCoco(job, middle), job, to);
    return { ...written, losses: [...read.losses, ...written.losses] };
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** COCO to COCO: usable entries only, in our own form, annotations in the order of their images. */
async function copyCoco(source: CocoSource, job: ConvertJob): Promise<ConvertReport> {
  const file = await cocoTarget(job);
  const found = job.images ?? (await findRootOf(nodeFiles, job.source, source.firstNames));
  const imagesFolder = found ?? path.dirname(job.source);
  const prefix = prefixOf(file, imagesFolder);
  const sink = job.dryRun ? undefined : await CocoSink.create(path.dirname(file), prefix ?? '');
  try {
    await copyRecords(source, sink);
    await sink?.finish(file, source.categories);
    const told = prefix === null ? { imagesFolder } : {};
    return { ...source.counts, target: file, files: 1, losses: source.losses, ...told };
  } finally {
    await sink?.discard();
  }
}

async function copyRecords(source: DatasetSource, sink: CocoSink | undefined): Promise<void> {
  for await (const { image, annotations } of source.records()) {
    sink?.image(image);
    for (const annotation of annotations) sink?.annotation(annotation);
    await sink?.flush();
  }
}
