// The page's side of the conversation with the host: opens, follows changes, sends edits and prompts.
// Knows no DOM, so that every rule here is tested in plain Node.
// Longer than 300 lines: each method is one thing a person does, and they share the replica and its queue.
import { applyEdits } from '../../src/shared/edits/apply';
import type { Intent, PaintedMask } from '../../src/shared/edits/types';
import type { Segmentation } from '../../src/shared/coco/types';
import type { Rle } from '../../src/shared/mask/types';
import { runsToString } from '../../src/shared/mask/rleString';
import {
  EDITOR_PROTOCOL_VERSION,
  type EditorMethods,
  type HostEvents,
  type PageEvents,
} from '../../src/shared/protocol/editor';
import { DomainError, type EventHandlers, type Peer } from '../../src/shared/protocol/wire';
import type { Candidate, Prompt } from '../../src/shared/protocol/prompt';
import { annotationMask } from './masks';
import type { PageState, PickerPurpose } from './pageState';
import { PromptQueue } from './promptQueue';
import type { PromptChange, RefineTarget } from './prompts';
import type { Action } from './reducer';
import { categoriesOf, draftOf, findAnnotation, isEditable, soleSelection } from './selectors';
import type { Store } from './store';

export type PageStore = Store<PageState, Action>;
export type HostPeer = Peer<EditorMethods, PageEvents>;

/** A drawn shape that waits for its category. */
interface Creation {
  readonly segmentation: Segmentation;
  readonly tool: string;
  readonly done?: (() => void) | undefined;
}

export class Session {
  readonly prompts: PromptQueue;
  private creation: Creation | null = null;
  /** a stroke on the draft that waits for the picker */
  private painted: PaintedMask | null = null;
  private applying: Promise<unknown> = Promise.resolve();
  private previewWanted: Prompt | null = null;
  private previewing = false;
  private previewId = 0;
  private reopening: Promise<void> | null = null;
  private areProposalsIgnored = false;
  private lastDone = 0;

  readonly host: HostPeer;

  /** @param connect opens the channel; gets what the host's events do */
  constructor(
    readonly store: PageStore,
    connect: (events: EventHandlers<HostEvents>) => HostPeer,
    private readonly runCommand: (session: Session, data: HostEvents['command/run']) => void,
  ) {
    const host = connect(this.events);
    this.host = host;
    this.prompts = new PromptQueue({
      draft: () => draftOf(store.get()),
      send: async (promptId, request) => {
        await host.request('draft/prompt', { promptId, ...request });
      },
      cancelDraft: async () => {
        await this.apply('Cancel Draft', [{ kind: 'draft/cancel' }]);
      },
      onPending: (pending, queued) => store.dispatch({ kind: 'pending', pending, queued }),
      onError: (error) => this.report(error),
    });
  }

  /** What the host may tell at any time. */
  readonly events: EventHandlers<HostEvents> = {
    'state/snapshot': (snapshot) => this.store.dispatch({ kind: 'snapshot', snapshot }),
    'state/changed': (data) => this.follow(data),
    'engine/status': (model) => this.store.dispatch({ kind: 'model', model }),
    'settings/changed': (settings) => this.store.dispatch({ kind: 'settings', settings }),
    'command/run': (data) => this.runCommand(this, data),
    'segment/progress': (progress) => this.noteProgress(progress),
    'segment/candidates': ({ candidates }) => {
      if (this.areProposalsIgnored) return;
      const proposals = [...this.store.get().proposals, ...candidates];
      this.store.dispatch({ kind: 'proposals', proposals });
    },
    'notice/show': ({ severity, message }) => this.notify(severity, message),
  };

  /** Asks for the whole state; used at the start, and when the replica fell behind. */
  open(): Promise<void> {
    this.reopening ??= this.requestSnapshot().finally(() => (this.reopening = null));
    return this.reopening;
  }

  /**
   * One gesture = one undo step. Calls wait for each other, so that each names the revision it was made on.
   *
   * @returns null when it was refused; the person has been told
   */
  apply(
    label: string,
    intents: readonly Intent[],
  ): Promise<EditorMethods['edits/apply']['result'] | null> {
    const run = async (): Promise<EditorMethods['edits/apply']['result'] | null> => {
      if (!this.checkEditable() || intents.length === 0) return null;
      try {
        const baseRevision = this.store.get().revision;
        return await this.host.request('edits/apply', { baseRevision, label, intents });
      } catch (error) {
        await this.refuse(error);
        return null;
      }
    };
    const result = this.applying.then(run);
    this.applying = result;
    return result;
  }

  /** Adds to or changes the draft's prompts; with one picked annotation and no draft, refines that annotation. */
  prompt(change: PromptChange): Promise<void> {
    if (!this.checkEditable()) return Promise.resolve();
    this.previewWanted = null;
    const target = this.refineTarget();
    if (target === 'locked') {
      this.notify('warning', 'The selected annotation is locked. Unlock it to refine it.');
      return Promise.resolve();
    }
    const state = this.store.get();
    if (!target && state.selection.length > 0 && !draftOf(state))
      this.store.dispatch({ kind: 'select', ids: [] });
    return this.prompts.add(change, target);
  }

