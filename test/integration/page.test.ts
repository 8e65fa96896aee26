import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { HostEvents, Snapshot } from '../../src/shared/protocol/editor';
import type { Prompt } from '../../src/shared/protocol/prompt';
import type { Wire } from '../../src/shared/protocol/wire';
import { annotateDisc, services, useEditorLab, type EditorLab } from '../support/editorHost';
import { until } from '../support/until';

/** A page without a webview: what the test sends, the host takes for the page's words. */
class FakePage {
  readonly received: Wire[] = [];
  private readonly arrived = new vscode.EventEmitter<Wire>();
  private readonly sent = new vscode.EventEmitter<unknown>();
  private readonly closed = new vscode.EventEmitter<void>();
  readonly panel: vscode.WebviewPanel;
  private nextId = 1;

  private constructor() {
    const webview = {
      cspSource: 'test',
      onDidReceiveMessage: this.sent.event,
      postMessage: (message: Wire) => {
        this.received.push(message);
        this.arrived.fire(message);
        return Promise.resolve(true);
      },
      asWebviewUri: (uri: vscode.Uri) => uri,
    };
    const panel = {
      webview,
      active: false,
      visible: true,
      onDidDispose: this.closed.event,
      onDidChangeViewState: new vscode.EventEmitter<void>().event,
    };
    this.panel = panel as unknown as vscode.WebviewPanel;
  }

  static async open(lab: EditorLab, file: string): Promise<FakePage> {
    const { document } = await lab.open(file);
    const page = new FakePage();
    (await services()).provider.resolveCustomEditor(document, page.panel);
    page.send({ kind: 'event', event: 'page/ready', data: { protocolVersion: 1 } });
    return page;
  }

  send(message: unknown): void {
    this.sent.fire(message);
  }

  /** Asks and waits for the one answer. */
  async ask(method: string, params: unknown): Promise<Wire & { kind: 'response' }> {
    const id = this.nextId++;
    this.send({ kind: 'request', id, method, params });
    const answers = (): Wire[] =>
      this.received.filter((message) => message.kind === 'response' && message.id === id);
    await until(this.arrived.event, () => answers().length > 0);
    return answers()[0] as Wire & { kind: 'response' };
  }

  events<K extends keyof HostEvents>(event: K): HostEvents[K][] {
    return this.received.flatMap((message) =>
      message.kind === 'event' && message.event === event ? [message.data as HostEvents[K]] : [],
    );
  }

  close(): void {
    this.closed.fire();
  }
}

const clickOnDisc: Prompt = { points: [{ at: { x: 30, y: 24 }, label: 1 }], scribbles: [] };

describe('the page', () => {
  const lab = useEditorLab();
  let page: FakePage;
  beforeEach(async () => {
    page = await FakePage.open(lab, await lab.picture());
  });
  afterEach(() => page.close());

  it('gets a snapshot, and changes before their answers', async () => {
    const opened = await page.ask('session/open', { protocolVersion: 1 });
    assert.ok(opened.ok);
    const snapshot = opened.result as Snapshot;
    assert.deepEqual([snapshot.revision, snapshot.size], [0, [48, 64]]);
    const intents = [{ kind: 'category/create', name: 'cat' }];
    const answer = await page.ask('edits/apply', { baseRevision: 0, label: 'Add', intents });
    assert.deepEqual(answer, {
      kind: 'response',
      id: 2,
      ok: true,
      result: { revision: 1, createdIds: [1] },
    });
    const [change] = page.events('state/changed');
    assert.deepEqual([change?.revision, change?.reason], [1, 'edit']);
    const order = page.received.map(({ kind }) => kind);
    assert.ok(order.indexOf('event') < order.lastIndexOf('response'));
  });

  it('is told a fresh snapshot when it lags behind', async () => {
    const params = { baseRevision: 5, label: '', intents: [] };
    const answer = await page.ask('edits/apply', params);
    assert.equal(answer.ok ? '' : answer.error.code, 'conflict');
    assert.equal(page.events('state/snapshot').length, 1);
  });

  it('prompts, refines and accepts', async () => {
    const first = await page.ask('draft/prompt', {
      promptId: 1,
      label: 'Add point',
      prompt: clickOnDisc,
    });
    assert.ok(first.ok, JSON.stringify(first));
    const [change] = page.events('state/changed');
    assert.equal(change?.edits[0]?.kind, 'draft');
    const intents = [
      { kind: 'category/create', name: 'disc' },
      { kind: 'draft/accept', categoryId: 1 },
    ];
    const accepted = await page.ask('edits/apply', { baseRevision: 1, label: 'Accept', intents });
    assert.ok(accepted.ok, JSON.stringify(accepted));
    const edits = page.events('state/changed').at(-1)?.edits ?? [];
    assert.deepEqual(
      edits.map(({ kind }) => kind),
      ['category', 'annotation', 'draft'],
    );
  });

  it('loses nothing when the engine is killed while it answers, and is answered after', async () => {
    const { services: all, provider } = await services();
    const { image } = [...provider.documents.values()][0]!;
    await annotateDisc(image);
    const before = image.core.state;
    const params = { promptId: 1, label: 'Add point', prompt: clickOnDisc };
    const answer = page.ask('draft/prompt', params);
    const restarted = all.engine.restart();
    const { ok } = await answer;
    await restarted;
    if (!ok) assert.deepEqual(image.core.state, before);
    const again = await page.ask('draft/prompt', params);
    assert.ok(again.ok, JSON.stringify(again));
    assert.deepEqual(image.core.state.annotations, before.annotations);
  });

  const lies: readonly (readonly [method: string, params: unknown])[] = [
    ['session/open', null],
    ['session/open', { protocolVersion: 99 }],
    ['edits/apply', { baseRevision: 0, label: '', intents: [{ kind: 'file/delete' }] }],
    [
      'edits/apply',
      { baseRevision: 0, label: '', intents: [{ kind: 'annotation/delete', ids: [5] }] },
    ],
    ['draft/prompt', { promptId: 1, label: '', prompt: { points: 3 } }],
    ['command/run', { command: 'workbench.action.terminal.new' }],
    ['command/run', { command: 'promptmark.x"; rm' }],
    ['file/read', { path: '/etc/passwd' }],
  ];
  for (const [method, params] of lies) {
    it(`is refused ${method} ${JSON.stringify(params)}`, async () => {
      const answer = await page.ask(method, params);
      assert.equal(answer.ok, false);
      assert.equal(page.events('state/changed').length, 0);
    });
  }

  it('may send rubbish without harm', async () => {
    const rubbish = [
      undefined,
      null,
      3,
      [],
      {},
      { kind: 'request' },
      { kind: 'event', event: 'x' },
    ];
    for (const message of rubbish) page.send(message);
    page.send({ kind: 'event', event: 'selection/changed', data: { ids: 'all' } });
    page.send({ kind: 'event', event: 'log/write', data: { level: 'dispose', message: 1 } });
    assert.ok((await page.ask('session/open', { protocolVersion: 1 })).ok);
  });

  it('that loads again gets no answer meant for the page before', async () => {
    page.send({ kind: 'request', id: 77, method: 'session/open', params: { protocolVersion: 1 } });
    page.send({ kind: 'event', event: 'page/ready', data: { protocolVersion: 1 } });
    assert.ok((await page.ask('session/open', { protocolVersion: 1 })).ok);
    const late = page.received.filter((m) => m.kind === 'response' && m.id === 77);
    assert.deepEqual(late, []);
  });
});
