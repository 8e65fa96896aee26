// Takes away from a mask.
import { createPaintTool } from './paint';
import type { Tool } from './tool';

export function createEraserTool(): Tool {
  return createPaintTool({
    id: 'eraser',
    label: 'Eraser',
    icon: 'eraser',
    key: 'E',
    value: 0,
    hint: () => 'Press on an annotation to erase from it; Alt paints.',
  });
}
