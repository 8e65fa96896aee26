// Draws prompts and what tools ask for. Sizes are CSS pixels and do not follow the zoom.
import type { Box, ImagePoint } from '../../src/shared/geometry/types';
import type { Prompt, PromptLabel } from '../../src/shared/protocol/prompt';
import type { PageState } from '../state/pageState';
import { DRAFT_COLOR, toCss } from '../state/palette';
import { colorOf, draftOf, soleSelection } from '../state/selectors';
import { toView } from '../state/viewTransform';
import type { Shape } from '../tools/tool';
import { setImageTransform, setViewTransform } from './imageFrame';
import type { WorkingPicture } from './workingPicture';

const POSITIVE = 'rgb(0 158 115)';
const NEGATIVE = 'rgb(213 94 0)';
const DARK = 'rgb(0 0 0 / 0.75)';
const WHITE = 'rgb(255 255 255)';
const MARKER_RADIUS = 7;
/** CSS pixels between handles that are drawn; denser outlines show every few */
const HANDLE_SPACING = 9;

export function drawShapes(
  context: CanvasRenderingContext2D,
  state: PageState,
  shapes: readonly Shape[],
  working: WorkingPicture,
): void {
  for (const shape of shapes) {
    if (shape.kind === 'mask') drawWorkingMask(context, state, shape, working);
  }
  if (!shapes.some((shape) => shape.kind === 'mask')) working.release();
  setViewTransform(context, state);
  for (const shape of shapes) drawShape(context, state, shape);
}

/** Points, box and strokes of a prompt; pending ones are fainter and the newest pulses. */
export function drawPrompt(
  context: CanvasRenderingContext2D,
  state: PageState,
  prompt: Prompt,
  isPending: boolean,
  phase: number,
): void {
  setViewTransform(context, state);
  if (prompt.box) drawBox(context, state, prompt.box, 'prompt');
  for (const { path, label } of prompt.scribbles)
    drawPath(context, state, path, false, label === 1 ? 'positive' : 'negative');
  prompt.points.forEach(({ at, label }) => drawMarker(context, state, at, label));
  const newest = prompt.points.at(-1)?.at ?? prompt.scribbles.at(-1)?.path.at(-1);
  const corner = prompt.box && { x: prompt.box[2], y: prompt.box[3] };
  if (isPending) drawPulse(context, state, newest ?? corner ?? { x: 0, y: 0 }, phase);
}

/** The keyboard's pointer. */
export function drawCrosshair(context: CanvasRenderingContext2D, state: PageState): void {
  if (!state.crosshair) return;
  const { x, y } = toView(state.view, state.crosshair);
  const cross = new Path2D();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    cross.moveTo(x + dx * 4, y + dy * 4);
    cross.lineTo(x + dx * 18, y + dy * 18);
  }
  strokeTwice(context, cross, WHITE, 1.5);
}

function drawShape(context: CanvasRenderingContext2D, state: PageState, shape: Shape): void {
  switch (shape.kind) {
    case 'box':
      return drawBox(context, state, shape.box, shape.look);
    case 'path':
      return drawPath(context, state, shape.points, shape.closed, shape.look);
    case 'handles':
      return drawHandles(context, state, shape.points, shape.active);
    case 'circle':
      return drawBrush(context, state, shape);
    case 'marker':
      return drawMarker(context, state, shape.at, shape.label);
    case 'mask':
      return undefined;
  }
}

function drawWorkingMask(
  context: CanvasRenderingContext2D,
  state: PageState,
  shape: Shape & { kind: 'mask' },
  working: WorkingPicture,
): void {
  const selected = soleSelection(state);
  const color = selected && !draftOf(state) ? colorOf(state, selected) : DRAFT_COLOR;
  setImageTransform(context, state);
  context.globalAlpha = 0.6;
  context.imageSmoothingEnabled = state.view.scale * state.viewport.pixelRatio < 1;
  context.drawImage(working.of(shape.mask, color), 0, 0);
  context.globalAlpha = 1;
}

