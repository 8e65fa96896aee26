// A COCO file with some entries changed, added, removed or reordered, as pieces: every other byte stays as it is.
import { parseEntry, type CocoIndex, type ListIndex } from './cocoIndex';
import { listNames, type ListName } from './entryTable';
import { detectListStyle, indentOf, serialize, type ListStyle } from './format';
import { PieceList, spliceContainer, type ItemEdits, type Items, type Piece } from './pieces';
import { rewriteValue } from './rewrite';
import { decodeText, encodeText } from './text';

/** Changes of one list, by row. */
export interface ListPlan {
  readonly changed: ReadonlyMap<number, unknown>;
  readonly removed: ReadonlySet<number>;
  readonly added: readonly unknown[];
  /** ids whose entries are to stand in this order, in the places they have together */
  readonly order?: readonly number[];
}

export type FilePlan = Readonly<Record<ListName, ListPlan>>;

export const emptyPlan: ListPlan = { changed: new Map(), removed: new Set(), added: [] };

/** True when the plan changes nothing. */
export function isEmptyPlan(plan: FilePlan): boolean {
  return listNames.every((name) => {
    const { changed, removed, added, order } = plan[name];
    return changed.size + removed.size + added.length === 0 && order === undefined;
  });
}

/**
 * Pieces of the new file.
 *
 * @param index of these bytes, with an object as root
 */
export function spliceFile(bytes: Uint8Array, index: CocoIndex, plan: FilePlan): readonly Piece[] {
  const out = new PieceList();
  let done = 0;
  const lists = listNames
    .map((name) => ({ name, list: index.lists[name] }))
    .sort((a, b) => (a.list?.start ?? 0) - (b.list?.start ?? 0));
  for (const { name, list } of lists) {
    if (!list) continue;
    const edits = listEdits(bytes, index, name, list, plan[name]);
    if (edits.replaced.size + edits.removed.size + edits.added.length === 0) continue;
    out.slice(done, list.start);
    spliceContainer(itemsOf(list), edits, detectListStyle(bytes, index, name).gaps, out);
    done = list.end;
  }
  const missing = listNames.filter((name) => !index.lists[name] && plan[name].added.length > 0);
  if (missing.length > 0) {
    addLists(bytes, index, plan, missing, out, done);
    done = index.end - 1;
  }
  out.slice(done, bytes.length);
  return out.done();
}

function itemsOf(list: ListIndex): Items {
  const { entries, start, end } = list;
  return {
    start,
    end,
    length: entries.length,
    itemStart: (k) => entries.start[k]!,
    itemEnd: (k) => entries.end[k]!,
  };
}

function listEdits(
  bytes: Uint8Array,
  index: CocoIndex,
  name: ListName,
  list: ListIndex,
  plan: ListPlan,
): ItemEdits {
  if (plan.changed.size + plan.added.length === 0) {
    const edits = {
      replaced: new Map<number, readonly Piece[]>(),
      removed: plan.removed,
      added: [],
    };
    return plan.order ? reorder(list, edits, plan, plan.order) : edits;
  }
  const { style, indent } = detectListStyle(bytes, index, name);
  const replaced = new Map<number, readonly Piece[]>();
  for (const [row, next] of plan.changed) {
    const span = { start: list.entries.start[row]!, end: list.entries.end[row]! };
    const own = ownIndent(bytes, list, row) ?? indent;
    replaced.set(row, rewriteValue(bytes, span, parseEntry(bytes, list, row), next, style, own));
  }
  const added = plan.added.map((entry) => [encodeText(serialize(entry, style, indent))]);
  const edits = { replaced, removed: plan.removed, added };
  return plan.order ? reorder(list, edits, plan, plan.order) : edits;
}

/** Indentation of the line a row begins on, undefined where it shares the line with others. */
function ownIndent(bytes: Uint8Array, list: ListIndex, row: number): string | undefined {
  const { start, end } = list.entries;
  const gap = decodeText(bytes, row > 0 ? end[row - 1]! : list.start + 1, start[row]);
  return gap.includes('\n') ? indentOf(gap) : undefined;
}

/** Exchanges contents between the places of the entries named in `order`; the places stay. */
function reorder(
  list: ListIndex,
  edits: ItemEdits,
  plan: ListPlan,
  order: readonly number[],
): ItemEdits {
  const rank = new Map(order.map((id, k) => [id, k]));
  const { entries } = list;
  const slots: { row: number; rank: number; content: readonly Piece[] }[] = [];
  for (let row = 0; row < entries.length; row++) {
    const place = rank.get(entries.id[row]!);
    if (place === undefined || edits.removed.has(row)) continue;
    const old = [{ from: entries.start[row]!, to: entries.end[row]! }];
    slots.push({ row, rank: place, content: edits.replaced.get(row) ?? old });
  }
  plan.added.forEach((entry, k) => {
    const place = rank.get((entry as { id?: number }).id ?? NaN);
    if (place === undefined) return;
    slots.push({ row: entries.length + k, rank: place, content: edits.added[k]! });
  });
  const sorted = [...slots].sort((a, b) => a.rank - b.rank);
  const replaced = new Map(edits.replaced);
  const added = [...edits.added];
  slots.forEach(({ row }, k) => {
    const source = sorted[k]!;
    if (source.row === row) return;
    if (row < entries.length) replaced.set(row, source.content);
    else added[row - entries.length] = source.content;
  });
  return { replaced, removed: edits.removed, added };
}

/** Adds whole lists as members at the end of the root object. */
function addLists(
  bytes: Uint8Array,
  index: CocoIndex,
  plan: FilePlan,
  missing: readonly ListName[],
  out: PieceList,
  done: number,
): void {
  const { members } = index;
  const [first, second] = members;
  const last = members.at(-1);
  const open = first ? decodeText(bytes, index.start + 1, first.keyStart) : '';
  const alone = open.includes('\n')
    ? `,${open}`
    : detectListStyle(bytes, index, 'images').style.comma;
  const separator = first && second ? decodeText(bytes, first.end, second.keyStart) : alone;
  // A root written as {} gets the form of a new file.
  const isBare = !first;
  const end = last ? last.end : index.start + 1;
  out.slice(done, end);
  missing.forEach((name, k) => {
    const list = detectListStyle(bytes, index, name);
    out.text(k > 0 || !isBare ? (isBare ? ',\n  ' : separator) : '\n  ');
    out.text(`"${name}"${list.style.colon}${listText(plan[name].added, list, isBare)}`);
  });
  if (isBare) out.text('\n');
  else out.slice(end, index.end - 1);
}

function listText(
  entries: readonly unknown[],
  { gaps, indent, style }: ListStyle,
  isBare: boolean,
): string {
  const lead = isBare ? '\n    ' : gaps.lead;
  const separator = isBare ? ',\n    ' : gaps.separator;
  const trail = isBare ? '\n  ' : gaps.trail;
  return `[${lead}${entries.map((entry) => serialize(entry, style, indent)).join(separator)}${trail}]`;
}
