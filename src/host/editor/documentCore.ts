// The truth about one image: what is on disk, what the editor wants, and the steps between. Knows neither VS Code
// nor files; imageDocument.ts moves data in and out.
import { applyEdits } from '../../shared/edits/apply';
import { computeDelta, isEmptyDelta } from '../../shared/edits/delta';
import { diffStates } from '../../shared/edits/diff';
import { deepEqual } from '../../shared/coco/equal';
import { invertEdits } from '../../shared/edits/invert';
import { mergeStates, type MergeResult } from '../../shared/edits/merge';
import { replayEdits } from '../../shared/edits/replay';
import {
  isEmptyRenumbering,
  remapEdits,
  remapState,
  type Renumbering,
} from '../../shared/edits/remap';
import type { CocoCategory, CocoImage } from '../../shared/coco/types';
import type { Edit, EditGroup, ImageState } from '../../shared/edits/types';
import type { DatasetDelta } from '../../shared/protocol/dataset';

/** An image's entries as read from the dataset; `listed` false: the file does not have the image yet. */
export interface LoadedImage {
  readonly state: ImageState;
  readonly listed: boolean;
}

/** One undo step, as kept by VS Code's undo stack. */
export interface Step extends EditGroup {
  /** counts steps; ids in it are those before any renumbering that came later */
  readonly serial: number;
}

export type ChangeReason = 'edit' | 'undo' | 'redo' | 'merge';

/** Tells the pages what changed; `imageChanged`: the image entry itself did, so they need a new snapshot. */
export interface CoreChange {
  readonly revision: number;
  readonly edits: readonly Edit[];
  readonly reason: ChangeReason;
  readonly imageChanged: boolean;
}

/** What a save took with it, to be handed back when it is done. */
export interface PendingSave {
  readonly delta: DatasetDelta;
  readonly saved: ImageState;
}

/** What hot exit keeps of a document. */
export interface CoreBackup {
  readonly base: ImageState;
  readonly current: ImageState;
  readonly listed: boolean;
  readonly ownCategories: readonly number[];
}

/** Edits of a document that was not saved, in order. */
export interface UnsavedEdits {
  /** the image's id when they were made */
  readonly imageId: number;
  readonly edits: readonly Edit[];
  readonly ownCategories: readonly number[];
}

export class DocumentCore {
  private currentState: ImageState;
  private baseState: ImageState;
  private isListed: boolean;
  private revisionCount = 0;
  private serial = 0;
  /** the draft was changed by anything but a prompt; a prediction asked for before that is stale */
  private draftEpochCount = 0;
  private readonly ownCategories = new Set<number>();
  private readonly renumberings: { readonly serial: number; readonly map: Renumbering }[] = [];

  /** @param onChange called after every change, in order */
  constructor(
    loaded: LoadedImage,
    private readonly onChange: (change: CoreChange) => void,
  ) {
    this.currentState = loaded.state;
    this.baseState = loaded.state;
    this.isListed = loaded.listed;
  }

  get state(): ImageState {
    return this.currentState;
  }
  get revision(): number {
    return this.revisionCount;
  }
  get listed(): boolean {
    return this.isListed;
  }
  get draftEpoch(): number {
    return this.draftEpochCount;
  }
  /** Whether a save would write anything. */
  get isChanged(): boolean {
    return !isEmptyDelta(this.delta());
  }

  /**
   * Applies a gesture.
   *
   * @param isPrompt the draft change, if any, is the answer to a prompt
   * @returns the step for the undo stack; null when there is nothing to do
   */
  apply(label: string, edits: readonly Edit[], isPrompt = false): Step | null {
    if (edits.length === 0) return null;
    for (const edit of edits) {
      if (edit.kind === 'category') this.ownCategories.add((edit.after ?? edit.before)?.id ?? 0);
    }
    if (!isPrompt) this.noteDraft(edits);
    this.change(applyEdits(this.currentState, edits), edits, 'edit');
    return { label, edits, serial: ++this.serial };
  }

  undo(step: Step): void {
    this.replay(invertEdits(this.renumbered(step)), 'undo');
  }

  redo(step: Step): void {
    this.replay(this.renumbered(step), 'redo');
  }

  /** Takes over category changes another editor of this dataset made and has not saved. */
  applyForeignCategories(edits: readonly Edit[]): void {
    const fitting = edits.filter((edit) => edit.kind === 'category' && this.canTakeCategory(edit));
    const next = applyEdits(this.currentState, fitting);
    this.change(next, diffStates(this.currentState, next), 'merge');
  }

  /** What a save has to write now. */
  beginSave(): PendingSave {
    return { delta: this.delta(), saved: this.currentState };
  }

