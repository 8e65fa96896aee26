// Findings as SARIF 2.1.0, which code scanning of CI services reads.
import { allRules } from '../shared/coco/rules/registry';
import type { Severity } from '../shared/coco/rules/rule';
import type { Problem } from '../shared/protocol/dataset';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** @param file path as the report should name it @source OASIS SARIF 2.1.0, sections 3.13 to 3.30 */
export function sarifOf(file: string, problems: readonly Problem[]): object {
  const uri = file.split(/[\\/]/).map(encodeURIComponent).join('/');
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Promptmark',
            rules: allRules.map(({ id, severity, summary }) => ({
              id,
              shortDescription: { text: summary },
              defaultConfiguration: { level: levels[severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: problems.map((problem) => resultOf(uri, problem)),
      },
    ],
  };
}

function resultOf(uri: string, problem: Problem): object {
  const { rule, severity, message, line, column, endLine, endColumn, path } = problem;
  return {
    ruleId: rule,
    level: levels[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
        ...(path ? { logicalLocations: [{ fullyQualifiedName: path }] } : {}),
      },
    ],
  };
}
