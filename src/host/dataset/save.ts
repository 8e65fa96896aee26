// Saves an editor's changes into the file as it is now: read fresh, merge by id, splice, replace atomically.
import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { isWritable } from '../../shared/coco/cocoIndex';
import { mergeDelta } from '../../shared/coco/merge';
import { newDataset } from '../../shared/coco/newFile';
import { applyPieces, joinPieces, piecesLength, type Piece } from '../../shared/coco/pieces';
import { reindex } from '../../shared/coco/reindex';
import { scan } from '../../shared/coco/scan';
import { isEmptyPlan, spliceFile, type FilePlan } from '../../shared/coco/splice';
import type { SaveParams, SaveResult } from '../../shared/protocol/dataset';
import { DomainError } from '../../shared/protocol/wire';
import { atomicWrite, removeStale } from './atomicWrite';
import { fileError } from './filePort';
import { describeProblem } from './problems';
import { indexBytes, type Loaded, type Store } from './store';

const MOST_TRIES = 5;
const WRITE_BYTES = 8 << 20;
/** Up to this size a second copy is made in memory where the old one cannot be changed in place. */
const COPY_BYTES = 128 << 20;

/**
 * Saves a delta.
 *
 * @returns conflicts instead of a saved file when another writer changed the same things and `resolve` is absent
 * @throws DomainError when the file does not parse or cannot be written; it is unchanged then
 */
export async function saveDataset(
  store: Store,
  params: SaveParams,
  now: () => Date = () => new Date(),
): Promise<SaveResult> {
  for (let attempt = 1; ; attempt++) {
    const result = await trySave(store, params, now);
    if (result) return result;
    if (attempt === MOST_TRIES) {
      throw new DomainError(
        'conflict',
        `${path.basename(params.path)} keeps changing while it is saved; nothing was written. Try again.`,
      );
    }
  }
}

/** Null: another program wrote the file between our reading and our replacing it; nothing was written. */
async function trySave(
  store: Store,
  params: SaveParams,
  now: () => Date,
): Promise<SaveResult | null> {
  const name = path.basename(params.path);
  const old = await store.load(params.path);
  const base = old ?? emptyBase(now());
  if (!isWritable(base.index)) {
    throw new DomainError(
      'dataset-invalid',
      `${name} was not written: ${describeProblem(base.bytes, base.index)} Correct the file first; your changes are kept in the editor.`,
    );
  }
  const merge = mergeDelta(base.bytes, base.index, params.delta, params.resolve);
  if (merge.conflicts.length > 0) return { saved: false, conflicts: merge.conflicts };
  const { renumbered } = merge;
  if (isEmptyPlan(merge.plan) && old) {
    return { saved: true, contentHash: old.contentHash, bytes: old.bytes.length, renumbered };
  }
  const pieces = splicePieces(base, merge.plan);
  try {
    const contentHash = await replaceFile(
      store,
      params.path,
      old,
      base,
      { plan: merge.plan, pieces },
      now,
    );
    if (contentHash === null) return null;
    return { saved: true, contentHash, bytes: piecesLength(pieces), renumbered };
  } catch (error) {
    const kept = old
      ? 'The old file is untouched and your changes are kept in the editor.'
      : 'Your changes are kept in the editor.';
    throw fileError(error, `${name} was not saved`, kept);
  }
}

function splicePieces(
  { bytes, index }: Pick<Loaded, 'bytes' | 'index'>,
  plan: FilePlan,
): readonly Piece[] {
  try {
    return spliceFile(bytes, index, plan);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DomainError('invalid-params', `Nothing was saved: ${error.message}.`);
  }
}

function emptyBase(date: Date): Pick<Loaded, 'bytes' | 'index'> {
  const bytes = newDataset(date.toISOString().slice(0, 10));
  return { bytes, index: scan(bytes) };
}

interface Splice {
  readonly plan: FilePlan;
  readonly pieces: readonly Piece[];
}

/** Writes the pieces over the file and returns the hash of the new content; null when the file changed meanwhile. */
async function replaceFile(
  store: Store,
  file: string,
  old: Loaded | null,
  base: Pick<Loaded, 'bytes' | 'index'>,
  splice: Splice,
  now: () => Date,
): Promise<string | null> {
  const { files } = store;
  const target = old ? old.realPath : await newTarget(store, file);
  await removeStale(files, target, now().getTime());
  const hash = createHash('sha256');
  let isChanged = false;
  const check = async (): Promise<void> => {
    const stamp = await files.stamp(file);
    isChanged = (stamp?.key ?? null) !== (old?.stamp.key ?? null);
    if (isChanged) throw new DomainError('conflict', 'changed meanwhile');
  };
  try {
    const parts = hashed(base.bytes, splice.pieces, hash);
    await atomicWrite(files, target, parts, old?.stamp ?? null, check);
  } catch (error) {
    if (isChanged) return null;
    throw error;
  }
  const contentHash = hash.digest('hex');
  const stamp = await files.stamp(file).catch(() => null);
  store.drop(file);
  if (stamp?.size !== piecesLength(splice.pieces)) return contentHash; // replaced again already
  const written = await applySplice(old, base, splice);
  if (written)
    store.keep({ ...written, path: file, realPath: target, stamp, contentHash, pins: 0 });
  return contentHash;
}

/** A new file: its folder is made when it is missing. A link that leads nowhere is refused by realPath. */
async function newTarget(store: Store, file: string): Promise<string> {
  const folder = path.dirname(file);
  await store.files.makeFolder(folder);
  return path.join(await store.files.realPath(folder), path.basename(file));
}

function* hashed(
  bytes: Uint8Array,
  pieces: readonly Piece[],
  hash: ReturnType<typeof createHash>,
): Generator<Uint8Array> {
  for (const piece of pieces) {
    const whole = piece instanceof Uint8Array ? piece : bytes.subarray(piece.from, piece.to);
    for (let at = 0; at < whole.length; at += WRITE_BYTES) {
      const part = whole.subarray(at, at + WRITE_BYTES);
      hash.update(part);
      yield part;
    }
  }
}

/**
 * What was written, in memory, so that the next request need not read and scan it: changed in place where nobody uses
 * the old bytes, else as a copy unless that would be too large (null).
 */
async function applySplice(
  old: Loaded | null,
  base: Pick<Loaded, 'bytes' | 'index'>,
  { plan, pieces }: Splice,
): Promise<Pick<Loaded, 'bytes' | 'index'> | null> {
  const { buffer, byteOffset } = base.bytes;
  const isFree = old !== null && old.pins === 0;
  const inPlace = isFree ? applyPieces(new Uint8Array(buffer, byteOffset), pieces) : null;
  if (!inPlace && piecesLength(pieces) > COPY_BYTES) return null;
  const bytes = inPlace ?? joinPieces(base.bytes, pieces);
  const index = reindex(base.index, plan, pieces, bytes) ?? (await indexBytes(bytes));
  return { bytes, index };
}
