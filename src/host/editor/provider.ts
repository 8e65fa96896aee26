// The custom editor "promptmark.editor": VS Code's calls, handed on to documents and sessions.
import {
  EventEmitter,
  Uri,
  window,
  type CustomDocumentBackup,
  type CustomDocumentBackupContext,
  type CustomDocumentEditEvent,
  type CustomDocumentOpenContext,
  type CustomEditorProvider,
  type Disposable,
  type WebviewPanel,
} from 'vscode';
import { editorSettings } from '../platform/settings';
import { stackOf } from '../platform/log';
import { AnnotationDocument } from './annotationDocument';
import { readBackup, writeBackup } from './backup';
import { listImages } from './gallery';
import { pageHtml } from './html';
import { ImageSource } from './imageSource';
import { saveCopy } from './saveCopy';
import type { EditorServices } from './services';
import { EditorSession } from './session';
import type { LostWork, UnsavedJournal } from './unsavedJournal';
import { watchFile } from './watchFile';

export const EDITOR_VIEW_TYPE = 'promptmark.editor';

export class AnnotationEditorProvider
  implements CustomEditorProvider<AnnotationDocument>, Disposable
{
  private readonly edited = new EventEmitter<CustomDocumentEditEvent<AnnotationDocument>>();
  readonly onDidChangeCustomDocument = this.edited.event;
  /** open documents by path, for tests and commands */
  readonly documents = new Map<string, AnnotationDocument>();

  /** work of killed windows, until its document can take edits */
  private readonly lost = new WeakMap<AnnotationDocument, readonly LostWork[]>();
  private readonly journals = new WeakMap<AnnotationDocument, UnsavedJournal>();

  constructor(private readonly services: EditorServices) {}

  async openCustomDocument(
    uri: Uri,
    { backupId }: CustomDocumentOpenContext,
  ): Promise<AnnotationDocument> {
    if (uri.scheme !== 'file') {
      throw new Error('Promptmark opens images on disk only. Copy the image to a folder first.');
    }
    const { ports, engine, storage, log, unsaved } = this.services;
    const source = new ImageSource(uri.fsPath, storage, engine);
    const backup = backupId === undefined ? undefined : await readBackup(backupId);
    const document = await AnnotationDocument.open(uri, ports, source, engine, backup);
    this.documents.set(uri.fsPath, document);
    const { lifetime, image } = document;
    lifetime.onDispose(() => this.documents.delete(uri.fsPath));
    lifetime.onDispose(engine.retain());
    const journal = unsaved.open(image);
    this.journals.set(document, journal);
    lifetime.add(document.onDidChange((change) => void journal.note(change)));
    lifetime.add(document.onDidReload(() => void journal.settle()));
    lifetime.onDispose(() => unsaved.close(journal));
    if (backup) void journal.settle();
    lifetime.onDispose(
      watchFile(uri.fsPath, () => {
        image.onImageChanged().catch((error: unknown) => log.error(stackOf(error)));
      }),
    );
    lifetime.add(
      document.onDidStep((step) =>
        this.edited.fire({
          document,
          label: step.label,
          undo: () => image.undo(step),
          redo: () => image.redo(step),
        }),
      ),
    );
    this.lost.set(document, await unsaved.find(uri.fsPath));
    return document;
  }

  resolveCustomEditor(document: AnnotationDocument, panel: WebviewPanel): void {
    const { extensionUri, engine, log, lastCategory, editors } = this.services;
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [
        Uri.joinPath(extensionUri, 'dist'),
        Uri.joinPath(extensionUri, 'media'),
        ...document.source.roots(),
      ],
    };
    const session = new EditorSession(document, panel, {
      engine,
      log,
      lastCategory,
      settings: () => editorSettings(document.uri),
      position: async () => {
        const images = await listImages(document.image);
        const index = images.findIndex(({ path }) => path === document.image.imagePath);
        return index < 0 ? undefined : { index, total: images.length };
      },
    });
    editors.add(session);
    panel.webview.html = pageHtml(panel.webview, extensionUri);
    void this.recoverLost(document);
  }

  /** Only when its first editor is there does VS Code take edits of a document. */
  private async recoverLost(document: AnnotationDocument): Promise<void> {
    const lost = this.lost.get(document) ?? [];
    this.lost.delete(document);
    const taken = lost.filter((work) => document.image.recover(work));
    await this.journals.get(document)?.settle();
    await this.services.unsaved.forget(taken);
  }

  async saveCustomDocument(document: AnnotationDocument): Promise<void> {
    await document.image.save();
    await this.journals.get(document)?.settle();
  }

  async saveCustomDocumentAs(document: AnnotationDocument, destination: Uri): Promise<void> {
    if (destination.toString() === document.uri.toString())
      return this.saveCustomDocument(document);
    if (destination.scheme !== 'file') {
      throw new Error('Promptmark saves to folders on disk only. Choose another place.');
    }
    await saveCopy(document.image, destination.fsPath, this.services.ports);
  }

  async revertCustomDocument(document: AnnotationDocument): Promise<void> {
    await document.image.revert();
    await this.journals.get(document)?.settle();
  }

  backupCustomDocument(
    document: AnnotationDocument,
    { destination }: CustomDocumentBackupContext,
  ): Promise<CustomDocumentBackup> {
    return writeBackup(destination, document.image.backup());
  }

  dispose(): void {
    this.edited.dispose();
  }
}

/** Registers the editor; it does nothing before an image is opened with it. */
export function registerEditor(provider: AnnotationEditorProvider): Disposable {
  return window.registerCustomEditorProvider(EDITOR_VIEW_TYPE, provider, {
    supportsMultipleEditorsPerDocument: true,
    webviewOptions: { retainContextWhenHidden: false },
  });
}
