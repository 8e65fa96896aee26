// Everything mode: a grid of points, each asked alone; good answers are asked again at full accuracy, compared with
// those already found, and given out at once. Works with any family.
import type { Box, ImagePoint } from '../../shared/geometry/types';
import { measured, measuredIou, type Measured } from '../../shared/mask/iou';
import { areaOf } from '../../shared/mask/area';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import type { EverythingOptions } from '../../shared/protocol/engine';
import type { CancelSignal } from '../../shared/protocol/wire';
import type { DecodedImage } from '../image/image';
import type { PromptableSegmenter, Proposal } from './segmenter';

export interface EverythingSink {
  progress(done: number, total: number): void;
  /** candidates that passed every filter; never taken back */
  found(proposals: readonly Proposal[]): void;
}

/** The first look is at low resolution and less sure of itself than the zoom that follows. */
const FIRST_LOOK_SLACK = 0.2;

/**
 * Runs until the grid is done; other requests get their turn between batches.
 *
 * @returns number of candidates given out
 * @throws DomainError 'cancelled'
 */
export async function segmentEverything(
  segmenter: PromptableSegmenter,
  image: DecodedImage,
  options: EverythingOptions,
  sink: EverythingSink,
  signal: CancelSignal,
): Promise<number> {
  const batches = batchesToAsk(image, options, segmenter.pointsPerBatch);
  const firstLook: EverythingOptions = {
    ...options,
    minIouScore: options.minIouScore - FIRST_LOOK_SLACK,
    minStabilityScore: 0,
  };
  const total = batches.reduce((sum, { points }) => sum + points.length, 0);
  const accepted: Measured[] = [];
  let done = 0;
  for (const { points, view } of batches) {
    const proposals = await segmenter.proposeAt(image, points, view, signal);
    const fresh: Proposal[] = [];
    for (const [k, { proposal, memory }] of proposals.entries()) {
      if (!passes(proposal, firstLook) || isKnown(proposal, accepted, options.nmsIou)) continue;
      const fine = await refine(segmenter, image, points[k]!, memory, signal);
      if (!passes(fine, options) || isKnown(fine, accepted, options.nmsIou)) continue;
      accepted.push(measured(fine.runs));
      fresh.push(fine);
    }
    if (fresh.length) sink.found(fresh);
    sink.progress((done += points.length), total);
    await letOthersIn();
    throwIfCancelled(signal);
  }
  return accepted.length;
}

interface Batch {
  readonly points: readonly ImagePoint[];
  /** absent: the whole image */
  readonly view: Box | undefined;
}

/** Share of a tile that it has in common with its neighbour. */
const OVERLAP = 0.2;

/** The points of the whole image, then those of the tiles, cut into batches. */
function batchesToAsk(
  image: DecodedImage,
  { pointsPerSide, tiles = 1 }: EverythingOptions,
  pointsPerBatch: number,
): Batch[] {
  const [height, width] = image.size;
  const views: (Box | undefined)[] = [undefined];
  for (let k = 0; tiles > 1 && k < tiles * tiles; k++) {
    const [w, h] = [width / tiles, height / tiles];
    const [x, y] = [(k % tiles) * w, Math.floor(k / tiles) * h];
    views.push([
      Math.max(0, x - OVERLAP * w),
      Math.max(0, y - OVERLAP * h),
      Math.min(width, x + w + OVERLAP * w),
      Math.min(height, y + h + OVERLAP * h),
    ]);
  }
  return views.flatMap((view) => {
    const points = gridPoints(view ?? [0, 0, width, height], pointsPerSide);
    const count = Math.ceil(points.length / pointsPerBatch);
    return Array.from({ length: count }, (_, k) => ({
      points: points.slice(k * pointsPerBatch, (k + 1) * pointsPerBatch),
      view,
    }));
  });
}

/** Centres of the cells of a grid, row by row; the shorter side gets fewer points, so that cells are about square. */
function gridPoints([x0, y0, x1, y1]: Box, pointsPerSide: number): ImagePoint[] {
  const [width, height] = [x1 - x0, y1 - y0];
  const along = (length: number): number =>
    Math.max(1, Math.round((pointsPerSide * length) / Math.max(width, height)));
  const [columns, rows] = [along(width), along(height)];
  return Array.from({ length: rows * columns }, (_, k) => ({
    x: x0 + (((k % columns) + 0.5) * width) / columns,
    y: y0 + ((Math.floor(k / columns) + 0.5) * height) / rows,
  }));
}

async function refine(
  segmenter: PromptableSegmenter,
  image: DecodedImage,
  at: ImagePoint,
  memory: unknown,
  signal: CancelSignal,
): Promise<Proposal> {
  const prompt = { points: [{ at, label: 1 as const }], scribbles: [] };
  const { proposals } = await segmenter.predict(
    image,
    prompt,
    { purpose: 'commit', memory },
    signal,
  );
  return proposals[0]!;
}

function passes(
  { runs, iou_score, stability_score }: Proposal,
  options: EverythingOptions,
): boolean {
  return (
    iou_score >= options.minIouScore &&
    stability_score >= options.minStabilityScore &&
    areaOf(runs) >= Math.max(1, options.minArea)
  );
}

function isKnown({ runs }: Proposal, accepted: readonly Measured[], nmsIou: number): boolean {
  const mask = measured(runs);
  return accepted.some((other) => measuredIou(mask, other, false) > nmsIou);
}

/** A turn of the event loop: cancellations and clicks that came in meanwhile are taken. */
function letOthersIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
