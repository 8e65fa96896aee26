import { strict as assert } from 'node:assert';
import { completePrompt, DraftPrompter } from '../../../../src/host/editor/draftPrompter';
import type { EnginePort, EnginePrediction } from '../../../../src/host/editor/enginePort';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';
import type { Prompt } from '../../../../src/shared/protocol/prompt';
import { DomainError } from '../../../../src/shared/protocol/wire';
import { DocumentLab, edit } from '../../../support/documents';
import { annotation, draft, imageState, rectangle, SIZE } from '../../../support/imageStates';

const point = (x: number): Prompt['points'][number] => ({ at: { x, y: 1.5 }, label: 1 });
const points = (...xs: number[]): Prompt => ({ points: xs.map(point), scribbles: [] });

describe('completePrompt', () => {
  const mask = rectangle(0, 0, 2, 2);
  const saved = imageState({ annotations: [annotation(1)] });
  const going = imageState({ draft: draft({ prompt: points(1) }) });
  const refining = {
    ...saved,
    draft: draft({ prompt: { ...points(1), mask }, targetId: 1 }),
  };
  const cases: readonly [
    name: string,
    state: typeof saved,
    prompt: Prompt,
    target: number | undefined,
    expected: Prompt,
  ][] = [
    ['leaves a first prompt as it is', saved, points(1), undefined, points(1)],
    ['feeds logits back', going, points(1, 2), undefined, { ...points(1, 2), refineOf: 'p1' }],
    ['not after a prompt was taken away', going, points(2), undefined, points(2)],
    [
      'starts from the saved mask',
      saved,
      points(1),
      1,
      { ...points(1), mask: annotation(1).segmentation as Prompt['mask'] & object },
    ],
    [
      'goes on from logits and the mask it started from',
      refining,
      points(1, 2),
      1,
      { ...points(1, 2), mask, refineOf: 'p1' },
    ],
    ['does not mix objects', refining, points(1, 2), undefined, points(1, 2)],
    [
      'lets the page decide',
      going,
      { ...points(1), refineOf: 'p0' },
      undefined,
      { ...points(1), refineOf: 'p0' },
    ],
  ];
  for (const [name, state, prompt, target, expected] of cases) {
    it(name, () => assert.deepEqual(completePrompt(state, prompt, target, SIZE), expected));
  }

  it('refuses an annotation there is not', () => {
    assert.throws(() => completePrompt(saved, points(1), 9, SIZE), /Annotation 9/);
  });
});

/** An engine that answers when it is told to. */
class ManualEngine {
  readonly asked: Prompt[] = [];
  private readonly waiting: ((error?: Error) => void)[] = [];
  private readonly arrivals: (() => void)[] = [];
  readonly port = {
    predict: (_path: string, prompt: Prompt) => this.predict(prompt),
  } as unknown as EnginePort;

  /** Resolves when a request waits for its answer. */
  async arrival(): Promise<void> {
    if (this.waiting.length > 0) return;
    await new Promise<void>((resolve) => this.arrivals.push(resolve));
  }

  async answer(error?: Error): Promise<void> {
    await this.arrival();
    this.waiting.shift()?.(error);
  }

  private predict(prompt: Prompt): Promise<EnginePrediction> {
    this.asked.push(prompt);
    const predictionId = `p${this.asked.length}`;
    return new Promise((resolve, reject) => {
      this.waiting.push((error) => {
        if (error) return reject(error);
        const { candidates } = draft();
        resolve({
          predictionId,
          imageKey: '',
          size: SIZE,
          candidates,
          timings: { decodeMs: 0, runMs: 0, totalMs: 5 },
          model: { id: 'builtin', sha256: 'abc' },
        });
      });
      this.arrivals.shift()?.();
    });
  }
}

describe('DraftPrompter', () => {
  const lab = new DocumentLab();
  beforeEach(() => lab.setUp());
  afterEach(() => lab.tearDown());
  const { signal } = createCancelSource();

  it('answers prompts in order, each from the logits before it, one undo step each', async () => {
    const document = await lab.open();
    const engine = new ManualEngine();
    const prompter = new DraftPrompter(document, engine.port);
    const first = prompter.prompt({ label: 'Add point', prompt: points(1) }, signal);
    const second = prompter.prompt({ label: 'Add point', prompt: points(1, 2) }, signal);
    await engine.answer();
    assert.deepEqual(await first, { totalMs: 5 });
    await engine.answer();
    await second;
    assert.deepEqual(engine.asked, [points(1), { ...points(1, 2), refineOf: 'p1' }]);
    assert.equal(document.recorder.steps.length, 2);
    assert.deepEqual(document.core.state.draft?.prompt, points(1, 2));
    document.undo(document.recorder.steps[1]!);
    assert.deepEqual(document.core.state.draft?.prompt, points(1));
    assert.equal(document.core.state.draft?.predictionId, 'p1');
  });

  it('drops an answer that comes after the draft was undone', async () => {
    const document = await lab.open();
    const engine = new ManualEngine();
    const prompter = new DraftPrompter(document, engine.port);
    const first = prompter.prompt({ label: 'Add point', prompt: points(1) }, signal);
    await engine.answer();
    await first;
    const late = prompter.prompt({ label: 'Add point', prompt: points(1, 2) }, signal);
    await engine.arrival();
    document.undo(document.recorder.steps[0]!);
    await engine.answer();
    await assert.rejects(late, (e) => e instanceof DomainError && e.code === 'cancelled');
    assert.equal(document.core.state.draft, null);
  });

  it('keeps the draft when the engine fails, and answers the next prompt', async () => {
    const document = await lab.open();
    const engine = new ManualEngine();
    const prompter = new DraftPrompter(document, engine.port);
    const first = prompter.prompt({ label: 'Add point', prompt: points(1) }, signal);
    await engine.answer();
    await first;
    const failing = prompter.prompt({ label: 'Add point', prompt: points(1, 2) }, signal);
    const next = prompter.prompt({ label: 'Add point', prompt: points(1, 3) }, signal);
    await engine.answer(new DomainError('engine-crashed', 'The engine stopped.'));
    await assert.rejects(failing, /engine stopped/i);
    assert.deepEqual(document.core.state.draft?.prompt, points(1));
    await engine.answer();
    await next;
    assert.deepEqual(document.core.state.draft?.prompt, points(1, 3));
  });

  it('accepts edits of other objects while a prompt is under way', async () => {
    const document = await lab.open();
    const engine = new ManualEngine();
    const prompter = new DraftPrompter(document, engine.port);
    const answer = prompter.prompt({ label: 'Add point', prompt: points(1) }, signal);
    await engine.arrival();
    await edit(document, { kind: 'category/create', name: 'cat' });
    await engine.answer();
    await answer;
    assert.ok(document.core.state.draft);
  });

  it('refuses prompts in a read-only document without asking the engine', async () => {
    const document = await lab.open();
    const engine = new ManualEngine();
    lab.writeBlock = 'Not trusted.';
    const answer = new DraftPrompter(document, engine.port).prompt(
      { label: '', prompt: points(1) },
      signal,
    );
    await assert.rejects(answer, /Not trusted/);
    lab.writeBlock = null;
    assert.deepEqual(engine.asked, []);
  });
});
