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
import type { DocumentBackup } from './imageDocument';
import { ImageSource } from './imageSource';
import { saveCopy } from './saveCopy';
import type { EditorServices } from './services';
import { EditorSession } from './session';
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
  private readonly lost = new WeakMap<AnnotationDocument, DocumentBackup | null>();

  constructor(private readonly services: EditorServices) {}

  async openCustomDocument(
    uri: Uri,
    { backupId }: CustomDocumentOpenContext,
  ): Promise<AnnotationDocument> {
    if (uri.scheme !== 'file') {
      throw new Error('Promptmark opens images on disk only. Copy the image to a folder first.');
    }
    const { ports, engine, storage, log, recovery } = this.services;
    const source = new ImageSource(uri.fsPath, storage, engine);
    const backup = backupId === undefined ? undefined : await readBackup(backupId);
    const document = await AnnotationDocument.open(uri, ports, source, engine, backup);
    this.documents.set(uri.fsPath, document);
    const { lifetime, image } = document;
    lifetime.onDispose(() => this.documents.delete(uri.fsPath));
    lifetime.onDispose(engine.retain());
    lifetime.onDispose(() => void recovery.forget(uri.fsPath));
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
    if (!backup) this.lost.set(document, await recovery.find(uri.fsPath));
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
    // Only now does VS Code take edits of the document.
    const lost = this.lost.get(document);
    this.lost.delete(document);
    if (lost) document.image.recover(lost);
  }

  async saveCustomDocument(document: AnnotationDocument): Promise<void> {
    await document.image.save();
    if (!document.image.core.state.draft) await this.services.recovery.forget(document.uri.fsPath);
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
    await this.services.recovery.forget(document.uri.fsPath);
  }

  async backupCustomDocument(
    document: AnnotationDocument,
    { destination }: CustomDocumentBackupContext,
  ): Promise<CustomDocumentBackup> {
    const { recovery, log } = this.services;
    const { fsPath } = document.uri;
    const backup = await writeBackup(destination, document.image.backup());
    await recovery.note(fsPath, backup.id);
    return {
      id: backup.id,
      delete: () => {
        backup.delete();
        recovery.forget(fsPath, backup.id).catch((error: unknown) => log.error(stackOf(error)));
      },
    };
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
