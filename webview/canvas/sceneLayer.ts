// The lower canvas: image, cached overlay and pixel grid. Drawn again only when one of them or the view changes.
import type { Size } from '../../src/shared/geometry/types';
import type { PageState } from '../state/pageState';
import { visibleBox } from '../state/viewTransform';
import { clear, setImageTransform } from './imageFrame';
import type { ScenePicture } from './scenePicture';

export function drawScene(
  context: CanvasRenderingContext2D,
  state: PageState,
  picture: ScenePicture | null,
): void {
  const { view, viewport, info } = state;
  clear(context);
  if (!info) return;
  setImageTransform(context, state);
  picture?.draw(context, view.scale * viewport.pixelRatio);
  if (view.scale >= state.settings.pixelGridZoom) drawGrid(context, state, info.size);
}

function drawGrid(context: CanvasRenderingContext2D, state: PageState, size: Size): void {
  const { view, viewport } = state;
  const [x0, y0, x1, y1] = visibleBox(view, size, viewport).map(Math.round) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const ratio = viewport.pixelRatio;
  const line = Math.max(1, Math.round(ratio));
  const origin = [Math.round(view.x * ratio), Math.round(view.y * ratio)] as const;
  const place = (image: number, axis: 0 | 1): number =>
    Math.round(origin[axis] + image * view.scale * ratio);
  context.setTransform(1, 0, 0, 1, 0, 0);
  // Grey shows on bright and on dark pixels.
  context.fillStyle = 'rgb(128 128 128 / 0.45)';
  const [top, left] = [place(y0, 1), place(x0, 0)];
  for (let x = x0; x <= x1; x++) context.fillRect(place(x, 0), top, line, place(y1, 1) - top);
  for (let y = y0; y <= y1; y++) context.fillRect(left, place(y, 1), place(x1, 0) - left, line);
}
