// Starts the statistics page: connects to the host, asks for the numbers, draws them.
import { createChannel } from '../../src/shared/protocol/channel';
import type {
  StatisticsEvents,
  StatisticsMethods,
  StatisticsPageEvents,
} from '../../src/shared/protocol/statistics';
import { acquireApi } from '../bridge/vscodeApi';
import { createPage } from './page';
import './statistics.css';
import './plots.css';

type None = Record<never, never>;

function start(): void {
  const api = acquireApi();
  const channel = createChannel<StatisticsMethods, StatisticsPageEvents, None, StatisticsEvents>({
    send: (message) => api.postMessage(message),
    handlers: {},
    events: {
      'statistics/progress': (data) => page.showProgress(data),
      'statistics/changed': () => page.showChanged(),
    },
    onLog: (level, message) => channel.peer.notify('log/write', { level, message }),
  });
  window.addEventListener('message', (event) => channel.receive(event.data));
  const page = createPage(channel.peer, (dataset) => api.setState({ dataset }));
  (document.getElementById('app') ?? document.body).append(page.element);
  void page.load();
}

start();
