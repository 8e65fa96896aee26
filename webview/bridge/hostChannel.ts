// The page's one channel to the host.
import { createChannel } from '../../src/shared/protocol/channel';
import type { EditorMethods, HostEvents, PageEvents } from '../../src/shared/protocol/editor';
import type { EventHandlers } from '../../src/shared/protocol/wire';
import type { HostPeer } from '../state/session';
import type { VsCodeApi } from './vscodeApi';

// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- a page answers no requests
type NoMethods = {};

/** Connects to the host; nothing is sent before it is asked for. */
export function connectHost(api: VsCodeApi, events: EventHandlers<HostEvents>): HostPeer {
  const channel = createChannel<EditorMethods, PageEvents, NoMethods, HostEvents>({
    send: (message) => api.postMessage(message),
    handlers: {},
    events,
    onLog: (level, message) => channel.peer.notify('log/write', { level, message }),
  });
  window.addEventListener('message', (event) => channel.receive(event.data));
  return channel.peer;
}
