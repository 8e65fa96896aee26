// Writes a whole dataset in Promptmark's own form, one entry a line, without ever holding it in memory.
import * as path from 'node:path';
import { oneLine } from '../../shared/coco/entryLine';
import { decodeText, encodeText } from '../../shared/coco/text';
import { listNames, type ListName } from '../../shared/coco/entryTable';
import { atomicWrite } from './atomicWrite';
import { fileError, nodeFiles, type FilePort } from './filePort';
import type { Loaded } from './store';

/** A dataset as text: members of the root besides the lists, and the entries of the lists, each on one line. */
export interface DatasetText {
  /** JSON texts by key, e.g. info */
  readonly members: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<ListName, Iterable<string>>>;
}

const CHUNK_CHARACTERS = 1 << 20;

/** Members of a file's root besides the three lists, as texts on one line. */
export function rootMembers({
  bytes,
  index,
}: Pick<Loaded, 'bytes' | 'index'>): Record<string, string> {
  const members: Record<string, string> = {};
  const lists: readonly string[] = listNames;
  for (const { key, start, end } of index.members) {
    if (!lists.includes(key)) members[key] = oneLine(decodeText(bytes, start, end));
  }
  return members;
}

/**
 * Writes the dataset, replacing a file of that name at once and only when everything was written.
 *
 * @throws DomainError when it cannot be written; the old file is untouched then
 */
export async function writeDataset(
  file: string,
  dataset: DatasetText,
  files: FilePort = nodeFiles,
): Promise<void> {
  try {
    await files.makeFolder(path.dirname(file));
    const old = await files.stamp(file);
    const target = old ? await files.realPath(file) : file;
    await atomicWrite(files, target, datasetChunks(dataset), old);
  } catch (error) {
    throw fileError(error, `${path.basename(file)} was not written`, 'Nothing was changed.');
  }
}

function* datasetChunks(dataset: DatasetText): Generator<Uint8Array> {
  let text = '';
  for (const part of datasetTexts(dataset)) {
    text += part;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield encodeText(text);
    text = '';
  }
  yield encodeText(text);
}

/** The file's text, in pieces. */
export function* datasetTexts({ members, lists }: DatasetText): Generator<string> {
  let separator = '{\n';
  for (const [key, json] of Object.entries(members)) {
    yield `${separator}  ${JSON.stringify(key)}: ${json}`;
    separator = ',\n';
  }
  for (const name of listNames) {
    yield `${separator}  "${name}": [`;
    separator = ',\n';
    let isFirst = true;
    for (const line of lists[name]) {
      yield `${isFirst ? '\n' : ',\n'}    ${line}`;
      isFirst = false;
    }
    yield isFirst ? ']' : '\n  ]';
  }
  yield '\n}\n';
}
