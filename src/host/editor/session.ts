// One page (webview panel) that shows a document: answers its requests, sends it what changes.
import path from 'node:path';
import { commands, type WebviewPanel } from 'vscode';
import { createChannel, type Channel } from '../../shared/protocol/channel';
import {
  EDITOR_PROTOCOL_VERSION,
  type EditorMethods,
  type EditorSettings,
  type HostEvents,
  type PageCommand,
  type PageEvents,
  type Snapshot,
} from '../../shared/protocol/editor';
import type { EverythingOptions } from '../../shared/protocol/engine';
import {
  DomainError,
  type CancelSignal,
  type Handlers,
  type MethodTable,
} from '../../shared/protocol/wire';
import type { EditorContext } from '../platform/contextKeys';
import { Disposables } from '../platform/disposables';
import type { Log } from '../platform/log';
import type { AnnotationDocument } from './annotationDocument';
import type { EnginePort } from './enginePort';
import { checkParams, isEventData } from './guards';
import type { LastCategory } from './lastCategory';

export interface SessionServices {
  readonly engine: EnginePort;
  readonly log: Log;
  readonly lastCategory: LastCategory;
  readonly settings: () => EditorSettings;
  /** where this image stands among the dataset's or folder's images */
  readonly position: () => Promise<Snapshot['position']>;
}

type PageChannel = Channel<MethodTable, HostEvents>;

export class EditorSession {
  private readonly lifetime = new Disposables();
  private channel: PageChannel | null = null;
  private pageContext: EditorContext = {
    tool: 'select',
    hasDraft: false,
    hasSelection: false,
    inputFocused: false,
  };
  private selectedIds: readonly number[] = [];
  private wantedIds: readonly number[] | null = null;
  private isShown = false;
  private onContext: () => void = () => undefined;

  constructor(
    readonly document: AnnotationDocument,
    readonly panel: WebviewPanel,
    private readonly services: SessionServices,
  ) {
    const { lifetime } = this;
    lifetime.add(panel.webview.onDidReceiveMessage((message) => this.receive(message)));
    lifetime.add(document.onDidChange((change) => this.showChange(change)));
    lifetime.add(document.onDidReload(() => void this.sendSnapshot()));
    lifetime.add(document.onDidNotice((notice) => this.notify('notice/show', notice)));
    const stop = services.engine.onDidChangeStatus((s) => this.notify('engine/status', s));
    lifetime.onDispose(stop);
  }

  get context(): EditorContext {
    return this.pageContext;
  }
  get selection(): readonly number[] {
    return this.selectedIds;
  }

  /** Called when the page's tool, selection or focus changed. */
  onDidChangeContext(listener: () => void): void {
    this.onContext = listener;
  }

  /** Asks the page to do what a VS Code command stands for. */
  run(command: PageCommand, args?: unknown): void {
    this.notify('command/run', args === undefined ? { command } : { command, args });
  }

  /** Selects annotations in the page: now, or when it shows the image. */
  select(ids: readonly number[]): void {
    this.wantedIds = ids;
    // The page may be a dataset behind: it gets the state first.
    if (this.isShown) void this.sendSnapshot().then(() => this.sendSelection());
  }

  notify<K extends keyof HostEvents>(event: K, data: HostEvents[K]): void {
    this.channel?.peer.notify(event, data);
  }

  /** Sends the whole state again, e.g. after the image was replaced. */
  async sendSnapshot(): Promise<void> {
    if (!this.channel) return;
    try {
      this.notify('state/snapshot', await this.snapshot());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.notify('notice/show', { severity: 'error', message });
    }
  }

