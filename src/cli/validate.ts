// promptmark validate: every finding with its place, for people, for programs and for code scanning.
import * as path from 'node:path';
import { Store } from '../host/dataset/store';
import { validateFile, type FileValidation } from '../host/dataset/validateFile';
import { allRules } from '../shared/coco/rules/registry';
import type { Severity } from '../shared/coco/rules/rule';
import type { Problem } from '../shared/protocol/dataset';
import { parseNumber, parseOptions, UsageError, type Command } from './command';
import { jsonText, onlyFile, openFile, progressOn } from './openDataset';
import { sarifOf } from './sarif';

const levels: readonly Severity[] = ['info', 'warning', 'error'];

export const validateCommand: Command = {
  name: 'validate',
  usage:
    'validate FILE [--json | --sarif] [--rule ID]... [--level info|warning|error] [--no-images] [--max N] [--rules]',
  summary: 'Check a COCO file; exit code 1 when there are errors or warnings.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      json: { type: 'boolean' },
      sarif: { type: 'boolean' },
      rule: { type: 'string', multiple: true },
      rules: { type: 'boolean' },
      level: { type: 'string', default: 'info' },
      'no-images': { type: 'boolean' },
      max: { type: 'string', default: '1000' },
    });
    if (values.rules) return listRules(io.out, values.json ?? false);
    const level = levels.indexOf(values.level as Severity);
    if (level < 0) throw new UsageError(`--level must be one of ${levels.join(', ')}`);
    const mostPerRule = parseNumber('--max', values.max, 1);
    const only = ruleSet(values.rule);
    const file = onlyFile(positionals);
    const store = new Store();
    const loaded = await openFile(store, file, io);
    const isBig = loaded.bytes.length > 32 << 20;
    const validation = await validateFile(store, loaded, {
      ...(only ? { only } : {}),
      mostPerRule,
      imageFiles: !values['no-images'],
      signal: io.signal,
      ...(isBig ? { onProgress: progressOn(io, `checking ${file}`) } : {}),
    });
    const problems = validation.problems.filter(
      ({ severity }) => levels.indexOf(severity) >= level,
    );
    if (values.sarif) io.out(jsonText(sarifOf(path.relative(io.cwd, loaded.path), problems)));
    else if (values.json) io.out(jsonText({ file, ...summary(validation), problems }));
    else io.out(textOf(file, problems, validation));
    return problems.some(({ severity }) => severity !== 'info') ? 1 : 0;
  },
};

/** Rule ids from the command line; undefined: all. @throws UsageError naming an unknown one */
export function ruleSet(ids: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (!ids) return undefined;
  const known = new Set(allRules.map(({ id }) => id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new UsageError(`there is no rule "${unknown}"; promptmark validate --rules lists them`);
  }
  return new Set(ids);
}

function listRules(out: (text: string) => void, isJson: boolean): number {
  if (isJson)
    out(
      jsonText(
        allRules.map(({ id, severity, summary: text, fixable }) => ({
          id,
          severity,
          summary: text,
          fixable: fixable ?? false,
        })),
      ),
    );
  else
    for (const { id, severity, summary: text, fixable } of allRules) {
      out(`${id} (${severity}${fixable ? ', fixable' : ''}): ${text}\n`);
    }
  return 0;
}

function summary({ counts }: FileValidation): object {
  const bySeverity = { error: 0, warning: 0, info: 0 };
  for (const [rule, count] of Object.entries(counts)) {
    const found = allRules.find(({ id }) => id === rule);
    if (found) bySeverity[found.severity] += count;
  }
  return { errors: bySeverity.error, warnings: bySeverity.warning, infos: bySeverity.info, counts };
}

function textOf(file: string, problems: readonly Problem[], { counts }: FileValidation): string {
  const lines = problems.map(
    ({ line, column, severity, rule, path: where, message, fixable }) =>
      `${file}:${line}:${column}: ${severity} ${rule}${where ? ` at ${where}` : ''}: ${printable(message)}${fixable ? ' (fixable)' : ''}`,
  );
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shown = problems.length < total ? `${problems.length} of ${total}` : `${total}`;
  lines.push(total === 0 ? `${file}: no problems` : `${file}: ${shown} problems`);
  return `${lines.join('\n')}\n`;
}

/** Messages hold text of the file: control and direction characters must not reach a terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
