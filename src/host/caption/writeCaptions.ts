// Puts captions on disk: one file, or one text file an image. Nothing that a person wrote is replaced unasked.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readFileName } from '../../shared/coco/fileNames';
import { DomainError } from '../../shared/protocol/wire';
import { atomicWrite } from '../dataset/atomicWrite';
import { fileError, nodeFiles } from '../dataset/filePort';
import { captionTexts, type CaptionFormat, type CaptionRow } from './captionFormats';

/** Where captions go. */
export interface CaptionTarget {
  readonly format: Exclude<CaptionFormat, 'changes'>;
  /** absolute: a file, for 'txt' a folder; null: 'txt' beside the images, else nothing is written */
  readonly out: string | null;
  /** replace the output, and text files with another text */
  readonly overwrite: boolean;
}

export interface CaptionFailure {
  readonly path: string;
  readonly message: string;
}

/**
 * Writes the rows.
 *
 * @param pathOf the image of a row
 * @returns images whose text file could not be written ('txt' only)
 * @throws DomainError when the one file of the other formats cannot be written
 */
export async function writeCaptions(
  target: CaptionTarget,
  rows: Iterable<CaptionRow>,
  pathOf: (row: CaptionRow) => string,
): Promise<CaptionFailure[]> {
  if (target.format === 'txt') return writeTextFiles(target, rows, pathOf);
  if (target.out !== null) await replaceFile(target.out, captionTexts(target.format, rows));
  return [];
}

/**
 * Writes texts as a file, at once and only when all were made.
 *
 * @throws DomainError when it cannot be written; an old file is untouched then
 */
export async function replaceFile(file: string, texts: Iterable<string>): Promise<void> {
  try {
    await nodeFiles.makeFolder(path.dirname(file));
    const old = await nodeFiles.stamp(file);
    const target = old ? await nodeFiles.realPath(file) : file;
    await atomicWrite(nodeFiles, target, chunks(texts), old);
  } catch (error) {
    throw fileError(
      error,
      `${file} was not written`,
      'What is done is kept; run the same command again with --resume.',
    );
  }
}

const CHUNK_CHARACTERS = 1 << 18;

function* chunks(texts: Iterable<string>): Generator<Uint8Array> {
  let text = '';
  for (const one of texts) {
    text += one;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

async function writeTextFiles(
  { out, overwrite }: CaptionTarget,
  rows: Iterable<CaptionRow>,
  pathOf: (row: CaptionRow) => string,
): Promise<CaptionFailure[]> {
  const failures: CaptionFailure[] = [];
  const taken = new Map<string, string>();
  for (const row of rows) {
    const image = pathOf(row);
    const target = textFile(out, row, image);
    try {
      const other = taken.get(target);
      if (other !== undefined) throw clash(target, other);
      taken.set(target, image);
      await writeTextFile(target, `${row.caption}\n`, overwrite);
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
  await replaceFile(file, [text]);
}
