// Captions every image of a folder from its annotations, with the built-in composer.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { commands, FileType, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { composeCaption } from '../../shared/caption/composeCaption';
import {
  CAPTION_STYLES,
  type CaptionInput,
  type CaptionLanguage,
  type CaptionStyle,
} from '../../shared/caption/types';
import { findImages } from '../caption/findImages';
import { runJobProcess, type JobSummary } from '../jobs/jobProcess';
import { DomainError } from '../../shared/protocol/wire';
import { isUri, type Command, type CommandServices } from './command';

/** The program's own summary. */
export interface CaptionSummary extends JobSummary {
  readonly captioned: number;
  readonly without_annotations: number;
}

export const NEW_CAPTIONS_NAME = 'captions.coco.json';

/** What another extension, a keybinding or a test may give instead of being asked. */
export interface CaptionFolderArguments {
  /** absolute paths */
  readonly folder: string;
  readonly out: string;
  readonly style: CaptionStyle;
  readonly lang: CaptionLanguage;
}

/** Argument: a folder of the Explorer, or CaptionFolderArguments. @returns the summary, undefined when given up */
export const captionFolder: Command = {
  id: 'promptmark.captionFolder',
  run: async (services, argument) => {
    if (!workspace.isTrusted) {
      throw new DomainError(
        'read-only',
        'Captions are not written in an untrusted workspace. Run "Workspaces: Manage Workspace Trust" first.',
      );
    }
    const isComplete = isArguments(argument);
    const choice = isComplete ? argument : await ask(services, argument);
    if (!choice) return undefined;
    const summary = await caption(services, choice);
    if (!isComplete) void tell(summary, services);
    return summary;
  },
};

function isArguments(argument: unknown): argument is CaptionFolderArguments {
  const given = argument as Partial<CaptionFolderArguments> | null | undefined;
  return typeof given?.folder === 'string' && typeof given.out === 'string';
}

async function ask(
  { editors }: CommandServices,
  argument: unknown,
): Promise<CaptionFolderArguments | undefined> {
  const active = editors.active?.document.image.imagePath;
  const defaultUri = active ? Uri.file(path.dirname(active)) : workspace.workspaceFolders?.[0]?.uri;
  const folder = isUri(argument) ? argument : await askForFolder(defaultUri);
  if (!folder) return undefined;
  const wording = await askForWording();
  if (!wording) return undefined;
  const out = Uri.joinPath(folder, '..', NEW_CAPTIONS_NAME);
  const isInside = workspace.getWorkspaceFolder(out) !== undefined;
  const target = await window.showSaveDialog({
    title: 'Write captions to',
    defaultUri: isInside ? out : Uri.joinPath(folder, NEW_CAPTIONS_NAME),
    filters: { 'COCO captions': ['json'] },
  });
  return target && { ...wording, folder: folder.fsPath, out: target.fsPath };
}

async function askForFolder(defaultUri: Uri | undefined): Promise<Uri | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      title: 'Folder of images to caption',
      openLabel: 'Caption Folder',
      canSelectFiles: false,
      canSelectFolders: true,
      ...(defaultUri ? { defaultUri } : {}),
    })) ?? [];
  return folder && (await workspace.fs.stat(folder)).type & FileType.Directory ? folder : undefined;
}

interface Wording {
  readonly style: CaptionStyle;
  readonly lang: CaptionLanguage;
}

/** Shows every style with an example instead of explaining it. */
async function askForWording(): Promise<Wording | undefined> {
  const items: (QuickPickItem & Wording)[] = (['en', 'zh'] as const).flatMap((lang) =>
    CAPTION_STYLES.map((style) => ({
      label: `${lang === 'en' ? 'English' : '中文'}: ${style}`,
      detail: composeCaption(EXAMPLE, { style, lang }),
      style,
      lang,
    })),
  );
  return window.showQuickPick(items, {
    title: 'Captions from the saved annotations',
    matchOnDetail: true,
    ignoreFocusOut: true, // a step of several: a change of focus must not end it
  });
}

const EXAMPLE: CaptionInput = {
  size: [480, 640],
  objects: [
    { name: 'bowl', bbox: [180, 250, 300, 160] },
    { name: 'lemon', bbox: [230, 280, 80, 60] },
    { name: 'lemon', bbox: [320, 290, 80, 60] },
    { name: 'mug', bbox: [30, 120, 120, 150] },
  ],
};

async function caption(
  { finder, extensionUri }: CommandServices,
  { folder, out, style, lang }: CaptionFolderArguments,
): Promise<CaptionSummary> {
  const stop = new AbortController();
  const [first] = await findImages([folder], stop.signal);
  if (!first) throw new DomainError('not-found', `There are no images in ${folder}.`);
  const coco = await finder.find(first);
  const hasDataset = await stat(coco).then(
    () => true,
    () => false, // nothing is annotated yet
  );
  const args = [
    'caption',
    folder,
    '--out',
    out,
    '--style',
    style,
    '--lang',
    lang,
    '--overwrite',
    '--resume',
  ];
  if (hasDataset) args.push('--coco', coco);
  return window.withProgress(
    { location: ProgressLocation.Notification, title: 'Captioning', cancellable: true },
    (progress, token) => {
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      return runJobProcess<CaptionSummary>({
        script: Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath,
        args,
        signal: stop.signal,
        onProgress: ({ done, total }) => {
          progress.report({
            message: `${done} of ${total}`,
            increment: ((done - shown) * 100) / total,
          });
          shown = done;
        },
      });
    },
  );
}

async function tell(summary: CaptionSummary, { log }: CommandServices): Promise<void> {
  const { captioned, total, without_annotations, failed, interrupted, out } = summary;
  for (const { message } of failed) log.warn(message);
  if (interrupted) {
    const text = `Captioning was stopped after ${captioned} of ${total} images. They are kept; caption the folder again to go on.`;
    void window.showInformationMessage(text);
    return;
  }
  const parts = [`${captioned} of ${total} images captioned`];
  if (without_annotations > 0) parts.push(`${without_annotations} without annotations`);
  if (failed.length > 0) parts.push(`${failed.length} failed`);
  const buttons = failed.length > 0 ? ['Open Captions', 'Show Log'] : ['Open Captions'];
  const answer = await window.showInformationMessage(`${parts.join(', ')}.`, ...buttons);
  if (answer === 'Open Captions') await window.showTextDocument(Uri.file(out ?? ''));
  if (answer === 'Show Log') await commands.executeCommand('promptmark.showLog');
}
