// The keys the page itself handles on the canvas: Space held is the hand, arrows move a crosshair, Space
// without a drag is a click there. All other keys are VS Code keybindings and are passed on untouched.
import type { ImagePoint } from '../../src/shared/geometry/types';
import { draftOf } from '../state/selectors';
import type { Session } from '../state/session';
import { panBy, toImage, toView } from '../state/viewTransform';
import type { ToolHost } from './toolHost';

/** CSS pixels an arrow key moves; with Shift */
const STEP = 8;
const FINE_STEP = 1;
/** CSS pixels from the border at which the view follows the crosshair */
const BORDER = 24;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function listenToKeys(
  canvas: HTMLCanvasElement,
  session: Session,
  toolHost: () => ToolHost,
): void {
  const { store } = session;
  let isSpaceDown = false;
  let spaceUsed = false;

  function release(): void {
    isSpaceDown = false;
    store.dispatch({ kind: 'temporaryTool', tool: null });
  }

  // Also while nothing has the focus: the pointer over the image is enough to expect Space to be the hand.
  const isOurs = (event: KeyboardEvent): boolean =>
    event.target === canvas || event.target === document.body;

  document.addEventListener('keydown', (event) => {
    if (!isOurs(event)) return;
    const arrow = ARROWS[event.key];
    if (event.key === ' ') {
      event.preventDefault();
      event.stopPropagation();
      if (isSpaceDown) return;
      isSpaceDown = true;
      spaceUsed = false;
      if (!event.shiftKey && !event.altKey) store.dispatch({ kind: 'temporaryTool', tool: 'hand' });
    } else if (arrow && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      moveCrosshair(session, arrow, event.shiftKey ? FINE_STEP : STEP);
      toolHost().follow();
    } else if (event.key === 'Tab' && (draftOf(store.get())?.candidates.length ?? 0) > 1) {
      // VS Code cycles the candidates; the focus must stay.
      event.preventDefault();
    }
  });
  document.addEventListener('keyup', (event) => {
    if (event.key !== ' ' || !isSpaceDown) return;
    release();
    const { crosshair, view } = store.get();
    // However long it was held: slow keys are somebody's normal ones.
    if (!spaceUsed && crosshair) {
      const button = event.altKey || event.shiftKey ? 2 : 0;
      const none = { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false };
      toolHost().press(crosshair, toView(view, crosshair), { ...none, button });
    }
  });
  canvas.addEventListener('pointerdown', () => (spaceUsed = true));
  canvas.addEventListener('blur', () => {
    release();
    store.dispatch({ kind: 'crosshair', at: null });
  });
}

function moveCrosshair(
  { store }: Session,
  [dx, dy]: readonly [number, number],
  step: number,
): void {
  const { view, viewport, info, crosshair, pointer } = store.get();
  if (!info) return;
  const centre = toImage(view, { x: viewport.width / 2, y: viewport.height / 2 });
  const from = crosshair ?? pointer ?? centre;
  // The first press only shows where it is.
  const moved = crosshair ? step / view.scale : 0;
  const clip = (value: number, max: number): number => Math.min(max - 0.5, Math.max(0.5, value));
  const at: ImagePoint = {
    x: clip(from.x + dx * moved, info.size[1]),
    y: clip(from.y + dy * moved, info.size[0]),
  };
  const place = toView(view, at);
  const beyond = (value: number, max: number): number =>
    value < BORDER ? BORDER - value : value > max - BORDER ? max - BORDER - value : 0;
  const [panX, panY] = [beyond(place.x, viewport.width), beyond(place.y, viewport.height)];
  if (panX !== 0 || panY !== 0)
    store.dispatch({ kind: 'view', view: panBy(view, panX, panY, info.size, viewport) });
  store.dispatch({ kind: 'crosshair', at });
}
