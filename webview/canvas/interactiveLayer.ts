// The upper canvas: everything that moves with the pointer or the draft, redrawn whole, never cached.
import { maskOf, annotationMask, type Mask } from '../state/masks';
import type { PageState } from '../state/pageState';
import { DRAFT_COLOR, toCss, type Rgb } from '../state/palette';
import { candidateOf, colorOf, draftOf, findAnnotation, isVisible } from '../state/selectors';
import type { Shape } from '../tools/tool';
import { clear, setImageTransform, setViewTransform } from './imageFrame';
import { outlineOf, pictureOf } from './maskSprite';
import { drawCrosshair, drawPrompt, drawShapes } from './shapes';
import type { WorkingPicture } from './workingPicture';

export interface InteractiveScene {
  readonly state: PageState;
  readonly shapes: readonly Shape[];
  readonly working: WorkingPicture;
  /** the tool shows this annotation itself */
  readonly editing: number | null;
  /** 0..1, of the dashes' movement; constant when motion is reduced */
  readonly phase: number;
}

const PREVIEW_ALPHA = 0.3;
const DRAFT_ALPHA = 0.5;
/** CSS pixels of one dash and its gap */
const DASH = 6;

export function drawInteractive(context: CanvasRenderingContext2D, scene: InteractiveScene): void {
  clear(context);
  const { state, shapes } = scene;
  if (!state.info) return;
  setImageTransform(context, state);
  drawProposals(context, state);
  drawSelection(context, state, scene.editing);
  const isPainting = shapes.some((shape) => shape.kind === 'mask');
  if (!isPainting) drawDraft(context, state, scene.phase);
  drawShapes(context, state, shapes, scene.working);
  const prompt = state.pending?.prompt ?? draftOf(state)?.prompt;
  if (prompt) drawPrompt(context, state, prompt, state.pending !== null, scene.phase);
  setViewTransform(context, state);
  drawCrosshair(context, state);
}

function drawProposals(context: CanvasRenderingContext2D, state: PageState): void {
  const size = state.info!.size;
  context.globalAlpha = 0.8;
  for (const { segmentation } of state.proposals)
    strokeOutline(context, state, maskOf(segmentation, size), DRAFT_COLOR, 1);
  context.globalAlpha = 1;
}

function drawSelection(
  context: CanvasRenderingContext2D,
  state: PageState,
  editing: number | null,
): void {
  const draftTarget = draftOf(state)?.targetId;
  const shown = new Set(state.selection);
  if (state.hovered !== null) shown.add(state.hovered);
  for (const id of shown) {
    const annotation = findAnnotation(state, id);
    if (!annotation || id === draftTarget || id === editing || !isVisible(state, id)) continue;
    const mask = annotationMask(annotation, state.info!.size);
    const isSelected = state.selection.includes(id);
    if (isSelected) fillMask(context, mask, colorOf(state, annotation), 0.25);
    strokeHalo(context, state, mask, isSelected ? 4 : 2.5);
    strokeOutline(
      context,
      state,
      mask,
      isSelected ? WHITE : colorOf(state, annotation),
      isSelected ? 2 : 1.5,
    );
  }
}

const WHITE: Rgb = [255, 255, 255];

function drawDraft(context: CanvasRenderingContext2D, state: PageState, phase: number): void {
  const draft = candidateOf(draftOf(state));
  const candidate = draft ?? state.preview;
  if (!candidate || candidate.area === 0) return;
  const mask = maskOf(candidate.segmentation, state.info!.size);
  fillMask(context, mask, DRAFT_COLOR, draft ? DRAFT_ALPHA : PREVIEW_ALPHA);
  const unit = 1 / state.view.scale;
  if (draft) {
    strokeHalo(context, state, mask, 3);
    context.setLineDash([DASH * unit, DASH * unit]);
    context.lineDashOffset = -phase * 2 * DASH * unit;
  }
  strokeOutline(context, state, mask, draft ? WHITE : DRAFT_COLOR, draft ? 2 : 1.25);
  context.setLineDash([]);
}

function fillMask(context: CanvasRenderingContext2D, mask: Mask, color: Rgb, alpha: number): void {
  const picture = pictureOf(mask, color);
  if (!picture) return;
  context.globalAlpha = alpha;
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, mask.box[0], mask.box[1]);
  context.globalAlpha = 1;
}

function strokeHalo(
  context: CanvasRenderingContext2D,
  state: PageState,
  mask: Mask,
  widthPx: number,
): void {
  context.strokeStyle = 'rgb(0 0 0 / 0.65)';
  context.lineWidth = widthPx / state.view.scale;
  context.lineJoin = 'round';
  context.stroke(outlineOf(mask));
}

function strokeOutline(
  context: CanvasRenderingContext2D,
  state: PageState,
  mask: Mask,
  color: Rgb,
  widthPx: number,
): void {
  context.strokeStyle = toCss(color);
  context.lineWidth = widthPx / state.view.scale;
  context.lineJoin = 'round';
  context.stroke(outlineOf(mask));
}