  /**
   * Takes note of a successful save: the file now holds `disk`. Edits made meanwhile stay.
   *
   * @param disk the image's entries read back from the file
   */
  endSave(pending: PendingSave, renumbering: Renumbering, disk: LoadedImage): void {
    // Categories that were not ours to write are not on disk: they still count as changes.
    const written: ImageState = {
      ...pending.saved,
      categories: applyCategoryDelta(this.baseState.categories, pending.delta),
    };
    let mine = this.currentState;
    this.baseState = written;
    if (!isEmptyRenumbering(renumbering)) {
      mine = remapState(mine, renumbering);
      this.baseState = remapState(written, renumbering);
      for (const [from, to] of Object.entries(renumbering.categories)) {
        if (this.ownCategories.delete(Number(from))) this.ownCategories.add(to);
      }
      this.renumberings.push({ serial: this.serial, map: renumbering });
    }
    this.merge(mine, disk);
  }

  /**
   * Merges what another program or editor wrote.
   *
   * @returns what both sides changed; empty lists when nothing
   */
  rebase(disk: LoadedImage): MergeResult['conflicts'] {
    return this.merge(this.currentState, disk);
  }

  /** Corrects the image's entry, e.g. its size; written along with the next change. */
  correctImage(image: CocoImage): void {
    this.change({ ...this.currentState, image }, [], 'merge');
  }

  /** The file is gone: everything shown counts as unsaved, so that the next save writes it all. */
  forgetDisk(): void {
    this.isListed = false;
    this.baseState = {
      ...this.currentState,
      annotations: [],
      captions: [],
      categories: [],
      draft: null,
    };
  }

  /** Drops every unsaved change and the draft. */
  reset(disk: LoadedImage): void {
    this.ownCategories.clear();
    this.draftEpochCount++;
    this.baseState = disk.state;
    this.isListed = disk.listed;
    this.change(disk.state, diffStates(this.currentState, disk.state), 'merge');
  }

  backup(): CoreBackup {
    return {
      base: this.baseState,
      current: this.currentState,
      listed: this.isListed,
      ownCategories: [...this.ownCategories],
    };
  }

  /** Takes up the work of a backup and merges what the file holds now. */
  restore(backup: CoreBackup, disk: LoadedImage): MergeResult['conflicts'] {
    this.baseState = backup.base;
    for (const id of backup.ownCategories) this.ownCategories.add(id);
    return this.merge(backup.current, disk);
  }

  /** The edits that bring back work that was lost; what it has in common with this document's is not done twice. */
  recover({ edits, imageId, ownCategories }: UnsavedEdits): readonly Edit[] {
    const lost = replayEdits(this.baseState, edits, imageId);
    this.baseState = mergeStates(lost.base, lost.current, this.baseState).base;
    for (const id of ownCategories) this.ownCategories.add(id);
    const { image, draft } = this.currentState;
    const merged = mergeStates(lost.base, lost.current, this.currentState).current;
    const hadDraft = edits.some(({ kind }) => kind === 'draft');
    const next = { ...merged, image, draft: hadDraft ? lost.current.draft : draft };
    return diffStates(this.currentState, next);
  }

  private delta(): DatasetDelta {
    return computeDelta(this.baseState, this.currentState, {
      listed: this.isListed,
      mayWriteCategory: (id) => this.ownCategories.has(id),
    });
  }

  private merge(mine: ImageState, disk: LoadedImage): MergeResult['conflicts'] {
    const merged = mergeStates(this.baseState, mine, disk.state);
    this.baseState = merged.base;
    this.isListed = disk.listed;
    this.change(merged.current, diffStates(this.currentState, merged.current), 'merge');
    return merged.conflicts;
  }

  private replay(edits: readonly Edit[], reason: 'undo' | 'redo'): void {
    this.noteDraft(edits);
    this.change(applyEdits(this.currentState, edits), edits, reason);
  }

  private change(next: ImageState, edits: readonly Edit[], reason: ChangeReason): void {
    const imageChanged = !deepEqual(this.currentState.image, next.image);
    if (edits.length === 0 && !imageChanged) {
      this.currentState = next;
      return;
    }
    this.currentState = next;
    this.revisionCount++;
    this.onChange({ revision: this.revisionCount, edits, reason, imageChanged });
  }

  private noteDraft(edits: readonly Edit[]): void {
    if (edits.some((edit) => edit.kind === 'draft')) this.draftEpochCount++;
  }

  private renumbered(step: Step): readonly Edit[] {
    return this.renumberings
      .filter(({ serial }) => step.serial <= serial)
      .reduce<readonly Edit[]>((edits, { map }) => remapEdits(edits, map), step.edits);
  }

  private canTakeCategory(edit: Edit & { kind: 'category' }): boolean {
    const { before, after } = edit;
    if (after) return true;
    const id = before?.id;
    const isUsed = this.currentState.annotations.some((entry) => entry.category_id === id);
    return !isUsed && !this.baseState.categories.some((category) => category.id === id);
  }
}

function applyCategoryDelta(
  base: readonly CocoCategory[],
  { categories }: DatasetDelta,
): readonly CocoCategory[] {
  const changed = new Map(categories.map((delta) => [delta.id, delta.after]));
  const known = new Set(base.map((category) => category.id));
  return [
    ...base.flatMap((category) => {
      const after = changed.has(category.id) ? changed.get(category.id) : category;
      return after ? [after] : [];
    }),
    ...categories.flatMap(({ id, after }) => (after && !known.has(id) ? [after] : [])),
  ];
}
