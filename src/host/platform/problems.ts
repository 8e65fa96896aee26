// Findings in COCO files in the Problems panel.
import { Diagnostic, DiagnosticSeverity, languages, Range, Uri, type Disposable } from 'vscode';
import type { DatasetSummary, Problem } from '../../shared/protocol/dataset';

export const PROBLEM_SOURCE = 'promptmark';

/** Shows findings at their places; those of an open text go before those of the file that editors use. */
export class DatasetProblems implements Disposable {
  private readonly collection = languages.createDiagnosticCollection('promptmark');
  private readonly ofFiles = new Map<string, readonly Problem[]>();
  private readonly ofTexts = new Map<string, readonly Problem[]>();

  /** Replaces the findings of a file that editors use; [] when it has none or is used no more. */
  show({ path, errors }: Pick<DatasetSummary, 'path' | 'errors'>): void {
    if (errors.length > 0) this.ofFiles.set(path, errors);
    else this.ofFiles.delete(path);
    this.render(path);
  }

  /** Replaces the findings of an open text; null when it was closed. */
  showText(path: string, problems: readonly Problem[] | null): void {
    if (problems) this.ofTexts.set(path, problems);
    else this.ofTexts.delete(path);
    this.render(path);
  }

  /** The entries of one file. */
  of(path: string): readonly Diagnostic[] {
    return this.collection.get(Uri.file(path)) ?? [];
  }

  dispose(): void {
    this.collection.dispose();
  }

  private render(path: string): void {
    const problems = this.ofTexts.get(path) ?? this.ofFiles.get(path) ?? [];
    this.collection.set(Uri.file(path), problems.map(toDiagnostic));
  }
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** Place of a problem in VS Code's counting. */
export function rangeOf(problem: Problem): Range {
  const { line, column, endLine = line, endColumn = column + 1 } = problem;
  return new Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}

function toDiagnostic(problem: Problem): Diagnostic {
  const severity = severities[problem.severity];
  const diagnostic = new Diagnostic(rangeOf(problem), problem.message, severity);
  diagnostic.source = PROBLEM_SOURCE;
  diagnostic.code = problem.rule;
  return diagnostic;
}
