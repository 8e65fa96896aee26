// Three-way merge of whole files by id, for version control: the changes from base to theirs are saved into ours.
import type { Conflict, DatasetDelta } from '../protocol/dataset';
import { parseSlice, type RootMember } from './cocoIndex';
import { entryDeltas, type Indexed } from './diff';
import { listNames } from './entryTable';
import { deepEqual } from './equal';
import { detectListStyle, indentOf } from './format';
import { mergeDelta, type Renumbered } from './merge';
import { joinPieces, PieceList, spliceContainer, type Piece } from './pieces';
import { rewriteValue } from './rewrite';
import { scan } from './scan';
import { spliceFile } from './splice';
import { decodeText, encodeText } from './text';

export interface FileMerge {
  /** ours with every change of theirs that does not conflict */
  readonly bytes: Uint8Array;
  /** `mine` is theirs' version here, `theirs` is ours: what the file that is written into has */
  readonly conflicts: readonly Conflict[];
  /** members of the root, such as "info", that both sides changed differently; ours is kept */
  readonly memberConflicts: readonly string[];
  /** ids that entries added by theirs got, because ours had taken them */
  readonly renumbered: Renumbered;
}

/** Merges; the three files must be sound datasets (or an empty object as base). */
export function mergeFiles(base: Indexed, ours: Indexed, theirs: Indexed): FileMerge {
  const delta = {
    images: entryDeltas(base, theirs, 'images'),
    annotations: entryDeltas(base, theirs, 'annotations'),
    categories: entryDeltas(base, theirs, 'categories'),
  } as unknown as DatasetDelta;
  const { conflicts } = mergeDelta(ours.bytes, ours.index, delta);
  const merged = mergeDelta(ours.bytes, ours.index, delta, 'theirs');
  const bytes = joinPieces(ours.bytes, spliceFile(ours.bytes, ours.index, merged.plan));
  const members = mergeMembers(base, { bytes, index: scan(bytes) }, theirs);
  return { ...members, conflicts, renumbered: merged.renumbered };
}

function mergeMembers(
  base: Indexed,
  ours: Indexed,
  theirs: Indexed,
): Pick<FileMerge, 'bytes' | 'memberConflicts'> {
  const memberConflicts: string[] = [];
  const replaced = new Map<number, readonly Piece[]>();
  const removed = new Set<number>();
  const added: (readonly Piece[])[] = [];
  const [inBase, inOurs, inTheirs] = [membersOf(base), membersOf(ours), membersOf(theirs)];
  for (const key of new Set([...inBase.keys(), ...inTheirs.keys()])) {
    const [old, mine, other] = [inBase.get(key), inOurs.get(key), inTheirs.get(key)];
    if (isSame(base, old, theirs, other) || isSame(ours, mine, theirs, other)) continue;
    if (!isSame(base, old, ours, mine)) memberConflicts.push(key);
    else if (!other) removed.add(ours.index.members.indexOf(mine!));
    else if (mine) {
      replaced.set(ours.index.members.indexOf(mine), rewriteMember(ours, mine, theirs, other));
    } else added.push([encodeText(decodeText(theirs.bytes, other.keyStart, other.end))]);
  }
  if (replaced.size + removed.size + added.length === 0)
    return { bytes: ours.bytes, memberConflicts };
  return { bytes: spliceRoot(ours, { replaced, removed, added }), memberConflicts };
}

/** Theirs' value in ours' formatting. */
function rewriteMember(
  { bytes, index }: Indexed,
  mine: RootMember,
  theirs: Indexed,
  other: RootMember,
): readonly Piece[] {
  const { style } = detectListStyle(bytes, index, 'annotations');
  const indent = indentOf(decodeText(bytes, index.start + 1, index.members[0]!.keyStart));
  const old = parseSlice(bytes, mine.start, mine.end);
  const next = parseSlice(theirs.bytes, other.start, other.end);
  const value = rewriteValue(bytes, mine, old, next, style, indent, false);
  return [{ from: mine.keyStart, to: mine.start }, ...value];
}

function spliceRoot(
  { bytes, index }: Indexed,
  edits: Parameters<typeof spliceContainer>[1],
): Uint8Array {
  const { members, start, end } = index;
  const lead = members[0] ? decodeText(bytes, start + 1, members[0].keyStart) : '\n  ';
  const out = new PieceList();
  out.slice(0, start);
  const items = {
    start,
    end,
    length: members.length,
    itemStart: (k: number) => members[k]!.keyStart,
    itemEnd: (k: number) => members[k]!.end,
  };
  const separator = lead === '' ? ', ' : `,${lead}`;
  spliceContainer(items, edits, { lead, separator, trail: '\n' }, out);
  out.slice(end, bytes.length);
  return joinPieces(bytes, out.done());
}

function membersOf({ index }: Indexed): Map<string, RootMember> {
  const lists: readonly string[] = listNames;
  return new Map(
    index.members.filter(({ key }) => !lists.includes(key)).map((member) => [member.key, member]),
  );
}

function isSame(
  a: Indexed,
  memberA: RootMember | undefined,
  b: Indexed,
  memberB: RootMember | undefined,
): boolean {
  if (!memberA || !memberB) return memberA === memberB;
  const value = ({ bytes }: Indexed, { start, end }: RootMember): unknown =>
    parseSlice(bytes, start, end);
  return deepEqual(value(a, memberA), value(b, memberB));
}
