// Entry of dist/dataset.js: a worker thread that reads, indexes and writes COCO files, so that the extension host
// never holds large JSON.
import { parentPort } from 'node:worker_threads';
import { createChannel } from '../../shared/protocol/channel';
import type { DatasetEvents, DatasetMethods } from '../../shared/protocol/dataset';
import { datasetHandlers } from './handlers';
import { Store } from './store';

type None = Record<never, never>;

if (!parentPort) throw new Error('dist/dataset.js runs as a worker thread only');
const port = parentPort;
const channel = createChannel<None, DatasetEvents, DatasetMethods, None>({
  send: (message) => port.postMessage(message),
  handlers: datasetHandlers(new Store(), (data) => channel.peer.notify('dataset/progress', data)),
  events: {},
  onLog: (level, message) => console[level](message),
});
port.on('message', (message) => channel.receive(message));
