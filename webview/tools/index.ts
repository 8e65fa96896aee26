// The registry of tools, in toolbar order. A new tool is one file and one line here.
import type { ToolId } from '../../src/shared/protocol/editor';
import { createBoxTool } from './box';
import { createBrushTool } from './brush';
import { createEraserTool } from './eraser';
import { createHandTool } from './hand';
import { createPointTool } from './point';
import { createPolygonTool } from './polygon';
import { createScribbleTool } from './scribble';
import { createSelectTool } from './select';
import type { Tool } from './tool';

export type Tools = Readonly<Record<ToolId, Tool>>;

/** One fresh set of tools; each keeps the state of its own gesture. */
export function createTools(): Tools {
  return {
    select: createSelectTool(),
    point: createPointTool(),
    box: createBoxTool(),
    scribble: createScribbleTool(),
    brush: createBrushTool(),
    eraser: createEraserTool(),
    polygon: createPolygonTool(),
    hand: createHandTool(),
  };
}
