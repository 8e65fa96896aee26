// Builds the services and connects them. No process, worker or file is touched before an editor opens.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { window, workspace, type ExtensionContext } from 'vscode';
import type { ImageInfo } from '../shared/protocol/engine';
import { DomainError } from '../shared/protocol/wire';
import { CocoTexts } from './cocoFile/cocoTexts';
import { registerFixedTexts } from './cocoFile/fixedTexts';
import { registerCocoFiles } from './cocoFile/register';
import { CocoValidation } from './cocoFile/validation';
import { registerCommands } from './commands/register';
import { DatasetClient } from './dataset/client';
import { ConflictPrompt } from './editor/conflictPrompt';
import { DatasetStores } from './editor/datasetStore';
import { Editors } from './editor/editors';
import { EngineService } from './editor/engineService';
import { DatasetFinder } from './editor/findDataset';
import type { DocumentPorts } from './editor/imageDocument';
import { LastCategory } from './editor/lastCategory';
import { AnnotationEditorProvider, registerEditor } from './editor/provider';
import { UnsavedJournals } from './editor/unsavedJournal';
import type { EditorServices } from './editor/services';
import { watchFile } from './editor/watchFile';
import { EngineClient } from './engine/engineClient';
import { findModel } from './models/builtinModel';
import { type Disposables } from './platform/disposables';
import { createLog, stackOf } from './platform/log';
import { DatasetProgress } from './platform/datasetProgress';
import { DatasetProblems } from './platform/problems';
import { editorSettings, readSettings, SETTINGS_SECTION } from './platform/settings';
import { StatusBar } from './platform/statusBar';
import { StatisticsPanels } from './statistics/statisticsPanels';

const UNTRUSTED =
  'This workspace is not trusted, so Promptmark only shows images and annotations. ' +
  'Run "Workspaces: Manage Workspace Trust" to edit.';

export interface Promptmark {
  readonly services: EditorServices;
  readonly provider: AnnotationEditorProvider;
  readonly problems: DatasetProblems;
}

/** Starts the extension's services; `lifetime` ends them. */
export function startServices(context: ExtensionContext, lifetime: Disposables): Promptmark {
  const root = context.extensionUri.fsPath;
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
  const log = lifetime.add(createLog());
  const onError = (error: unknown): void => log.error(stackOf(error));
  const problems = lifetime.add(new DatasetProblems());
  const progress = new DatasetProgress();
  const dataset = createDataset(root, log, progress, lifetime);
  const cocoTexts = new CocoTexts(dataset);
  const validation = lifetime.add(new CocoValidation(cocoTexts, problems, log));
  const stores = createStores(dataset, validation, onError);
  const engine = lifetime.add(createEngine(root, log, onError));
  const finder = new DatasetFinder(dataset, stores, context.workspaceState);
  const conflicts = lifetime.add(new ConflictPrompt());
  const services: EditorServices = {
    extensionUri: context.extensionUri,
    log,
    engine,
    stores,
    finder,
    ports: createPorts(stores, finder, engine, conflicts),
    lastCategory: new LastCategory(context.workspaceState),
    editors: lifetime.add(new Editors()),
    cocoTexts,
    unsaved: lifetime.add(createUnsaved(storage, onError)),
    storage: path.join(storage, 'rendered'),
  };
  const provider = lifetime.add(new AnnotationEditorProvider(services));
  lifetime.add(registerEditor(provider));
  registerCocoFiles(cocoTexts, validation, lifetime);
  for (const one of registerFixedTexts()) lifetime.add(one);
  const { extensionUri } = context;
  const statistics = lifetime.add(
    new StatisticsPanels({ extensionUri, port: dataset, progress, log }),
  );
  for (const command of registerCommands({ ...services, statistics })) lifetime.add(command);
  followChanges(services, lifetime);
  return { services, provider, problems };
}

