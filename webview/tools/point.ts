// Prompts with points: click = positive; Alt, Shift or right click = negative; drag a marker to move it; dragging
// elsewhere draws a box, so that the most used prompts need no change of tool.
import type { ImagePoint, ViewPoint } from '../../src/shared/geometry/types';
import { boxOf } from '../state/prompts';
import { draftOf } from '../state/selectors';
import { toView } from '../state/viewTransform';
import type { PageState } from '../state/pageState';
import { clampToImage, isBeyondSlop, isInside, labelOf, type Shape, type Tool } from './tool';

const MARKER_RADIUS = 9;

interface Press {
  readonly at: ImagePoint;
  readonly view: ViewPoint;
  /** index of the point prompt that was pressed; -1 none */
  readonly marker: number;
}

export function createPointTool(): Tool {
  let press: Press | null = null;
  let dragged: ImagePoint | null = null;

  function reset(): void {
    press = dragged = null;
  }

  return {
    id: 'point',
    label: 'Point',
    icon: 'pm-point',
    key: 'P',
    hint,
    cursor: (input, { state }) =>
      input && markerAt(input.view, state) >= 0 ? 'move' : 'crosshair',
    down(input, { state }) {
      press = { at: input.at, view: input.view, marker: markerAt(input.view, state) };
    },
    move(input, pressed, { state, emit }) {
      if (!pressed) {
        const at = isInside(input.at, state) && !draftOf(state) ? input.at : null;
        return emit({ kind: 'preview', at });
      }
      if (press && (dragged || isBeyondSlop(press.view, input.view)))
        dragged = clampToImage(input.at, state);
    },
    up(input, { state, emit }) {
      if (!press) return;
      const { at, marker } = press;
      const end = dragged;
      reset();
      if (end && marker >= 0) {
        emit({ kind: 'prompt', change: { kind: 'movePoint', index: marker, at: end } });
      } else if (end) {
        const [height, width] = state.info?.size ?? [0, 0];
        const box = boxOf(at, end, width, height);
        if (box[2] - box[0] >= 1 && box[3] - box[1] >= 1)
          emit({ kind: 'prompt', change: { kind: 'setBox', box } });
      } else if (marker >= 0 && input.alt) {
        emit({ kind: 'prompt', change: { kind: 'removePoint', index: marker } });
      } else if (isInside(at, state)) {
        emit({ kind: 'prompt', change: { kind: 'addPoint', at, label: labelOf(input) } });
      }
    },
    cancel() {
      const active = press !== null;
      reset();
      return active;
    },
    shapes: ({ state }) => (press && dragged ? [dragShape(press, dragged, state)] : []),
  };
}

function dragShape(press: Press, to: ImagePoint, state: PageState): Shape {
  const [height, width] = state.info?.size ?? [0, 0];
  if (press.marker < 0)
    return { kind: 'box', box: boxOf(press.at, to, width, height), look: 'prompt' };
  return { kind: 'marker', at: to, label: draftOf(state)?.prompt.points[press.marker]?.label ?? 1 };
}

/** Index of the point prompt drawn on top at this place; -1 none. */
function markerAt(view: ViewPoint, state: PageState): number {
  const near = (draftOf(state)?.prompt.points ?? []).map(({ at }) => {
    const marker = toView(state.view, at);
    return Math.hypot(marker.x - view.x, marker.y - view.y) <= MARKER_RADIUS;
  });
  return near.lastIndexOf(true);
}

function hint(state: PageState): string {
  if (draftOf(state))
    return 'Click adds, Alt-click takes away. Drag a marker to move it. Enter accepts, Esc cancels.';
  if (state.selection.length === 1 && state.selectionOrigin === 'picked')
    return 'Click refines the selected annotation, Alt-click takes away. Esc to start a new object.';
  return 'Click an object to segment it, Alt-click takes away, drag draws a box.';
}
