// VS Code's custom document for one image: holds the vscode-free document and the pages that show it.
import { EventEmitter, type CustomDocument, type Uri } from 'vscode';
import { Disposables } from '../platform/disposables';
import { DraftPrompter } from './draftPrompter';
import type { CoreChange, Step } from './documentCore';
import type { EnginePort } from './enginePort';
import {
  ImageDocument,
  type DocumentBackup,
  type DocumentListener,
  type DocumentPorts,
} from './imageDocument';
import type { ImageSource } from './imageSource';

export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
}

export class AnnotationDocument implements CustomDocument {
  readonly prompter: DraftPrompter;

  private constructor(
    readonly uri: Uri,
    readonly image: ImageDocument,
    readonly source: ImageSource,
    private readonly events: DocumentEvents,
    engine: EnginePort,
  ) {
    this.prompter = new DraftPrompter(image, engine);
  }

  static async open(
    uri: Uri,
    ports: DocumentPorts,
    source: ImageSource,
    engine: EnginePort,
    backup?: DocumentBackup,
  ): Promise<AnnotationDocument> {
    const events = new DocumentEvents();
    const image = await ImageDocument.open(uri.fsPath, ports, events, backup);
    return new AnnotationDocument(uri, image, source, events, engine);
  }

  /** a step for VS Code's undo stack */
  get onDidStep() {
    return this.events.step.event;
  }
  get onDidChange() {
    return this.events.change.event;
  }
  /** pages need a new snapshot */
  get onDidReload() {
    return this.events.reload.event;
  }
  get onDidNotice() {
    return this.events.notice.event;
  }

  /** Adds something that lives as long as the document. */
  get lifetime(): Disposables {
    return this.events.lifetime;
  }

  dispose(): void {
    this.events.lifetime.dispose();
    this.image.dispose();
    void this.source.dispose();
  }
}

class DocumentEvents implements DocumentListener {
  readonly lifetime = new Disposables();
  readonly step = this.lifetime.add(new EventEmitter<Step>());
  readonly change = this.lifetime.add(new EventEmitter<CoreChange>());
  readonly reload = this.lifetime.add(new EventEmitter<void>());
  readonly notice = this.lifetime.add(new EventEmitter<Notice>());

  onStep(step: Step): void {
    this.step.fire(step);
  }
  onChange(change: CoreChange): void {
    this.change.fire(change);
  }
  onReload(): void {
    this.reload.fire();
  }
  onNotice(severity: Notice['severity'], message: string): void {
    this.notice.fire({ severity, message });
  }
}
