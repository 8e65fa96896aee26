import { areaOf } from '../../shared/mask/area';
import { bboxOf } from '../../shared/mask/bbox';
import { runsToString } from '../../shared/mask/rleString';
import type { Candidate } from '../../shared/protocol/prompt';
import type { Proposal } from './segmenter';

/** A proposal as it travels: RLE text with the numbers COCO stores beside it. */
export function toCandidate({ runs, iou_score, stability_score }: Proposal): Candidate {
  return {
    segmentation: runsToString(runs),
    bbox: bboxOf(runs),
    area: areaOf(runs),
    iou_score,
    stability_score,
  };
}
