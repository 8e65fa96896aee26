// A page without DOM: store, session and tools over a fake host whose answers the test decides.
import { runPageCommand } from '../../webview/state/commands';
import { INITIAL_STATE, type PageState } from '../../webview/state/pageState';
import { reduce } from '../../webview/state/reducer';
import { Session, type HostPeer, type PageStore } from '../../webview/state/session';
import { createStore } from '../../webview/state/store';
import type { InstanceAnnotation } from '../../src/shared/coco/types';
import { applyEdits } from '../../src/shared/edits/apply';
import { resolveIntents } from '../../src/shared/edits/resolveIntent';
import type { Draft, Edit, ImageState } from '../../src/shared/edits/types';
import type {
  EditorMethods,
  HostEvents,
  PageCommand,
  PageEvents,
  Snapshot,
} from '../../src/shared/protocol/editor';
import type { Candidate, Prompt } from '../../src/shared/protocol/prompt';
import { DomainError, type EventHandlers } from '../../src/shared/protocol/wire';
import { maskOfText } from './masks';
import { runsToString } from '../../src/shared/mask/rleString';

/** 8 × 6 pixels; two annotations: 1 at the upper left, 2 on the right over all rows, polygon 3 below. */
export const SIZE = [6, 8] as const;

export function annotation(
  id: number,
  segmentation: InstanceAnnotation['segmentation'],
  more: Partial<InstanceAnnotation> = {},
): InstanceAnnotation {
  const made = segmentation === undefined ? {} : { segmentation };
  return { id, image_id: 1, category_id: 1, ...made, ...more };
}

export const rle = (...rows: string[]): { size: readonly [number, number]; counts: string } =>
  runsToString(maskOfText(rows));

export function imageState(changes: Partial<ImageState> = {}): ImageState {
  return {
    image: { id: 1, file_name: 'a.png', width: 8, height: 6 },
    annotations: [
      annotation(1, rle('####....', '####....', '####....', '........', '........', '........')),
      annotation(2, rle('.##...##', '.##...##', '......##', '......##', '......##', '......##'), {
        category_id: 2,
      }),
      annotation(3, [[0, 4, 4, 4, 4, 6, 0, 6]]),
    ],
    captions: [],
    categories: [
      { id: 1, name: 'person' },
      { id: 2, name: 'dog', supercategory: 'animal' },
    ],
    draft: null,
    ...changes,
  };
}

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    protocolVersion: 1,
    revision: 1,
    imageUri: 'blob:1',
    size: SIZE,
    fileName: 'a.png',
    state: imageState(),
    settings: { hoverPreview: true, maskOpacity: 0.4, brushRadius: 2, pixelGridZoom: 12 },
    model: { id: 'm', name: 'M', device: 'CPU', state: 'ready' },
    datasetName: 'a.json',
    ...changes,
  };
}

export function candidate(more: Partial<Candidate> = {}): Candidate {
  return {
    segmentation: rle('........', '..##....', '..##....', '........', '........', '........'),
    bbox: [2, 1, 2, 2],
    area: 4,
    iou_score: 0.9,
    stability_score: 0.95,
    ...more,
  };
}

export function draft(prompt: Partial<Prompt>, more: Partial<Draft> = {}): Draft {
  return {
    prompt: { points: [], scribbles: [], ...prompt },
    candidates: [candidate()],
    selected: 0,
    predictionId: 'p0',
    ...more,
  };
}

/** Names of methods that get an error instead of an answer, once each. */
export class FakePage {
  readonly requests: { method: string; params: unknown }[] = [];
  readonly told: { event: string; data: unknown }[] = [];
  readonly failures = new Map<string, DomainError>();
  readonly gesture = { finish: () => false, cancel: () => false, stepBack: () => false };
  readonly store: PageStore;
  readonly session: Session;
  /** set: predictions wait for release() */
  held: (() => void)[] | null = null;
  revision: number;
  doc: ImageState;
  private nextId = 100;
  private predictions = 0;
  private events!: EventHandlers<HostEvents>;

  constructor(readonly start: Snapshot = snapshot()) {
    this.revision = start.revision;
    this.doc = start.state;
    this.store = createStore(reduce, INITIAL_STATE);
    this.session = new Session(
      this.store,
      (events) => {
        this.events = events;
        return this.peer();
      },
      (session, data) => runPageCommand(session, this.gesture, data),
    );
  }

  static async open(start?: Snapshot): Promise<FakePage> {
    const page = new FakePage(start);
    page.store.dispatch({
      kind: 'viewport',
      viewport: { width: 800, height: 600, pixelRatio: 1 },
    });
    await page.session.open();
    return page;
  }

  get state(): PageState {
    return this.store.get();
  }

  run(command: PageCommand, args?: unknown): void {
    this.events['command/run']({ command, args });
  }

  emit<K extends keyof HostEvents>(event: K, data: HostEvents[K]): void {
    this.events[event](data);
  }

  /** Everything asked for so far has been answered and taken in. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  methods(): readonly string[] {
    return this.requests.map(({ method }) => method);
  }

  last<K extends keyof EditorMethods>(method: K): EditorMethods[K]['params'] {
    const found = [...this.requests].reverse().find((request) => request.method === method);
    if (!found) throw new Error(`${method} was not asked for.`);
    return found.params as EditorMethods[K]['params'];
  }

  release(): void {
    const { held } = this;
    this.held = null;
    for (const go of held ?? []) go();
  }

  change(edits: readonly Edit[]): void {
    this.doc = applyEdits(this.doc, edits);
    this.revision += 1;
    this.emit('state/changed', { revision: this.revision, edits, reason: 'edit' });
  }

  private peer(): HostPeer {
    return {
      notify: <K extends keyof PageEvents>(event: K, data: PageEvents[K]) =>
        void this.told.push({ event, data }),
      request: async (method, params) => {
        this.requests.push({ method, params });
        const failure = this.failures.get(method);
        this.failures.delete(method);
        if (failure) throw failure;
        return this.answer(method, params) as never;
      },
    };
  }

  private async answer(method: keyof EditorMethods, params: unknown): Promise<unknown> {
    switch (method) {
      case 'session/open':
        return { ...this.start, revision: this.revision, state: this.doc };
      case 'edits/apply':
        return this.apply(params as EditorMethods['edits/apply']['params']);
      case 'draft/prompt':
        return this.predict(params as EditorMethods['draft/prompt']['params']);
      case 'segment/preview': {
        if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
        const { promptId } = params as EditorMethods['segment/preview']['params'];
        return { promptId, candidates: [candidate()] };
      }
      default:
        return null;
    }
  }

  private apply({ baseRevision, intents }: EditorMethods['edits/apply']['params']): unknown {
    if (baseRevision !== this.revision) throw new DomainError('conflict', 'Changed meanwhile.');
    const { edits, createdIds } = resolveIntents(this.doc, intents, {
      ids: { nextAnnotationId: () => this.nextId++, nextCategoryId: () => this.nextId++ },
      size: SIZE,
      polygonTolerance: 0,
      provenanceTime: null,
    });
    if (edits.length > 0) this.change(edits);
    return { revision: this.revision, createdIds };
  }

  private async predict({
    promptId,
    prompt,
    targetId,
  }: EditorMethods['draft/prompt']['params']): Promise<unknown> {
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    const after: Draft = {
      ...draft(prompt, { predictionId: `p${++this.predictions}` }),
      ...(targetId === undefined ? {} : { targetId }),
    };
    this.change([{ kind: 'draft', before: this.doc.draft, after }]);
    return { promptId, revision: this.revision, totalMs: 1 };
  }
}
