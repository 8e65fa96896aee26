// Unsaved work that outlives a kill: every change of a document is on disk a moment after it was made, in a journal
// in the extension's storage, and is brought back when the image is opened again. VS Code's own backup comes a second
// later, and for a window that was killed it does not hand it back. One file a document and process; it is gone when
// the work was saved, reverted, or its editor closed. Knows no VS Code.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { diffStates } from '../../shared/edits/diff';
import type { Edit } from '../../shared/edits/types';
import { Journal, parseJournal } from '../dataset/journal';
import type { CoreChange, UnsavedEdits } from './documentCore';
import type { ImageDocument } from './imageDocument';

/** A record: the first of a file names the document, each adds edits. */
interface JournalRecord {
  readonly version: 1;
  readonly imagePath: string;
  readonly datasetPath: string;
  readonly imageId: number;
  readonly edits: readonly Edit[];
  readonly ownCategories: readonly number[];
}

/** Work that a window left which ended without saving it. */
export interface LostWork extends UnsavedEdits {
  readonly datasetPath: string;
  /** the journal that holds it; remove it when the work is in another one */
  readonly file: string;
}

const SUFFIX = '.journal';
/** A journal that has grown beyond this is written anew when a change adds to it. */
const COMPACT_BYTES = 16 << 20;

/**
 * VS Code ends a document in the same way when its editor is closed without saving and when the window goes. Only in
 * the first case do we live on.
 */
const CLOSING_MS = 3000;

/** The journals of all documents. */
export class UnsavedJournals {
  private opened = 0;
  private readonly closing = new Set<NodeJS.Timeout>();
  /** tells our files from those of other windows; process ids are used again */
  private readonly window = randomBytes(8).toString('hex');

  /**
   * @param folder where journals are kept, in the extension's storage
   * @param onError told when a change could not be written
   */
  constructor(
    private readonly folder: string,
    private readonly onError: (error: unknown) => void,
    private readonly closingMs = CLOSING_MS,
  ) {}

  /** The journal of a document that was just opened; nothing is written before something changes. */
  open(document: ImageDocument): UnsavedJournal {
    const name = `${prefixOf(document.imagePath)}${this.window}-${++this.opened}${SUFFIX}`;
    return new UnsavedJournal(path.join(this.folder, name), document, this.onError);
  }

  /** What was left of an image's work, oldest first; a journal that cannot be read is left alone and reported. */
  async find(imagePath: string): Promise<readonly LostWork[]> {
    const prefix = prefixOf(imagePath);
    const own = `${prefix}${this.window}-`;
    const names = await readdir(this.folder).catch(() => []); // no folder: nothing was ever written
    const files = names.filter((name) => name.startsWith(prefix) && name.endsWith(SUFFIX));
    const found: { readonly work: LostWork; readonly time: number }[] = [];
    for (const name of files.filter((each) => !each.startsWith(own))) {
      const file = path.join(this.folder, name);
      try {
        const work = readWork(file, await readFile(file));
        if (work) found.push({ work, time: (await stat(file)).mtimeMs });
      } catch (error) {
        this.onError(error);
      }
    }
    return found.sort((a, b) => a.time - b.time).map(({ work }) => work);
  }

  /** Removes the journal of a document that was closed, unless the window is about to go. */
  close(journal: UnsavedJournal): void {
    const timer = setTimeout(() => {
      this.closing.delete(timer);
      void journal.discard();
    }, this.closingMs);
    this.closing.add(timer);
  }

  /** The window goes: journals of documents that have just been closed stay, as their work may be wanted. */
  dispose(): void {
    for (const timer of this.closing) clearTimeout(timer);
    this.closing.clear();
  }

  /** Removes journals whose work is in another one now. */
  async forget(works: readonly LostWork[]): Promise<void> {
    for (const { file } of works) await rm(file, { force: true });
  }
}

function prefixOf(imagePath: string): string {
  return `${createHash('sha256').update(imagePath).digest('hex').slice(0, 32)}-`;
}

function readWork(file: string, bytes: Buffer): LostWork | null {
  const { records } = parseJournal<JournalRecord>(bytes);
  const [first] = records;
  if (!first) return null;
  if (first.version !== 1) throw new Error(`${file} was written by another version; it is kept.`);
  return {
    file,
    datasetPath: first.datasetPath,
    imageId: first.imageId,
    edits: records.flatMap(({ edits }) => edits),
    ownCategories: [...new Set(records.flatMap(({ ownCategories }) => ownCategories))],
  };
}

/** The journal of one document. Calls are done in order; none of them throws. */
export class UnsavedJournal {
  private journal: Journal<JournalRecord> | null = null;
  private tail: Promise<void> = Promise.resolve();
  private bytes = 0;

  constructor(
    readonly file: string,
    private readonly document: ImageDocument,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Keeps a change; resolves when it is on disk. What came from the disk needs no keeping. */
  note({ edits, reason }: CoreChange): Promise<void> {
    if (reason === 'merge' || edits.length === 0) return this.tail;
    const record = this.recordOf(edits);
    return this.queue(async () => {
      // Another window that opened the image has taken the work over; what comes now needs all of it again.
      const isGone = this.journal !== null && !(await exists(this.file));
      if (isGone || this.bytes > COMPACT_BYTES) return this.writeAnew();
      this.journal ??= await this.create();
      this.bytes += await this.journal.append(record);
    });
  }

  /** Brings the journal to what is unsaved now: after a save, a revert, or a change of the file on disk. */
  settle(): Promise<void> {
    return this.queue(() => this.writeAnew());
  }

  /** Ends the journal; its work was saved or is not wanted. */
  discard(): Promise<void> {
    return this.queue(async () => {
      const { journal } = this;
      this.journal = null;
      this.bytes = 0;
      await (journal?.remove() ?? rm(this.file, { force: true }));
    });
  }

  private async create(): Promise<Journal<JournalRecord>> {
    await mkdir(path.dirname(this.file), { recursive: true });
    const { journal } = await Journal.open<JournalRecord>(this.file);
    return journal;
  }

  private async writeAnew(): Promise<void> {
    const { base, current } = this.document.core.backup();
    const edits = diffStates({ ...base, draft: null }, current);
    if (edits.length > 0) {
      this.journal ??= await this.create();
      this.bytes = await this.journal.replace([this.recordOf(edits)]);
    } else if (this.journal) {
      const { journal } = this;
      this.journal = null;
      this.bytes = 0;
      await journal.remove();
    }
  }

  private recordOf(edits: readonly Edit[]): JournalRecord {
    const { core, imagePath, store } = this.document;
    const { ownCategories, current } = core.backup();
    const imageId = current.image.id;
    return { version: 1, imagePath, datasetPath: store.path, imageId, edits, ownCategories };
  }

  private queue(work: () => Promise<void>): Promise<void> {
    this.tail = this.tail.then(work).catch(async (error: unknown) => {
      // A journal with a gap would bring back something that never was.
      const { journal } = this;
      this.journal = null;
      this.bytes = 0;
      await journal?.remove().catch(() => undefined);
      this.onError(error);
    });
    return this.tail;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
