import assert from 'node:assert/strict';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';
import { createChannel, type Channel } from '../../../../src/shared/protocol/channel';
import {
  DomainError,
  type CancelSignal,
  type Handlers,
  type Wire,
} from '../../../../src/shared/protocol/wire';

type Methods = {
  'text/echo': { params: { text: string }; result: { text: string } };
  'text/fail': { params: { code: 'conflict' | 'none' }; result: null };
  'text/wait': { params: Record<string, never>; result: string };
};
type Events = { 'text/said': { text: string } };
type None = Record<never, never>;

interface Waiting {
  readonly signal: CancelSignal;
  readonly resolve: (text: string) => void;
}

/** Two channels joined in memory; every message is copied, as a transport does. */
function connect() {
  const log: string[] = [];
  const sent: Wire[] = [];
  const said: string[] = [];
  const waiting: Waiting[] = [];
  const handlers: Handlers<Methods> = {
    'text/echo': ({ text }) => ({ text }),
    'text/fail': ({ code }) => {
      if (code === 'conflict') throw new DomainError('conflict', 'Both changed it.', 'row 3');
      throw new Error('secret inside');
    },
    'text/wait': (_params, signal) => new Promise((resolve) => waiting.push({ signal, resolve })),
  };
  const server: Channel<None, None> = createChannel<None, None, Methods, Events>({
    send: (message) => {
      const copy = structuredClone(message);
      sent.push(copy);
      client.receive(copy);
    },
    handlers,
    events: {
      'text/said': ({ text }) => {
        if (text === 'throw') throw new Error('event handler');
        said.push(text);
      },
    },
    onLog: (level, message) => log.push(`${level} ${message}`),
  });
  const client: Channel<Methods, Events> = createChannel<Methods, Events, None, None>({
    send: (message) => server.receive(structuredClone(message)),
    handlers: {},
    events: {},
    onLog: (level, message) => log.push(`${level} ${message}`),
  });
  return { client, server, log, sent, said, waiting };
}

const code = (expected: string) => (error: unknown) =>
  error instanceof DomainError && error.code === expected;

