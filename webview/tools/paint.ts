// Brush and eraser: one machine, two values. Paints into a copy of the mask; one stroke is one edit.
import type { ImagePoint } from '../../src/shared/geometry/types';
import type { ToolId } from '../../src/shared/protocol/editor';
import { annotationMask, maskOf } from '../state/masks';
import {
  candidateOf,
  draftOf,
  findAnnotation,
  isEditable,
  soleSelection,
} from '../state/selectors';
import type { PageState } from '../state/pageState';
import { isInside, type PointerInput, type Tool, type ToolContext } from './tool';
import { WorkingMask } from './workingMask';

/** 'new': no mask yet, the stroke makes an annotation */
type Target = number | 'draft' | 'new';

export interface PaintToolOptions {
  readonly id: ToolId & ('brush' | 'eraser');
  readonly label: string;
  readonly icon: string;
  readonly key: string;
  readonly value: 0 | 1;
  readonly hint: (state: PageState) => string;
}

export function createPaintTool(options: PaintToolOptions): Tool {
  let mask: WorkingMask | null = null;
  let target: Target = 'new';
  let last: ImagePoint | null = null;
  let value = options.value;
  let pointer: ImagePoint | null = null;
  /** strokes handed over and not yet part of the document, still shown by the tool */
  let settling = 0;

  function begin(input: PointerInput, context: ToolContext): void {
    const chosen = chooseTarget(input, context, options.value);
    if ('refusal' in chosen) return context.emit({ kind: 'notice', message: chosen.refusal });
    target = chosen.target;
    mask = openMask(target, context.state);
    value = input.alt || input.button === 'secondary' ? flip(options.value) : options.value;
    last = input.at;
    mask?.stroke(input.at, input.at, radiusOf(context.state), value);
  }

  function end(context: ToolContext): void {
    const painted = mask;
    last = null;
    if (!painted?.changed) return void (mask = null);
    settling += 1;
    const done = (): void => {
      settling -= 1;
      if (settling === 0 && !last && mask === painted) mask = null;
    };
    const rle = painted.toRle();
    if (target === 'new') {
      context.emit({ kind: 'create', segmentation: rle, tool: options.id, done });
    } else {
      context.emit({ kind: 'paint', target, mask: rle, tool: options.id, done });
    }
  }

  return {
    id: options.id,
    label: options.label,
    icon: options.icon,
    key: options.key,
    hint: options.hint,
    cursor: () => 'none',
    down: begin,
    move(input, pressed, { state }) {
      pointer = input.at;
      if (!pressed || !last || !mask) return;
      mask.stroke(last, input.at, radiusOf(state), value);
      last = input.at;
    },
    up(_input, context) {
      if (last) end(context);
    },
    cancel() {
      const active = last !== null;
      last = mask = null;
      return active;
    },
    editing: () => (mask && typeof target === 'number' ? target : null),
    shapes({ state }) {
      const at = pointer && state.pointer ? pointer : state.crosshair;
      return [
        ...(mask ? ([{ kind: 'mask', mask }] as const) : []),
        ...(at
          ? ([
              { kind: 'circle', at, radius: radiusOf(state), negative: options.value === 0 },
            ] as const)
          : []),
      ];
    },
  };
}

/** The stroke's target, or a sentence that says why there is none. */
function chooseTarget(
  input: PointerInput,
  { state, hits, emit }: ToolContext,
  value: 0 | 1,
): { readonly target: Target } | { readonly refusal: string } {
  if (!isEditable(state))
    return { refusal: state.info?.readOnly ?? 'The image is still being opened.' };
  if (draftOf(state)) return { target: 'draft' };
  const selected = soleSelection(state);
  if (selected) {
    return state.locked.has(selected.id)
      ? { refusal: 'The selected annotation is locked. Unlock it in the list to change it.' }
      : { target: selected.id };
  }
  if (state.selection.length > 1)
    return { refusal: 'Select only one annotation to change its mask.' };
  if (value === 1) return { target: 'new' };
  const under = isInside(input.at, state) ? hits(input.at) : [];
  const hit = under.find((id) => !state.locked.has(id));
  if (hit === undefined)
    return { refusal: 'Press on an annotation, or select one, to erase from it.' };
  emit({ kind: 'select', ids: [hit] });
  return { target: hit };
}

function openMask(target: Target, state: PageState): WorkingMask | null {
  const size = state.info?.size;
  if (!size) return null;
  const annotation = typeof target === 'number' ? findAnnotation(state, target) : undefined;
  const candidate = target === 'draft' ? candidateOf(draftOf(state)) : null;
  const start = annotation
    ? annotationMask(annotation, size)
    : candidate
      ? maskOf(candidate.segmentation, size)
      : null;
  return new WorkingMask(size, start?.runs ?? null, start?.box ?? [0, 0, 0, 0]);
}

/** Brush radius is in image pixels. */
const radiusOf = (state: PageState): number => state.brushRadius;

const flip = (value: 0 | 1): 0 | 1 => (value === 1 ? 0 : 1);
