// Where a job's output and journal are, and when an output may be replaced.
import * as path from 'node:path';
import { DomainError } from '../../shared/protocol/wire';
import { nodeFiles } from '../dataset/filePort';
import { ResultLog } from './resultLog';

/** What every job says of its files and its share of the work. */
export interface JobFiles {
  /** absolute files and folders; none: every image of `coco` */
  readonly paths: readonly string[];
  /** absolute path of the dataset; null: none */
  readonly coco: string | null;
  /** absolute: a file; a folder where the format has a file an image; null: nothing is written */
  readonly out: string | null;
  /** this job does the items whose 0-based place modulo `count` is `index` */
  readonly shard: { readonly index: number; readonly count: number };
  /** only so many items from the start of the list; null: all */
  readonly limit: number | null;
  /** take over what a journal beside the output holds, and replace the output */
  readonly resume: boolean;
  readonly overwrite: boolean;
  /** images worked on at once */
  readonly jobs: number;
}

/** Beside the output, hidden; null where there is no output to be beside. */
export function journalPath(out: string | null, isFolder: boolean): string | null {
  if (out === null) return null;
  return isFolder
    ? path.join(out, '.captions.promptmark-journal')
    : path.join(path.dirname(out), `.${path.basename(out)}.promptmark-journal`);
}

/** @throws DomainError when the output is the dataset itself, or exists and may not be replaced */
export async function refuseOverwrite(
  { out, coco, resume, overwrite }: JobFiles,
  isFolder: boolean,
): Promise<void> {
  if (out === null || isFolder) return;
  if (coco !== null && path.resolve(coco) === path.resolve(out)) {
    throw new DomainError(
      'invalid-params',
      `${out} is the dataset itself; results go into a file of their own. Choose another --out.`,
    );
  }
  if (resume || overwrite || !(await nodeFiles.stamp(out))) return;
  throw new DomainError(
    'conflict',
    `${out} exists and was not changed. Add --overwrite to replace it, or --resume to go on with it.`,
  );
}

/** The job's journal, with the folder it is in. */
export async function openLog<R>(
  { out, resume }: JobFiles,
  isFolder: boolean,
): Promise<ResultLog<R>> {
  const file = journalPath(out, isFolder);
  if (file !== null) await nodeFiles.makeFolder(path.dirname(file));
  return ResultLog.open<R>(file, resume);
}

/** The items of this job's share. */
export function shareOf<T>(items: readonly T[], { shard, limit }: JobFiles): T[] {
  const wanted = limit === null ? items : items.slice(0, limit);
  return wanted.filter((_, i) => i % shard.count === shard.index);
}
