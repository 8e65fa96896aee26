// What VS Code asks about the entry at a position of a COCO file: hover, definition, and the outline of all entries.
import {
  DocumentSymbol,
  Hover,
  MarkdownString,
  SymbolKind,
  type CancellationToken,
  type DefinitionProvider,
  type DocumentSymbolProvider,
  type HoverProvider,
  type LocationLink,
  type Position,
  type Range,
  type TextDocument,
} from 'vscode';
import type { EntryInfo, OutlineEntry, OutlineList } from '../../shared/protocol/dataset';
import type { CanvasPlace } from '../commands/openOnCanvas';
import {
  isCocoDocument,
  plainText,
  signalOf,
  toRange,
  unlessGone,
  type CocoTexts,
} from './cocoTexts';

const MOST_SYMBOLS = 3000;
const OPEN = 'promptmark.openOnCanvas';

export class CocoEntries implements HoverProvider, DefinitionProvider, DocumentSymbolProvider {
  constructor(private readonly texts: CocoTexts) {}

  async provideHover(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<Hover | null> {
    const entry = await this.entryAt(document, position, token);
    return entry && new Hover(hoverOf(entry, document.uri.fsPath));
  }

  async provideDefinition(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<LocationLink[]> {
    const reference = (await this.entryAt(document, position, token))?.reference;
    if (!reference) return [];
    const target = toRange(reference.to);
    const originSelectionRange = toRange(reference.from);
    return [{ originSelectionRange, targetUri: document.uri, targetRange: target }];
  }

  async provideDocumentSymbols(
    document: TextDocument,
    token: CancellationToken,
  ): Promise<DocumentSymbol[]> {
    if (!isCocoDocument(document)) return [];
    const params = { most: MOST_SYMBOLS };
    const answer = await unlessGone(
      this.texts.ask('dataset/outline', document, params, signalOf(token)),
    );
    return answer?.lists.map(listSymbol) ?? [];
  }

  /** The entry at a position; null also for files that are no COCO. */
  async entryAt(
    document: TextDocument,
    { line, character }: Position,
    token?: CancellationToken,
  ): Promise<EntryInfo | null> {
    if (!isCocoDocument(document)) return null;
    const place = { line: line + 1, column: character + 1 };
    const signal = token && signalOf(token);
    return (
      (await unlessGone(this.texts.ask('dataset/entryAt', document, place, signal)))?.entry ?? null
    );
  }
}

function hoverOf(entry: EntryInfo, dataset: string): MarkdownString[] {
  const { list, id, name, category, facts, imageId, thumbnail } = entry;
  const text = new MarkdownString();
  const title = list === 'annotations' ? category || 'annotation without category' : name;
  text.appendMarkdown('**').appendText(plainText(title)).appendMarkdown('**');
  text.appendText(`  ${list.slice(0, -1).replace('ie', 'y')} ${id ?? 'without id'}`);
  const lines = [
    ...(list === 'annotations' && name ? [`on ${name}`] : []),
    ...(facts.caption === undefined ? [] : [`“${facts.caption}”`]),
    ...(facts.area === undefined ? [] : [`area ${facts.area.toLocaleString('en')} px`]),
    ...(facts.bbox ? [`box ${facts.bbox.join(', ')}`] : []),
    ...(facts.size ? [`image ${facts.size[1]} × ${facts.size[0]}`] : []),
    ...(facts.annotations === undefined ? [] : [`annotations ${facts.annotations}`]),
  ];
  text.appendMarkdown('\n\n').appendText(lines.map((line) => plainText(line, 300)).join(' · '));
  if (thumbnail) {
    const data = Buffer.from(thumbnail).toString('base64');
    text.appendMarkdown(`\n\n![mask](data:image/svg+xml;base64,${data})`);
  }
  const link = imageId === null ? [] : [openLink(entry, imageId, dataset)];
  return [text, ...link];
}

/** The only trusted text, made of nothing but numbers and the file's own path. */
function openLink({ list, id }: EntryInfo, imageId: number, dataset: string): MarkdownString {
  const annotation = list === 'annotations' && id !== null ? { annotationId: id } : {};
  const place: CanvasPlace = { dataset, imageId, ...annotation };
  const args = encodeURIComponent(JSON.stringify([place])).replace(
    /[()]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  const link = new MarkdownString(`[Open on canvas](command:${OPEN}?${args})`);
  link.isTrusted = { enabledCommands: [OPEN] };
  return link;
}

const titles = { images: 'Images', annotations: 'Annotations', categories: 'Categories' } as const;

function listSymbol({ list, span, total, entries }: OutlineList): DocumentSymbol {
  const range = toRange(span);
  const shown = entries.length < total ? `first ${entries.length} of ${total}` : `${total}`;
  const symbol = new DocumentSymbol(titles[list], shown, SymbolKind.Array, range, firstOf(range));
  symbol.children = list === 'annotations' ? byImage(entries) : entries.map(entrySymbol);
  return symbol;
}

/** One symbol an image, with its annotations below. */
function byImage(entries: readonly OutlineEntry[]): DocumentSymbol[] {
  const groups = new Map<number | null, DocumentSymbol>();
  for (const entry of entries) {
    const symbol = annotationSymbol(entry);
    const group = groups.get(entry.imageId);
    if (group) {
      group.children.push(symbol);
      group.range = group.range.union(symbol.range);
      group.detail = `${group.children.length}`;
      continue;
    }
    const name = nameOr(entry.name, `image ${entry.imageId ?? 'unknown'}`);
    const made = new DocumentSymbol(
      name,
      '1',
      SymbolKind.File,
      symbol.range,
      firstOf(symbol.range),
    );
    made.children.push(symbol);
    groups.set(entry.imageId, made);
  }
  return [...groups.values()];
}

function annotationSymbol({ id, category, span }: OutlineEntry): DocumentSymbol {
  const range = toRange(span);
  const name = nameOr(category, 'annotation');
  return new DocumentSymbol(name, `${id ?? ''}`, SymbolKind.Object, range, firstOf(range));
}

function entrySymbol({ id, name, span }: OutlineEntry): DocumentSymbol {
  const range = toRange(span);
  return new DocumentSymbol(
    nameOr(name, 'unnamed'),
    `${id ?? ''}`,
    SymbolKind.Object,
    range,
    firstOf(range),
  );
}

/** VS Code refuses symbols without a name. */
const nameOr = (name: string, other: string): string => plainText(name).trim() || other;

/** The beginning of a range: where a click in the outline leads. */
const firstOf = (range: Range): Range => range.with({ end: range.start });
