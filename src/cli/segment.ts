// `promptmark segment`: one object by prompts on each image, with the engine and the saving code of the editor.
import path from 'node:path';
import type { EngineClient } from '../host/engine/engineClient';
import { findModel } from '../host/models/builtinModel';
import { maskOf } from '../shared/coco/segmentation';
import { applyEdits } from '../shared/edits/apply';
import { requireAnnotation, type ResolveContext } from '../shared/edits/resolveContext';
import { resolveIntents } from '../shared/edits/resolveIntent';
import type { Draft, ImageState, Intent } from '../shared/edits/types';
import type { Size } from '../shared/geometry/types';
import { runsToString } from '../shared/mask/rleString';
import type { ModelInfo, ModelRef } from '../shared/protocol/engine';
import type { Candidate, Prompt } from '../shared/protocol/prompt';
import { DomainError } from '../shared/protocol/wire';
import type { CliIo, Command } from './command';
import { withEngine, type Installation } from './installation';
import { writeOverlay } from './overlay';
import { parseSegment, segmentUsage, type SegmentOptions } from './segmentOptions';
import { fileTarget, printedTarget, type SegmentTarget } from './segmentTarget';

/** What is reported for one image. */
interface Outcome {
  readonly image: string;
  readonly annotation_id: number | null;
  readonly category: string | null;
  readonly bbox: Candidate['bbox'];
  readonly area: number;
  readonly iou_score: number;
  readonly stability_score: number;
}

export function segmentCommand(installation: Installation): Command {
  return {
    name: 'segment',
    usage: segmentUsage,
    summary: 'Segment an object by points, a box or a saved mask; write or print COCO.',
    async run(args, io) {
      const options = parseSegment(args, io.cwd);
      const model = await findModel(installation.root, options.model);
      return withEngine(installation, io, (engine) => segmentAll(options, model, engine, io));
    },
  };
}

/** What all images of one call share. */
interface Job {
  readonly options: SegmentOptions;
  readonly model: ModelRef;
  readonly info: ModelInfo;
  readonly engine: EngineClient;
  readonly target: SegmentTarget;
}

async function segmentAll(
  options: SegmentOptions,
  model: ModelRef,
  engine: EngineClient,
  io: CliIo,
): Promise<number> {
  const target = options.coco ? await fileTarget(options.coco) : printedTarget(io.cwd);
  const info = await engine.request('model/load', { model });
  const { outcomes, exitCode } = await segmentEach({ options, model, info, engine, target }, io);
  const document = target.document();
  if (document) io.out(`${JSON.stringify(document, null, options.json ? 0 : 2)}\n`);
  else if (options.json) io.out(`${JSON.stringify(outcomes)}\n`);
  else {
    for (const outcome of outcomes) if (outcome.area > 0) io.out(`${describe(outcome, io.cwd)}\n`);
  }
  return exitCode;
}

/** Images one after the other; one that fails is reported and the others go on. */
async function segmentEach(
  job: Job,
  io: CliIo,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly exitCode: number }> {
  const outcomes: Outcome[] = [];
  let exitCode = 0;
  for (const image of job.options.images) {
    try {
      const outcome = await segmentImage(image, job);
      outcomes.push(outcome);
      if (outcome.area > 0) continue;
      io.err(
        `${path.basename(image)}: nothing was found at these prompts; no annotation was made\n`,
      );
    } catch (error) {
      if (!(error instanceof DomainError) || io.signal.aborted) throw error;
      io.err(`${error.message.replace(/\s*\n\s*/g, ' ')}\n`);
    }
    exitCode = 1;
  }
  return { outcomes, exitCode };
}

async function segmentImage(image: string, job: Job): Promise<Outcome> {
  const { options, model, engine, target } = job;
  const { size } = await engine.request('image/info', { image: { path: image } });
  const base = await target.open(image, size);
  const prompt = promptOf(options, base, size);
  const params = { image: { path: image }, model, prompt, purpose: 'commit' } as const;
  const { candidates } = await engine.request('segment/predict', params);
  const [candidate] = candidates;
  if (!candidate) {
    throw new DomainError('internal', `${path.basename(image)}: the model gave no answer.`);
  }
  const isFound = candidate.area > 0;
  const annotation_id = isFound ? await save(base, { prompt, candidate, size }, job) : null;
  if (options.overlay) {
    const masks = [{ runs: candidate.segmentation, colour: [255, 140, 0] as const }];
    const { points, box } = prompt;
    await writeOverlay(engine, { image, masks, points, box, file: options.overlay });
  }
  const { bbox, area, iou_score, stability_score } = candidate;
  const category = options.maskOf === undefined ? options.category : null;
  return { image, annotation_id, category, bbox, area, iou_score, stability_score };
}

function promptOf(options: SegmentOptions, base: ImageState, size: Size): Prompt {
  const prompt: Prompt = {
    points: options.points,
    scribbles: [],
    ...(options.box ? { box: options.box } : {}),
  };
  if (options.maskOf === undefined) return prompt;
  const { annotation } = requireAnnotation(base, options.maskOf);
  const runs = maskOf(annotation, size);
  if (!runs)
    throw new DomainError(
      'invalid-params',
      `Annotation ${options.maskOf} has no mask. Nothing was changed.`,
    );
  return { ...prompt, mask: runsToString(runs) };
}

interface Accepted {
  readonly prompt: Prompt;
  readonly candidate: Candidate;
  readonly size: Size;
}

/** Accepts the candidate as the editor does. @returns the annotation's id */
async function save(base: ImageState, accepted: Accepted, job: Job): Promise<number> {
  const { options, info, target } = job;
  const { prompt, candidate, size } = accepted;
  const draft: Draft = {
    prompt,
    candidates: [candidate],
    selected: 0,
    model: { id: info.id, sha256: info.sha256 },
    ...(options.maskOf === undefined ? {} : { targetId: options.maskOf }),
  };
  const provenanceTime = new Date().toISOString();
  const context: ResolveContext = { ids: target.ids, size, polygonTolerance: 0, provenanceTime };
  const { state, categoryId } = withCategory({ ...base, draft }, options, context);
  const accept: Intent = { kind: 'draft/accept', categoryId };
  const { edits, createdIds } = resolveIntents(state, [accept], context);
  const renumbered = await target.save(base, applyEdits(state, edits));
  const id = createdIds[0] ?? options.maskOf!;
  return renumbered[id] ?? id;
}

/** The category of that name, made when there is none; a refined annotation keeps its own. */
function withCategory(
  state: ImageState,
  { category, maskOf }: SegmentOptions,
  context: ResolveContext,
): { readonly state: ImageState; readonly categoryId: number } {
  if (maskOf !== undefined) {
    return { state, categoryId: requireAnnotation(state, maskOf).annotation.category_id };
  }
  const known = state.categories.find(({ name }) => name === category);
  if (known) return { state, categoryId: known.id };
  const { edits, createdIds } = resolveIntents(
    state,
    [{ kind: 'category/create', name: category }],
    context,
  );
  return { state: applyEdits(state, edits), categoryId: createdIds[0]! };
}

function describe(
  { image, annotation_id, category, bbox, area, iou_score }: Outcome,
  cwd: string,
): string {
  const what = category === null ? 'refined' : category;
  const score = `${Math.round(iou_score * 100)} % sure`;
  return `${path.relative(cwd, image)}: annotation ${annotation_id}, ${what}, bbox ${bbox.join(',')}, area ${area}, ${score}`;
}
