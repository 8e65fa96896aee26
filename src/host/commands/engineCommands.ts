// Commands about the engine and its log.
import { ProgressLocation, window } from 'vscode';
import { createCancelSource } from '../../shared/protocol/cancel';
import { DomainError } from '../../shared/protocol/wire';
import { requireEditor, type Command } from './command';

export const restartEngine: Command = {
  id: 'promptmark.restartEngine',
  run: async ({ engine }) => {
    await engine.restart();
    window.setStatusBarMessage('Promptmark: the engine was restarted.', 3000);
  },
};

export const segmentEverything: Command = {
  id: 'promptmark.segmentEverything',
  run: async (services) => {
    const session = requireEditor(services);
    const options = {
      location: ProgressLocation.Notification,
      title: 'Segmenting everything',
      cancellable: true,
    };
    await window.withProgress(options, async (progress, token) => {
      const source = createCancelSource();
      token.onCancellationRequested(() => source.cancel());
      let reported = 0;
      try {
        await session.segmentEverything(null, source.signal, (done, total) => {
          const percent = (100 * done) / total;
          progress.report({ increment: percent - reported });
          reported = percent;
        });
      } catch (error) {
        if (!(error instanceof DomainError && error.code === 'cancelled')) throw error;
      }
    });
  },
};

export const showLog: Command = {
  id: 'promptmark.showLog',
  run: ({ log }) => log.show(),
};