  /** Hover preview: at most one in flight, the latest wins, an answer for an older place is dropped. */
  preview(prompt: Prompt | null): void {
    this.previewWanted = prompt;
    if (!prompt && this.store.get().preview)
      this.store.dispatch({ kind: 'preview', candidate: null });
    if (prompt && !this.previewing) void this.runPreviews();
  }

  /**
   * Makes the draft an annotation, with the painted mask if it was painted on. Without a category to give it, the
   * picker opens, and what was painted waits for it.
   */
  async accept(categoryId?: number, painted?: PaintedMask): Promise<number | null> {
    // Enter right after a click means the mask that click gives.
    await this.prompts.whenIdle();
    const state = this.store.get();
    const draft = draftOf(state);
    if (!draft) return null;
    const chosen =
      categoryId ?? findAnnotation(state, draft.targetId)?.category_id ?? state.activeCategoryId;
    this.painted = null;
    if (chosen === null || chosen === undefined) {
      this.painted = painted ?? null;
      this.store.dispatch({ kind: 'picker', purpose: 'accept' });
      return null;
    }
    const result = await this.apply(painted ? 'Accept and Paint' : 'Accept', [
      { kind: 'draft/accept', categoryId: chosen, ...(painted ? { painted } : {}) },
    ]);
    if (!result) return null;
    if (draft.targetId === undefined) this.store.dispatch({ kind: 'activeCategory', id: chosen });
    const id = result.createdIds[0] ?? draft.targetId;
    if (id === undefined) return null;
    this.store.dispatch({ kind: 'select', ids: [id], origin: 'created' });
    return id;
  }

  async cancelDraft(): Promise<void> {
    this.prompts.clear();
    if (draftOf(this.store.get())) await this.apply('Cancel Draft', [{ kind: 'draft/cancel' }]);
  }

  /** A shape drawn by hand becomes an annotation, after the picker when no category is known. */
  async create(creation: Creation, categoryId?: number): Promise<number | null> {
    const chosen = categoryId ?? this.store.get().activeCategoryId;
    if (chosen === null) {
      this.creation = creation;
      this.store.dispatch({ kind: 'picker', purpose: 'create' });
      return null;
    }
    this.creation = null;
    const { segmentation, tool } = creation;
    const result = await this.apply(`Draw (${tool})`, [
      { kind: 'annotation/create', categoryId: chosen, segmentation, tool },
    ]);
    creation.done?.();
    const id = result?.createdIds[0];
    if (id === undefined) return null;
    this.store.dispatch({ kind: 'activeCategory', id: chosen });
    this.store.dispatch({ kind: 'select', ids: [id], origin: 'created' });
    return id;
  }

  /** Proposals become annotations in one step, with the current category or the first. */
  async addProposals(proposals: readonly Candidate[]): Promise<void> {
    const state = this.store.get();
    const categoryId = state.activeCategoryId ?? categoriesOf(state)[0]?.id;
    if (categoryId === undefined) {
      this.notify('info', 'Add a category first; the proposals get it and can be changed later.');
      return;
    }
    const intents = proposals.map(({ segmentation }): Intent => ({
      kind: 'annotation/create',
      categoryId,
      segmentation,
      tool: 'everything',
    }));
    const label = intents.length === 1 ? 'Add Proposal' : 'Add Proposals';
    if (!(await this.apply(label, intents))) return;
    const left = this.store.get().proposals.filter((one) => !proposals.includes(one));
    this.store.dispatch({ kind: 'proposals', proposals: left });
  }

  /** Drops what was found so far; of a run under way, also what it still finds. */
  dismissProposals(): void {
    this.areProposalsIgnored = this.store.get().progress !== null;
    this.store.dispatch({ kind: 'progress', progress: null });
    this.store.dispatch({ kind: 'proposals', proposals: [] });
  }

  /** A painted mask replaces that of an annotation, or of the draft, which is accepted in the same step. */
  async paint(target: number | 'draft', mask: Rle, tool: string): Promise<void> {
    if (target === 'draft') return void (await this.accept(undefined, { mask, tool }));
    const label = tool === 'eraser' ? 'Erase' : tool === 'polygon' ? 'Edit Polygon' : 'Brush';
    await this.apply(label, [{ kind: 'annotation/setMask', id: target, mask, tool }]);
  }

  /** What the category picker chose. */
  async picked(purpose: PickerPurpose, categoryId: number): Promise<void> {
    const { selection } = this.store.get();
    this.store.dispatch({ kind: 'picker', purpose: null });
    if (purpose === 'accept') await this.accept(categoryId, this.painted ?? undefined);
    else if (purpose === 'create' && this.creation) await this.create(this.creation, categoryId);
    else if (purpose === 'assign' && selection.length > 0)
      await this.apply('Change Category', [
        { kind: 'annotation/setCategory', ids: selection, categoryId },
      ]);
    this.store.dispatch({ kind: 'activeCategory', id: categoryId });
  }

