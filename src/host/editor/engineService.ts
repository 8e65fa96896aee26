// The engine as editors use it: one model, chosen by setting, and its state for the status bar.
import type { EngineClient, EngineStatus } from '../engine/engineClient';
import { everythingOptions, runEverything, type EverythingListener } from '../engine/runEverything';
import type { ModelStatus } from '../../shared/protocol/editor';
import type {
  EverythingOptions,
  ImageInfo,
  ModelInfo,
  ModelRef,
} from '../../shared/protocol/engine';
import type { Prompt } from '../../shared/protocol/prompt';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import type { EnginePort, EnginePrediction } from './enginePort';

const states: Readonly<Record<EngineStatus['state'], ModelStatus['state']>> = {
  stopped: 'none',
  starting: 'loading',
  ready: 'ready',
  busy: 'busy',
  failed: 'failed',
};

export class EngineService implements EnginePort {
  private readonly listeners = new Set<(status: ModelStatus) => void>();
  private info: ModelInfo | null = null;

  /** @param chooseModel the model to use now; DomainError 'model-missing' when there is none */
  constructor(
    private readonly client: EngineClient,
    private readonly chooseModel: () => Promise<ModelRef>,
    private readonly onError: (error: unknown) => void,
  ) {
    client.onDidChangeStatus(() => this.tell());
  }

  get status(): ModelStatus {
    const { state, message } = this.client.status;
    return {
      id: this.info?.id ?? '',
      name: this.info?.name ?? 'Model not loaded yet',
      device: this.info?.device ?? '',
      state: states[state],
      ...(message === undefined ? {} : { message }),
    };
  }

  onDidChangeStatus(listener: (status: ModelStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Keeps the process alive while an editor is open. @returns the way to let go */
  retain(): () => void {
    const held = this.client.retain();
    return () => held.dispose();
  }

  imageInfo(path: string): Promise<ImageInfo> {
    return this.client.request('image/info', { image: { path } });
  }

  render(path: string, maxSide: number): ReturnType<EnginePort['render']> {
    return this.client.request('image/render', { image: { path }, maxSide });
  }

  prepare(path: string): void {
    void this.prepareNow(path).catch((error: unknown) => {
      // The first prompt will say it to the person; here it is only worth a line in the log.
      if (!(error instanceof DomainError && error.code === 'cancelled')) this.onError(error);
    });
  }

  async predict(
    path: string,
    prompt: Prompt,
    purpose: 'preview' | 'commit',
    signal?: CancelSignal,
  ): Promise<EnginePrediction> {
    const model = await this.chooseModel();
    const { sha256 } = await this.load(model);
    const params = { image: { path }, model, prompt, purpose };
    const result = await this.client.request('segment/predict', params, purpose, signal);
    return { ...result, model: { id: model.id, sha256 } };
  }

  async everything(
    path: string,
    options: EverythingOptions | null,
    listener: EverythingListener,
    signal?: CancelSignal,
  ): Promise<{ readonly count: number }> {
    const model = await this.chooseModel();
    const info = await this.load(model);
    const chosen = options ?? everythingOptions(info);
    return runEverything(this.client, path, model, chosen, listener, signal);
  }

  async restart(): Promise<void> {
    this.info = null;
    await this.client.restart();
    this.tell();
  }

  /** Forgets the model, e.g. after the setting changed. */
  forgetModel(): void {
    this.info = null;
    this.tell();
  }

  dispose(): void {
    this.listeners.clear();
    this.client.dispose();
  }

  private async prepareNow(path: string): Promise<void> {
    const model = await this.chooseModel();
    await this.load(model);
    await this.client.request('image/encode', { image: { path }, model });
  }

  /** Facts of the model; asked once, since the engine loads a model by itself when a request names it. */
  private async load(model: ModelRef): Promise<ModelInfo> {
    if (this.info?.id === model.id) return this.info;
    const info = await this.client.request('model/load', { model });
    this.info = info;
    this.tell();
    return info;
  }

  private tell(): void {
    const { status } = this;
    for (const listener of this.listeners) listener(status);
  }
}
