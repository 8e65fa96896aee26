// The result of a job as changes to a dataset that a person looks through before anything is written: a file of JSON
// lines, a header and one line an image. Accepted images become one delta, saved at once; the delta is kept, so that
// the whole job can be undone.
import { createReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { isPlainObject } from '../../shared/coco/equal';
import type {
  CaptionAnnotation,
  CocoCategory,
  CocoImage,
  InstanceAnnotation,
} from '../../shared/coco/types';
import type { DatasetDelta, EntryDelta, SaveResult } from '../../shared/protocol/dataset';
import { DomainError } from '../../shared/protocol/wire';
import { replaceFile } from '../caption/writeCaptions';
import { fileError } from '../dataset/filePort';
import { saveDataset } from '../dataset/save';
import type { Store } from '../dataset/store';

const VERSION = 1;

export interface ChangeHeader {
  readonly kind: string;
  readonly model: string;
  /** absolute path of the dataset the changes were made for; null: none yet */
  readonly coco: string | null;
  /** new ones */
  readonly categories: readonly CocoCategory[];
}

type Entry = InstanceAnnotation | CaptionAnnotation;

/** What a job proposes for one image. */
export interface ImageChanges {
  /** absolute */
  readonly path: string;
  readonly image: CocoImage;
  /** false: the dataset does not list the image */
  readonly isListed: boolean;
  readonly added: readonly Entry[];
  readonly changed: readonly { readonly before: Entry; readonly after: Entry }[];
}

/** The text of a change set, in pieces. */
export function* changeTexts(
  header: ChangeHeader,
  images: Iterable<ImageChanges>,
): Generator<string> {
  yield `${JSON.stringify({ promptmark_changes: VERSION, ...header })}\n`;
  for (const { path: file, image, isListed, added, changed } of images) {
    yield `${JSON.stringify({ path: file, image, isListed, added, changed })}\n`;
  }
}

/** Reads a change set line by line. @throws DomainError when it is none or cannot be read */
export async function* readChanges(
  file: string,
): AsyncGenerator<
  | { readonly header: ChangeHeader; readonly changes?: undefined }
  | { readonly header?: undefined; readonly changes: ImageChanges }
> {
  const input = createReadStream(file);
  const lines = createInterface({ input, crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      const value = parseLine(line, file, number);
      if (number === 1) yield { header: value as unknown as ChangeHeader };
      else yield { changes: value as unknown as ImageChanges };
    }
  } catch (error) {
    throw fileError(error, `${file} cannot be read`, 'Nothing was changed.');
  } finally {
    lines.close();
    input.destroy();
  }
  if (number === 0) throw noChangeSet(file, 1);
}

function parseLine(line: string, file: string, number: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw noChangeSet(file, number);
  }
  if (!isPlainObject(value)) throw noChangeSet(file, number);
  const isRight =
    number === 1
      ? value['promptmark_changes'] === VERSION && Array.isArray(value['categories'])
      : isPlainObject(value['image']) &&
        Array.isArray(value['added']) &&
        Array.isArray(value['changed']);
  if (!isRight) throw noChangeSet(file, number);
  return value;
}

const noChangeSet = (file: string, line: number): DomainError =>
  new DomainError(
    'dataset-invalid',
    `${path.basename(file)} is no change set of this version (line ${line}). Nothing was changed; run the job again.`,
  );

/** Which of a change set's images are taken, and what a person made of their captions. */
export interface Review {
  /** ids of images left out */
  readonly rejected: ReadonlySet<number>;
  /** by annotation id: another text */
  readonly captions: ReadonlyMap<number, string>;
}

export const TAKE_ALL: Review = { rejected: new Set(), captions: new Map() };

export interface Applied {
  readonly images: number;
  readonly added: number;
  readonly changed: number;
  /** annotations that someone else changed since the job read them; theirs stay */
  readonly kept: number;
}

/**
 * Writes the accepted changes into a dataset, in one save, and how to take them back beside the change set.
 *
 * @param dataset absolute; made when it does not exist
 * @throws DomainError when the change set or the dataset cannot be read or written; the dataset is unchanged then
 */
export async function applyChanges(
  store: Store,
  changeFile: string,
  dataset: string,
  review: Review = TAKE_ALL,
): Promise<Applied> {
  if (await isApplied(changeFile)) {
    throw new DomainError(
      'conflict',
      `${path.basename(changeFile)} is applied already. Nothing was changed; undo it first to apply it in another way.`,
    );
  }
  const { delta, images } = await deltaOf(changeFile, review);
  const [added, changed] = [
    delta.annotations.filter(({ before }) => before === null).length,
    delta.annotations.filter(({ before }) => before !== null).length,
  ];
  // What was edited since stays as it is, and is counted.
  const keepUndo = (done: DatasetDelta): Promise<void> =>
    replaceFile(undoFile(changeFile), [JSON.stringify({ dataset, delta: done })]);
  await keepUndo(delta); // a kill between save and undo file must not make the job final
  try {
    const { result, kept } = await saveKeeping(store, dataset, delta);
    await keepUndo(doneDelta(delta, result, kept));
    return { images, added, changed: changed - kept.length, kept: kept.length };
  } catch (error) {
    await fs.rm(undoFile(changeFile), { force: true });
    throw error;
  }
}

