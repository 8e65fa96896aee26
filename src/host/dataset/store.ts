// COCO files that were read and indexed, kept in memory while their bytes on disk are the same.
import { createHash } from 'node:crypto';
import * as path from 'node:path';
import type { CocoIndex } from '../../shared/coco/cocoIndex';
import { scanSteps } from '../../shared/coco/scan';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { fileError, nodeFiles, type FilePort, type FileStamp } from './filePort';
import { inSteps } from './inSteps';

/** A file as it was read. */
export interface Loaded {
  /** as asked for */
  readonly path: string;
  /** the file itself, links followed */
  readonly realPath: string;
  readonly stamp: FileStamp;
  readonly bytes: Uint8Array;
  /** sha256, hex */
  readonly contentHash: string;
  readonly index: CocoIndex;
  /** folder of the images, once it was found */
  imagesRoot?: string;
  /** until when (ms) it is not looked for again after it was not found */
  imagesRootUnknownUntil?: number;
  /** how many works use the bytes now; they may be changed in place only at 0 */
  pins: number;
}

export interface LoadOptions {
  readonly signal?: CancelSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** Offsets are 32 bits wide. */
const MOST_BYTES = 2 ** 32 - 1;

export class Store {
  /** least recently used first */
  private readonly cache = new Map<string, Loaded>();
  private readonly loading = new Map<string, Promise<unknown>>();

  /** @param cacheBytes files beyond this are dropped, the last one used excepted */
  constructor(
    readonly files: FilePort = nodeFiles,
    private readonly cacheBytes = 256 << 20,
  ) {}

  /**
   * The file, read again if it changed; null when there is none.
   *
   * @throws DomainError when it cannot be read; files with bad content do not throw, see `index.problems`
   */
  async load(file: string, options: LoadOptions = {}, pins = 0): Promise<Loaded | null> {
    if (!path.isAbsolute(file)) {
      throw new DomainError('invalid-params', `The path of a dataset must be absolute: ${file}`);
    }
    // One reader at a time for a path: the second one finds the first one's work in the cache.
    const before = this.loading.get(file) ?? Promise.resolve();
    const mine = before.then(async () => {
      const loaded = await this.loadNow(file, options);
      if (loaded) loaded.pins += pins; // in the same step, so that no save comes in between
      return loaded;
    });
    const settled = mine.catch(() => undefined);
    this.loading.set(file, settled);
    try {
      return await mine;
    } catch (error) {
      throw fileError(error, `${path.basename(file)} cannot be read`, 'Nothing was changed.');
    } finally {
      if (this.loading.get(file) === settled) this.loading.delete(file);
    }
  }

  /**
   * Loads a file and works with it; meanwhile no save changes its bytes in place.
   *
   * @throws DomainError as load
   */
  async use<T>(
    file: string,
    options: LoadOptions,
    work: (loaded: Loaded | null) => T | Promise<T>,
  ): Promise<T> {
    const loaded = await this.load(file, options, 1);
    try {
      return await work(loaded);
    } finally {
      if (loaded) loaded.pins--;
    }
  }

  /** True when the file with this stamp is in memory. */
  isKnown(file: string, stamp: FileStamp): boolean {
    return this.cache.get(file)?.stamp.key === stamp.key;
  }

  /** Forgets what was read. */
  drop(file: string): void {
    this.cache.delete(file);
  }

  /** Takes over a file that was just written. */
  keep(loaded: Loaded): void {
    this.cache.delete(loaded.path);
    this.cache.set(loaded.path, loaded);
    let total = 0;
    for (const { bytes } of this.cache.values()) total += bytes.length;
    for (const [file, { bytes }] of this.cache) {
      if (total <= this.cacheBytes || file === loaded.path) break;
      this.cache.delete(file);
      total -= bytes.length;
    }
  }

  private async loadNow(file: string, options: LoadOptions): Promise<Loaded | null> {
    const stamp = await this.files.stamp(file);
    if (!stamp) {
      this.cache.delete(file);
      return null;
    }
    const known = this.cache.get(file);
    if (known?.stamp.key === stamp.key) {
      this.keep(known);
      return known;
    }
    this.cache.delete(file);
    const loaded = await this.read(file, stamp, options);
    this.keep(loaded);
    return loaded;
  }

  private async read(file: string, stamp: FileStamp, options: LoadOptions): Promise<Loaded> {
    if (!stamp.isFile) {
      throw new DomainError('dataset-invalid', `${path.basename(file)} is not a file.`);
    }
    if (stamp.size > MOST_BYTES) {
      throw new DomainError('dataset-invalid', `${path.basename(file)} is larger than 4 GiB.`);
    }
    const { signal, onProgress } = options;
    const hash = createHash('sha256');
    const bytes = await this.files.read(file, (part, done, total) => {
      throwIfCancelled(signal);
      hash.update(part);
      onProgress?.(Math.floor(done / 4), total); // reading is about a quarter of the work
    });
    const index = await indexBytes(bytes, {
      ...(signal ? { signal } : {}),
      onProgress: (done, total) => onProgress?.(Math.floor(total / 4 + (done * 3) / 4), total),
    });
    const realPath = await this.files.realPath(file);
    return { path: file, realPath, stamp, bytes, contentHash: hash.digest('hex'), index, pins: 0 };
  }
}

/** Scans without holding up the thread: between steps messages are handled, so the work can be cancelled. */
export async function indexBytes(bytes: Uint8Array, options: LoadOptions = {}): Promise<CocoIndex> {
  const { signal, onProgress } = options;
  return inSteps(scanSteps(bytes), {
    ...(signal ? { signal } : {}),
    onProgress: (done) => onProgress?.(done, bytes.length),
  });
}
