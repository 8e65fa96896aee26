// COCO files as text editors show them: unsaved text instead of the bytes on disk.
import { createHash } from 'node:crypto';
import type { OpenText } from '../../shared/protocol/dataset';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { indexBytes, type Loaded, type Store } from './store';

/** Texts kept; more are asked for again. */
const MOST_TEXTS = 4;

export class Texts {
  /** least recently used first */
  private readonly known = new Map<string, { readonly version: number; readonly loaded: Loaded }>();

  constructor(private readonly store: Store) {}

  /**
   * Works with the text, or with the file on disk when `text` is absent; null when there is no such file.
   *
   * @throws DomainError 'conflict' when this version is not known and was not sent
   */
  async use<T>(
    { path, text }: { readonly path: string; readonly text?: OpenText },
    signal: CancelSignal,
    work: (loaded: Loaded | null) => T | Promise<T>,
  ): Promise<T> {
    if (text) return work(await this.load(path, text, signal));
    this.known.delete(path);
    return this.store.use(path, { signal }, work);
  }

  private async load(
    path: string,
    { version, bytes }: OpenText,
    signal: CancelSignal,
  ): Promise<Loaded> {
    const known = this.known.get(path);
    if (bytes)
      return this.keep(path, version, await this.read(path, new Uint8Array(bytes), signal));
    if (known?.version === version) return this.keep(path, version, known.loaded);
    throw new DomainError('conflict', 'The text has to be sent again.');
  }

  private keep(path: string, version: number, loaded: Loaded): Loaded {
    this.known.delete(path);
    this.known.set(path, { version, loaded });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MOST_TEXTS) break;
      this.known.delete(oldest);
    }
    return loaded;
  }

  private async read(path: string, bytes: Uint8Array, signal: CancelSignal): Promise<Loaded> {
    const contentHash = createHash('sha256').update(bytes).digest('hex');
    return {
      path,
      realPath: await this.store.files.realPath(path).catch(() => path),
      stamp: {
        size: bytes.length,
        key: `text:${contentHash}`,
        modifiedMs: 0,
        mode: 0o644,
        uid: 0,
        gid: 0,
        isFile: true,
      },
      bytes,
      contentHash,
      index: await indexBytes(bytes, { signal }),
      pins: 0,
    };
  }
}
