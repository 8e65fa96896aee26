// The host's part, inside the page: gives acquireVsCodeApi, keeps the truth, applies intents with the real resolver.
// Loaded before dist/webview.js. Tests talk to it through window.fake.
import { applyEdits } from '../../../src/shared/edits/apply';
import { invertEdits } from '../../../src/shared/edits/invert';
import { resolveIntents } from '../../../src/shared/edits/resolveIntent';
import type { Edit, ImageState } from '../../../src/shared/edits/types';
import type { InstanceAnnotation } from '../../../src/shared/coco/types';
import type { Candidate } from '../../../src/shared/protocol/prompt';
import { createChannel } from '../../../src/shared/protocol/channel';
import type {
  EditorMethods,
  EditorSettings,
  HostEvents,
  PageCommand,
  PageEvents,
  Snapshot,
} from '../../../src/shared/protocol/editor';
import { DomainError, type Handlers, type Wire } from '../../../src/shared/protocol/wire';
import { predict } from './fakePredict';
import { crowdedScene, drawScene, objectMask, smallScene, type Scene } from './fakeScene';

/** What a test asks for, as JSON in the address. */
export interface FakeOptions {
  readonly scene?:
    'small' | { readonly width: number; readonly height: number; readonly count: number };
  readonly annotated?: boolean;
  readonly categories?: readonly string[];
  readonly readOnly?: string;
  readonly settings?: Partial<EditorSettings>;
  readonly lastCategoryId?: number;
  /** an address that is no picture */
  readonly brokenImage?: boolean;
  /** session/open fails with this text */
  readonly openError?: string;
  readonly captions?: readonly string[];
}

class FakeHost {
  readonly requests: { readonly method: string; readonly params: unknown }[] = [];
  readonly events: { readonly event: string; readonly data: unknown }[] = [];
  readonly undoStack: { readonly label: string; readonly edits: readonly Edit[] }[] = [];
  readonly redoStack: { readonly label: string; readonly edits: readonly Edit[] }[] = [];
  readonly complaints: string[] = [];
  /** set to hold predictions back until release() */
  isHeld = false;
  failNext: string | null = null;
  state: ImageState;
  private revision = 1;
  private nextId = 1000;
  private predictions = 0;
  private held: (() => void)[] = [];
  private persisted: unknown = undefined;
  private readonly scene: Scene;
  private readonly imageUri: Promise<string>;
  private readonly channel;

  constructor(private readonly options: FakeOptions) {
    const { scene = 'small' } = options;
    this.scene =
      scene === 'small' ? smallScene() : crowdedScene(scene.width, scene.height, scene.count);
    this.state = firstState(this.scene, options);
    this.imageUri = address(this.scene, options);
    this.channel = createChannel<Record<never, never>, HostEvents, EditorMethods, PageEvents>({
      send: (message: Wire) => window.postMessage(structuredClone(message), '*'),
      handlers: this.handlers(),
      events: {
        'page/ready': (data) => this.note('page/ready', data),
        'selection/changed': (data) => this.note('selection/changed', data),
        'view/changed': (data) => this.note('view/changed', data),
        'log/write': (data) => this.note('log/write', data),
      },
      onLog: (level, text) => level !== 'info' && this.complaints.push(text),
    });
  }

  /** what acquireVsCodeApi() gives */
  readonly api = {
    postMessage: (message: unknown): void => this.channel.receive(structuredClone(message)),
    getState: (): unknown => this.persisted,
    setState: (state: unknown): void => void (this.persisted = state),
  };

  get view(): unknown {
    return this.persisted;
  }

  setPersisted(state: unknown): void {
    this.persisted = state;
  }

  run(command: PageCommand, args?: unknown): void {
    this.channel.peer.notify('command/run', args === undefined ? { command } : { command, args });
  }

  send<K extends keyof HostEvents & string>(event: K, data: HostEvents[K]): void {
    this.channel.peer.notify(event, data);
  }

  undo(): void {
    const step = this.undoStack.pop();
    if (!step) return;
    this.redoStack.push(step);
    this.change(invertEdits(step.edits), 'undo');
  }

  redo(): void {
    const step = this.redoStack.pop();
    if (!step) return;
    this.undoStack.push(step);
    this.change(step.edits, 'redo');
  }

  /** another editor changed something: the page's next edit must still fit or be refused */
  bump(): void {
    this.revision += 1;
  }

  /** what segmenting everything would find */
  proposals(): readonly Candidate[] {
    return this.scene.objects.map(({ cx, cy, hole, rx }) => {
      const at = { x: cx + rx * (hole + 1) * 0.5, y: cy };
      return predict(this.scene, { points: [{ at, label: 1 }], scribbles: [] })[0]!;
    });
  }

  release(): void {
    this.isHeld = false;
    for (const go of this.held.splice(0)) go();
  }

  private note(event: string, data: unknown): void {
    this.events.push({ event, data });
  }

