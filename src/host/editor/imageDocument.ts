// One open image and its dataset: open, edit, save, revert, back up. Knows neither VS Code nor the engine;
// provider.ts and session.ts connect it to them.
// Longer than 300 lines: its parts share one state (dataset, size, permission to edit), which must not be passed around.
import type { Size } from '../../shared/geometry/types';
import { masksToEncode } from '../../shared/edits/encodeMask';
import { resolveIntents } from '../../shared/edits/resolveIntent';
import type { Draft, Edit, Intent } from '../../shared/edits/types';
import type { Conflict, SaveResult } from '../../shared/protocol/dataset';
import { DomainError } from '../../shared/protocol/wire';
import type { DatasetStore, DatasetStores, StoreMember } from './datasetStore';
import { loadImage, measureImage, type Measured } from './loadImage';
import {
  DocumentCore,
  type CoreBackup,
  type CoreChange,
  type Step,
  type UnsavedEdits,
} from './documentCore';

/** What a document asks of its surroundings. */
export interface DocumentPorts {
  readonly stores: DatasetStores;
  /** absolute path of the COCO file for an image */
  readonly findDataset: (imagePath: string) => Promise<string>;
  /** size as displayed, [height, width]; DomainError 'image-unreadable' or 'not-found' */
  readonly imageInfo: (
    imagePath: string,
  ) => Promise<{ readonly size: Size; readonly imageKey: string }>;
  /** asks the person; throws DomainError 'cancelled' when there is no decision */
  readonly settleConflicts: (
    datasetPath: string,
    conflicts: readonly Conflict[],
  ) => Promise<'mine' | 'theirs'>;
  readonly settings: () => { readonly provenance: boolean; readonly polygonTolerance: number };
  /** why nothing may be written anywhere (workspace not trusted); null: writing is fine */
  readonly writeBlock: () => string | null;
  readonly now: () => Date;
}

/** What hot exit keeps of a document. */
export interface DocumentBackup {
  readonly version: 1;
  readonly datasetPath: string;
  readonly core: CoreBackup;
}

export interface DocumentListener {
  onStep(step: Step): void;
  onChange(change: CoreChange): void;
  /** something but the entries changed: size, dataset, permission to edit; pages need a new snapshot */
  onReload(): void;
  /** worth telling the person */
  onNotice(severity: 'info' | 'warning' | 'error', message: string): void;
}

/** Edits may arrive while a save runs; after this many rounds the document simply stays changed. */
const MAX_SAVE_ROUNDS = 5;

export class ImageDocument implements StoreMember {
  private leave: () => void;
  private sizeBlock: string | null = null;

  private constructor(
    readonly imagePath: string,
    private readonly ports: DocumentPorts,
    private readonly listener: DocumentListener,
    private datasetStore: DatasetStore,
    private measured: Measured,
    readonly core: DocumentCore,
  ) {
    this.leave = datasetStore.join(this);
  }

  /**
   * Opens an image. A file that cannot be read, or a dataset that does not parse, still opens: read-only, with
   * the reason (`readOnly`, `imageError`).
   */
  static async open(
    imagePath: string,
    ports: DocumentPorts,
    listener: DocumentListener,
    backup?: DocumentBackup,
  ): Promise<ImageDocument> {
    const [measured, datasetPath] = await Promise.all([
      measureImage(imagePath, ports.imageInfo),
      backup?.datasetPath ?? ports.findDataset(imagePath),
    ]);
    const store = ports.stores.acquire(datasetPath);
    const loaded = await loadImage(store, imagePath, measured.size);
    const core = new DocumentCore(loaded, (change) => listener.onChange(change));
    const document = new ImageDocument(imagePath, ports, listener, store, measured, core);
    if (backup) document.noticeConflicts(core.restore(backup.core, loaded));
    document.checkSize();
    return document;
  }

  dispose(): void {
    this.leave();
    if (!this.core.listed) this.datasetStore.releaseImageId(this.core.state.image.id);
    this.ports.stores.release(this.datasetStore);
  }

  get store(): DatasetStore {
    return this.datasetStore;
  }

  /** [height, width] as displayed. @throws DomainError when the image cannot be read */
  get size(): Size {
    if (this.measured.size instanceof DomainError) throw this.measured.size;
    return this.measured.size;
  }
  get imageError(): DomainError | null {
    return this.measured.size instanceof DomainError ? this.measured.size : null;
  }

  /** why nothing may be edited, and what to do; null: editing is fine */
  get readOnly(): string | null {
    return this.saveBlock() ?? this.imageError?.message ?? this.sizeBlock;
  }

