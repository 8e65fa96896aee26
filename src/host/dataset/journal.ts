// A write-ahead journal: every record is on disk before `append` answers, and what a kill cut off in the middle is
// left out when it is replayed. One line a record: the first 16 hex digits of its SHA-256, a space, its JSON.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { atomicWrite } from './atomicWrite';
import { errorCode, fileError, nodeFiles } from './filePort';

/** An open journal; one writer a file. */
export class Journal<T> {
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private handle: fs.FileHandle,
  ) {}

  /**
   * Opens a journal and reads what it holds. A torn end is cut off.
   *
   * @throws DomainError when the file cannot be opened
   */
  static async open<T>(path: string): Promise<{ journal: Journal<T>; records: readonly T[] }> {
    try {
      const { records, validBytes } = parseJournal<T>(await readOrEmpty(path));
      const handle = await fs.open(path, 'a', 0o600);
      await handle.truncate(validBytes);
      // A file that was just made is in its folder after a power cut only when the folder is synced too.
      if (validBytes === 0) await nodeFiles.syncFolder(dirname(path)).catch(() => undefined);
      return { journal: new Journal<T>(path, handle), records };
    } catch (error) {
      throw fileError(error, `The journal ${path} cannot be opened`, 'Nothing was changed.');
    }
  }

  /** Adds a record and returns its bytes; durable when it answers. Records keep the order of the calls. */
  append(record: T): Promise<number> {
    const line = formatRecord(record);
    return this.queue(async () => {
      await this.handle.appendFile(line);
      await this.handle.datasync();
      return Buffer.byteLength(line);
    });
  }

  /** Puts these records in the place of all others and returns their bytes; a kill leaves the old ones or the new. */
  replace(records: readonly T[]): Promise<number> {
    const text = records.map(formatRecord).join('');
    return this.queue(async () => {
      const parts = [Buffer.from(text)];
      await this.handle.close(); // Windows renames over no open file
      try {
        await atomicWrite(nodeFiles, this.path, parts, null);
      } finally {
        this.handle = await fs.open(this.path, 'a', 0o600);
      }
      return Buffer.byteLength(text);
    });
  }

  /** Forgets every record, once their content is safe elsewhere. */
  clear(): Promise<void> {
    return this.queue(async () => {
      await this.handle.truncate(0);
      await this.handle.datasync();
    });
  }

  async close(): Promise<void> {
    await this.queue(() => this.handle.close());
  }

  /** Closes the journal and removes its file. */
  async remove(): Promise<void> {
    await this.close();
    await fs.rm(this.path, { force: true });
  }

  private queue<R>(work: () => Promise<R>): Promise<R> {
    const run = this.tail.then(work).catch((error: unknown) => {
      throw fileError(error, 'The journal of unsaved changes cannot be written', 'Save now.');
    });
    this.tail = run.catch(() => undefined);
    return run;
  }
}

async function readOrEmpty(path: string): Promise<Buffer> {
  try {
    return await fs.readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** One record as its line of bytes. */
export function formatRecord(record: unknown): string {
  const json = JSON.stringify(record);
  return `${digest(json)} ${json}\n`;
}

/** The whole records from the start of a journal, up to the first line that is torn or damaged. */
export function parseJournal<T>(bytes: Buffer): { records: T[]; validBytes: number } {
  const records: T[] = [];
  let validBytes = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, validBytes);
    if (end < 0) return { records, validBytes };
    const line = bytes.toString('utf8', validBytes, end);
    const json = line.slice(17);
    if (line[16] !== ' ' || digest(json) !== line.slice(0, 16)) return { records, validBytes };
    records.push(JSON.parse(json) as T);
    validBytes = end + 1;
  }
}

const digest = (json: string): string =>
  createHash('sha256').update(json).digest('hex').slice(0, 16);
