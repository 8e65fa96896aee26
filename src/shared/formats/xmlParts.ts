// Cuts the elements of one name out of an XML text that comes in parts, so that a file of many images is read an
// image at a time. What is outside of them stays together, with their line ends, as a small document of its own.
import type { Part } from './streams';

/** Markup whose end is not a ">" alone. */
const BLOCKS: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

export class ElementCutter {
  /** text outside of the elements so far */
  outside = '';
  private buffer = '';
  /** up to where the buffer is understood */
  private at = 0;
  /** where the element begins that is being read, -1: none */
  private start = -1;
  private depth = 0;
  private line = 1;

  constructor(private readonly name: string) {}

  /** Takes the next part of the text and gives the elements that are complete. */
  *push(text: string): Iterable<Part> {
    this.buffer += text;
    for (let end = this.tokenEnd(); end > 0; end = this.tokenEnd()) {
      const from = this.at;
      this.at = end;
      if (this.step(from, end)) yield this.cut();
    }
    this.drop();
  }

  /** At the end of the text: what was begun and not finished belongs to the outside, whose reader tells it. */
  end(): string {
    this.outside += this.buffer;
    this.buffer = '';
    return this.outside;
  }

  /** End of the token at `at`: text up to a "<", or markup; 0 when the buffer does not hold its end. */
  private tokenEnd(): number {
    const { buffer, at } = this;
    if (at >= buffer.length) return 0;
    if (buffer[at] !== '<') {
      const next = buffer.indexOf('<', at);
      return next < 0 ? buffer.length : next;
    }
    if (buffer.length - at < 9 && !buffer.includes('>', at)) return 0; // may become any of the blocks
    for (const [start, end] of BLOCKS) {
      if (!buffer.startsWith(start, at)) continue;
      const found = buffer.indexOf(end, at + start.length);
      return found < 0 ? 0 : found + end.length;
    }
    return this.tagEnd();
  }

  /** After the ">" of the tag at `at`, those in quoted values passed over; 0: not there yet. */
  private tagEnd(): number {
    const { buffer } = this;
    let quote = '';
    for (let i = this.at + 1; i < buffer.length; i++) {
      const char = buffer[i]!;
      if (quote !== '') quote = char === quote ? '' : quote;
      else if (char === '"' || char === "'") quote = char;
      else if (char === '>') return i + 1;
    }
    return 0;
  }

  /** Follows the token; true when it ends an element of the name. */
  private step(from: number, end: number): boolean {
    const { buffer, name } = this;
    const isTag = (prefix: string): boolean =>
      buffer.startsWith(prefix, from) && /[\s/>]/.test(buffer[from + prefix.length] ?? '');
    if (isTag(`<${name}`)) {
      if (this.start < 0) {
        this.take(from);
        this.start = from;
      }
      if (buffer[end - 2] !== '/') this.depth++;
      return this.depth === 0;
    }
    if (this.start < 0 || !isTag(`</${name}`)) return false;
    this.depth--;
    return this.depth === 0;
  }

  private done = 0;

  /** What lies between the last element and `end` is outside. */
  private take(end: number): void {
    const text = this.buffer.slice(this.done, end);
    this.outside += text;
    this.line += countLines(text);
    this.done = end;
  }

  private cut(): Part {
    const text = this.buffer.slice(this.start, this.at);
    const part = { text, line: this.line };
    const lines = countLines(text);
    this.outside += '\n'.repeat(lines);
    this.line += lines;
    this.done = this.at;
    this.start = -1;
    return part;
  }

  /** Forgets what is done with. */
  private drop(): void {
    if (this.start < 0) this.take(this.at);
    this.buffer = this.buffer.slice(this.done);
    this.at -= this.done;
    if (this.start >= 0) this.start -= this.done;
    this.done = 0;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
