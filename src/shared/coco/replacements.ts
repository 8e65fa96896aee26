// Pieces of a changed file as a text editor wants them: what to replace with what.
import { PieceList, type Piece } from './pieces';
import { decodeText } from './text';

/** Bytes [start, end) of the old file and the text that replaces them. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Pieces of the first file for a file that was changed twice.
 *
 * @param first pieces of the first file that make the second
 * @param second pieces of the second file that make the third
 */
export function composePieces(first: readonly Piece[], second: readonly Piece[]): readonly Piece[] {
  const ends: number[] = [];
  for (const piece of first) ends.push((ends.at(-1) ?? 0) + lengthOf(piece));
  const out = new PieceList();
  for (const piece of second) {
    if (piece instanceof Uint8Array) out.add([piece]);
    else sliceOf(first, ends, piece.from, piece.to, out);
  }
  return out.done();
}

function sliceOf(
  pieces: readonly Piece[],
  ends: readonly number[],
  from: number,
  to: number,
  out: PieceList,
): void {
  for (let k = firstAbove(ends, from); k < pieces.length && from < to; k++) {
    const piece = pieces[k]!;
    const start = ends[k]! - lengthOf(piece);
    const end = Math.min(ends[k]!, to);
    if (piece instanceof Uint8Array) out.add([piece.subarray(from - start, end - start)]);
    else out.slice(piece.from + from - start, piece.from + end - start);
    from = end;
  }
}

/** The first place whose value is above `limit`; values rise. */
function firstAbove(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

const lengthOf = (piece: Piece): number =>
  piece instanceof Uint8Array ? piece.length : piece.to - piece.from;

/**
 * What is replaced, in the order of the file, without overlap.
 *
 * @param pieces their slices of the old file rise: nothing was moved
 * @param length bytes of the old file
 */
export function replacementsOf(pieces: readonly Piece[], length: number): Replacement[] {
  const found: Replacement[] = [];
  let done = 0;
  let text = '';
  const close = (at: number): void => {
    if (at > done || text !== '') found.push({ start: done, end: at, text });
    text = '';
  };
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) text += decodeText(piece);
    else {
      close(piece.from);
      done = piece.to;
    }
  }
  close(length);
  return found;
}
