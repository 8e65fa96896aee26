// One COCO file that editors share: ids handed out once, one save at a time, and every editor told when the file
// changed. Knows neither VS Code nor the file system; the dataset worker reads and writes.
import path from 'node:path';
import type { EncodedMask } from '../../shared/edits/encodeMask';
import type { IdSource } from '../../shared/edits/resolveContext';
import type { Edit } from '../../shared/edits/types';
import type { Rle } from '../../shared/mask/types';
import type {
  DatasetMethods,
  DatasetSummary,
  ImageEntries,
  Problem,
  SaveParams,
  SaveResult,
} from '../../shared/protocol/dataset';
import { DomainError, type Peer } from '../../shared/protocol/wire';

/** The dataset worker, or a fake of it. */
export type DatasetPort = Pick<Peer<DatasetMethods, Record<string, never>>, 'request'>;

type ListedImages = DatasetMethods['dataset/list']['result']['images'];

/** An editor's document, as its dataset sees it. */
export interface StoreMember {
  /** The file changed on disk, or became readable or unreadable; read the entries again. */
  onDatasetChanged(): Promise<void>;
  /** Another editor changed categories and has not saved them. */
  onForeignCategories(edits: readonly Edit[]): void;
  /** the largest ids this document uses, saved or not; 0: none */
  highestIds(): { readonly annotation: number; readonly category: number };
}

export class DatasetStore implements IdSource {
  private readonly members = new Set<StoreMember>();
  private readonly reservedImageIds = new Set<number>();
  private known: DatasetSummary | null = null;
  private nextIds = { image: 1, annotation: 1, category: 1 };
  private listed: {
    readonly contentHash: string;
    readonly images: Promise<ListedImages>;
  } | null = null;
  private saving: Promise<unknown> = Promise.resolve();
  private loading: Promise<DatasetSummary> | null = null;

  /** @param path absolute path of the COCO file; it need not exist yet */
  constructor(
    readonly path: string,
    private readonly port: DatasetPort,
    private readonly onSummary: (summary: DatasetSummary) => void = () => undefined,
  ) {}

  get name(): string {
    return path.basename(this.path);
  }
  /** what the file looked like when it was last read; null before the first load */
  get summary(): DatasetSummary | null {
    return this.known;
  }

  /** Reads the file unless that has been done; errors in the file are part of the summary, not thrown. */
  async load(): Promise<DatasetSummary> {
    if (this.known) return this.known;
    this.loading ??= this.open().finally(() => (this.loading = null));
    return this.loading;
  }

  /** The image's entries. @param imagePath absolute */
  image(imagePath: string): Promise<ImageEntries> {
    return this.port.request('dataset/image', { path: this.path, imagePath });
  }

  /** Adds a document; dispose the answer when it closes. */
  join(member: StoreMember): () => void {
    this.members.add(member);
    return () => this.members.delete(member);
  }

  /** An id for an image that is not listed; give it back when it was not used. */
  reserveImageId(): number {
    let id = this.nextIds.image;
    while (this.reservedImageIds.has(id)) id++;
    this.reservedImageIds.add(id);
    return id;
  }

  releaseImageId(id: number): void {
    this.reservedImageIds.delete(id);
  }

  nextAnnotationId(): number {
    for (const member of this.members) this.keepAbove('annotation', member);
    return this.nextIds.annotation++;
  }

  nextCategoryId(): number {
    for (const member of this.members) this.keepAbove('category', member);
    return this.nextIds.category++;
  }

  /** Tells the other editors of category changes that are not saved yet. */
  shareCategories(from: StoreMember, edits: readonly Edit[]): void {
    const shared = edits.filter((edit) => edit.kind === 'category');
    if (shared.length === 0) return;
    for (const member of this.members) if (member !== from) member.onForeignCategories(shared);
  }

  /** how many annotations of other images use a category */
  async categoryUse(categoryId: number, imageId: number): Promise<number> {
    if (!this.known?.exists) return 0;
    const params = { path: this.path, categoryId, imageId };
    return (await this.port.request('dataset/categoryUse', params)).count;
  }

  /**
   * Encodes masks in the worker, by their counts. What the worker refuses is left out: resolving the intent then
   * says why.
   */
  async encode(
    masks: readonly Rle[],
    polygonTolerance: number,
  ): Promise<ReadonlyMap<string, EncodedMask | null>> {
    if (masks.length === 0) return new Map();
    try {
      const { encoded } = await this.port.request('mask/encode', { masks, polygonTolerance });
      return new Map(masks.map((mask, i) => [mask.counts, encoded[i] ?? null]));
    } catch {
      return new Map();
    }
  }