function createDataset(
  root: string,
  log: EditorServices['log'],
  progress: DatasetProgress,
  lifetime: Disposables,
): DatasetClient {
  const dataset = new DatasetClient({
    script: path.join(root, 'dist', 'dataset.js'),
    onProgress: (data) => progress.tell(data),
    log: (level, message) => log[level](message),
  });
  lifetime.onDispose(() => void dataset.dispose());
  return dataset;
}

function createStores(
  dataset: DatasetClient,
  validation: CocoValidation,
  onError: (error: unknown) => void,
): DatasetStores {
  return new DatasetStores(
    dataset,
    watchFile,
    (summary) => validation.showDataset(summary),
    (file) => validation.forgetDataset(file),
    onError,
  );
}

function createUnsaved(storage: string, onError: (error: unknown) => void): UnsavedJournals {
  return new UnsavedJournals(path.join(storage, 'unsaved'), (error) => {
    onError(error);
    void window.showErrorMessage(error instanceof Error ? error.message : String(error));
  });
}

function createEngine(
  root: string,
  log: EditorServices['log'],
  onError: (error: unknown) => void,
): EngineService {
  const client = new EngineClient({
    script: path.join(root, 'dist', 'inference.js'),
    nodePath: () => readSettings().nodePath || undefined,
    log: (level, message) => log[level](message),
  });
  return new EngineService(
    client,
    () => findModel(root, readSettings().model || undefined),
    onError,
  );
}

function createPorts(
  stores: DatasetStores,
  finder: DatasetFinder,
  engine: EngineService,
  conflicts: ConflictPrompt,
): DocumentPorts {
  return {
    stores,
    findDataset: (imagePath) => finder.find(imagePath),
    imageInfo: (imagePath) => imageInfo(engine, imagePath),
    settleConflicts: (datasetPath, found) => conflicts.settle(datasetPath, found),
    settings: () => readSettings(),
    writeBlock: () => (workspace.isTrusted ? null : UNTRUSTED),
    now: () => new Date(),
  };
}

/** As the engine tells; a file that is not there is 'not-found', so that a deleted image can be told from a bad one. */
async function imageInfo(engine: EngineService, imagePath: string): Promise<ImageInfo> {
  try {
    return await engine.imageInfo(imagePath);
  } catch (error) {
    const isBad = error instanceof DomainError && error.code === 'image-unreadable';
    if (!isBad || existsSync(imagePath)) throw error;
    throw new DomainError('not-found', error.message);
  }
}

/** Keeps status bar and pages in step with editors, settings, engine and trust. */
function followChanges(services: EditorServices, lifetime: Disposables): void {
  const { editors, engine } = services;
  const bar = lifetime.add(new StatusBar());
  const update = (): void => {
    const image = editors.active?.document.image;
    bar.show(
      image
        ? {
            annotations: image.core.state.annotations.length,
            datasetName: image.store.name,
            datasetPath: image.store.path,
            model: engine.status,
            readOnly: image.readOnly,
          }
        : null,
    );
  };
  lifetime.add(editors.onDidChange(update));
  lifetime.onDispose(engine.onDidChangeStatus(update));
  lifetime.add(
    workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(SETTINGS_SECTION)) return;
      if (event.affectsConfiguration(`${SETTINGS_SECTION}.model`)) engine.forgetModel();
      if (event.affectsConfiguration(`${SETTINGS_SECTION}.datasetFile`)) {
        void followDatasetSetting(services);
      }
      for (const session of editors.all) {
        session.notify('settings/changed', editorSettings(session.document.uri));
      }
    }),
  );
  lifetime.add(
    workspace.onDidGrantWorkspaceTrust(() => {
      for (const session of editors.all) void session.sendSnapshot();
      update();
    }),
  );
}

/** Goes over to the dataset the setting now names, in every editor without unsaved changes; others keep theirs. */
async function followDatasetSetting({ editors, finder, log }: EditorServices): Promise<void> {
  for (const document of new Set(editors.all.map((session) => session.document))) {
    const { image } = document;
    if (image.core.isChanged) continue;
    try {
      await image.useDataset(await finder.find(image.imagePath));
    } catch (error) {
      log.error(stackOf(error));
    }
  }
}