  /**
   * Does one gesture.
   *
   * @returns ids created, in order of the creating intents
   * @throws DomainError 'conflict' for a stale revision, 'read-only', 'invalid-params'
   */
  async applyIntents(
    baseRevision: number,
    label: string,
    intents: readonly Intent[],
  ): Promise<readonly number[]> {
    this.requireWritable();
    const { provenance, polygonTolerance } = this.ports.settings();
    const masks = masksToEncode(this.core.state, intents, this.size);
    const [categoryUseElsewhere, encoded] = await Promise.all([
      this.countUse(intents),
      this.datasetStore.encode(masks, polygonTolerance),
    ]);
    if (baseRevision !== this.core.revision) {
      throw new DomainError('conflict', 'The annotations changed meanwhile. Please try again.');
    }
    const { edits, createdIds } = resolveIntents(this.core.state, intents, {
      ids: this.datasetStore,
      size: this.size,
      polygonTolerance,
      provenanceTime: provenance ? this.ports.now().toISOString() : null,
      categoryUseElsewhere,
      encoded,
    });
    this.publish(label, edits);
    return createdIds;
  }

  /** Makes a prediction's answer the draft, as one undo step. */
  setDraft(label: string, draft: Draft): void {
    this.requireWritable();
    this.publish(label, [{ kind: 'draft', before: this.core.state.draft, after: draft }], true);
  }

  undo(step: Step): void {
    this.core.undo(step);
    this.shareCategories(step.edits);
  }

  redo(step: Step): void {
    this.core.redo(step);
    this.shareCategories(step.edits);
  }

  /**
   * Writes what changed. Returns when the file holds what the editor shows; otherwise throws, the file is as it
   * was, and the document stays changed.
   *
   * @throws DomainError
   */
  async save(): Promise<void> {
    if (!this.core.isChanged) return;
    const block = this.saveBlock();
    if (block) throw new DomainError('read-only', `Nothing was saved: ${block}`);
    await this.datasetStore.exclusive(async () => {
      for (let round = 0; round < MAX_SAVE_ROUNDS && this.core.isChanged; round++) {
        await this.saveOnce();
      }
    });
  }

  /** Drops unsaved changes and shows what is on disk. */
  async revert(): Promise<void> {
    await this.datasetStore.exclusive(() => this.datasetStore.refresh(this));
    const before = this.core.state;
    this.core.reset(
      await loadImage(this.datasetStore, this.imagePath, this.measured.size, before.image),
    );
    this.checkSize();
    this.listener.onReload();
  }

  /**
   * Brings back work that a killed window left, as one undo step.
   *
   * @returns false: the work is for another dataset or nothing may be changed, and was left alone
   */
  recover(work: UnsavedEdits & { readonly datasetPath: string }): boolean {
    if (work.datasetPath !== this.datasetStore.path || this.readOnly) return false;
    this.publish('Restore Unsaved Work', this.core.recover(work));
    return true;
  }

  backup(): DocumentBackup {
    return { version: 1, datasetPath: this.datasetStore.path, core: this.core.backup() };
  }

  /** Goes over to another COCO file. @throws DomainError 'conflict' when there are unsaved changes */
  async useDataset(datasetPath: string): Promise<void> {
    if (datasetPath === this.datasetStore.path) return;
    if (this.core.isChanged) {
      throw new DomainError('conflict', 'Save or revert the image first, then change its dataset.');
    }
    const store = this.ports.stores.acquire(datasetPath);
    const loaded = await loadImage(store, this.imagePath, this.measured.size);
    this.dispose();
    this.datasetStore = store;
    this.leave = store.join(this);
    this.core.reset(loaded);
    this.checkSize();
    this.listener.onReload();
  }

  /** The image file was changed, deleted or made again. */
  async onImageChanged(): Promise<void> {
    const measured = await measureImage(this.imagePath, this.ports.imageInfo);
    const { size, imageKey } = measured;
    if (imageKey === this.measured.imageKey) return;
    if (size instanceof DomainError && size.code === 'not-found') {
      // What is drawn can still be saved, so the last size stays.
      this.measured = { ...this.measured, imageKey };
      const kept = 'Its annotations are kept and can be saved; prompting needs the file.';
      this.listener.onNotice('warning', `The image was deleted or moved. ${kept}`);
      return;
    }
    this.measured = measured;
    this.checkSize();
    this.listener.onReload();
  }

  async onDatasetChanged(): Promise<void> {
    const { image } = this.core.state;
    const summary = await this.datasetStore.load();
    if (!summary.exists) this.noticeDeleted();
    else if (summary.errors.length === 0) {
      const disk = await loadImage(this.datasetStore, this.imagePath, this.measured.size, image);
      this.noticeConflicts(this.core.rebase(disk));
    }
    this.checkSize();
    this.listener.onReload();
  }

