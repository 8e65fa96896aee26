// Sentences and numbers about annotations, used by several panels.
import type { InstanceAnnotation } from '../../src/shared/coco/types';

/** How the mask was made, as a sentence. */
export function originText({ promptmark }: InstanceAnnotation): string {
  if (!promptmark) return 'Made elsewhere, or provenance is turned off';
  const { model, tool, time } = promptmark;
  const by = model ? `Prompted with ${model}` : tool ? `Made with the ${tool} tool` : 'Made here';
  const edited = model && tool && tool !== 'prompt' ? `, then changed with the ${tool} tool` : '';
  return `${by}${edited}${time ? `, ${time.slice(0, 16).replace('T', ' ')} UTC` : ''}`;
}

/** The model's estimate of the IoU, or the score another tool stored. */
export function scoreOf({ promptmark, score }: InstanceAnnotation): number | undefined {
  const value = promptmark?.iou_score ?? score;
  return typeof value === 'number' ? value : undefined;
}

const numbers = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** e.g. "11.3K px"; '' when unknown */
export function areaText(area: number | undefined): string {
  return typeof area === 'number' ? `${numbers.format(area)} px` : '';
}