  /** A name typed into the picker that no category has. */
  async createCategoryAndPick(purpose: PickerPurpose, name: string): Promise<void> {
    this.store.dispatch({ kind: 'picker', purpose: null });
    const result = await this.apply('Add Category', [{ kind: 'category/create', name }]);
    const id = result?.createdIds[0];
    if (id !== undefined) await this.picked(purpose, id);
  }

  /** Closes the picker without a choice; a shape that waited for it is dropped. */
  dismissPicker(): void {
    this.store.dispatch({ kind: 'picker', purpose: null });
    this.store.dispatch({ kind: 'focus', target: 'canvas' });
    if (this.painted) {
      this.painted = null;
      this.notify('info', 'The stroke was dropped because no category was chosen.');
    }
    if (!this.creation) return;
    this.creation.done?.();
    this.creation = null;
    this.notify('info', 'The shape was dropped because no category was chosen.');
  }

  notify(severity: 'info' | 'warning' | 'error', message: string): void {
    this.store.dispatch({ kind: 'notice', severity, message });
    const level = severity === 'warning' ? 'warn' : severity;
    this.host.notify('log/write', { level, message });
  }

  report(error: unknown): void {
    if (error instanceof DomainError && error.code === 'cancelled') return;
    this.notify('error', error instanceof Error ? error.message : String(error));
  }

  /** False, and the person is told why, when nothing may be changed. */
  checkEditable(): boolean {
    const state = this.store.get();
    if (isEditable(state)) return true;
    if (state.info?.readOnly) this.notify('warning', state.info.readOnly);
    return false;
  }

  private refineTarget(): RefineTarget | 'locked' | null {
    const state = this.store.get();
    const annotation = soleSelection(state);
    if (draftOf(state) || !annotation || !state.info || state.selectionOrigin === 'created')
      return null;
    if (state.locked.has(annotation.id)) return 'locked';
    const { runs } = annotationMask(annotation, state.info.size);
    return { id: annotation.id, mask: runsToString(runs) };
  }

  private noteProgress(progress: HostEvents['segment/progress']): void {
    const isNewRun = progress.done < this.lastDone || !this.store.get().progress;
    const isRunning = progress.done < progress.total;
    if (progress.done < this.lastDone || !isRunning) this.areProposalsIgnored = false;
    this.lastDone = isRunning ? progress.done : 0;
    if (this.areProposalsIgnored) return;
    if (isNewRun && isRunning) this.store.dispatch({ kind: 'proposals', proposals: [] });
    this.store.dispatch({ kind: 'progress', progress: isRunning ? progress : null });
  }

  private follow({ revision, edits }: HostEvents['state/changed']): void {
    const { doc, revision: known } = this.store.get();
    if (!doc || revision <= known) return;
    // A change was missed, e.g. while the page was hidden: edits on top of it would go wrong.
    if (revision > known + 1) return void this.open();
    this.store.dispatch({ kind: 'doc', revision, doc: applyEdits(doc, edits) });
  }

  private async requestSnapshot(): Promise<void> {
    try {
      const snapshot = await this.host.request('session/open', {
        protocolVersion: EDITOR_PROTOCOL_VERSION,
      });
      if (snapshot.protocolVersion !== EDITOR_PROTOCOL_VERSION) {
        throw new DomainError(
          'internal',
          'Promptmark was updated while this editor was open. Nothing is lost: run "Developer: Reload Window".',
        );
      }
      this.store.dispatch({ kind: 'snapshot', snapshot });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.store.get().phase === 'open') this.report(error);
      else this.store.dispatch({ kind: 'failed', message });
    }
  }

  private async refuse(error: unknown): Promise<void> {
    if (!(error instanceof DomainError && error.code === 'conflict')) return this.report(error);
    await this.open();
    this.notify(
      'warning',
      'The annotations changed meanwhile, so the last change was not made. The latest state is shown; try again.',
    );
  }

  private async runPreviews(): Promise<void> {
    this.previewing = true;
    try {
      for (let asked: Prompt | null = null; this.previewWanted && this.previewWanted !== asked;) {
        asked = this.previewWanted;
        const promptId = ++this.previewId;
        const result = await this.host.request('segment/preview', { promptId, prompt: asked });
        // Null by now: the pointer left, or a click made it moot.
        if (this.previewWanted && result.promptId === promptId)
          this.store.dispatch({ kind: 'preview', candidate: result.candidates[0] ?? null });
      }
    } catch {
      // A preview that fails is no news: the click after it reports what is wrong.
      this.previewWanted = null;
    } finally {
      this.previewing = false;
    }
  }
}