  onForeignCategories(edits: readonly Edit[]): void {
    this.core.applyForeignCategories(edits);
  }

  highestIds(): { readonly annotation: number; readonly category: number } {
    const { annotations, captions, categories } = this.core.state;
    const highest = (list: readonly { readonly id: number }[]): number =>
      list.reduce((max, { id }) => Math.max(max, id), 0);
    return {
      annotation: Math.max(highest(annotations), highest(captions)),
      category: highest(categories),
    };
  }

  private async saveOnce(): Promise<void> {
    const pending = this.core.beginSave();
    let result = await this.datasetStore.write({ delta: pending.delta });
    if (!result.saved) {
      const resolve = await this.ports.settleConflicts(this.datasetStore.path, result.conflicts);
      result = await this.datasetStore.write({ delta: pending.delta, resolve });
    }
    const { renumbered } = requireSaved(result);
    // What the file holds now is read back, so that the editor shows what was written and not what was meant.
    await this.datasetStore.refresh(this);
    const disk = await loadImage(
      this.datasetStore,
      this.imagePath,
      this.measured.size,
      pending.saved.image,
    );
    this.core.endSave(pending, renumbered, disk);
  }

  private publish(label: string, edits: readonly Edit[], isPrompt = false): void {
    const step = this.core.apply(label, edits, isPrompt);
    if (!step) return;
    this.listener.onStep(step);
    this.shareCategories(edits);
  }

  /** Tells the other editors how the categories that `edits` touched look here now. */
  private shareCategories(edits: readonly Edit[]): void {
    const { categories } = this.core.state;
    const shared = edits.flatMap((edit): readonly Edit[] => {
      if (edit.kind !== 'category') return [];
      const id = (edit.after ?? edit.before)?.id;
      const index = categories.findIndex((category) => category.id === id);
      const now = categories[index];
      return now
        ? [{ kind: 'category', index, before: null, after: now }]
        : [{ kind: 'category', index: 0, before: edit.before ?? edit.after, after: null }];
    });
    this.datasetStore.shareCategories(this, shared);
  }

  private async countUse(intents: readonly Intent[]): Promise<ReadonlyMap<number, number>> {
    const ids = intents.flatMap((intent) => (intent.kind === 'category/delete' ? [intent.id] : []));
    const imageId = this.core.state.image.id;
    const counts = ids.map(
      async (id) => [id, await this.datasetStore.categoryUse(id, imageId)] as const,
    );
    return new Map(await Promise.all(counts));
  }

  private requireWritable(): void {
    const reason = this.readOnly;
    if (reason) throw new DomainError('read-only', reason);
  }

  private saveBlock(): string | null {
    const block = this.ports.writeBlock();
    if (block) return block;
    const error = this.datasetStore.summary?.errors[0];
    if (!error) return null;
    const place = `${this.datasetStore.name}, line ${error.line}, column ${error.column}`;
    return `${place}: ${error.message} Nothing is written to this file until it is repaired.`;
  }

  /** An image of another size than its entry: masks would not fit. Without annotations the entry is corrected. */
  private checkSize(): void {
    this.sizeBlock = null;
    if (this.measured.size instanceof DomainError) return;
    const [height, width] = this.measured.size;
    const { image, annotations } = this.core.state;
    if (image.width === width && image.height === height) return;
    if (annotations.length === 0) return this.core.correctImage({ ...image, width, height });
    this.sizeBlock =
      `The image is ${width} × ${height} pixels, but ${this.datasetStore.name} says ` +
      `${image.width} × ${image.height}: masks would not fit. Restore the image or correct its entry.`;
  }

  private noticeDeleted(): void {
    if (!this.core.listed) return;
    this.core.forgetDisk();
    this.listener.onNotice(
      'warning',
      `${this.datasetStore.name} was deleted. Saving writes this image's annotations to a new file.`,
    );
  }

  private noticeConflicts(conflicts: ReturnType<DocumentCore['rebase']>): void {
    const count = Object.values(conflicts).reduce((sum, ids) => sum + ids.length, 0);
    if (count === 0) return;
    const what = count === 1 ? 'One entry was' : `${count} entries were`;
    this.listener.onNotice(
      'warning',
      `${what} changed here and in ${this.datasetStore.name}. Yours is shown; saving asks which to keep.`,
    );
  }
}

function requireSaved(result: SaveResult): SaveResult & { saved: true } {
  if (result.saved) return result;
  throw new DomainError(
    'conflict',
    'The file changed again while saving. Nothing was saved; save again.',
  );
}
