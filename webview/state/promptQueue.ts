// Sends prompts one after the other. Each waits for the draft the one before it made, so that it carries all
// prompts and that draft's logits. Knows the host only as a function.
import type { Draft } from '../../src/shared/edits/types';
import { EMPTY_PROMPT, type Prompt } from '../../src/shared/protocol/prompt';
import type { PendingPrompt } from './pageState';
import {
  nextRequest,
  reconcileOrder,
  type PromptChange,
  type PromptKind,
  type PromptRequest,
  type RefineTarget,
} from './prompts';

export interface PromptQueuePorts {
  draft(): Draft | null;
  /** resolves when the new draft has arrived in the state */
  send(promptId: number, request: PromptRequest): Promise<void>;
  /** no prompt is left */
  cancelDraft(): Promise<void>;
  onPending(pending: PendingPrompt | null, queued: number): void;
  onError(error: unknown): void;
}

interface Waiting {
  readonly change: PromptChange;
  readonly target: RefineTarget | null;
}

export class PromptQueue {
  private readonly waiting: Waiting[] = [];
  private order: readonly PromptKind[] = [];
  private nextPromptId = 1;
  private running = false;
  private settled: Promise<void> = Promise.resolve();
  private current: PendingPrompt | null = null;

  constructor(private readonly ports: PromptQueuePorts) {}

  get isBusy(): boolean {
    return this.running;
  }

  /** Resolves when no prompt is under way or waiting; never rejects. */
  whenIdle(): Promise<void> {
    return this.settled;
  }

  /** Queues a change; the promise settles when the queue is empty again. Errors go to onError and empty the queue. */
  async add(change: PromptChange, target: RefineTarget | null): Promise<void> {
    this.waiting.push({ change, target });
    if (this.running) return this.publish(null);
    this.running = true;
    this.settled = this.drain();
    return this.settled;
  }

  private async drain(): Promise<void> {
    try {
      for (let next = this.waiting.shift(); next; next = this.waiting.shift()) await this.run(next);
    } catch (error) {
      this.waiting.length = 0;
      this.ports.onError(error);
    } finally {
      this.running = false;
      this.current = null;
      this.ports.onPending(null, 0);
    }
  }

  /** Forgets prompts not sent yet. */
  clear(): void {
    this.waiting.length = 0;
  }

  private async run({ change, target }: Waiting): Promise<void> {
    const draft = this.ports.draft();
    this.order = reconcileOrder(this.order, draft?.prompt ?? EMPTY_PROMPT);
    const request = nextRequest(draft, change, target, this.order);
    if (!request) return draft ? this.ports.cancelDraft() : undefined;
    const promptId = this.nextPromptId++;
    this.publish({ promptId, prompt: request.prompt });
    await this.ports.send(promptId, request);
    this.order = reconcileOrder([...this.order, ...kindsOf(change)], request.prompt);
  }

  /** Shows at once what was asked: the running prompt with the waiting ones added. */
  private publish(started: PendingPrompt | null): void {
    this.current = started ?? this.current;
    if (!this.current) return;
    const prompt = this.waiting.reduce<Prompt>(
      (prompt, { change }) => previewChange(prompt, change),
      this.current.prompt,
    );
    this.ports.onPending({ promptId: this.current.promptId, prompt }, this.waiting.length);
  }
}

function previewChange(prompt: Prompt, change: PromptChange): Prompt {
  const draft = { prompt, candidates: [], selected: 0 };
  return nextRequest(draft, change, null, [])?.prompt ?? prompt;
}

function kindsOf(change: PromptChange): readonly PromptKind[] {
  switch (change.kind) {
    case 'addPoint':
      return ['point'];
    case 'addScribble':
      return ['scribble'];
    case 'setBox':
      return ['box'];
    default:
      return [];
  }
}
