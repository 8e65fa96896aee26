// Runs the rules over a file, entry by entry: memory stays that of the index however large the file is.
import { parseEntry, type ByteProblem, type CocoIndex, type ListIndex } from '../cocoIndex';
import { listNames, type ListName } from '../entryTable';
import { isPlainObject } from '../equal';
import { findSpan } from '../members';
import type { Entry } from '../types';
import { viewOf } from './annotationView';
import {
  CrowdEncoding,
  crowdEncodingRule,
  NearDuplicates,
  nearDuplicateRule,
} from './datasetRules';
import { listRules } from './listRules';
import { perAnnotation, perEntry } from './registry';
import type { CategoryFacts, DatasetFacts, Finding, Findings, ImageFacts, RuleInfo } from './rule';

export interface ValidateOptions {
  /** ids of the rules to run; absent: all */
  readonly only?: ReadonlySet<string>;
  /** findings that are kept of one rule; all are counted */
  readonly mostPerRule?: number;
}

export interface Validation {
  /** in the order of the file's lists, at most `mostPerRule` a rule */
  readonly problems: readonly ByteProblem[];
  /** findings of each rule, kept or not */
  readonly counts: Readonly<Record<string, number>>;
}

/** Takes one finding about a row of a list. */
export type Report = (rule: RuleInfo, name: ListName, row: number, finding: Finding) => void;

const MOST_PER_RULE = 1000;
const STEP_ENTRIES = 2000;

