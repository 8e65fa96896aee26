// What every command file exports, and what commands may use.
import type { Uri } from 'vscode';
import type { CocoTexts } from '../cocoFile/cocoTexts';
import type { DatasetFinder } from '../editor/findDataset';
import type { Editors } from '../editor/editors';
import type { EngineService } from '../editor/engineService';
import type { EditorSession } from '../editor/session';
import type { Log } from '../platform/log';
import type { StatisticsPanels } from '../statistics/statisticsPanels';

export interface CommandServices {
  readonly editors: Editors;
  readonly engine: EngineService;
  readonly finder: DatasetFinder;
  readonly cocoTexts: CocoTexts;
  readonly log: Log;
  readonly statistics: Pick<StatisticsPanels, 'show'>;
  /** where the extension is installed */
  readonly extensionUri: Uri;
}

export interface Command {
  /** id as in package.json */
  readonly id: string;
  /** what the person sees when it fails is the error's message */
  readonly run: (services: CommandServices, argument?: unknown) => unknown;
}

/** The active editor. @throws Error that tells the person to open one */
export function requireEditor({ editors }: CommandServices): EditorSession {
  const { active } = editors;
  if (!active) throw new Error('Open an image with "Promptmark: Annotate Image" first.');
  return active;
}

/** The file an Explorer or editor-title command was called on, if any. */
export function isUri(argument: unknown): argument is Uri {
  return typeof argument === 'object' && argument !== null && 'fsPath' in argument;
}
