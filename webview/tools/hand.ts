// Drags the view.
import type { ViewPoint } from '../../src/shared/geometry/types';
import type { Tool } from './tool';

export function createHandTool(): Tool {
  let last: ViewPoint | null = null;
  return {
    id: 'hand',
    label: 'Hand',
    icon: 'move',
    key: 'H',
    hint: () => 'Drag to move the image. Wheel zooms at the pointer.',
    cursor: () => (last ? 'grabbing' : 'grab'),
    down(input) {
      last = input.view;
    },
    move(input, pressed, context) {
      if (!pressed || !last) return;
      context.emit({ kind: 'pan', dx: input.view.x - last.x, dy: input.view.y - last.y });
      last = input.view;
    },
    up() {
      last = null;
    },
    cancel() {
      const active = last !== null;
      last = null;
      return active;
    },
    shapes: () => [],
  };
}