/** Validates in one go. */
export function validate(
  bytes: Uint8Array,
  index: CocoIndex,
  options?: ValidateOptions,
): Validation {
  const steps = validateSteps(bytes, index, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Validates in steps: yields the number of entries done, so that the caller can report progress, pause or stop. */
export function* validateSteps(
  bytes: Uint8Array,
  index: CocoIndex,
  options: ValidateOptions = {},
): Generator<number, Validation, void> {
  const collector = new Collector(bytes, index, options.mostPerRule ?? MOST_PER_RULE);
  for (const problem of index.problems) {
    if (isWanted(options, problem.rule)) collector.add(problem);
  }
  yield* findingSteps(bytes, index, options, (rule, name, row, finding) =>
    collector.finding(rule, name, row, finding),
  );
  return collector;
}

/** Runs every rule but those of the scanner and reports what they find. */
export function* findingSteps(
  bytes: Uint8Array,
  index: CocoIndex,
  options: ValidateOptions,
  report: Report,
): Generator<number, void, void> {
  const facts = factsOf(bytes, index);
  for (const name of listNames) {
    const list = index.lists[name];
    if (!list) continue;
    for (const rule of listRules) {
      if (!rule.lists.includes(name) || !isWanted(options, rule.id)) continue;
      const context = { bytes, index, name, list, categories: facts.categories };
      for (const finding of rule.check(context)) report(rule, name, finding.row, finding);
      yield 0;
    }
    if (name !== 'annotations') entryFindings(bytes, list, name, facts, options, report);
  }
  const annotations = index.lists.annotations;
  if (annotations) yield* annotationFindings(bytes, annotations, facts, options, report);
}

function entryFindings(
  bytes: Uint8Array,
  list: ListIndex,
  name: 'images' | 'categories',
  facts: DatasetFacts,
  options: ValidateOptions,
  report: Report,
): void {
  const rules = perEntry.filter((rule) => rule.list === name && isWanted(options, rule.id));
  for (let row = 0; row < list.entries.length; row++) {
    const entry = parseEntry(bytes, list, row);
    if (!isPlainObject(entry)) continue;
    for (const rule of rules)
      each(rule.check(entry, facts), (found) => report(rule, name, row, found));
  }
}

function* annotationFindings(
  bytes: Uint8Array,
  list: ListIndex,
  facts: DatasetFacts,
  options: ValidateOptions,
  report: Report,
): Generator<number, void, void> {
  const rules = perAnnotation.filter(({ id }) => isWanted(options, id));
  const twins = isWanted(options, nearDuplicateRule.id) ? new NearDuplicates() : null;
  const crowds = isWanted(options, crowdEncodingRule.id) ? new CrowdEncoding() : null;
  for (let row = 0; row < list.entries.length; row++) {
    if (row % STEP_ENTRIES === STEP_ENTRIES - 1) yield row;
    const entry: unknown = parseEntry(bytes, list, row);
    if (!isPlainObject(entry)) continue;
    const view = viewOf(entry, facts);
    for (const rule of rules) {
      each(rule.check(view), (found) => report(rule, 'annotations', row, found));
    }
    crowds?.add(entry);
    const twin = facts.isResults ? -1 : (twins?.add(row, entry) ?? -1);
    if (twin >= 0) reportTwin(bytes, list, row, twin, entry, report);
  }
  const message = crowds?.message() ?? '';
  if (message) report(crowdEncodingRule, 'annotations', 0, { path: ['iscrowd'], message });
}

function reportTwin(
  bytes: Uint8Array,
  list: ListIndex,
  row: number,
  twin: number,
  entry: Entry,
  report: Report,
): void {
  const other = parseEntry(bytes, list, twin) as Entry | undefined;
  const message = `Nearly the same as annotation ${String(other?.['id'])}, which has the same category.`;
  report(nearDuplicateRule, 'annotations', row, { path: entry['bbox'] ? ['bbox'] : [], message });
}

function each(found: Findings, take: (finding: Finding) => void): void {
  if (found === null) return;
  if (Array.isArray(found)) for (const finding of found as readonly Finding[]) take(finding);
  else take(found as Finding);
}

const isWanted = ({ only }: ValidateOptions, rule: string): boolean => !only || only.has(rule);

/** Sizes of images and keypoints of categories by id; of several with one id the first. */
export function factsOf(bytes: Uint8Array, index: CocoIndex): DatasetFacts {
  const images = new Map<number, ImageFacts>();
  const categories = new Map<number, CategoryFacts>();
  const eachEntry = (
    name: ListName,
    take: (id: number, row: number, entry: Entry) => void,
  ): void => {
    const list = index.lists[name];
    for (let row = 0; list && row < list.entries.length; row++) {
      const id = list.entries.id[row]!;
      const entry = Number.isNaN(id) ? undefined : parseEntry(bytes, list, row);
      if (isPlainObject(entry)) take(id, row, entry);
    }
  };
  eachEntry('images', (id, row, { width, height }) => {
    if (images.has(id)) return;
    const isSize = [width, height].every((side) => Number.isInteger(side) && (side as number) > 0);
    images.set(id, { row, size: isSize ? [height as number, width as number] : null });
  });
  eachEntry('categories', (id, row, { name, keypoints }) => {
    if (categories.has(id)) return;
    const count = Array.isArray(keypoints) ? keypoints.length : 0;
    categories.set(id, { row, name: typeof name === 'string' ? name : '', keypoints: count });
  });
  return { images, categories, isResults: index.kind === 'results' };
}

/** Adds places and paths to findings, and counts them. */
class Collector implements Validation {
  readonly problems: ByteProblem[] = [];
  readonly counts: Record<string, number> = {};

  constructor(
    private readonly bytes: Uint8Array,
    private readonly index: CocoIndex,
    private readonly mostPerRule: number,
  ) {}

  add(problem: ByteProblem): void {
    if (this.count(problem.rule)) this.problems.push(problem);
  }

  finding(rule: RuleInfo, name: ListName, row: number, finding: Finding): void {
    if (!this.count(rule.id)) return;
    this.problems.push(toByteProblem(this.bytes, this.index, rule, name, row, finding));
  }

  private count(rule: string): boolean {
    const count = (this.counts[rule] ?? 0) + 1;
    this.counts[rule] = count;
    return count <= this.mostPerRule;
  }
}

/** A finding with its place in the file. */
export function toByteProblem(
  bytes: Uint8Array,
  index: CocoIndex,
  { id: rule, severity }: RuleInfo,
  name: ListName,
  row: number,
  { message, path, fix }: Finding,
): ByteProblem {
  const entries = index.lists[name]!.entries;
  const entry = { start: entries.start[row]!, end: entries.end[row]! };
  const { start, end } = findSpan(bytes, entry, path);
  const found = { rule, severity, message, start, end, path: jsonPath(index, name, row, path) };
  return fix ? { ...found, fixable: true } : found;
}

/** JSON path of a finding, e.g. annotations[12].bbox. */
export function jsonPath(
  index: CocoIndex,
  name: ListName,
  row: number,
  path: Finding['path'],
): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return `${index.kind === 'results' ? '' : name}[${row}]${text}`;
}