  private async snapshot(): Promise<Snapshot> {
    const { width, height } = this.scene;
    const { settings, readOnly, lastCategoryId } = this.options;
    return {
      protocolVersion: 1,
      revision: this.revision,
      imageUri: await this.imageUri,
      size: [height, width],
      fileName: 'street.jpg',
      state: this.state,
      settings: {
        hoverPreview: false,
        maskOpacity: 0.4,
        brushRadius: 12,
        pixelGridZoom: 12,
        ...settings,
      },
      model: { id: 'builtin', name: 'Promptmark built-in', device: 'CPU', state: 'ready' },
      datasetName: 'annotations.coco.json',
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(lastCategoryId === undefined ? {} : { lastCategoryId }),
      position: { index: 2, total: 12 },
    };
  }

  private handlers(): Handlers<EditorMethods> {
    const noted =
      <K extends keyof EditorMethods & string>(method: K, handle: Handlers<EditorMethods>[K]) =>
      async (
        params: EditorMethods[K]['params'],
        signal: Parameters<Handlers<EditorMethods>[K]>[1],
      ): Promise<EditorMethods[K]['result']> => {
        this.requests.push({ method, params });
        const failure = this.failNext;
        this.failNext = null;
        if (failure) throw new DomainError('engine-crashed', failure);
        return handle(params, signal);
      };
    return {
      'session/open': noted('session/open', async () => {
        if (this.options.openError)
          throw new DomainError('dataset-invalid', this.options.openError);
        return this.snapshot();
      }),
      'edits/apply': noted('edits/apply', ({ baseRevision, label, intents }) => {
        if (baseRevision !== this.revision) throw new DomainError('conflict', 'Changed meanwhile.');
        const size = [this.scene.height, this.scene.width] as const;
        const { edits, createdIds } = resolveIntents(this.state, intents, {
          ids: { nextAnnotationId: () => this.nextId++, nextCategoryId: () => this.nextId++ },
          size,
          polygonTolerance: 0,
          provenanceTime: '2026-01-02T03:04:05Z',
        });
        this.step(label, edits);
        return { revision: this.revision, createdIds };
      }),
      'draft/prompt': noted('draft/prompt', async ({ promptId, label, prompt, targetId }) => {
        await this.hold();
        const before = this.state.draft;
        const after = {
          prompt,
          candidates: predict(this.scene, prompt),
          selected: 0,
          predictionId: `p${++this.predictions}`,
          ...(targetId === undefined ? {} : { targetId }),
          model: { id: 'builtin', sha256: 'abc' },
        };
        this.step(label, [{ kind: 'draft', before, after }]);
        return { promptId, revision: this.revision, totalMs: 1 };
      }),
      'segment/preview': noted('segment/preview', async ({ promptId, prompt }) => {
        await this.hold();
        return { promptId, candidates: predict(this.scene, prompt) };
      }),
      'segment/everything': noted('segment/everything', () => ({ count: 0 })),
      'command/run': noted('command/run', () => null),
    };
  }

  private step(label: string, edits: readonly Edit[]): void {
    if (edits.length === 0) return;
    this.undoStack.push({ label, edits });
    this.redoStack.length = 0;
    this.change(edits, 'edit');
  }

  private change(edits: readonly Edit[], reason: 'edit' | 'undo' | 'redo'): void {
    this.state = applyEdits(this.state, edits);
    this.revision += 1;
    this.channel.peer.notify('state/changed', { revision: this.revision, edits, reason });
  }

  private hold(): Promise<void> {
    return this.isHeld ? new Promise((resolve) => this.held.push(resolve)) : Promise.resolve();
  }
}

function firstState(scene: Scene, options: FakeOptions): ImageState {
  const { categories = ['person', 'dog', 'car'], annotated = false, captions = [] } = options;
  const annotations = scene.objects.map((object, index): InstanceAnnotation => {
    const { rle, area, bbox } = objectMask(scene, object);
    const id = index + 1;
    const made = { tool: 'prompt', model: 'builtin', iou_score: 0.9, time: '2026-01-01T00:00:00Z' };
    return {
      id,
      image_id: 1,
      category_id: (index % Math.max(1, categories.length)) + 1,
      segmentation: rle,
      bbox,
      area,
      iscrowd: 0,
      ...(index % 3 === 0 ? { promptmark: made } : {}),
    };
  });
  return {
    image: { id: 1, file_name: 'street.jpg', width: scene.width, height: scene.height },
    annotations: annotated ? annotations : [],
    captions: captions.map((caption, index) => ({ id: 500 + index, image_id: 1, caption })),
    categories: categories.map((name, index) => ({ id: index + 1, name, supercategory: 'thing' })),
    draft: null,
  };
}

async function address(scene: Scene, { brokenImage = false }: FakeOptions): Promise<string> {
  if (brokenImage) return URL.createObjectURL(new Blob(['no picture']));
  const canvas = drawScene(scene);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  return URL.createObjectURL(blob!);
}

declare global {
  interface Window {
    fake: FakeHost;
  }
}

const options = new URLSearchParams(location.search).get('options');
window.fake = new FakeHost(options ? (JSON.parse(options) as FakeOptions) : {});
Object.assign(window, { acquireVsCodeApi: () => window.fake.api });
document.addEventListener('securitypolicyviolation', (event) =>
  window.fake.complaints.push(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
);
