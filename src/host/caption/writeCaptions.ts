// Puts captions on disk: one file, or one text file an image. Nothing that a person wrote is replaced unasked.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readFileName } from '../../shared/coco/fileNames';
import { DomainError } from '../../shared/protocol/wire';
import { atomicWrite } from '../dataset/atomicWrite';
import { fileError, nodeFiles } from '../dataset/filePort';
import type { CaptionFailure, CaptionJob } from './captionFolder';
import { formatCaptions, type CaptionRow } from './captionFormats';

type Target = Pick<CaptionJob, 'out' | 'format' | 'coco' | 'resume' | 'overwrite'>;

/** @throws DomainError when the output is the dataset itself, or exists and may not be replaced */
export async function refuseOverwrite(job: Target): Promise<void> {
  if (job.out === null || job.format === 'txt') return;
  const same = job.coco !== null && path.resolve(job.coco) === path.resolve(job.out);
  if (same) {
    throw new DomainError(
      'invalid-params',
      `${job.out} is the dataset itself; captions go into a file of their own. Choose another --out.`,
    );
  }
  if (job.resume || job.overwrite || !(await nodeFiles.stamp(job.out))) return;
  throw new DomainError(
    'conflict',
    `${job.out} exists and was not changed. Add --overwrite to replace it, or --resume to go on with it.`,
  );
}

/**
 * Writes the rows.
 *
 * @param pathOf the image of a row
 * @returns images whose text file could not be written ('txt' only)
 * @throws DomainError when the one file of the other formats cannot be written
 */
export async function writeCaptions(
  job: Target,
  rows: readonly CaptionRow[],
  pathOf: (row: CaptionRow) => string,
): Promise<CaptionFailure[]> {
  if (job.format === 'txt') return writeTextFiles(job, rows, pathOf);
  if (job.out !== null) await replace(job.out, formatCaptions(job.format, rows));
  return [];
}

async function replace(file: string, text: string): Promise<void> {
  try {
    await fs.mkdir(path.dirname(file), { recursive: true });
    const old = await nodeFiles.stamp(file);
    const target = old ? await nodeFiles.realPath(file) : file;
    await atomicWrite(nodeFiles, target, [Buffer.from(text)], old);
  } catch (error) {
    throw fileError(
      error,
      `${file} was not written`,
      'What is done is kept; run the same command again with --resume.',
    );
  }
}

async function writeTextFiles(
  job: Target,
  rows: readonly CaptionRow[],
  pathOf: (row: CaptionRow) => string,
): Promise<CaptionFailure[]> {
  const failures: CaptionFailure[] = [];
  const taken = new Map<string, string>();
  for (const row of rows) {
    const image = pathOf(row);
    const target = textFile(job.out, row, image);
    try {
      const other = taken.get(target);
      if (other !== undefined) throw clash(target, other);
      taken.set(target, image);
      await writeTextFile(target, `${row.caption}\n`, job.overwrite);
    } catch (error) {
      const { message } = fileError(error, `${target} was not written`, 'The others are.');
      failures.push({ path: image, message });
    }
  }
  return failures;
}

/** a/b.jpg → OUT/a/b.txt, or b.txt beside the image. */
function textFile(out: string | null, row: CaptionRow, image: string): string {
  if (out === null) return withoutExtension(image);
  const name = readFileName(row.fileName);
  return withoutExtension(path.join(out, name.ok ? name.relative : path.basename(image)));
}

const withoutExtension = (file: string): string =>
  file.slice(0, file.length - path.extname(file).length) + '.txt';

const clash = (target: string, other: string): DomainError =>
  new DomainError('conflict', `${target} already holds the caption of ${other}.`);

async function writeTextFile(file: string, text: string, overwrite: boolean): Promise<void> {
  const old = await fs.readFile(file, 'utf8').catch(() => null);
  if (old === text) return;
  if (old !== null && !overwrite) {
    throw new DomainError(
      'conflict',
      `${file} exists with another text and was kept. Add --overwrite to replace it.`,
    );
  }
  await replace(file, text);
}
