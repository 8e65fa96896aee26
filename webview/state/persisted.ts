// What survives a reload of the page: view, tool and panel, kept by the host's webview state, never in the dataset.
import type { ToolId } from '../../src/shared/protocol/editor';
import { BRUSH_RANGE, PANEL_RANGE, TOOL_IDS, type PageState } from './pageState';
import type { ViewTransform } from './viewTransform';

export interface PersistedView {
  readonly tool?: ToolId;
  readonly view?: ViewTransform;
  readonly hidden?: readonly number[];
  readonly locked?: readonly number[];
  readonly brushRadius?: number;
  readonly panelOpen?: boolean;
  readonly panelWidth?: number;
  readonly collapsed?: readonly string[];
}

export function toPersisted(state: PageState): PersistedView {
  return {
    tool: state.tool,
    ...(state.viewIsOwn ? { view: state.view } : {}),
    hidden: [...state.hidden],
    locked: [...state.locked],
    brushRadius: state.brushRadius,
    panelOpen: state.panelOpen,
    panelWidth: state.panelWidth,
    collapsed: state.collapsed,
  };
}

/** Takes whatever an older page left; wrong fields are dropped one by one. */
export function readPersisted(value: unknown): PersistedView {
  if (typeof value !== 'object' || value === null) return {};
  const raw = value as Record<string, unknown>;
  const view = raw['view'];
  return {
    ...(isTool(raw['tool']) ? { tool: raw['tool'] } : {}),
    ...(isView(view) ? { view } : {}),
    ...(isList(raw['hidden'], isId) ? { hidden: raw['hidden'] as number[] } : {}),
    ...(isList(raw['locked'], isId) ? { locked: raw['locked'] as number[] } : {}),
    ...(isWithin(raw['brushRadius'], BRUSH_RANGE) ? { brushRadius: raw['brushRadius'] } : {}),
    ...(typeof raw['panelOpen'] === 'boolean' ? { panelOpen: raw['panelOpen'] } : {}),
    ...(isWithin(raw['panelWidth'], PANEL_RANGE) ? { panelWidth: raw['panelWidth'] } : {}),
    ...(isList(raw['collapsed'], isText) ? { collapsed: raw['collapsed'] as string[] } : {}),
  };
}

const isTool = (value: unknown): value is ToolId => TOOL_IDS.includes(value as ToolId);
const isId = (value: unknown): boolean => Number.isSafeInteger(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isList = (value: unknown, of: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(of);
const isWithin = (value: unknown, range: { min: number; max: number }): value is number =>
  typeof value === 'number' && value >= range.min && value <= range.max;

function isView(value: unknown): value is ViewTransform {
  if (typeof value !== 'object' || value === null) return false;
  const { scale, x, y } = value as Record<string, unknown>;
  return [scale, x, y].every(Number.isFinite) && (scale as number) > 0;
}