function drawBox(
  context: CanvasRenderingContext2D,
  state: PageState,
  [x0, y0, x1, y1]: Box,
  look: 'prompt' | 'marquee',
): void {
  const a = toView(state.view, { x: x0, y: y0 });
  const b = toView(state.view, { x: x1, y: y1 });
  const path = new Path2D();
  path.rect(a.x, a.y, b.x - a.x, b.y - a.y);
  if (look === 'marquee') {
    context.fillStyle = 'rgb(255 255 255 / 0.12)';
    context.fill(path);
    context.setLineDash([4, 3]);
  }
  strokeTwice(context, path, look === 'marquee' ? WHITE : toCss(DRAFT_COLOR), 1.5);
  context.setLineDash([]);
}

function drawPath(
  context: CanvasRenderingContext2D,
  state: PageState,
  points: readonly ImagePoint[],
  closed: boolean,
  look: 'positive' | 'negative' | 'outline',
): void {
  const path = new Path2D();
  points.forEach((point, index) => {
    const { x, y } = toView(state.view, point);
    if (index === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  });
  if (closed) path.closePath();
  context.lineJoin = context.lineCap = 'round';
  if (closed) {
    context.fillStyle = 'rgb(255 255 255 / 0.12)';
    context.fill(path, 'evenodd');
  }
  const color = look === 'outline' ? WHITE : look === 'positive' ? POSITIVE : NEGATIVE;
  if (look === 'negative') context.setLineDash([8, 5]);
  strokeTwice(context, path, color, look === 'outline' ? 1.5 : 3);
  context.setLineDash([]);
}

function drawHandles(
  context: CanvasRenderingContext2D,
  state: PageState,
  points: readonly ImagePoint[],
  active: number,
): void {
  let last: { x: number; y: number } | null = null;
  points.forEach((point, index) => {
    const { x, y } = toView(state.view, point);
    const isDense = last !== null && Math.hypot(x - last.x, y - last.y) < HANDLE_SPACING;
    if (isDense && index !== active) return;
    last = { x, y };
    const half = index === active ? 5 : 3.5;
    context.fillStyle = index === active ? toCss(DRAFT_COLOR) : WHITE;
    context.strokeStyle = DARK;
    context.lineWidth = 1;
    context.beginPath();
    context.rect(x - half, y - half, 2 * half, 2 * half);
    context.fill();
    context.stroke();
  });
}

function drawBrush(
  context: CanvasRenderingContext2D,
  state: PageState,
  { at, radius, negative }: Shape & { kind: 'circle' },
): void {
  const { x, y } = toView(state.view, at);
  const path = new Path2D();
  path.arc(x, y, Math.max(1, radius * state.view.scale), 0, 2 * Math.PI);
  if (negative) context.setLineDash([4, 3]);
  strokeTwice(context, path, WHITE, 1.25);
  context.setLineDash([]);
}

/** The sign tells positive from negative, not the colour alone. */
function drawMarker(
  context: CanvasRenderingContext2D,
  state: PageState,
  at: ImagePoint,
  label: PromptLabel,
): void {
  const { x, y } = toView(state.view, at);
  context.beginPath();
  context.arc(x, y, MARKER_RADIUS, 0, 2 * Math.PI);
  context.fillStyle = label === 1 ? POSITIVE : NEGATIVE;
  context.fill();
  context.lineWidth = 4;
  context.strokeStyle = DARK;
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = WHITE;
  context.stroke();
  context.beginPath();
  context.moveTo(x - 3.5, y);
  context.lineTo(x + 3.5, y);
  if (label === 1) {
    context.moveTo(x, y - 3.5);
    context.lineTo(x, y + 3.5);
  }
  context.lineWidth = 2;
  context.stroke();
}

function drawPulse(
  context: CanvasRenderingContext2D,
  state: PageState,
  at: ImagePoint,
  phase: number,
): void {
  const { x, y } = toView(state.view, at);
  const start = phase * 2 * Math.PI;
  const path = new Path2D();
  path.arc(x, y, MARKER_RADIUS + 5, start, start + 1.4 * Math.PI);
  strokeTwice(context, path, WHITE, 2);
}

/** Bright on a dark halo: visible on every image. */
function strokeTwice(
  context: CanvasRenderingContext2D,
  path: Path2D,
  color: string,
  width: number,
): void {
  context.strokeStyle = DARK;
  context.lineWidth = width + 2;
  context.stroke(path);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke(path);
}
