// A caption job over many images: list, caption, journal, write. Used by the command line and by the palette; never
// imports vscode. Everything done is in a journal beside the output until the output is written, so a killed job goes
// on where it was and ends with the same bytes.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { CaptionOptions } from '../../shared/caption/types';
import type { Size } from '../../shared/geometry/types';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { Journal } from '../dataset/journal';
import { Store } from '../dataset/store';
import { composer, type Captioner } from './captioner';
import type { CaptionFormat, CaptionRow } from './captionFormats';
import { listItems, type CaptionItem } from './captionItems';
import { readImageSize } from './imageSize';
import { refuseOverwrite, writeCaptions } from './writeCaptions';

export interface CaptionJob {
  /** absolute files and folders; none: every image of `coco` */
  readonly paths: readonly string[];
  /** absolute path of the dataset whose annotations are told; null: none */
  readonly coco: string | null;
  readonly format: CaptionFormat;
  /** absolute: a file, for 'txt' a folder; null: 'txt' beside the images, else nothing is written */
  readonly out: string | null;
  readonly options: CaptionOptions;
  /** this job does the items whose 0-based place modulo `count` is `index` */
  readonly shard: { readonly index: number; readonly count: number };
  /** take over what a journal beside the output holds, and replace the output */
  readonly resume: boolean;
  readonly overwrite: boolean;
  /** images worked on at once */
  readonly jobs: number;
}

export interface CaptionProgress {
  readonly done: number;
  readonly total: number;
  readonly current: string;
}

export interface CaptionPorts {
  readonly signal?: CancelSignal;
  readonly store?: Store;
  readonly captioner?: Captioner;
  readonly onProgress?: (progress: CaptionProgress) => void;
  /** asked for formats whose header we do not read; throws DomainError */
  readonly measure?: (file: string) => Promise<Size>;
}

export interface CaptionFailure {
  readonly path: string;
  readonly message: string;
}

export interface CaptionReport {
  /** images of this shard */
  readonly total: number;
  /** finished images in list order, the ones taken over included */
  readonly rows: readonly CaptionRow[];
  /** taken over from the journal */
  readonly resumed: number;
  readonly withoutAnnotations: number;
  readonly failures: readonly CaptionFailure[];
  readonly isCancelled: boolean;
  /** false: cancelled before the end, what is done waits in the journal */
  readonly isWritten: boolean;
}

/** A journal record: some finished images and what they were made of. */
interface Done {
  readonly key: string;
  readonly row: CaptionRow;
}

const BATCH = 64;

/**
 * Captions the images of a job.
 *
 * @throws DomainError when the list cannot be made or the output not be written; what is done stays in the journal
 */
export async function captionFolder(
  job: CaptionJob,
  ports: CaptionPorts = {},
): Promise<CaptionReport> {
  const { signal, store = new Store(), captioner = composer } = ports;
  const nameRoot = job.out === null ? '' : path.dirname(job.out);
  await refuseOverwrite(job);
  const items = await listItems(store, job.paths, job.coco, nameRoot, signal);
  const mine = items.filter((_, i) => i % job.shard.count === job.shard.index);
  const run = new CaptionRun(job, ports, captioner, mine);
  await run.open();
  try {
    await run.work();
    return await run.finish();
  } finally {
    await run.close();
  }
}

class CaptionRun {
  private readonly rows = new Map<number, CaptionRow>();
  private readonly failures: CaptionFailure[] = [];
  private readonly known = new Map<string, CaptionRow>();
  private journal: Journal<readonly Done[]> | null = null;
  private batch: Done[] = [];
  private resumed = 0;
  private next = 0;

  constructor(
    private readonly job: CaptionJob,
    private readonly ports: CaptionPorts,
    private readonly captioner: Captioner,
    private readonly items: readonly CaptionItem[],
  ) {}

  async open(): Promise<void> {
    const file = journalPath(this.job);
    if (file === null) return;
    await fs.mkdir(path.dirname(file), { recursive: true });
    const { journal, records } = await Journal.open<readonly Done[]>(file);
    this.journal = journal;
    if (!this.job.resume) return journal.clear();
    for (const { key, row } of records.flat()) this.known.set(key, row);
  }

