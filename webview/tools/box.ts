// Prompts with a box, dragged from any corner to the opposite one.
import type { Box, ImagePoint, ViewPoint } from '../../src/shared/geometry/types';
import { boxOf } from '../state/prompts';
import { isBeyondSlop, type Tool } from './tool';

export function createBoxTool(): Tool {
  let start: { readonly at: ImagePoint; readonly view: ViewPoint } | null = null;
  let box: Box | null = null;
  return {
    id: 'box',
    label: 'Box',
    icon: 'pm-box',
    key: 'R',
    hint: () => 'Drag a box around an object to segment it; drag again to replace the box.',
    cursor: () => 'crosshair',
    down(input) {
      start = { at: input.at, view: input.view };
    },
    move(input, pressed, { state }) {
      if (!pressed || !start || (!box && !isBeyondSlop(start.view, input.view))) return;
      const [height, width] = state.info?.size ?? [0, 0];
      box = boxOf(start.at, input.at, width, height);
    },
    up(_input, { emit }) {
      const drawn = box;
      start = box = null;
      if (drawn && drawn[2] - drawn[0] >= 1 && drawn[3] - drawn[1] >= 1)
        emit({ kind: 'prompt', change: { kind: 'setBox', box: drawn } });
    },
    cancel() {
      const active = start !== null;
      start = box = null;
      return active;
    },
    shapes: () => (box ? [{ kind: 'box', box, look: 'prompt' }] : []),
  };
}
