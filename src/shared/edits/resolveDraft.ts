// Intents on the draft: the object being prompted, before it is an annotation.
import type { Provenance } from '../coco/types';
import type { Prompt } from '../protocol/prompt';
import type { Draft, Edit, ImageState } from './types';
import { newAnnotation, replaceMask } from './resolveAnnotation';
import type { ResolveContext } from './resolveContext';
import { refuse, requireCategory } from './resolveContext';
import type { Resolved } from './resolveIntent';

/** Chooses another of the model's candidates. */
export function selectCandidate(state: ImageState, selected: number): readonly Edit[] {
  const draft = requireDraft(state);
  if (!draft.candidates[selected]) refuse(`There is no candidate ${selected}.`);
  if (selected === draft.selected) return [];
  return [{ kind: 'draft', before: draft, after: { ...draft, selected } }];
}

/** Drops the draft. */
export function cancelDraft(state: ImageState): readonly Edit[] {
  return state.draft ? [{ kind: 'draft', before: state.draft, after: null }] : [];
}

/**
 * Makes the selected candidate an annotation, or the new mask of the annotation that was refined; that one
 * keeps its category. When it is gone meanwhile, a new annotation is made.
 */
export function acceptDraft(
  state: ImageState,
  categoryId: number,
  context: ResolveContext,
): Resolved {
  const draft = requireDraft(state);
  const candidate = draft.candidates[draft.selected];
  if (!candidate || candidate.area === 0) {
    refuse('The mask is empty: add a point on the object, or cancel.');
  }
  const mask = candidate.segmentation;
  const provenance = provenanceOf(draft, context);
  const drop: Edit = { kind: 'draft', before: draft, after: null };
  const index = state.annotations.findIndex((annotation) => annotation.id === draft.targetId);
  const before = state.annotations[index];
  if (before) {
    const after = replaceMask(before, mask, provenance, context);
    return { edits: [{ kind: 'annotation', index, before, after }, drop] };
  }
  requireCategory(state, categoryId);
  const after = newAnnotation(state, categoryId, mask, provenance, context);
  const add: Edit = { kind: 'annotation', index: state.annotations.length, before: null, after };
  return { edits: [add, drop], createdId: after.id };
}

function requireDraft(state: ImageState): Draft {
  if (!state.draft) refuse('There is no draft: click on an object first.');
  return state.draft;
}

function provenanceOf(draft: Draft, context: ResolveContext): Provenance {
  const candidate = draft.candidates[draft.selected];
  return {
    tool: 'prompt',
    ...(draft.model ? { model: draft.model.id, model_sha256: draft.model.sha256 } : {}),
    prompts: promptEntry(draft.prompt),
    ...(candidate
      ? {
          iou_score: round(candidate.iou_score, 4),
          stability_score: round(candidate.stability_score, 4),
        }
      : {}),
    ...(context.provenanceTime === null ? {} : { time: context.provenanceTime }),
  };
}

/** The prompt as JSON: points [x, y, label], box XYXY, scribbles { label, path: [x, y][] }, image pixels. */
function promptEntry(prompt: Prompt): Readonly<Record<string, unknown>> {
  const xy = ({ x, y }: { readonly x: number; readonly y: number }): readonly number[] => [
    round(x, 2),
    round(y, 2),
  ];
  return {
    ...(prompt.points.length
      ? { points: prompt.points.map(({ at, label }) => [...xy(at), label]) }
      : {}),
    ...(prompt.box ? { box: prompt.box.map((value) => round(value, 2)) } : {}),
    ...(prompt.scribbles.length
      ? { scribbles: prompt.scribbles.map(({ path, label }) => ({ label, path: path.map(xy) })) }
      : {}),
    ...(prompt.mask ? { mask: true } : {}),
    ...(prompt.text ? { text: prompt.text } : {}),
  };
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
