// Contract page (webview) ⇄ host. The host owns the truth; the page holds a replica that follows 'state/changed'.
import type { Edit, ImageState, Intent } from '../edits/types';
import type { Box, Size } from '../geometry/types';
import type { EverythingOptions } from './engine';
import type { Candidate, Prompt } from './prompt';

export const EDITOR_PROTOCOL_VERSION = 1;

export interface EditorSettings {
  readonly hoverPreview: boolean;
  /** 0..1 */
  readonly maskOpacity: number;
  readonly brushRadius: number;
  readonly pixelGridZoom: number;
}

export interface ModelStatus {
  readonly id: string;
  readonly name: string;
  readonly device: string;
  readonly state: 'none' | 'loading' | 'ready' | 'busy' | 'stopped' | 'failed';
  readonly message?: string;
}

export interface Snapshot {
  readonly protocolVersion: number;
  readonly revision: number;
  /** address for <img>: the file itself, or a rendered PNG when the page cannot show the format */
  readonly imageUri: string;
  /** [height, width] as displayed */
  readonly size: Size;
  readonly fileName: string;
  readonly state: ImageState;
  readonly settings: EditorSettings;
  readonly model: ModelStatus;
  readonly datasetName: string;
  /** set when nothing may be changed: the reason, and what to do */
  readonly readOnly?: string;
  /** category chosen last, in this workspace */
  readonly lastCategoryId?: number;
  /** position of this image among the dataset's or folder's images, 0-based */
  readonly position?: { readonly index: number; readonly total: number };
}

export type EditorMethods = {
  'session/open': { params: { protocolVersion: number }; result: Snapshot };
  /** one gesture = one undo step */
  'edits/apply': {
    params: { baseRevision: number; label: string; intents: readonly Intent[] };
    /** created ids in order of the creating intents */
    result: { revision: number; createdIds: readonly number[] };
  };
  /**
   * Predicts with the prompt and makes the answer the document's draft, as one undo step.
   * The page learns the new draft from 'state/changed', which is sent before this answers.
   */
  'draft/prompt': {
    params: { promptId: number; label: string; prompt: Prompt; targetId?: number };
    result: { promptId: number; revision: number; totalMs: number };
  };
  /** hover preview: latest wins, nothing is kept */
  'segment/preview': {
    params: { promptId: number; prompt: Prompt };
    result: { promptId: number; candidates: readonly Candidate[] };
  };
  'segment/everything': { params: { options: EverythingOptions }; result: { count: number } };
  /** runs a contributed VS Code command by its id, e.g. from a toolbar button (only promptmark.* is allowed) */
  'command/run': { params: { command: string; args?: unknown }; result: null };
};

/** page → host */
export type PageEvents = {
  'page/ready': { protocolVersion: number };
  /** drives `when` clauses and the status bar */
  'selection/changed': {
    ids: readonly number[];
    tool: string;
    hasDraft: boolean;
    /** a text field has the focus, so single-letter keys are text (context key promptmark.inputFocused) */
    inputFocused?: boolean;
  };
  'view/changed': { view: Box; zoom: number };
  'log/write': { level: 'info' | 'warn' | 'error'; message: string };
};

/** host → page */
export type HostEvents = {
  'state/snapshot': Snapshot;
  'state/changed': {
    revision: number;
    edits: readonly Edit[];
    reason: 'edit' | 'undo' | 'redo' | 'merge';
  };
  'engine/status': ModelStatus;
  'settings/changed': EditorSettings;
  /** keys and palette commands that act in the page, e.g. 'tool/select' { tool: 'box' }, 'view/fit' */
  'command/run': { command: PageCommand; args?: unknown };
  'segment/progress': { done: number; total: number };
  'segment/candidates': { candidates: readonly Candidate[] };
  'notice/show': { severity: 'info' | 'warning' | 'error'; message: string };
};

/** Everything a VS Code command can ask of the page. */
export type PageCommand =
  | 'tool/select' // args { tool: ToolId }
  | 'view/fit'
  | 'view/actualSize'
  | 'view/zoomIn'
  | 'view/zoomOut'
  | 'view/zoomToSelection'
  | 'view/toggleMasks'
  | 'draft/accept'
  | 'draft/cancel'
  | 'draft/removeLastPrompt'
  | 'draft/nextCandidate'
  | 'annotation/select' // args { ids: number[] }; none of them is selected that the image does not have
  | 'annotation/delete'
  | 'annotation/selectNext'
  | 'annotation/selectPrevious'
  | 'annotation/hide'
  | 'annotation/lock'
  | 'annotation/raise'
  | 'annotation/lower'
  | 'annotation/union'
  | 'annotation/subtract'
  | 'annotation/intersect'
  | 'category/pick'
  | 'category/assign' // args { index: 0..9 } digit hotkeys
  | 'brush/larger'
  | 'brush/smaller'
  | 'caption/focus'
  | 'panel/toggle';

export type ToolId =
  'select' | 'point' | 'box' | 'scribble' | 'brush' | 'eraser' | 'polygon' | 'hand';
