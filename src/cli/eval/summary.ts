// Numbers of an evaluation, as papers on click segmentation report them.
import type { ObjectResult, Step } from './session';

export interface Summary {
  readonly n: number;
  /** mean number of clicks to reach the IoU; objects that never do count maxClicks */
  readonly noc80: number;
  readonly noc85: number;
  readonly noc90: number;
  /** objects that do not reach the IoU with maxClicks clicks */
  readonly failures: { readonly '85': number; readonly '90': number };
  /** mean IoU after k clicks, by k */
  readonly miou: Readonly<Record<string, number>>;
  readonly box_iou: number;
  readonly refine: {
    readonly start: number;
    readonly no_click: number;
    readonly click1: number;
    readonly click3: number;
    readonly noc85: number;
    readonly noc90: number;
  };
  /** mean |iou_score − IoU| over the first three clicks and the box */
  readonly iou_gap: number;
  readonly ms_p50: number;
  readonly ms_p95: number;
}

export function summarize(objects: readonly ObjectResult[], maxClicks: number): Summary {
  const sessions = objects.map(({ clicks }) => clicks);
  const refined = objects.map(({ refine }) => refine);
  const times = sessions.flatMap((steps) => steps.map(({ ms }) => ms));
  const scored = objects.flatMap(({ clicks, box }) => [...clicks.slice(0, 3), box]);
  const counted = [1, 2, 3, 5, 10].filter((k) => k <= maxClicks);
  const failures = (limit: number): number =>
    sessions.filter((steps) => !steps.some(({ iou }) => iou >= limit)).length;
  const fromDamaged = (limit: number): number =>
    mean(
      refined.map(({ start, clicks }) => (start >= limit ? 0 : clicksTo(clicks, limit, maxClicks))),
    );
  return {
    n: objects.length,
    noc80: round(mean(sessions.map((steps) => clicksTo(steps, 0.8, maxClicks))), 2),
    noc85: round(mean(sessions.map((steps) => clicksTo(steps, 0.85, maxClicks))), 2),
    noc90: round(mean(sessions.map((steps) => clicksTo(steps, 0.9, maxClicks))), 2),
    failures: { '85': failures(0.85), '90': failures(0.9) },
    miou: Object.fromEntries(
      counted.map((k) => [k, round(mean(sessions.map((steps) => iouAfter(steps, k))), 3)]),
    ),
    box_iou: round(mean(objects.map(({ box }) => box.iou)), 3),
    refine: {
      start: round(mean(refined.map(({ start }) => start)), 3),
      no_click: round(mean(refined.map(({ plain }) => plain)), 3),
      click1: round(mean(refined.map(({ clicks }) => iouAfter(clicks, 1))), 3),
      click3: round(mean(refined.map(({ clicks }) => iouAfter(clicks, 3))), 3),
      noc85: round(fromDamaged(0.85), 2),
      noc90: round(fromDamaged(0.9), 2),
    },
    iou_gap: round(mean(scored.map(({ iou, iou_score }) => Math.abs(iou - iou_score))), 3),
    ms_p50: round(percentile(times, 0.5), 1),
    ms_p95: round(percentile(times, 0.95), 1),
  };
}

/** The summary as lines for people. */
export function formatSummary(summary: Summary): string {
  const { n, noc80, noc85, noc90, failures, miou, box_iou, refine, iou_gap, ms_p50, ms_p95 } =
    summary;
  const means = Object.entries(miou).map(([k, value]) => `@${k} ${value}`);
  return [
    `${n} objects`,
    `clicks to reach IoU     80 %: ${noc80}   85 %: ${noc85}   90 %: ${noc90}`,
    `never reached           85 %: ${failures['85']}   90 %: ${failures['90']}`,
    `mean IoU after clicks   ${means.join('   ')}`,
    `mean IoU of a box       ${box_iou}`,
    `damaged mask            ${refine.start} → ${refine.no_click} without a click, ${refine.click1} after 1, ${refine.click3} after 3; ` +
      `clicks to 85 %: ${refine.noc85}, 90 %: ${refine.noc90}`,
    `iou_score off by        ${iou_gap}`,
    `time a click            ${ms_p50} ms (median), ${ms_p95} ms (95 %)`,
  ].join('\n');
}

function clicksTo(steps: readonly Step[], limit: number, cap: number): number {
  const reached = steps.findIndex(({ iou }) => iou >= limit);
  return reached < 0 ? cap : reached + 1;
}

/** A session that ended earlier keeps its last IoU. */
function iouAfter(steps: readonly Step[], k: number): number {
  return steps[Math.min(k, steps.length) - 1]?.iou ?? 0;
}

function mean(values: readonly number[]): number {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
