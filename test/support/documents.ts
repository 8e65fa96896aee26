// Image documents over real COCO files in a temporary folder, without VS Code.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { datasetHandlers } from '../../src/host/dataset/handlers';
import { Store } from '../../src/host/dataset/store';
import { DatasetStores, type DatasetPort } from '../../src/host/editor/datasetStore';
import type { CoreChange, Step } from '../../src/host/editor/documentCore';
import {
  ImageDocument,
  type DocumentBackup,
  type DocumentListener,
  type DocumentPorts,
} from '../../src/host/editor/imageDocument';
import type { Size } from '../../src/shared/geometry/types';
import type { Intent } from '../../src/shared/edits/types';
import type { Conflict } from '../../src/shared/protocol/dataset';
import { createCancelSource } from '../../src/shared/protocol/cancel';
import { DomainError } from '../../src/shared/protocol/wire';
import { annotation, rectangle, SIZE } from './imageStates';

/** A COCO file as JSON. */
export interface CocoFile {
  readonly images: Record<string, unknown>[];
  readonly annotations: Record<string, unknown>[];
  readonly categories: Record<string, unknown>[];
}

/** Collects what a document tells. */
export class Recorder implements DocumentListener {
  readonly steps: Step[] = [];
  readonly changes: CoreChange[] = [];
  readonly notices: string[] = [];
  reloads = 0;
  onStep(step: Step): void {
    this.steps.push(step);
  }
  onChange(change: CoreChange): void {
    this.changes.push(change);
  }
  onReload(): void {
    this.reloads++;
  }
  onNotice(_severity: string, message: string): void {
    this.notices.push(message);
  }
}

export type OpenDocument = ImageDocument & { readonly recorder: Recorder };

const noConflictExpected = (): Promise<'mine' | 'theirs'> =>
  Promise.reject(new Error('no conflict was expected'));

/** A folder with one dataset, "annotations.coco.json", and documents on it. */
export class DocumentLab {
  folder = '';
  readonly sizes = new Map<string, Size | DomainError>();
  settle: (conflicts: readonly Conflict[]) => Promise<'mine' | 'theirs'> = noConflictExpected;
  writeBlock: string | null = null;
  /** replaces one answer of the dataset worker, or throws */
  intercept: ((method: string, params: unknown) => Promise<void> | void) | null = null;
  private readonly handlers = datasetHandlers(new Store());
  private readonly watchers = new Map<string, () => void>();
  private readonly failures: unknown[] = [];
  private documents: ImageDocument[] = [];
  readonly ports: DocumentPorts;

  constructor() {
    const port: DatasetPort = {
      request: async (method, params) => {
        await this.intercept?.(method, params);
        return this.handlers[method](params, createCancelSource().signal);
      },
    };
    const watch = (file: string, onChange: () => void): (() => void) => {
      this.watchers.set(file, onChange);
      return () => this.watchers.delete(file);
    };
    const onError = (error: unknown): void => void this.failures.push(error);
    this.ports = {
      stores: new DatasetStores(
        port,
        watch,
        () => undefined,
        () => undefined,
        onError,
      ),
      findDataset: () => Promise.resolve(this.dataset),
      imageInfo: (file) => {
        const size = this.sizes.get(path.basename(file)) ?? SIZE;
        if (size instanceof DomainError) return Promise.reject(size);
        return Promise.resolve({ size, imageKey: size.join() });
      },
      settleConflicts: (_path, conflicts) => this.settle(conflicts),
      settings: () => ({ provenance: false, polygonTolerance: 0 }),
      writeBlock: () => this.writeBlock,
      now: () => new Date(0),
    };
  }

  get dataset(): string {
    return path.join(this.folder, 'annotations.coco.json');
  }

  async setUp(): Promise<void> {
    this.writeBlock = null;
    this.intercept = null;
    this.sizes.clear();
    this.settle = noConflictExpected;
    this.folder = await mkdtemp(path.join(os.tmpdir(), 'promptmark-documents-'));
  }

  async tearDown(): Promise<void> {
    for (const document of this.documents) document.dispose();
    this.documents = [];
    await rm(this.folder, { recursive: true, force: true });
    if (this.failures.length > 0) throw this.failures[0];
  }

  async open(name = 'photo.png', backup?: DocumentBackup): Promise<OpenDocument> {
    const recorder = new Recorder();
    const file = path.join(this.folder, name);
    const document = await ImageDocument.open(file, this.ports, recorder, backup);
    this.documents.push(document);
    return Object.assign(document, { recorder });
  }

  close(document: ImageDocument): void {
    this.documents = this.documents.filter((open) => open !== document);
    document.dispose();
  }

  async write(content: unknown): Promise<void> {
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 1);
    await writeFile(this.dataset, text);
  }

  text(): Promise<string> {
    return readFile(this.dataset, 'utf8');
  }

  async read(): Promise<CocoFile> {
    return JSON.parse(await this.text()) as CocoFile;
  }

  /** Another program changed the file. */
  async changeEntries(change: (file: CocoFile) => void): Promise<void> {
    const file = await this.read();
    change(file);
    await this.changeOutside(file);
  }

  /** Another program wrote the file; resolves when every document has heard of it. */
  async changeOutside(content: unknown): Promise<void> {
    await this.write(content);
    await this.notifyChange();
  }

  /** What a file watcher does. */
  async notifyChange(): Promise<void> {
    this.watchers.get(this.dataset)?.();
    const store = this.ports.stores.acquire(this.dataset);
    await store.exclusive(() => Promise.resolve());
    this.ports.stores.release(store);
  }
}

/** Applies intents to a document as its page would. */
export function edit(document: ImageDocument, ...intents: Intent[]): Promise<readonly number[]> {
  return document.applyIntents(document.core.revision, 'test', intents);
}

/** Intents used by many tests. */
export const intents = {
  create: (categoryId = 1): Intent => ({
    kind: 'annotation/create',
    categoryId,
    segmentation: rectangle(2, 3, 4, 2),
    tool: 'brush',
  }),
  newCategory: (name: string): Intent => ({ kind: 'category/create', name }),
  setAttribute: (id: number, value: unknown): Intent => ({
    kind: 'annotation/setAttributes',
    id,
    attributes: { value },
  }),
};

/** Whether an error is a DomainError with this code; for assert.rejects. */
export const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof DomainError && error.code === code;

/** A dataset with one image, two annotations and fields nobody knows. */
export function sampleDataset(): CocoFile & { readonly info: unknown } {
  return {
    info: { year: 2020 },
    images: [{ id: 1, file_name: 'photo.png', width: 10, height: 8, licence: 3 }],
    annotations: [{ ...annotation(1) }, { ...annotation(2) }],
    categories: [{ id: 1, name: 'cat' }],
  };
}

/** Registers mocha hooks that give each test its own folder. */
export function useDocumentLab(): DocumentLab {
  const lab = new DocumentLab();
  beforeEach(() => lab.setUp());
  afterEach(() => lab.tearDown());
  return lab;
}
