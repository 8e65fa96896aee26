// Findings of the scanner and the rules as the editor shows them: with lines and columns.
import type { ByteProblem, CocoIndex } from '../../shared/coco/cocoIndex';
import { locate } from '../../shared/coco/locate';
import type { Problem } from '../../shared/protocol/dataset';

/** Adds lines and columns; one pass over the file. */
export function toProblems(bytes: Uint8Array, found: readonly ByteProblem[]): Problem[] {
  const places = locate(
    bytes,
    found.flatMap(({ start, end }) => [start, end]),
  );
  return found.map(({ rule, severity, message, path, fixable }, k) => {
    const [from, to] = [places[2 * k]!, places[2 * k + 1]!];
    const { line, column } = from;
    const end = { endLine: to.line, endColumn: to.column };
    return { rule, severity, message, line, column, ...end, path, ...(fixable ? { fixable } : {}) };
  });
}

/** The first error of a file that must not be written, as one sentence with its place. */
export function describeProblem(bytes: Uint8Array, index: CocoIndex): string {
  const error = index.problems.find(({ severity }) => severity === 'error');
  if (!error) return '';
  const { line, column } = locate(bytes, [error.start])[0]!;
  return `line ${line}, column ${column}: ${error.message}`;
}
