/** Logits at which the two masks are taken. */
const MARGIN = 1;

/**
 * IoU of the masks at a raised and a lowered threshold; they are nested, so it is the ratio of their areas.
 *
 * @returns 0..1; 0 for an empty mask
 * @source calculate_stability_score, segment-anything (Apache-2.0): the same definition and margin
 */
export function stabilityOf(logits: Float32Array): number {
  let raised = 0;
  let lowered = 0;
  for (let k = 0; k < logits.length; k++) {
    const value = logits[k]!;
    if (value > MARGIN) raised++;
    if (value > -MARGIN) lowered++;
  }
  return lowered ? raised / lowered : 0;
}
