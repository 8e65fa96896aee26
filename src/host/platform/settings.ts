// The settings of package.json, typed. Values a person mistyped fall back to the default.
import { workspace, type Uri } from 'vscode';
import type { EditorSettings } from '../../shared/protocol/editor';

export const SETTINGS_SECTION = 'promptmark';

export interface Settings extends EditorSettings {
  /** path of the COCO file, absolute or relative to the workspace folder; '' means: find one */
  readonly datasetFile: string;
  /** write the `promptmark` provenance field */
  readonly provenance: boolean;
  /** IoU a polygon may lose against its mask, 0..0.2 */
  readonly polygonTolerance: number;
  /** model id; '' means the built-in one */
  readonly model: string;
  /** Node binary that runs the engine; '' means VS Code's own */
  readonly nodePath: string;
}

/** Reads the settings that hold for a file. */
export function readSettings(scope?: Uri): Settings {
  const section = workspace.getConfiguration(SETTINGS_SECTION, scope ?? null);
  const text = (key: string): string => {
    const value = section.get<unknown>(key);
    return typeof value === 'string' ? value.trim() : '';
  };
  const flag = (key: string, fallback: boolean): boolean => {
    const value = section.get<unknown>(key);
    return typeof value === 'boolean' ? value : fallback;
  };
  const number = (key: string, fallback: number, low: number, high: number): number => {
    const value = section.get<unknown>(key);
    if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
    return Math.min(Math.max(value, low), high);
  };
  return {
    datasetFile: text('datasetFile'),
    hoverPreview: flag('hoverPreview', true),
    maskOpacity: number('maskOpacity', 0.45, 0, 1),
    brushRadius: number('brushRadius', 12, 1, 500),
    pixelGridZoom: number('pixelGridZoom', 12, 4, 64),
    provenance: flag('provenance', true),
    polygonTolerance: number('polygonTolerance', 0, 0, 0.2),
    model: text('model'),
    nodePath: text('nodePath'),
  };
}

/** The part of the settings the page needs. */
export function editorSettings(scope?: Uri): EditorSettings {
  const { hoverPreview, maskOpacity, brushRadius, pixelGridZoom } = readSettings(scope);
  return { hoverPreview, maskOpacity, brushRadius, pixelGridZoom };
}
