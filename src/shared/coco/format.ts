// Finds out how a COCO file is written (indentation, spaces, line ends) and writes new entries the same way.
import { countEntries, type CocoIndex, type ListIndex } from './cocoIndex';
import { listNames, type ListName } from './entryTable';
import { definedKeys, isPlainObject } from './equal';
import { elementSpans, memberSpans, type Member, type Span } from './members';
import { decodeText } from './text';

/** How values are written. `Lines` flags: each item of such a container is on a line of its own. */
export interface Style {
  readonly newline: string;
  /** one step of indentation */
  readonly unit: string;
  /** between a key and its value, e.g. ": " */
  readonly colon: string;
  /** between items on one line, e.g. ", " */
  readonly comma: string;
  /** inside the braces of an object on one line */
  readonly pad: string;
  readonly entryLines: boolean;
  readonly objectLines: boolean;
  /** arrays of arrays or objects */
  readonly outerLines: boolean;
  /** arrays of plain values */
  readonly arrayLines: boolean;
  /** characters outside ASCII are written as \u escapes */
  readonly ascii: boolean;
}

/** White space around the entries of a list; the separator includes the comma. */
export interface ListGaps {
  readonly lead: string;
  readonly separator: string;
  readonly trail: string;
}

export interface ListStyle {
  readonly gaps: ListGaps;
  /** indentation of an entry's first line */
  readonly indent: string;
  readonly style: Style;
}

/** What Promptmark writes in a new file: one entry a line, as Python's json writes it. */
export const canonicalStyle: Style = {
  newline: '\n',
  unit: '  ',
  colon: ': ',
  comma: ', ',
  pad: '',
  entryLines: false,
  objectLines: false,
  outerLines: false,
  arrayLines: false,
  ascii: false,
};

const SAMPLED_ENTRIES = 8;

/** How entries of `list` are written, or would be: from the list itself, else from another list, else from the root. */
export function detectListStyle(bytes: Uint8Array, index: CocoIndex, name: ListName): ListStyle {
  const source = [name, 'annotations' as const, ...listNames].find(
    (list) => countEntries(index, list) > 0,
  );
  const ascii = !index.hasRawUnicode && hasEscapedUnicode(bytes, index);
  const list = source && index.lists[source];
  if (!list) return styleOfRoot(bytes, index, ascii);
  const lead = decodeText(bytes, list.start + 1, list.entries.start[0]);
  const indent = indentOf(lead);
  const style = detectStyle(bytes, list, indent, ascii);
  return { gaps: gapsOf(bytes, list, lead, style), indent, style };
}

function gapsOf(bytes: Uint8Array, list: ListIndex, lead: string, style: Style): ListGaps {
  const { start, end, length } = list.entries;
  const alone = lead.includes('\n') ? `,${lead}` : style.comma;
  const separator = length > 1 ? decodeText(bytes, end[0], start[1]) : alone;
  return { lead, separator, trail: decodeText(bytes, end[length - 1], list.end - 1) };
}

/** The file has no entry at all: one entry a line if the root is written on lines, else everything on one. */
function styleOfRoot(bytes: Uint8Array, index: CocoIndex, ascii: boolean): ListStyle {
  const first = index.members[0];
  const lead = first ? decodeText(bytes, index.start + 1, first.keyStart) : '\n  ';
  const members = memberSpans(bytes, index.start);
  const colon = first ? colonOf(bytes, members[0]) : canonicalStyle.colon;
  const comma = colon.endsWith(' ') ? ', ' : ',';
  const base = { ...canonicalStyle, colon, comma, ascii };
  if (!lead.includes('\n')) {
    return { gaps: { lead: '', separator: comma, trail: '' }, indent: '', style: base };
  }
  const newline = lead.includes('\r\n') ? '\r\n' : '\n';
  const unit = indentOf(lead) || '  ';
  const inner = newline + unit + unit;
  const gaps = { lead: inner, separator: `,${inner}`, trail: newline + unit };
  return { gaps, indent: unit + unit, style: { ...base, newline, unit } };
}

function detectStyle(bytes: Uint8Array, list: ListIndex, indent: string, ascii: boolean): Style {
  const samples = collectSamples(bytes, list);
  const { entry, members } = samples;
  const first = members[0];
  if (!entry || !first) return { ...canonicalStyle, ascii };
  const open = decodeText(bytes, entry.start + 1, first.keyStart);
  const entryLines = open.includes('\n');
  const colon = colonOf(bytes, first);
  const outerLines = startsOnNewLine(bytes, samples.outer) ?? entryLines;
  const arrayLines = startsOnNewLine(bytes, samples.array) ?? outerLines;
  return {
    newline: newlineOf(bytes, list, open),
    unit: unitOf(open, indent),
    colon,
    comma: commaOf(bytes, samples, colon),
    pad: padOf(bytes, entryLines ? samples.object : entry),
    entryLines,
    outerLines,
    arrayLines,
    objectLines: startsOnNewLine(bytes, samples.object) ?? (entryLines && arrayLines),
    ascii,
  };
}

interface Samples {
  entry?: Span;
  members: readonly Member[];
  object?: Span;
  outer?: Span;
  array?: Span;
}

