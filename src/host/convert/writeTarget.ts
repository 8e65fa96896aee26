// Writes a dataset in any format: every file at once or not at all, and none over another without being asked to.
import * as path from 'node:path';
import { canonicalStyle, serialize } from '../../shared/coco/format';
import { encodeText } from '../../shared/coco/text';
import type { Dataset } from '../../shared/formats/format';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { atomicWrite } from '../dataset/atomicWrite';
import { fileError, nodeFiles } from '../dataset/filePort';
import { writeDataset } from '../dataset/writeDataset';

export interface WriteOptions {
  /** replace files that are there already */
  readonly force?: boolean;
  readonly signal?: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Writes a COCO file, one entry a line.
 *
 * @param file absolute
 * @throws DomainError 'conflict' when the file is there and `force` is not set
 */
export async function writeCoco(
  file: string,
  dataset: Dataset,
  options: WriteOptions,
): Promise<void> {
  if (!options.force) await refuseExisting([file]);
  const lines = (entries: readonly unknown[]): Iterable<string> => ({
    *[Symbol.iterator]() {
      for (const entry of entries) yield serialize(entry, canonicalStyle, '');
    },
  });
  await writeDataset(file, {
    members: { info: '{"description": "", "version": "1.0"}', licenses: '[]' },
    lists: {
      images: lines(dataset.images),
      annotations: lines(dataset.annotations),
      categories: lines(dataset.categories),
    },
  });
}

/**
 * Writes the files of a format.
 *
 * @param folder absolute; made when it is not there
 * @param files text by path relative to the folder, slashes
 * @throws DomainError 'conflict' when one of them is there and `force` is not set: nothing is written then
 */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  options: WriteOptions,
): Promise<void> {
  const targets = [...files].map(
    ([name, text]) => [path.join(folder, ...name.split('/')), text] as const,
  );
  if (!options.force) await refuseExisting(targets.map(([file]) => file));
  let done = 0;
  for (const [file, text] of targets) {
    throwIfCancelled(options.signal);
    try {
      await nodeFiles.makeFolder(path.dirname(file));
      const old = await nodeFiles.stamp(file);
      const target = old ? await nodeFiles.realPath(file) : file;
      await atomicWrite(nodeFiles, target, [encodeText(text)], old);
    } catch (error) {
      throw fileError(
        error,
        `${file} was not written`,
        `${done} of ${targets.length} files were written before.`,
      );
    }
    options.onProgress?.(++done, targets.length);
  }
}

async function refuseExisting(files: readonly string[]): Promise<void> {
  const known: string[] = [];
  for (const file of files) {
    const stamp = await nodeFiles.stamp(file).catch((error: unknown) => {
      throw fileError(error, `${file} cannot be written`, 'Nothing was written.');
    });
    if (stamp) known.push(file);
  }
  const [first] = known;
  if (first === undefined) return;
  const others = known.length > 1 ? ` and ${known.length - 1} more files exist` : ' exists';
  throw new DomainError(
    'conflict',
    `${first}${others} already. Nothing was written. Choose another place, or --force to replace.`,
  );
}
