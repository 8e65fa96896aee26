// The manifest fields of the early-fusion family.
import type { Rgb } from '../image/resample';
import { manifestNumber, type ModelManifest } from './manifest';

export interface EarlyFusionSettings {
  /** side of the square input */
  readonly size: number;
  /** of clicks and strokes, in input pixels */
  readonly diskRadius: number;
  /** outside the image */
  readonly padColor: Rgb;
  /** side of the zoom window: that of the object's box × expand, at least minSide image pixels */
  readonly expand: number;
  readonly minSide: number;
  /** iou_score = scale × iou_predictions + offset */
  readonly calibration: { readonly scale: number; readonly offset: number };
}

/** @throws DomainError 'model-missing' naming the field that is missing or unusable */
export function readSettings(manifest: ModelManifest): EarlyFusionSettings {
  const fields = manifest.fields;
  const group = (name: string): Record<string, unknown> =>
    typeof fields[name] === 'object' ? ((fields[name] ?? {}) as Record<string, unknown>) : {};
  const number = (value: unknown, name: string, least: number): number =>
    manifestNumber(manifest, value, name, least);
  const padColor = Object.values(group('padColor'));
  const colour = (k: number): number => number(padColor[k], `padColor[${k}]`, 0);
  return {
    size: number(fields['inputSize'], 'inputSize', 8),
    diskRadius: number(fields['diskRadius'], 'diskRadius', 1),
    padColor: [colour(0), colour(1), colour(2)],
    expand: number(group('zoom')['expand'], 'zoom.expand', 1),
    minSide: number(group('zoom')['minSide'], 'zoom.minSide', 1),
    calibration: {
      scale: number(group('iouCalibration')['scale'], 'iouCalibration.scale', 0),
      offset: number(group('iouCalibration')['offset'], 'iouCalibration.offset', -1),
    },
  };
}