/** The first nested object, array of arrays and array of values among the first entries. */
function collectSamples(bytes: Uint8Array, list: ListIndex): Samples {
  const samples: Samples = { members: [] };
  const { entries } = list;
  for (let row = 0; row < Math.min(entries.length, SAMPLED_ENTRIES); row++) {
    const entry = { start: entries.start[row]!, end: entries.end[row]! };
    const members = memberSpans(bytes, entry.start);
    if (members.length === 0) continue;
    if (!samples.entry) Object.assign(samples, { entry, members });
    for (const member of members) sampleValue(bytes, member, samples);
  }
  return samples;
}

function sampleValue(bytes: Uint8Array, span: Span, samples: Samples): void {
  if (bytes[span.start] === 0x7b) {
    const members = memberSpans(bytes, span.start);
    if (members.length > 0) samples.object ??= span;
    for (const member of members) sampleValue(bytes, member, samples);
  } else if (bytes[span.start] === 0x5b) {
    const inner = elementSpans(bytes, span.start);
    const head = inner[0];
    if (!head) return;
    if (bytes[head.start] === 0x5b || bytes[head.start] === 0x7b) {
      samples.outer ??= span;
      sampleValue(bytes, head, samples);
    } else if (inner.length > 1) samples.array ??= span;
  }
}

function startsOnNewLine(bytes: Uint8Array, span: Span | undefined): boolean | undefined {
  if (!span) return undefined;
  let i = span.start + 1;
  while (bytes[i] === 0x20 || bytes[i] === 0x09 || bytes[i] === 0x0d) i++;
  return bytes[i] === 0x0a;
}

function colonOf(bytes: Uint8Array, member: Member | undefined): string {
  if (!member) return canonicalStyle.colon;
  const text = decodeText(bytes, member.keyEnd, member.start);
  return text.includes('\n') ? ': ' : text;
}

function commaOf(bytes: Uint8Array, samples: Samples, colon: string): string {
  const inner = samples.array ? elementSpans(bytes, samples.array.start) : [];
  const [a, b] = inner.length > 1 ? inner : [samples.members[0], samples.members[1]];
  const from = a?.end ?? 0;
  const to = b ? ('keyStart' in b ? b.keyStart : b.start) : from;
  const text = decodeText(bytes, from, to);
  return text !== '' && !text.includes('\n') ? text : colon.endsWith(' ') ? ', ' : ',';
}

/** White space between the brace and the first key of an object on one line. */
function padOf(bytes: Uint8Array, object: Span | undefined): string {
  const first = object && memberSpans(bytes, object.start)[0];
  const text = first ? decodeText(bytes, object.start + 1, first.keyStart) : '';
  return text.includes('\n') ? '' : text;
}

function newlineOf(bytes: Uint8Array, list: ListIndex, open: string): string {
  const lead = decodeText(bytes, list.start + 1, list.entries.start[0]);
  return (open + lead).includes('\r\n') ? '\r\n' : '\n';
}

function unitOf(open: string, indent: string): string {
  const inner = indentOf(open);
  if (inner.length > indent.length && inner.startsWith(indent)) return inner.slice(indent.length);
  return inner.includes('\t') ? '\t' : '  ';
}

/** White space after the last line end. */
export function indentOf(gap: string): string {
  return gap.slice(gap.lastIndexOf('\n') + 1);
}

/** A \u escape in the first entries: the writer was told to keep to ASCII. */
function hasEscapedUnicode(bytes: Uint8Array, index: CocoIndex): boolean {
  return listNames.some((name) => {
    const list = index.lists[name];
    if (!list || list.entries.length === 0) return false;
    const last = Math.min(list.entries.length, 100) - 1;
    return /\\u[0-9a-fA-F]{4}/.test(decodeText(bytes, list.start, list.entries.end[last]));
  });
}

/**
 * JSON text of a value in a style.
 *
 * @param indent indentation of the line on which the value begins
 * @throws RangeError for a number that JSON cannot hold
 */
export function serialize(value: unknown, style: Style, indent: string, isEntry = true): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`${value} cannot be written as JSON`);
  }
  if (Array.isArray(value)) return serializeArray(value, style, indent);
  if (!isPlainObject(value)) return serializeScalar(value, style);
  const keys = definedKeys(value);
  const lines = isEntry ? style.entryLines : style.objectLines;
  const inner = lines ? indent + style.unit : indent;
  const items = keys.map(
    (key) => serializeScalar(key, style) + style.colon + serialize(value[key], style, inner, false),
  );
  return wrap('{', '}', items, lines, style, indent, style.pad);
}

function serializeArray(value: readonly unknown[], style: Style, indent: string): string {
  const isOuter = typeof value[0] === 'object' && value[0] !== null;
  const lines = isOuter ? style.outerLines : style.arrayLines;
  const inner = lines ? indent + style.unit : indent;
  const items = value.map((item) => serialize(item, style, inner, false));
  return wrap('[', ']', items, lines, style, indent, '');
}

function wrap(
  open: string,
  close: string,
  items: readonly string[],
  lines: boolean,
  style: Style,
  indent: string,
  pad: string,
): string {
  if (items.length === 0) return open + close;
  if (!lines) return open + pad + items.join(style.comma) + pad + close;
  const start = style.newline + indent + style.unit;
  return open + start + items.join(`,${start}`) + style.newline + indent + close;
}

/** Text of a string, number, boolean or null. */
export function serializeScalar(value: unknown, style: Style): string {
  const text = JSON.stringify(value ?? null);
  if (!style.ascii) return text;
  return text.replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
