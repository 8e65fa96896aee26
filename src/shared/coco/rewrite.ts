// Rewrites one entry so that only what differs gets new text: unknown fields, key order, number spelling and spaces
// of everything else stay as they are.
import { deepEqual, definedKeys, isPlainObject } from './equal';
import { indentOf, serialize, serializeScalar, type Style } from './format';
import { elementSpans, memberSpans, type Member, type Span } from './members';
import { PieceList, spliceContainer, type Gaps, type ItemEdits, type Piece } from './pieces';
import { decodeText, encodeText } from './text';

/**
 * Pieces of the value at `span` after it was changed from `old` to `next`.
 *
 * @param indent indentation of the line on which the value begins
 */
export function rewriteValue(
  bytes: Uint8Array,
  span: Span,
  old: unknown,
  next: unknown,
  style: Style,
  indent: string,
  isEntry = true,
): readonly Piece[] {
  if (deepEqual(old, next)) return [{ from: span.start, to: span.end }];
  if (isPlainObject(old) && isPlainObject(next)) {
    return rewriteObject(bytes, span, old, next, style, indent, isEntry);
  }
  if (Array.isArray(old) && Array.isArray(next) && old.length === next.length) {
    return rewriteElements(bytes, span, old, next, style, indent);
  }
  return [encodeText(serialize(next, style, indent, isEntry))];
}

function rewriteObject(
  bytes: Uint8Array,
  span: Span,
  old: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
  style: Style,
  indent: string,
  isEntry: boolean,
): readonly Piece[] {
  const members = memberSpans(bytes, span.start);
  const keys = definedKeys(next);
  const gaps = gapsOf(bytes, span, members, style, indent, isEntry);
  const inner = gaps.lead.includes('\n') ? indentOf(gaps.lead) : indent;
  const wanted = new Set(keys);
  const last = new Map(members.map(({ key }, k) => [key, k]));
  const replaced = new Map<number, readonly Piece[]>();
  const removed = new Set<number>();
  members.forEach((member, k) => {
    const { key } = member;
    if (!wanted.has(key)) removed.add(k);
    else if (last.get(key) === k && !deepEqual(old[key], next[key])) {
      const value = rewriteValue(bytes, member, old[key], next[key], style, inner, false);
      replaced.set(k, [{ from: member.keyStart, to: member.start }, ...value]);
    }
  });
  const added = keys
    .filter((key) => !last.has(key))
    .map((key) => {
      const value = serialize(next[key], style, inner, false);
      return [encodeText(serializeScalar(key, style) + style.colon + value)];
    });
  const itemStarts = members.map(({ keyStart }) => keyStart);
  return splice(span, itemStarts, members, { replaced, removed, added }, gaps);
}

function rewriteElements(
  bytes: Uint8Array,
  span: Span,
  old: readonly unknown[],
  next: readonly unknown[],
  style: Style,
  indent: string,
): readonly Piece[] {
  const elements = elementSpans(bytes, span.start);
  const first = elements[0];
  const lead = first ? decodeText(bytes, span.start + 1, first.start) : '';
  const inner = lead.includes('\n') ? indentOf(lead) : indent;
  const replaced = new Map<number, readonly Piece[]>();
  elements.forEach((element, k) => {
    if (deepEqual(old[k], next[k])) return;
    replaced.set(k, rewriteValue(bytes, element, old[k], next[k], style, inner, false));
  });
  const itemStarts = elements.map(({ start }) => start);
  const gaps = { lead: '', separator: '', trail: '' }; // nothing is added or removed
  return splice(span, itemStarts, elements, { replaced, removed: new Set(), added: [] }, gaps);
}

function splice(
  span: Span,
  itemStarts: readonly number[],
  items: readonly Span[],
  edits: ItemEdits,
  gaps: Gaps,
): readonly Piece[] {
  const out = new PieceList();
  const container = {
    start: span.start,
    end: span.end,
    length: items.length,
    itemStart: (k: number) => itemStarts[k]!,
    itemEnd: (k: number) => items[k]!.end,
  };
  spliceContainer(container, edits, gaps, out);
  return out.done();
}

/** The object's own white space, or the style's where it has too few members. */
function gapsOf(
  bytes: Uint8Array,
  span: Span,
  members: readonly Member[],
  style: Style,
  indent: string,
  isEntry: boolean,
): Gaps {
  const [first, second] = members;
  if (!first) {
    if (!(isEntry ? style.entryLines : style.objectLines)) {
      return { lead: style.pad, separator: style.comma, trail: style.pad };
    }
    const lead = style.newline + indent + style.unit;
    return { lead, separator: `,${lead}`, trail: style.newline + indent };
  }
  const lead = decodeText(bytes, span.start + 1, first.keyStart);
  const alone = lead.includes('\n') ? `,${lead}` : style.comma;
  const separator = second ? decodeText(bytes, first.end, second.keyStart) : alone;
  return { lead, separator, trail: '' };
}