  /** Every image of the file, in file order; asked for once for each content of the file. */
  async list(): Promise<ListedImages> {
    const { known } = this;
    if (!known?.exists || known.errors.length > 0) return [];
    if (this.listed?.contentHash !== known.contentHash) {
      const images = this.port.request('dataset/list', { path: this.path }).then((r) => r.images);
      this.listed = { contentHash: known.contentHash, images };
      // A failure is the caller's to see, and the next call's to try again.
      images.catch(() => (this.listed = null));
    }
    return this.listed.images;
  }

  /** Runs one save or refresh after the other. */
  exclusive<T>(save: () => Promise<T>): Promise<T> {
    const run = this.saving.then(save);
    // The next save waits for this one whether it works or not; its caller gets the error.
    this.saving = run.catch(() => undefined);
    return run;
  }

  /** Writes a delta; only inside `exclusive`. @throws DomainError when the file cannot be written */
  write(params: Omit<SaveParams, 'path'>): Promise<SaveResult> {
    return this.port.request('dataset/save', { ...params, path: this.path });
  }

  /** Reads the file again and, if its bytes changed, tells every editor but `except`; only inside `exclusive`. */
  async refresh(except?: StoreMember): Promise<void> {
    const before = this.known;
    const after = await this.open();
    const isSame =
      before?.exists === after.exists &&
      before.contentHash === after.contentHash &&
      before.errors.length === after.errors.length;
    if (isSame) return;
    const told = [...this.members].filter((member) => member !== except);
    await Promise.all(told.map((member) => member.onDatasetChanged()));
  }

  private async open(): Promise<DatasetSummary> {
    const summary = await this.request();
    this.known = summary;
    if (summary.errors.length === 0) {
      const next = await this.port.request('dataset/nextIds', { path: this.path });
      this.nextIds = {
        image: next.image,
        annotation: Math.max(this.nextIds.annotation, next.annotation),
        category: Math.max(this.nextIds.category, next.category),
      };
    }
    this.onSummary(summary);
    return summary;
  }

  private async request(): Promise<DatasetSummary> {
    try {
      return await this.port.request('dataset/open', { path: this.path });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'cancelled') throw error;
      return unreadable(this.path, error);
    }
  }

  private keepAbove(list: 'annotation' | 'category', member: StoreMember): void {
    this.nextIds[list] = Math.max(this.nextIds[list], member.highestIds()[list] + 1);
  }
}

/** A file that cannot be read at all, as a summary with one error, so that nothing is written over it. */
function unreadable(filePath: string, error: DomainError): DatasetSummary {
  const problem: Problem = {
    rule: 'file-unreadable',
    severity: 'error',
    message: error.message,
    line: 1,
    column: 1,
    path: '',
  };
  return {
    path: filePath,
    exists: true,
    contentHash: '',
    images: 0,
    annotations: 0,
    categories: [],
    errors: [problem],
  };
}

/** All stores in use, one a file. */
export class DatasetStores {
  private readonly open = new Map<
    string,
    { store: DatasetStore; users: number; stop: () => void }
  >();

  /**
   * @param watch calls back when a file was made, changed or deleted; returns the way to stop
   * @param onSummary told whenever a file was read
   * @param onReleased told when no editor uses a file any more
   */
  constructor(
    private readonly port: DatasetPort,
    private readonly watch: (filePath: string, onChange: () => void) => () => void,
    private readonly onSummary: (summary: DatasetSummary) => void,
    private readonly onReleased: (filePath: string) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The store of a file; call `release` once for each `acquire`. */
  acquire(filePath: string): DatasetStore {
    const found = this.open.get(filePath);
    if (found) {
      found.users++;
      return found.store;
    }
    const store = new DatasetStore(filePath, this.port, this.onSummary);
    // Not in the middle of a save: what it wrote must not look like another program's change.
    const refresh = (): Promise<void> => store.exclusive(() => store.refresh());
    const stop = this.watch(filePath, () => void refresh().catch(this.onError));
    this.open.set(filePath, { store, users: 1, stop });
    return store;
  }

  release(store: DatasetStore): void {
    const found = this.open.get(store.path);
    if (!found || --found.users > 0) return;
    found.stop();
    this.open.delete(store.path);
    this.onReleased(store.path);
  }

  /** Files open in editors now. */
  paths(): readonly string[] {
    return [...this.open.keys()];
  }
}
