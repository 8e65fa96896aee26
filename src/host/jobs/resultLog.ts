// The results of a job while it runs: a write-ahead file of one line a finished item, of which only the places are
// kept in memory. A kill loses what was not written yet; a torn end is cut off.
import { readSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { formatRecord, parseJournal } from '../dataset/journal';
import { errorCode, fileError } from '../dataset/filePort';

/** What tells whether a file is still the one a result was made of. */
export interface FileFacts {
  /** bytes */
  readonly size: number;
  readonly modifiedMs: number;
  /** SHA-256 of the content, base64url */
  readonly content: string;
}

/** A finished item as a line of the file. */
interface Entry<R> extends FileFacts {
  /** names the item, its inputs beside the file, and the options */
  readonly key: string;
  readonly result: R;
}

interface Kept<R> {
  readonly facts: FileFacts;
  /** the line's first byte and length; with `result` where there is no file */
  readonly at: number;
  readonly length: number;
  readonly result?: R;
}

const READ_BYTES = 4 << 20;
const SYNC_MS = 2000;

/** One writer a file; without a file the results are kept in memory. */
export class ResultLog<R> {
  private readonly kept = new Map<string, Kept<R>>();
  private waiting: { readonly line: Buffer; readonly entry: Entry<R> }[] = [];
  private writing: Promise<void> | null = null;
  private end = 0;
  private syncedAt = 0;

  private constructor(
    private readonly path: string | null,
    private handle: fs.FileHandle | null,
  ) {}

  /**
   * @param path null: memory only
   * @param resume false: what the file holds is forgotten
   * @throws DomainError when the file cannot be opened
   */
  static async open<R>(path: string | null, resume: boolean): Promise<ResultLog<R>> {
    if (path === null) return new ResultLog<R>(null, null);
    try {
      const handle = await fs.open(path, resume ? 'a+' : 'w+', 0o600);
      const log = new ResultLog<R>(path, handle);
      await log.readAll();
      await handle.truncate(log.end);
      return log;
    } catch (error) {
      throw fileError(error, `The journal ${path} cannot be opened`, 'Nothing was changed.');
    }
  }

  /** What the result of this key was made of; undefined: there is none. */
  facts(key: string): FileFacts | undefined {
    return this.kept.get(key)?.facts;
  }

  /** Adds a result; it survives a kill of this process when this answers, and a power cut soon after. */
  async add(key: string, { size, modifiedMs, content }: FileFacts, result: R): Promise<void> {
    const entry = { key, size, modifiedMs, content, result };
    if (!this.handle) {
      this.kept.set(key, { facts: entry, at: 0, length: 0, result });
      return;
    }
    this.waiting.push({ line: Buffer.from(formatRecord(entry)), entry });
    while (this.waiting.some((one) => one.entry === entry)) {
      this.writing ??= this.writeWaiting();
      await this.writing;
    }
  }

  /** From the file, at once: outputs are written by generators. @throws RangeError when there is no such result */
  read(key: string): R {
    const kept = this.kept.get(key);
    if (!kept) throw new RangeError(`There is no result ${key}.`);
    if (!this.handle) return kept.result!;
    const bytes = Buffer.alloc(kept.length);
    readSync(this.handle.fd, bytes, 0, kept.length, kept.at);
    const [entry] = parseJournal<Entry<R>>(bytes).records;
    if (!entry) throw new RangeError(`The result ${key} was changed by another program.`);
    return entry.result;
  }

  async close(): Promise<void> {
    const { handle } = this;
    this.handle = null;
    await handle?.close();
  }

  /** Closes the file and removes it: the results are safe elsewhere. */
  async remove(): Promise<void> {
    await this.close();
    if (this.path !== null) await fs.rm(this.path, { force: true });
  }

  private async writeWaiting(): Promise<void> {
    const batch = [...this.waiting];
    try {
      const bytes = Buffer.concat(batch.map(({ line }) => line));
      await this.handle!.appendFile(bytes);
      if (Date.now() - this.syncedAt > SYNC_MS) {
        await this.handle!.datasync();
        this.syncedAt = Date.now();
      }
      for (const { line, entry } of batch) this.keep(entry, line.length);
    } finally {
      this.waiting = this.waiting.filter((one) => !batch.includes(one));
      this.writing = null;
    }
  }

  private keep({ key, size, modifiedMs, content }: Entry<R>, length: number): void {
    this.kept.set(key, { facts: { size, modifiedMs, content }, at: this.end, length });
    this.end += length;
  }

  /** Reads in pieces: the file of a large job does not fit in memory. */
  private async readAll(): Promise<void> {
    let rest = Buffer.alloc(0);
    for (let at = 0; ;) {
      const piece = Buffer.alloc(READ_BYTES);
      const { bytesRead } = await this.handle!.read(piece, 0, READ_BYTES, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const bytes = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
      const used = this.take(bytes);
      if (used < bytes.lastIndexOf(0x0a) + 1) return; // damaged: what follows is not trusted
      rest = bytes.subarray(used);
    }
  }

  /** @returns bytes of whole lines */
  private take(bytes: Buffer): number {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(0x0a, from) + 1;
      if (end === 0) return from;
      const [entry] = parseJournal<Entry<R>>(bytes.subarray(from, end)).records;
      if (!entry) return from;
      this.keep(entry, end - from);
      from = end;
    }
  }
}

/** The file's facts. @throws DomainError when it cannot be read */
export async function statFacts(file: string): Promise<Omit<FileFacts, 'content'>> {
  const stats = await fs.stat(file).catch((error: unknown) => {
    const what =
      errorCode(error) === 'ENOENT' ? `${file} does not exist` : `${file} cannot be read`;
    throw fileError(error, what, 'The other images are not affected.');
  });
  return { size: stats.size, modifiedMs: stats.mtimeMs };
}