/**
 * Takes back what applyChanges wrote. What was edited since is kept.
 *
 * @throws DomainError 'not-found' when nothing of the change set is applied
 */
export async function undoChanges(store: Store, changeFile: string): Promise<Applied> {
  const file = undoFile(changeFile);
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, 'There is nothing to undo', 'Nothing was changed.');
  });
  const { dataset, delta } = JSON.parse(text) as { dataset: string; delta: DatasetDelta };
  const inverse: DatasetDelta = {
    images: delta.images.map(inverted),
    annotations: delta.annotations.map(inverted),
    categories: delta.categories.map(inverted),
  };
  const { kept } = await saveKeeping(store, dataset, inverse);
  await fs.rm(file, { force: true });
  const removed = delta.annotations.filter(({ before }) => before === null).length;
  const changed = delta.annotations.length - removed;
  return { images: 0, added: removed, changed, kept: kept.length };
}

/** Whether a change set was applied and can be undone. */
export async function isApplied(changeFile: string): Promise<boolean> {
  return fs.access(undoFile(changeFile)).then(
    () => true,
    () => false, // no such file
  );
}

const undoFile = (changeFile: string): string => `${changeFile}.undo`;

const inverted = <T>({ id, before, after }: EntryDelta<T>): EntryDelta<T> => ({
  id,
  before: after,
  after: before,
});

async function deltaOf(
  changeFile: string,
  { rejected, captions }: Review,
): Promise<{ readonly delta: DatasetDelta; readonly images: number }> {
  const images: EntryDelta<CocoImage>[] = [];
  const annotations: EntryDelta<Entry>[] = [];
  let categories: readonly CocoCategory[] = [];
  let count = 0;
  for await (const { header, changes } of readChanges(changeFile)) {
    if (header) categories = header.categories;
    if (!changes || rejected.has(changes.image.id)) continue;
    const edited = changes.added.flatMap((entry) => withText(entry, captions.get(entry.id)));
    if (edited.length + changes.changed.length === 0) continue;
    count++;
    const { image, isListed } = changes;
    if (!isListed) images.push({ id: image.id, before: null, after: image });
    for (const after of edited) annotations.push({ id: after.id, before: null, after });
    for (const { before, after } of changes.changed)
      annotations.push({ id: before.id, before, after });
  }
  const used = new Set(annotations.map(({ after }) => after?.['category_id']));
  const needed = categories.filter(({ id }) => used.has(id));
  const added = needed.map((after) => ({ id: after.id, before: null, after }));
  return { delta: { images, annotations, categories: added }, images: count };
}

/** The entry with a person's text; without it as it is, with an empty one gone. */
function withText(entry: Entry, text: string | undefined): Entry[] {
  if (text === undefined) return [entry];
  return text.trim() === '' ? [] : [{ ...entry, caption: text }];
}

type Saved = Extract<SaveResult, { saved: true }>;

/** Saves; conflicts are settled in favour of the file. @returns the annotations that were kept */
async function saveKeeping(
  store: Store,
  file: string,
  delta: DatasetDelta,
): Promise<{ readonly result: Saved; readonly kept: readonly number[] }> {
  const first = await saveDataset(store, { path: file, delta });
  if (first.saved) return { result: first, kept: [] };
  const kept = first.conflicts.filter(({ list }) => list === 'annotations').map(({ id }) => id);
  const result = await saveDataset(store, { path: file, delta, resolve: 'theirs' });
  if (!result.saved) throw new DomainError('internal', `${file} was not written.`);
  return { result, kept };
}

/** The delta as it was written: with the ids that were given, without what was kept. */
function doneDelta(
  { images, annotations, categories }: DatasetDelta,
  { renumbered }: Saved,
  kept: readonly number[],
): DatasetDelta {
  const skipped = new Set(kept);
  const image = (id: number): number => renumbered.images[id] ?? id;
  const category = (id: number): number => renumbered.categories[id] ?? id;
  // An image or category that another writer had added meanwhile is not ours to remove.
  const own = <T>(map: Readonly<Record<number, number>>, list: readonly EntryDelta<T>[]) =>
    list.filter(({ id }) => map[id] === undefined);
  return {
    images: own(renumbered.images, images),
    categories: own(renumbered.categories, categories),
    annotations: annotations
      .filter(({ id, before }) => before === null || !skipped.has(id))
      .map(({ id, before, after }) => {
        const given = before === null ? (renumbered.annotations[id] ?? id) : id;
        if (!after) return { id: given, before, after };
        const entry = { ...after, id: given, image_id: image(after.image_id) } as Entry;
        const categoryId = after['category_id'];
        if (typeof categoryId !== 'number') return { id: given, before, after: entry };
        const whole = { ...entry, category_id: category(categoryId) } as Entry;
        return { id: given, before, after: whole };
      }),
  };
}