describe('channel', () => {
  it('answers a request with the result of its handler', async () => {
    const { client, sent } = connect();
    assert.deepEqual(await client.peer.request('text/echo', { text: 'ä' }), { text: 'ä' });
    assert.equal(sent.length, 1);
  });

  it('passes a DomainError with code, message and detail, and no log', async () => {
    const { client, log } = connect();
    const failed = client.peer.request('text/fail', { code: 'conflict' });
    await assert.rejects(failed, {
      code: 'conflict',
      message: 'Both changed it.',
      detail: 'row 3',
    });
    assert.deepEqual(log, []);
  });

  it('answers internal when a handler throws, with the stack in the log only', async () => {
    const { client, log, sent } = connect();
    await assert.rejects(client.peer.request('text/fail', { code: 'none' }), code('internal'));
    assert.ok(!JSON.stringify(sent).includes('secret inside'));
    assert.match(log.join(), /error text\/fail failed: Error: secret inside\n\s+at /);
  });

  it('answers not-found to unknown methods and to names of Object.prototype', async () => {
    const { client } = connect();
    for (const method of ['text/none', 'constructor', '__proto__', 'toString']) {
      await assert.rejects(
        client.peer.request(method as 'text/echo', { text: '' }),
        code('not-found'),
      );
    }
  });

  it('aborts the handler on cancel and answers cancelled, once, when the handler has ended', async () => {
    const { client, waiting, sent } = connect();
    const source = createCancelSource();
    const request = client.peer.request('text/wait', {}, source.signal);
    source.cancel();
    source.cancel();
    const [job] = waiting;
    assert.equal(job?.signal.aborted, true);
    assert.equal(sent.length, 0, 'no answer while the work goes on');
    job.resolve('too late');
    await assert.rejects(request, code('cancelled'));
    assert.equal(sent.length, 1);
  });

  it('sends nothing when the signal is aborted before the request', async () => {
    const { client, waiting } = connect();
    const source = createCancelSource();
    source.cancel();
    await assert.rejects(client.peer.request('text/wait', {}, source.signal), code('cancelled'));
    assert.equal(waiting.length, 0);
  });

  it('ignores a cancel that crosses the answer', async () => {
    const { client, log } = connect();
    const source = createCancelSource();
    await client.peer.request('text/echo', { text: 'a' }, source.signal);
    source.cancel();
    assert.deepEqual(await client.peer.request('text/echo', { text: 'b' }), { text: 'b' });
    assert.deepEqual(log, []);
  });

  it('fails everything pending and everything later with the reason of close', async () => {
    const { client } = connect();
    const pending = [client.peer.request('text/wait', {}), client.peer.request('text/wait', {})];
    const reason = new DomainError('engine-crashed', 'gone');
    client.close(reason);
    client.close(new DomainError('internal', 'a second reason'));
    for (const request of pending) await assert.rejects(request, reason);
    await assert.rejects(client.peer.request('text/echo', { text: '' }), reason);
    assert.doesNotThrow(() => client.peer.notify('text/said', { text: '' }));
  });

  it('aborts running handlers on close and sends no answer after it', async () => {
    const { client, server, waiting, sent } = connect();
    const request = client.peer.request('text/wait', {});
    server.close(new DomainError('cancelled', 'closing'));
    assert.equal(waiting[0]?.signal.aborted, true);
    waiting[0].resolve('late');
    client.close(new DomainError('engine-crashed', 'gone'));
    await assert.rejects(request, code('engine-crashed'));
    assert.equal(sent.length, 0);
  });

  it('ignores answers to unknown requests with a log', () => {
    const { client, log } = connect();
    client.receive({ kind: 'response', id: 99, ok: true, result: 1 });
    assert.match(log.join(), /unknown request 99/);
  });

  it('delivers events, and logs those that throw or are unknown', () => {
    const { client, server, said, log } = connect();
    client.peer.notify('text/said', { text: 'hello' });
    client.peer.notify('text/said', { text: 'throw' });
    server.receive({ kind: 'event', event: 'valueOf', data: 1 });
    assert.deepEqual(said, ['hello']);
    assert.match(log.join(), /handler of text\/said failed: Error: event handler/);
    assert.match(log.join(), /unknown event valueOf/);
  });

  it('survives malformed messages, answering those with an id', async () => {
    const malformed: unknown[] = [
      undefined, null, 3, 'x', [], {}, { kind: 7 }, { kind: 'request' }, { kind: 'request', id: 'a' },
      { kind: 'request', id: 1.5, method: 'text/echo' }, { kind: 'response' }, { kind: 'event' },
      { kind: 'event', event: {} }, { kind: 'cancel' }, { kind: 'cancel', id: {} },
    ]; // prettier-ignore
    const { client, server, log, sent } = connect();
    for (const message of malformed) server.receive(message);
    assert.equal(sent.length, 0);
    assert.ok(log.length >= malformed.length - 2, 'all but the cancels are logged');
    server.receive({ kind: 'request', id: 5 });
    assert.deepEqual(
      sent[0]?.kind === 'response' && !sent[0].ok && sent[0].error.code,
      'invalid-params',
    );
    assert.deepEqual(await client.peer.request('text/echo', { text: 'still here' }), {
      text: 'still here',
    });
  });

  it('turns malformed errors of the other side into internal', async () => {
    for (const error of [
      undefined,
      null,
      'x',
      {},
      { code: 'conflict' },
      { code: 'made-up', message: 'm' },
    ]) {
      const channel = createChannel<Methods, Events, None, None>({
        send: () => undefined,
        handlers: {},
        events: {},
      });
      const request = channel.peer.request('text/echo', { text: '' });
      channel.receive({ kind: 'response', id: 1, ok: false, error });
      await assert.rejects(request, code('internal'));
    }
  });

  it('fails only the request whose message cannot be sent', async () => {
    let broken = true;
    const channel = createChannel<Methods, Events, None, None>({
      send: () => {
        if (broken) throw new Error('pipe');
      },
      handlers: {},
      events: {},
    });
    await assert.rejects(
      channel.peer.request('text/echo', { text: '' }),
      /text\/echo could not be sent: Error: pipe/,
    );
    broken = false;
    const next = channel.peer.request('text/echo', { text: '' });
    channel.receive({ kind: 'response', id: 2, ok: true, result: { text: 'b' } });
    assert.deepEqual(await next, { text: 'b' });
  });

  it('still answers when the result cannot be sent', async () => {
    const sent: Wire[] = [];
    const channel = createChannel<None, None, { 'a/b': { params: null; result: unknown } }, None>({
      send: (message) => {
        sent.push(structuredClone(message));
      },
      handlers: { 'a/b': () => () => 'functions cannot be cloned' },
      events: {},
    });
    channel.receive({ kind: 'request', id: 1, method: 'a/b', params: null });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      sent.map((message) => message.kind === 'response' && !message.ok && message.error.code),
      ['internal'],
    );
  });

  it('ignores a request that repeats the id of a running one', async () => {
    const { client, server, waiting, log } = connect();
    const request = client.peer.request('text/wait', {});
    server.receive({ kind: 'request', id: 1, method: 'text/wait', params: {} });
    assert.equal(waiting.length, 1);
    assert.match(log.join(), /second request 1/);
    waiting[0]?.resolve('one answer');
    assert.equal(await request, 'one answer');
  });
});
