// Adds to a mask.
import { draftOf } from '../state/selectors';
import { createPaintTool } from './paint';
import type { Tool } from './tool';

export function createBrushTool(): Tool {
  return createPaintTool({
    id: 'brush',
    label: 'Brush',
    icon: 'pm-brush',
    key: 'B',
    value: 1,
    hint: (state) => {
      if (draftOf(state)) return 'Paint to add to the draft (this accepts it). Alt erases.';
      return state.selection.length === 1
        ? 'Paint to add to the selected annotation, Alt erases. Esc to start a new object.'
        : 'Paint a new object. Select an annotation first to add to it.';
    },
  });
}
