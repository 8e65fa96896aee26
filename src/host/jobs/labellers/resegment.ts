// The masks of a dataset again, by another model: each annotation's mask and box are the prompt. Category, attributes
// and everything else of the annotation stay; crowds are left alone.
import { maskOf } from '../../../shared/coco/segmentation';
import type { InstanceAnnotation } from '../../../shared/coco/types';
import { boxFromBbox } from '../../../shared/geometry/box';
import { runsToString } from '../../../shared/mask/rleString';
import type { Size } from '../../../shared/geometry/types';
import type { ModelInfo, ModelRef } from '../../../shared/protocol/engine';
import { EMPTY_PROMPT, type Prompt } from '../../../shared/protocol/prompt';
import { throwIfCancelled } from '../../../shared/protocol/cancel';
import type { EnginePool } from '../enginePool';
import type { ChangedLabel, Labeller } from '../labeller';
import { labelOf } from './everything';

export interface ResegmentSetup {
  readonly pool: EnginePool;
  readonly model: ModelRef;
  readonly info: ModelInfo;
  /** use the old mask as prompt beside the box */
  readonly useMask: boolean;
  readonly polygonTolerance: number;
}

export function resegmentLabeller(setup: ResegmentSetup): Labeller {
  const { pool, info, useMask, polygonTolerance } = setup;
  return {
    kind: 'resegment',
    model: info.id,
    options: ['resegment', info.id, info.sha256, useMask, polygonTolerance],
    categories: [],
    prepare: (path, lane) => pool.prepare(path, lane),
    async label({ path, annotations }, lane, signal) {
      const { size } = await pool.of(lane).request('image/info', { image: { path } });
      const changed: ChangedLabel[] = [];
      for (const before of annotations) {
        throwIfCancelled(signal);
        const prompt = promptOf(before, size, useMask);
        const after = prompt && (await again(setup, { path, before, prompt, lane }));
        if (after) changed.push({ before, after });
      }
      return { size, added: [], changed };
    },
  };
}

/** Null for a crowd, and for an annotation with neither box nor readable mask. */
function promptOf(annotation: InstanceAnnotation, size: Size, useMask: boolean): Prompt | null {
  const { bbox, iscrowd } = annotation;
  if (iscrowd === 1 || !bbox || !(bbox[2] > 0 && bbox[3] > 0)) return null;
  const box = boxFromBbox(bbox);
  try {
    const runs = useMask ? maskOf(annotation, size) : null;
    return { ...EMPTY_PROMPT, box, ...(runs ? { mask: runsToString(runs) } : {}) };
  } catch {
    return { ...EMPTY_PROMPT, box }; // a damaged mask is no prompt; its box is
  }
}

/** The annotation with its new mask; null when the model finds nothing there. */
async function again(
  { pool, model, info, polygonTolerance }: ResegmentSetup,
  asked: {
    readonly path: string;
    readonly before: InstanceAnnotation;
    readonly prompt: Prompt;
    readonly lane: number;
  },
): Promise<InstanceAnnotation | null> {
  const params = { image: { path: asked.path }, model, prompt: asked.prompt };
  const { candidates } = await pool
    .of(asked.lane)
    .request('segment/predict', { ...params, purpose: 'commit' }, 'caption');
  const [best] = candidates;
  const [label] = best ? labelOf(best, { category: '', polygonTolerance, model: info }) : [];
  if (!label) return null;
  const { segmentation, bbox, area, promptmark } = label;
  return {
    ...asked.before,
    ...(segmentation ? { segmentation } : {}),
    ...{ bbox, area },
    promptmark: { ...asked.before.promptmark, ...promptmark },
  };
}
