// A changed file as a list of pieces: slices of the old bytes and new bytes between them. Changing one container
// (list, object or array) keeps every byte of what is not changed, commas and white space included.
import { encodeText } from './text';

/** Bytes [from, to) of the old file, or new bytes. */
export type Piece = { readonly from: number; readonly to: number } | Uint8Array;

/** Collects pieces and joins slices that follow each other. */
export class PieceList {
  private readonly pieces: Piece[] = [];

  slice(from: number, to: number): void {
    if (from >= to) return;
    const last = this.pieces.at(-1);
    if (last && !(last instanceof Uint8Array) && last.to === from) {
      this.pieces[this.pieces.length - 1] = { from: last.from, to };
    } else this.pieces.push({ from, to });
  }

  text(text: string): void {
    if (text !== '') this.pieces.push(encodeText(text));
  }

  add(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) this.pieces.push(piece);
      else this.slice(piece.from, piece.to);
    }
  }

  done(): readonly Piece[] {
    return this.pieces;
  }
}

/** The items of a container: byte [start, end) with its brackets, and of item k. */
export interface Items {
  readonly start: number;
  readonly end: number;
  readonly length: number;
  itemStart(k: number): number;
  itemEnd(k: number): number;
}

/** New content of items by their number, items to drop, and items to add at the end. */
export interface ItemEdits {
  readonly replaced: ReadonlyMap<number, readonly Piece[]>;
  readonly removed: ReadonlySet<number>;
  readonly added: readonly (readonly Piece[])[];
}

/** White space where the container has no example of its own; the separator includes the comma. */
export interface Gaps {
  readonly lead: string;
  readonly separator: string;
  readonly trail: string;
}

/** Writes the container with its edits to `out`. An emptied container becomes [] or {}. */
export function spliceContainer(items: Items, edits: ItemEdits, gaps: Gaps, out: PieceList): void {
  const { start, end, length } = items;
  const { added, removed } = edits;
  out.slice(start, start + 1);
  if (length - removed.size + added.length > 0) {
    if (length > 0) out.slice(start + 1, items.itemStart(0));
    else out.text(gaps.lead);
    let isFirst = spliceKept(items, edits, out);
    for (const item of added) {
      if (!isFirst) out.text(gaps.separator);
      out.add(item);
      isFirst = false;
    }
    if (length > 0) out.slice(items.itemEnd(length - 1), end - 1);
    else out.text(gaps.trail);
  } else if (length === 0) out.slice(start + 1, end - 1);
  out.slice(end - 1, end);
}

/** Writes what is left of the old items, in runs between edits; true when nothing was left. */
function spliceKept(items: Items, edits: ItemEdits, out: PieceList): boolean {
  let isFirst = true;
  /** the old gap before item k, which belongs to it unless it is the first that is written */
  const begin = (k: number): void => {
    if (!isFirst) out.slice(items.itemEnd(k - 1), items.itemStart(k));
    isFirst = false;
  };
  let next = 0;
  const keepUntil = (k: number): void => {
    if (next >= k) return;
    begin(next);
    out.slice(items.itemStart(next), items.itemEnd(k - 1));
  };
  const touched = [...edits.replaced.keys(), ...edits.removed].sort((a, b) => a - b);
  for (const k of touched) {
    keepUntil(k);
    if (!edits.removed.has(k)) {
      begin(k);
      out.add(edits.replaced.get(k) ?? []);
    }
    next = k + 1;
  }
  keepUntil(items.length);
  return isFirst;
}

/** Number of bytes of the pieces. */
export function piecesLength(pieces: readonly Piece[]): number {
  let length = 0;
  for (const piece of pieces) {
    length += piece instanceof Uint8Array ? piece.length : piece.to - piece.from;
  }
  return length;
}

/** The pieces as one array; for files that fit in memory twice. */
export function joinPieces(bytes: Uint8Array, pieces: readonly Piece[]): Uint8Array {
  const result = new Uint8Array(piecesLength(pieces));
  let at = 0;
  for (const piece of pieces) {
    const part = piece instanceof Uint8Array ? piece : bytes.subarray(piece.from, piece.to);
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/**
 * Applies the pieces inside the buffer that holds the old bytes, which are gone then; null, with nothing changed,
 * where the buffer is too short or the slices are not in the old order.
 *
 * @param buffer begins with the old bytes and may be longer
 * @returns the new bytes, a view of the buffer
 */
export function applyPieces(buffer: Uint8Array, pieces: readonly Piece[]): Uint8Array | null {
  const length = piecesLength(pieces);
  if (length > buffer.length) return null;
  const moves: { from: number; to: number; at: number }[] = [];
  const texts: { text: Uint8Array; at: number }[] = [];
  let at = 0;
  let last = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      texts.push({ text: piece, at });
      at += piece.length;
    } else {
      if (piece.from < last) return null;
      last = piece.to;
      moves.push({ ...piece, at });
      at += piece.to - piece.from;
    }
  }
  // Slices that go right are moved from the last to the first, then those that go left from the first to the last:
  // as neither their old nor their new places overlap, none is written over before it was moved.
  for (const { from, to, at: target } of [...moves].reverse()) {
    if (target > from) buffer.copyWithin(target, from, to);
  }
  for (const { from, to, at: target } of moves) {
    if (target < from) buffer.copyWithin(target, from, to);
  }
  for (const { text, at: target } of texts) buffer.set(text, target);
  return buffer.subarray(0, length);
}
