// Prompts with strokes over (positive) or beside (negative) the object.
import type { ImagePoint, ViewPoint } from '../../src/shared/geometry/types';
import type { PromptLabel } from '../../src/shared/protocol/prompt';
import { clampToImage, labelOf, type Tool } from './tool';

/** CSS pixels between kept points; denser adds nothing to a prompt */
const SPACING = 3;

export function createScribbleTool(): Tool {
  let path: ImagePoint[] = [];
  let last: ViewPoint | null = null;
  let label: PromptLabel = 1;

  function reset(): void {
    path = [];
    last = null;
  }

  return {
    id: 'scribble',
    label: 'Scribble',
    icon: 'pm-scribble',
    key: 'S',
    hint: () =>
      'Draw over the object; Alt or the right button draws over what does not belong to it.',
    cursor: () => 'crosshair',
    down(input, { state }) {
      path = [clampToImage(input.at, state)];
      last = input.view;
      label = labelOf(input);
    },
    move(input, pressed, { state }) {
      if (!pressed || !last) return;
      if (Math.hypot(input.view.x - last.x, input.view.y - last.y) < SPACING) return;
      path = [...path, clampToImage(input.at, state)];
      last = input.view;
    },
    up(_input, { emit }) {
      const drawn = path;
      reset();
      const [first] = drawn;
      if (!first) return;
      // A dab is a point: a stroke needs two places.
      if (drawn.length < 2)
        emit({ kind: 'prompt', change: { kind: 'addPoint', at: first, label } });
      else emit({ kind: 'prompt', change: { kind: 'addScribble', path: drawn, label } });
    },
    cancel() {
      const active = path.length > 0;
      reset();
      return active;
    },
    shapes: () =>
      path.length > 0
        ? [
            {
              kind: 'path',
              points: path,
              closed: false,
              look: label === 1 ? 'positive' : 'negative',
            },
          ]
        : [],
  };
}
