// Every command of package.json; scripts/checkManifest compares both lists.
import { commands, window, type Disposable } from 'vscode';
import { DomainError } from '../../shared/protocol/wire';
import { stackOf } from '../platform/log';
import { annotateImage } from './annotateImage';
import { captionFolder } from './captionFolder';
import { chooseDataset } from './chooseDataset';
import type { Command, CommandServices } from './command';
import { composeCaptionOfImage } from './composeCaption';
import { restartEngine, segmentEverything, showLog } from './engineCommands';
import { nextImage, nextUnlabelledImage, previousImage } from './navigate';
import { openOnCanvas } from './openOnCanvas';
import { openDatasetFile } from './openDatasetFile';
import { pageCommands } from './pageCommands';
import { previewFixes } from './previewFixes';
import { showActions } from './showActions';
import { showStatistics } from './showStatistics';

export const allCommands: readonly Command[] = [
  annotateImage,
  nextImage,
  previousImage,
  nextUnlabelledImage,
  chooseDataset,
  openDatasetFile,
  openOnCanvas,
  previewFixes,
  segmentEverything,
  restartEngine,
  captionFolder,
  composeCaptionOfImage,
  showLog,
  showActions,
  showStatistics,
  ...pageCommands,
];

/** Registers all commands; a failure is shown to the person, and anything unexpected goes to the log as well. */
export function registerCommands(services: CommandServices): readonly Disposable[] {
  return allCommands.map(({ id, run }) =>
    commands.registerCommand(id, async (argument?: unknown) => {
      try {
        await run(services, argument);
      } catch (error) {
        if (!(error instanceof DomainError)) services.log.error(`${id}: ${stackOf(error)}`);
        if (error instanceof DomainError && error.code === 'cancelled') return;
        void window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
    }),
  );
}
