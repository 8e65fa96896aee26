// Files of a conversion: written beside the target, and moved to their places when all of them are whole.
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { TargetFiles } from '../../shared/formats/format';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { fileError, nodeFiles } from '../dataset/filePort';
import { TextFile } from './textFile';

/** Counts files without writing them. */
export class CountedFiles implements TargetFiles {
  private readonly paths = new Set<string>();

  get count(): number {
    return this.paths.size;
  }

  async write(file: string): Promise<void> {
    this.paths.add(file);
  }

  append(file: string): Promise<void> {
    return this.write(file);
  }
}

export class StagedFiles implements TargetFiles {
  private readonly paths = new Set<string>();
  private readonly folders = new Set<string>();
  private readonly open = new Map<string, TextFile>();
  private readonly staging: string;

  /** @param folder absolute; need not be there */
  constructor(
    private readonly folder: string,
    private readonly signal?: CancelSignal,
  ) {
    const unique = `.${path.basename(folder)}.${randomBytes(6).toString('hex')}.promptmark-tmp`;
    this.staging = path.join(path.dirname(folder), unique);
  }

  get count(): number {
    return this.paths.size;
  }

  async write(file: string, content: string | Uint8Array): Promise<void> {
    await this.guarded(file, async () => fs.writeFile(await this.place(file), content));
  }

  async append(file: string, text: string): Promise<void> {
    await this.guarded(file, async () => {
      const known = this.open.get(file) ?? (await TextFile.create(await this.place(file)));
      this.open.set(file, known);
      await known.add(text);
    });
  }

  /**
   * Moves every file to its place.
   *
   * @throws DomainError 'conflict' when one of them is there and `force` is not set: nothing is changed then
   */
  async commit(force: boolean): Promise<void> {
    for (const file of this.open.values()) await file.close();
    this.open.clear();
    const targets = [...this.paths].map((file) => [this.staged(file), this.final(file)] as const);
    if (!force) await refuseExisting(targets.map(([, final]) => final));
    let done = 0;
    for (const [staged, final] of targets) {
      try {
        await nodeFiles.makeFolder(path.dirname(final));
        await fs.rename(staged, final);
      } catch (error) {
        const kept = `${done} of ${targets.length} files were written before.`;
        throw fileError(error, `${final} was not written`, kept);
      }
      done++;
    }
    await this.discard();
  }

  /** Removes what was not committed. */
  async discard(): Promise<void> {
    for (const file of this.open.values()) await file.close().catch(() => undefined);
    await fs.rm(this.staging, { recursive: true, force: true });
  }

  private async guarded(file: string, work: () => Promise<void>): Promise<void> {
    throwIfCancelled(this.signal);
    try {
      await work();
    } catch (error) {
      throw fileError(error, `${this.final(file)} was not written`, 'Nothing was changed.');
    }
  }

  private async place(file: string): Promise<string> {
    const staged = this.staged(file);
    const folder = path.dirname(staged);
    if (!this.folders.has(folder)) await nodeFiles.makeFolder(folder);
    this.folders.add(folder);
    this.paths.add(file);
    return staged;
  }

  private staged(file: string): string {
    return path.join(this.staging, ...file.split('/'));
  }

  private final(file: string): string {
    return path.join(this.folder, ...file.split('/'));
  }
}

/** @throws DomainError 'conflict' naming the first of the files that are there */
export async function refuseExisting(files: readonly string[]): Promise<void> {
  let first: string | undefined;
  let others = -1;
  for (const file of files) {
    const stamp = await nodeFiles.stamp(file).catch((error: unknown) => {
      throw fileError(error, `${file} cannot be written`, 'Nothing was written.');
    });
    if (!stamp) continue;
    first ??= file;
    others++;
  }
  if (first === undefined) return;
  const more = others > 0 ? ` and ${others} more files exist` : ' exists';
  throw new DomainError(
    'conflict',
    `${first}${more} already. Nothing was written. Choose another place, or --force to replace.`,
  );
}
