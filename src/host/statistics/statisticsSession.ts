// One statistics page: its requests, answered by the dataset worker; what it says is checked first.
import path from 'node:path';
import { commands, Uri, window, type Disposable, type Webview } from 'vscode';
import { createChannel, type Channel } from '../../shared/protocol/channel';
import type {
  StatisticsEvents,
  StatisticsMethods,
  StatisticsPageEvents,
} from '../../shared/protocol/statistics';
import { DomainError, type Handlers } from '../../shared/protocol/wire';
import type { CanvasPlace } from '../commands/openOnCanvas';
import { watchFile } from '../editor/watchFile';
import { either, finite, list, object, oneOf, optional, text, whole } from '../platform/checks';
import { Disposables } from '../platform/disposables';
import type { StatisticsServices } from './statisticsPanels';

type None = Record<never, never>;

/** Images the page lists; it counts all. */
const MOST_LISTED = 5000;

const range = list(either(finite, oneOf(null)), 2, 2);
const isQuery = object({
  categories: optional(list(finite, 0, 100)),
  annotations: optional(range),
  area: optional(range),
  aspect: optional(range),
});
const isLog = object({ level: oneOf('info', 'warn', 'error'), message: text });

export class StatisticsSession implements Disposable {
  private readonly lifetime = new Disposables();
  private readonly channel: Channel<None, StatisticsEvents>;

  constructor(
    webview: Webview,
    private readonly dataset: string,
    private readonly services: StatisticsServices,
  ) {
    this.channel = createChannel<None, StatisticsEvents, StatisticsMethods, StatisticsPageEvents>({
      send: (message) => void webview.postMessage(message),
      handlers: this.handlers(),
      events: {
        'log/write': (data) => {
          if (isLog(data)) services.log[data.level](`Statistics page: ${data.message}`);
        },
      },
      onLog: (level, message) => services.log[level](message),
    });
    this.lifetime.add(webview.onDidReceiveMessage((message) => this.channel.receive(message)));
    this.lifetime.onDispose(
      services.progress.listen(dataset, ({ doneBytes, totalBytes }) =>
        this.channel.peer.notify('statistics/progress', { doneBytes, totalBytes }),
      ),
    );
    const tell = (): void => this.channel.peer.notify('statistics/changed', {});
    this.lifetime.onDispose(watchFile(dataset, tell));
  }

  dispose(): void {
    this.lifetime.dispose();
    this.channel.close(new DomainError('cancelled', 'The page has been closed.'));
  }

  private handlers(): Handlers<StatisticsMethods> {
    const { dataset } = this;
    const { port } = this.services;
    return {
      'statistics/load': async (_params, signal) => {
        const stats = await port.request('dataset/statistics', { path: dataset }, signal);
        return { dataset, name: path.basename(dataset), stats };
      },
      'statistics/images': ({ query }, signal) => {
        if (!isQuery(query)) throw new DomainError('invalid-params', 'This is no query.');
        const params = { path: dataset, query, most: MOST_LISTED };
        return port.request('dataset/imagesWith', params, signal);
      },
      'statistics/open': async ({ imageId }) => {
        if (!whole(imageId)) throw new DomainError('invalid-params', 'This is no image id.');
        const place: CanvasPlace = { dataset, imageId };
        await commands.executeCommand('promptmark.openOnCanvas', place);
        return null;
      },
      'statistics/openText': async () => {
        await window.showTextDocument(Uri.file(dataset));
        return null;
      },
    };
  }
}
