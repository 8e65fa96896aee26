// What an editor needs, built once at activation.
import type { Uri } from 'vscode';
import type { CocoTexts } from '../cocoFile/cocoTexts';
import type { Log } from '../platform/log';
import type { DatasetStores } from './datasetStore';
import type { Editors } from './editors';
import type { EngineService } from './engineService';
import type { DatasetFinder } from './findDataset';
import type { DocumentPorts } from './imageDocument';
import type { LastCategory } from './lastCategory';
import type { UnsavedJournals } from './unsavedJournal';

export interface EditorServices {
  readonly extensionUri: Uri;
  readonly log: Log;
  readonly engine: EngineService;
  readonly stores: DatasetStores;
  readonly finder: DatasetFinder;
  readonly ports: DocumentPorts;
  readonly lastCategory: LastCategory;
  readonly editors: Editors;
  readonly unsaved: UnsavedJournals;
  readonly cocoTexts: CocoTexts;
  /** folder for pictures made for the page */
  readonly storage: string;
}
