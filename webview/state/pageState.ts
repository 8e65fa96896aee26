// Everything the page knows: a replica of what the host owns, and local things of this editor only.
import type { ImageState } from '../../src/shared/edits/types';
import type { ImagePoint } from '../../src/shared/geometry/types';
import type {
  EditorSettings,
  ModelStatus,
  Snapshot,
  ToolId,
} from '../../src/shared/protocol/editor';
import type { Candidate, Prompt } from '../../src/shared/protocol/prompt';
import type { ViewTransform, Viewport } from './viewTransform';

/** A message for the person, shown in the status strip until replaced or dismissed. */
export interface Notice {
  readonly serial: number;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** Why the category picker is open; what picking does. */
export type PickerPurpose = 'accept' | 'assign' | 'create' | 'choose';

/** A prompt sent to the host and not answered yet. */
export interface PendingPrompt {
  readonly promptId: number;
  readonly prompt: Prompt;
}

/** How a selection came about: a created annotation is not refined by the next click, a picked one is. */
export type SelectionOrigin = 'picked' | 'created';

export interface PageState {
  readonly phase: 'loading' | 'open' | 'failed';
  /** why opening failed; what to do */
  readonly failure: string | null;

  // replica of the host
  readonly revision: number;
  readonly doc: ImageState | null;
  readonly info: Omit<
    Snapshot,
    'state' | 'settings' | 'model' | 'revision' | 'protocolVersion'
  > | null;
  readonly settings: EditorSettings;
  readonly model: ModelStatus;
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** proposals of "segment everything", not part of the document */
  readonly proposals: readonly Candidate[];

  // local
  readonly tool: ToolId;
  /** hand while space is held */
  readonly temporaryTool: ToolId | null;
  readonly selection: readonly number[];
  readonly selectionOrigin: SelectionOrigin;
  readonly hovered: number | null;
  readonly hidden: ReadonlySet<number>;
  readonly locked: ReadonlySet<number>;
  readonly masksVisible: boolean;
  readonly brushRadius: number;
  readonly activeCategoryId: number | null;
  readonly view: ViewTransform;
  readonly viewport: Viewport;
  /** the view was set by the person or restored; false: fit when the image or the canvas changes */
  readonly viewIsOwn: boolean;
  readonly pointer: ImagePoint | null;
  /** keyboard crosshair, shown while the canvas is operated by keys */
  readonly crosshair: ImagePoint | null;
  readonly preview: Candidate | null;
  readonly pending: PendingPrompt | null;
  readonly queuedPrompts: number;
  readonly picker: PickerPurpose | null;
  readonly panelOpen: boolean;
  readonly panelWidth: number;
  readonly collapsed: readonly string[];
  readonly notice: Notice | null;
  /** said by the live region; serial makes equal texts be said again */
  readonly announcement: { readonly serial: number; readonly text: string };
  readonly focusRequest: { readonly serial: number; readonly target: 'caption' | 'canvas' } | null;
  readonly imageFailed: boolean;
}

export const TOOL_IDS: readonly ToolId[] = [
  'select',
  'point',
  'box',
  'scribble',
  'brush',
  'eraser',
  'polygon',
  'hand',
];

export const BRUSH_RANGE = { min: 1, max: 256 } as const;
export const PANEL_RANGE = { min: 200, max: 640 } as const;

export const INITIAL_STATE: PageState = {
  phase: 'loading',
  failure: null,
  revision: -1,
  doc: null,
  info: null,
  settings: { hoverPreview: false, maskOpacity: 0.4, brushRadius: 12, pixelGridZoom: 12 },
  model: { id: '', name: '', device: '', state: 'none' },
  progress: null,
  proposals: [],
  tool: 'point',
  temporaryTool: null,
  selection: [],
  selectionOrigin: 'picked',
  hovered: null,
  hidden: new Set(),
  locked: new Set(),
  masksVisible: true,
  brushRadius: 12,
  activeCategoryId: null,
  view: { scale: 1, x: 0, y: 0 },
  viewport: { width: 0, height: 0, pixelRatio: 1 },
  viewIsOwn: false,
  pointer: null,
  crosshair: null,
  preview: null,
  pending: null,
  queuedPrompts: 0,
  picker: null,
  panelOpen: true,
  panelWidth: 280,
  collapsed: [],
  notice: null,
  announcement: { serial: 0, text: '' },
  focusRequest: null,
  imageFailed: false,
};