  /** Captions until the list ends or the job is cancelled; a failed image never stops the others. */
  async work(): Promise<void> {
    const workers = Math.max(1, Math.min(this.job.jobs, this.items.length));
    await Promise.all(Array.from({ length: workers }, () => this.worker()));
    await this.flush();
  }

  /** Writes the output of what was done, unless the job was cancelled. */
  async finish(): Promise<CaptionReport> {
    const rows = [...this.rows.values()].sort((a, b) => a.captionId - b.captionId);
    const isCancelled = this.isCancelled();
    if (!isCancelled) {
      const paths = new Map(this.items.map((item) => [item.captionId, item.path]));
      const pathOf = (row: CaptionRow): string => paths.get(row.captionId) ?? row.fileName;
      this.failures.push(...(await writeCaptions(this.job, rows, pathOf)));
      if (this.failures.length === 0) {
        await this.journal?.remove();
        this.journal = null;
      }
    }
    const empty = new Set(this.items.filter((i) => i.objects.length === 0).map((i) => i.captionId));
    const place = new Map(this.items.map((item, i) => [item.path, i]));
    this.failures.sort((a, b) => (place.get(a.path) ?? 0) - (place.get(b.path) ?? 0));
    return {
      total: this.items.length,
      rows,
      resumed: this.resumed,
      withoutAnnotations: rows.filter((row) => empty.has(row.captionId)).length,
      failures: this.failures,
      isCancelled,
      isWritten: !isCancelled,
    };
  }

  async close(): Promise<void> {
    await this.journal?.close();
  }

  private isCancelled(): boolean {
    return this.ports.signal?.aborted === true;
  }

  private async worker(): Promise<void> {
    while (this.next < this.items.length && !this.isCancelled()) {
      const item = this.items[this.next++];
      if (!item) return;
      try {
        await this.one(item);
      } catch (error) {
        if (this.isCancelled()) return;
        if (!(error instanceof DomainError)) throw error;
        this.failures.push({ path: item.path, message: error.message });
      }
      if (this.batch.length >= BATCH) await this.flush();
      const done = this.rows.size + this.failures.length;
      this.ports.onProgress?.({ done, total: this.items.length, current: item.path });
    }
  }

  private async one(item: CaptionItem): Promise<void> {
    const key = await keyOf(item, this.job.options, this.captioner.id);
    const known = key === null ? undefined : this.known.get(key);
    if (known) {
      this.resumed++;
      this.rows.set(item.captionId, known);
      return;
    }
    const size = await readImageSize(item.path, this.ports.measure);
    const caption = await this.captioner.caption(
      { path: item.path, size: item.size ?? size, objects: item.objects },
      this.job.options,
      this.ports.signal,
    );
    const { captionId, imageId, fileName } = item;
    const row: CaptionRow = {
      ...{ captionId, imageId, fileName, size: item.size ?? size },
      ...{ caption, model: this.captioner.id },
    };
    this.rows.set(captionId, row);
    if (key !== null && this.journal) this.batch.push({ key, row });
  }

  /** @throws DomainError when the journal cannot be written: a job that could not go on must not go on */
  private async flush(): Promise<void> {
    const batch = this.batch;
    this.batch = [];
    try {
      if (batch.length > 0) await this.journal?.append(batch);
    } catch (error) {
      const { code, detail } = error as DomainError;
      const why = detail === undefined ? '' : ` (${detail})`;
      const what = `Captioning stopped, because the journal beside ${this.job.out ?? ''} cannot be written${why}.`;
      throw new DomainError(
        code,
        `${what} No image or dataset was changed; run it again with --resume.`,
      );
    }
  }
}

/**
 * What an item's caption depends on: its file, its place in the output, its annotations and the options.
 * Null when the file is not there.
 */
async function keyOf(
  item: CaptionItem,
  options: CaptionOptions,
  model: string,
): Promise<string | null> {
  const stats = await fs.stat(item.path).catch(() => null);
  if (!stats) return null;
  const content = [stats.size, stats.mtimeMs, item, options.style, options.lang, model];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

/** Beside the output, hidden; null where there is no output to be beside. */
export function journalPath({ out, format }: Pick<CaptionJob, 'out' | 'format'>): string | null {
  if (out === null) return null;
  return format === 'txt'
    ? path.join(out, '.captions.promptmark-journal')
    : path.join(path.dirname(out), `.${path.basename(out)}.promptmark-journal`);
}