  /** Segments everything and streams what is found to this page. @param options null: what suits the model */
  async segmentEverything(
    options: EverythingOptions | null,
    signal?: CancelSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<{ count: number }> {
    const { image } = this.document;
    if (image.readOnly) throw new DomainError('read-only', image.readOnly);
    const listener = {
      onProgress: (done: number, total: number) => {
        this.notify('segment/progress', { done, total });
        onProgress?.(done, total);
      },
      onCandidates: (candidates: HostEvents['segment/candidates']['candidates']) =>
        this.notify('segment/candidates', { candidates }),
    };
    try {
      return await this.services.engine.everything(image.imagePath, options, listener, signal);
    } finally {
      // Also when it was cancelled: the page's bar ends, what was found stays.
      this.notify('segment/progress', { done: 0, total: 0 });
    }
  }

  dispose(): void {
    this.channel?.close(new DomainError('cancelled', 'The editor was closed.'));
    this.lifetime.dispose();
  }

  private receive(message: unknown): void {
    if (isPageReady(message)) this.connect();
    this.channel?.receive(message);
  }

  /** A page that (re)loads starts counting its requests anew, so it gets a new channel. */
  private connect(): void {
    this.channel?.close(new DomainError('cancelled', 'The page was loaded again.'));
    this.isShown = false;
    const { log } = this.services;
    this.channel = createChannel<MethodTable, HostEvents, EditorMethods, PageEvents>({
      send: (message) => void this.panel.webview.postMessage(message),
      handlers: this.handlers(),
      events: {
        'page/ready': () => undefined,
        'selection/changed': (data) => this.noteSelection(data),
        'view/changed': () => undefined,
        'log/write': (data) => {
          if (isEventData('log/write', data)) log[data.level](`page: ${data.message}`);
        },
      },
      onLog: (level, text) => log[level](`page channel: ${text}`),
    });
  }

  private handlers(): Handlers<EditorMethods> {
    const checked =
      <K extends keyof EditorMethods>(method: K, handle: Handlers<EditorMethods>[K]) =>
      (params: EditorMethods[K]['params'], signal: CancelSignal) => {
        checkParams(method, params);
        return handle(params, signal);
      };
    const { image, prompter } = this.document;
    return {
      'session/open': checked('session/open', (params) => this.open(params)),
      'edits/apply': checked('edits/apply', (params) => this.applyEdits(params)),
      'draft/prompt': checked('draft/prompt', async ({ promptId, ...request }, signal) => {
        const { totalMs } = await prompter.prompt(request, signal);
        return { promptId, revision: image.core.revision, totalMs };
      }),
      'segment/preview': checked('segment/preview', async ({ promptId, prompt }, signal) => {
        const { engine } = this.services;
        const result = await engine.predict(image.imagePath, prompt, 'preview', signal);
        return { promptId, candidates: result.candidates };
      }),
      'segment/everything': checked('segment/everything', ({ options }, signal) =>
        this.segmentEverything(options, signal),
      ),
      'command/run': checked('command/run', async ({ command, args }) => {
        if (!/^promptmark\.[\w.]+$/.test(command)) {
          throw new DomainError('invalid-params', 'Only commands of Promptmark can be run here.');
        }
        await commands.executeCommand(command, ...(args === undefined ? [] : [args]));
        return null;
      }),
    };
  }

  private async open({
    protocolVersion,
  }: EditorMethods['session/open']['params']): Promise<Snapshot> {
    if (protocolVersion !== EDITOR_PROTOCOL_VERSION) {
      throw new DomainError('internal', 'Promptmark was updated. Reload the window to go on.');
    }
    const { image } = this.document;
    if (!image.imageError) this.services.engine.prepare(image.imagePath);
    const snapshot = await this.snapshot();
    // After the answer has been sent: the page selects only what it knows.
    setImmediate(() => {
      this.isShown = true;
      this.sendSelection();
    });
    return snapshot;
  }

  private sendSelection(): void {
    if (this.wantedIds) this.run('annotation/select', { ids: this.wantedIds });
    this.wantedIds = null;
  }

  private async applyEdits({
    baseRevision,
    label,
    intents,
  }: EditorMethods['edits/apply']['params']): Promise<EditorMethods['edits/apply']['result']> {
    const { image } = this.document;
    try {
      const createdIds = await image.applyIntents(baseRevision, label, intents);
      for (const intent of intents) {
        if ('categoryId' in intent)
          this.services.lastCategory.set(image.store.path, intent.categoryId);
      }
      return { revision: image.core.revision, createdIds };
    } catch (error) {
      // A page that lags behind cannot catch up by itself.
      if (error instanceof DomainError && error.code === 'conflict') await this.sendSnapshot();
      throw error;
    }
  }

  private async snapshot(): Promise<Snapshot> {
    const { image, source } = this.document;
    const { size } = image;
    const [imageUri, position] = await Promise.all([
      source.address(this.panel.webview),
      this.services.position(),
    ]);
    // Read after the waiting above, so that no change can fall between the snapshot and the events after it.
    const { core, store, readOnly } = image;
    const lastCategoryId = this.services.lastCategory.get(store.path);
    return {
      protocolVersion: EDITOR_PROTOCOL_VERSION,
      revision: core.revision,
      imageUri,
      size,
      fileName: path.basename(image.imagePath),
      state: core.state,
      settings: this.services.settings(),
      model: this.services.engine.status,
      datasetName: store.name,
      ...(readOnly === null ? {} : { readOnly }),
      ...(lastCategoryId === undefined ? {} : { lastCategoryId }),
      ...(position === undefined ? {} : { position }),
    };
  }

  private showChange({
    revision,
    edits,
    reason,
    imageChanged,
  }: {
    readonly revision: number;
    readonly edits: HostEvents['state/changed']['edits'];
    readonly reason: HostEvents['state/changed']['reason'];
    readonly imageChanged: boolean;
  }): void {
    this.notify('state/changed', { revision, edits, reason });
    if (imageChanged) void this.sendSnapshot();
  }

  private noteSelection(data: PageEvents['selection/changed']): void {
    if (!isEventData('selection/changed', data)) return;
    this.selectedIds = data.ids;
    this.pageContext = {
      tool: data.tool,
      hasDraft: data.hasDraft,
      hasSelection: data.ids.length > 0,
      inputFocused: data.inputFocused ?? false,
    };
    this.onContext();
  }
}

function isPageReady(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, event } = message as { readonly kind?: unknown; readonly event?: unknown };
  return kind === 'event' && event === 'page/ready';
}
