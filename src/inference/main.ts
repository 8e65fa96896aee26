// The inference process: joins the engine's handlers with the parent process. It ends when the parent is gone.
// ORT_DISABLE_TELEMETRY is set by the parent and again before onnxruntime-node is loaded (sessions/runtime.ts).
import { createChannel } from '../shared/protocol/channel';
import type { EngineEvents, EngineMethods } from '../shared/protocol/engine';
import { createEngine } from './engine';

type None = Record<never, never>;

if (!process.send)
  throw new Error('The inference process is started by Promptmark, with a message channel.');
process.on('disconnect', () => process.exit(0));

const channel = createChannel<None, EngineEvents, EngineMethods, None>({
  send: (message) => process.send?.(message),
  handlers: createEngine((event, data) => channel.peer.notify(event, data)),
  events: {},
  onLog: (level, message) => process.stderr.write(`${level}: ${message}\n`),
});
process.on('message', (message) => channel.receive(message));
