// Applies the safe fixes of validation findings, as a plan for a splice: untouched bytes stay as they are.
import { parseEntry, type CocoIndex } from '../cocoIndex';
import { listNames, type ListName } from '../entryTable';
import { isPlainObject } from '../equal';
import { nextIds } from '../ids';
import type { FilePlan } from '../splice';
import type { Entry } from '../types';
import type { Finding, RuleInfo } from './rule';
import { findingSteps, jsonPath } from './validate';

export interface FixPlan {
  readonly plan: FilePlan;
  /** fixes of each rule */
  readonly fixed: Readonly<Record<string, number>>;
}

/** A finding from outside these rules, e.g. of the image files. */
export interface ExtraFinding {
  readonly rule: RuleInfo;
  readonly list: ListName;
  readonly row: number;
  readonly finding: Finding;
}

/**
 * Collects the fixes of a file. Some only show after others were made (a box that could not be compared before), so
 * callers repeat until nothing is fixed.
 *
 * @param only ids of the rules whose findings are fixed; absent: all
 * @param at JSON path of the one finding to fix; absent: all
 */
export function planFixes(
  bytes: Uint8Array,
  index: CocoIndex,
  only?: ReadonlySet<string>,
  extra: readonly ExtraFinding[] = [],
  at?: string,
): FixPlan {
  const fixer = new Fixer(bytes, index);
  const take = (rule: RuleInfo, name: ListName, row: number, finding: Finding): void => {
    if (at !== undefined && jsonPath(index, name, row, finding.path) !== at) return;
    fixer.take(rule, name, row, finding);
  };
  for (const { rule, list, row, finding } of extra) take(rule, list, row, finding);
  const steps = findingSteps(bytes, index, only ? { only } : {}, take);
  while (!steps.next().done);
  return fixer.finish();
}

interface MutablePlan {
  readonly changed: Map<number, unknown>;
  readonly removed: Set<number>;
  readonly added: readonly unknown[];
}

class Fixer {
  private readonly fixed: Record<string, number> = {};
  private readonly plan: Record<ListName, MutablePlan> = {
    images: { changed: new Map(), removed: new Set(), added: [] },
    annotations: { changed: new Map(), removed: new Set(), added: [] },
    categories: { changed: new Map(), removed: new Set(), added: [] },
  };
  private readonly next: Record<ListName, number>;
  /** old id → new id, of lists that annotations refer to */
  private readonly renamed = {
    images: new Map<number, number>(),
    categories: new Map<number, number>(),
  };

  constructor(
    private readonly bytes: Uint8Array,
    private readonly index: CocoIndex,
  ) {
    this.next = nextIds(index);
  }

  take(rule: RuleInfo, name: ListName, row: number, { fix }: Finding): void {
    const { changed, removed } = this.plan[name];
    const entry = this.current(name, row);
    if (!fix || !entry || removed.has(row)) return;
    const next = fix === 'new-id' ? this.renumber(name, entry) : fix(entry);
    if (next) changed.set(row, next);
    else {
      changed.delete(row);
      removed.add(row);
    }
    this.fixed[rule.id] = (this.fixed[rule.id] ?? 0) + 1;
  }

  finish(): FixPlan {
    this.followReferences('images', 'image_id');
    this.followReferences('categories', 'category_id');
    for (const name of listNames) {
      for (const row of this.plan[name].removed) this.plan[name].changed.delete(row);
    }
    return { plan: this.plan, fixed: this.fixed };
  }

  /** The entry with the fixes so far. */
  private current(name: ListName, row: number): Entry | null {
    const { changed } = this.plan[name];
    const list = this.index.lists[name];
    const entry = changed.has(row) ? changed.get(row) : list && parseEntry(this.bytes, list, row);
    return isPlainObject(entry) ? entry : null;
  }

  private renumber(name: ListName, entry: Entry): Entry {
    const id = this.next[name]++;
    if (name !== 'annotations') this.renamed[name].set(entry['id'] as number, id);
    return { ...entry, id };
  }

  private followReferences(name: 'images' | 'categories', field: 'image_id' | 'category_id'): void {
    const renamed = this.renamed[name];
    const entries = this.index.lists.annotations?.entries;
    if (renamed.size === 0 || !entries) return;
    for (let row = 0; row < entries.length; row++) {
      const id = renamed.get(entries[field][row]!);
      const entry = id === undefined ? null : this.current('annotations', row);
      if (entry) this.plan.annotations.changed.set(row, { ...entry, [field]: id });
    }
  }
}
