// XML as a tree of elements in document order. Reading is a library's work; writing needs only escapes.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { PlacedError } from './texts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** text directly inside, without white space around it */
  readonly text: string;
  /** line it begins on, from 1; 0 for elements that were not read */
  readonly line: number;
}

const ATTRIBUTES = ':@';
const TEXT = '#text';
const META = XMLParser.getMetaDataSymbol() as unknown as symbol;
type Node = Record<string, unknown> & Record<symbol, { readonly startIndex?: number } | undefined>;

/**
 * Reads a document.
 *
 * @param firstLine line of the file that the text begins on
 * @returns its root element
 * @throws PlacedError when it is not well-formed XML
 */
export function parseXml(text: string, firstLine = 1): XmlElement {
  const valid = XMLValidator.validate(text, { allowBooleanAttributes: true });
  if (valid !== true) {
    const { line, col, msg } = valid.err;
    throw new PlacedError(`not well-formed XML: ${msg}`, firstLine - 1 + line, col);
  }
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    trimValues: true,
    captureMetaData: true,
    htmlEntities: true, // numeric references; the five of XML itself are always read
  });
  // The library counts a line end as one character, whichever it is.
  const lineAt = lineCounter(text.replace(/\r\n?/g, '\n'), firstLine);
  const nodes = parser.parse(text) as unknown;
  const root = elementsOf(nodes, lineAt).find((element) => element.name !== '');
  if (!root) throw new PlacedError('no XML element', firstLine);
  return root;
}

/** The library's ordered form: a list of objects with one member named by the tag, and the attributes beside it. */
function elementsOf(list: unknown, lineAt: (at: number) => number): XmlElement[] {
  if (!Array.isArray(list)) return [];
  return (list as Node[]).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT);
    if (name === undefined) return [];
    const attributes = Object.entries(node[ATTRIBUTES] ?? {}).map(
      ([key, value]) => [key, String(value)] as const,
    );
    const inner = node[name];
    const line = lineAt(node[META]?.startIndex ?? 0); // before its children: places are asked for in order
    const children = elementsOf(inner, lineAt);
    return [{ name, attributes: new Map(attributes), children, text: textOf(inner), line }];
  });
}

/** Lines of offsets; those asked for must not go back. */
function lineCounter(text: string, firstLine: number): (at: number) => number {
  let [line, done] = [firstLine, 0];
  return (at) => {
    for (let next = text.indexOf('\n', done); next >= 0 && next < at;) {
      line++;
      done = next + 1;
      next = text.indexOf('\n', done);
    }
    return line;
  };
}

function textOf(list: unknown): string {
  if (!Array.isArray(list)) return '';
  const parts = (list as Record<string, unknown>[]).map((node) => node[TEXT] ?? '');
  return parts.map(String).join('').trim();
}

/** The first child of this name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** Text of the child of this name; undefined when there is no such child. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return childOf(element, name)?.text;
}

/** The number a text stands for; NaN when it stands for none. */
export function toNumber(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? NaN : Number(text);
}

/** An element for writing; members of value undefined are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content: string | number | readonly XmlElement[] = [],
): XmlElement {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as const],
  );
  const isText = typeof content !== 'object';
  return {
    name,
    attributes: new Map(given),
    children: isText ? [] : content,
    text: isText ? String(content) : '',
    line: 0,
  };
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n';

/** Writes a document, indented by two spaces. */
export function formatXml(root: XmlElement): string {
  return XML_DECLARATION + formatElement(root, '');
}

/** Writes an element on lines of its own. */
export function formatElement(node: XmlElement, indent: string): string {
  const attributes = [...node.attributes].map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const start = `${indent}<${node.name}${attributes.join('')}`;
  if (node.children.length > 0) {
    const inner = node.children.map((child) => formatElement(child, `${indent}  `)).join('');
    return `${start}>\n${inner}${indent}</${node.name}>\n`;
  }
  if (node.text === '') return `${start}/>\n`;
  return `${start}>${escapeXml(node.text)}</${node.name}>\n`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** What XML 1.0 cannot hold: control characters, U+FFFE and U+FFFF, halves of surrogate pairs. */
const IMPOSSIBLE =
  /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Characters that cannot be written become U+FFFD. */
function escapeXml(text: string): string {
  const possible = text.replace(IMPOSSIBLE, '\ufffd');
  return possible.replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character]!);
}
