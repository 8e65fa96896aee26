// XML as a tree of elements in document order. Reading is a library's work; writing needs only escapes.
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** text directly inside, without white space around it */
  readonly text: string;
}

const ATTRIBUTES = ':@';
const TEXT = '#text';

/**
 * Reads a document.
 *
 * @returns its root element
 * @throws SyntaxError with line and column when it is not well-formed XML
 */
export function parseXml(text: string): XmlElement {
  const valid = XMLValidator.validate(text, { allowBooleanAttributes: true });
  if (valid !== true) {
    const { line, col, msg } = valid.err;
    throw new SyntaxError(`not well-formed XML at line ${line}, column ${col}: ${msg}`);
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
    htmlEntities: true, // numeric references; the five of XML itself are always read
  });
  const root = elementsOf(parser.parse(text) as unknown).find((element) => element.name !== '');
  if (!root) throw new SyntaxError('no XML element');
  return root;
}

/** The library's ordered form: a list of objects with one member named by the tag, and the attributes beside it. */
function elementsOf(list: unknown): XmlElement[] {
  if (!Array.isArray(list)) return [];
  return (list as Record<string, unknown>[]).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT);
    if (name === undefined) return [];
    const attributes = Object.entries(node[ATTRIBUTES] ?? {}).map(
      ([key, value]) => [key, String(value)] as const,
    );
    const inner = node[name];
    return [
      { name, attributes: new Map(attributes), children: elementsOf(inner), text: textOf(inner) },
    ];
  });
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
  };
}

/** Writes a document, indented by two spaces. */
export function formatXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${formatElement(root, '')}`;
}

function formatElement(node: XmlElement, indent: string): string {
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
