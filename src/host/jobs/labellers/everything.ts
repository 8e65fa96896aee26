// Pre-labels without words: everything mode of a segmenter, all objects of one category for a person to sort.
import { maskOf } from '../../../shared/coco/segmentation';
import type { InstanceAnnotation } from '../../../shared/coco/types';
import { encodeMask } from '../../../shared/edits/encodeMask';
import { roundTo } from '../../../shared/geometry/round';
import type { Size } from '../../../shared/geometry/types';
import { measured, measuredIou, type Measured } from '../../../shared/mask/iou';
import { runsFromString } from '../../../shared/mask/rleString';
import type { EverythingOptions, ModelInfo, ModelRef } from '../../../shared/protocol/engine';
import type { Candidate } from '../../../shared/protocol/prompt';
import { runEverything } from '../../engine/runEverything';
import type { EnginePool } from '../enginePool';
import type { Labeller, NewLabel } from '../labeller';

/** A candidate that covers a saved annotation this well is that object. */
export const KNOWN_IOU = 0.7;

export interface EverythingSetup {
  readonly pool: EnginePool;
  readonly model: ModelRef;
  readonly info: ModelInfo;
  readonly options: EverythingOptions;
  readonly category: string;
  readonly polygonTolerance: number;
}

export function everythingLabeller(setup: EverythingSetup): Labeller {
  const { pool, model, info, options, category, polygonTolerance } = setup;
  return {
    kind: 'prelabel',
    model: info.id,
    options: ['everything', info.id, info.sha256, options, category, polygonTolerance],
    categories: [category],
    prepare: (path, lane) => pool.prepare(path, lane),
    async label({ path, annotations }, lane, signal) {
      const found: Candidate[] = [];
      const listener = {
        onProgress: (): void => undefined,
        onCandidates: (more: readonly Candidate[]): void => void found.push(...more),
      };
      const { size } = await runEverything(pool.of(lane), path, model, options, listener, signal);
      const added = withoutKnown(found, annotations, size).flatMap((candidate) =>
        labelOf(candidate, { category, polygonTolerance, model: info }),
      );
      return { size, added, changed: [] };
    },
  };
}

/** Candidates that are not yet annotated. */
export function withoutKnown<T extends Pick<Candidate, 'segmentation'>>(
  candidates: readonly T[],
  annotations: readonly InstanceAnnotation[],
  size: Size,
): T[] {
  const known = annotations.flatMap((annotation) => readMask(annotation, size));
  return candidates.filter(({ segmentation }) => {
    const mask = measured(runsFromString(segmentation));
    return !known.some((other) => measuredIou(mask, other, false) > KNOWN_IOU);
  });
}

function readMask(annotation: InstanceAnnotation, size: Size): Measured[] {
  try {
    const runs = maskOf(annotation, size);
    return runs ? [measured(runs)] : [];
  } catch {
    return []; // a damaged mask is told by validation; it hides nothing
  }
}

/** A candidate as a label; none when it is empty. */
export function labelOf(
  candidate: Candidate,
  made: {
    readonly category: string;
    readonly polygonTolerance: number;
    readonly model: Pick<ModelInfo, 'id' | 'sha256'>;
  },
): NewLabel[] {
  const mask = encodeMask(runsFromString(candidate.segmentation), made.polygonTolerance);
  if (!mask?.segmentation || !mask.bbox || mask.area === undefined) return [];
  const { segmentation, bbox, area } = mask;
  const promptmark = {
    tool: 'job',
    model: made.model.id,
    model_sha256: made.model.sha256,
    iou_score: roundTo(candidate.iou_score, 4),
    stability_score: roundTo(candidate.stability_score, 4),
  };
  return [{ category: made.category, segmentation, bbox, area, promptmark }];
}
