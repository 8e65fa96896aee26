// Prompts as they come from a person or a script, brought into a form models can rely on.
// Outside the image means nothing: such clicks are left out, boxes are cut, strokes keep their inner part.
import type { Box, ImagePoint, Size } from '../../shared/geometry/types';
import { areaOf } from '../../shared/mask/area';
import { bboxOf } from '../../shared/mask/bbox';
import { runsFromString } from '../../shared/mask/rleString';
import type { Rle } from '../../shared/mask/types';
import type { PointPrompt, Prompt, ScribblePrompt } from '../../shared/protocol/prompt';
import { DomainError } from '../../shared/protocol/wire';
import type { MaskPrior } from './prior';

export interface CleanPrompt {
  readonly points: readonly PointPrompt[];
  readonly scribbles: readonly ScribblePrompt[];
  /** inside the image, x0 < x1 and y0 < y1 */
  readonly box: Box | null;
  readonly mask: MaskPrior | null;
  /** every click and stroke corner */
  readonly places: readonly ImagePoint[];
  /** no click, no stroke, no box (a mask does not count) */
  readonly isEmpty: boolean;
}

/** @throws DomainError 'invalid-params' for coordinates that are no numbers and masks of another size */
export function cleanPrompt(prompt: Prompt, size: Size): CleanPrompt {
  const isInside = ({ x, y }: ImagePoint): boolean => {
    if (!Number.isFinite(x) || !Number.isFinite(y))
      throw invalid('a prompt has a coordinate that is no number');
    return x >= 0 && y >= 0 && x < size[1] && y < size[0];
  };
  const points = prompt.points.filter(({ at }) => isInside(at));
  const scribbles = prompt.scribbles
    .map(({ path, label }) => ({ path: path.filter(isInside), label }))
    .filter(({ path }) => path.length > 0);
  const box = prompt.box ? cutBox(prompt.box, size) : null;
  return {
    points,
    scribbles,
    box,
    mask: prompt.mask ? readMask(prompt.mask, size) : null,
    places: [...points.map(({ at }) => at), ...scribbles.flatMap(({ path }) => path)],
    isEmpty: !points.length && !scribbles.length && !box,
  };
}

/** Corners may come in any order. Null when nothing of it lies inside. */
function cutBox(box: Box, [height, width]: Size): Box | null {
  if (!box.every(Number.isFinite)) throw invalid('the box has a coordinate that is no number');
  const clamp = (value: number, high: number): number => Math.min(Math.max(value, 0), high);
  const [x0, x1] = [clamp(Math.min(box[0], box[2]), width), clamp(Math.max(box[0], box[2]), width)];
  const [y0, y1] = [
    clamp(Math.min(box[1], box[3]), height),
    clamp(Math.max(box[1], box[3]), height),
  ];
  return x1 > x0 && y1 > y0 ? [x0, y0, x1, y1] : null;
}

function readMask(rle: Rle, size: Size): MaskPrior {
  if (rle.size[0] !== size[0] || rle.size[1] !== size[1]) {
    throw invalid(
      `the mask is for an image of ${rle.size.join(' × ')} pixels, this one has ${size.join(' × ')} (height × width)`,
    );
  }
  try {
    const runs = runsFromString(rle);
    return { kind: 'mask', runs, bbox: bboxOf(runs), area: areaOf(runs) };
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function invalid(reason: string): DomainError {
  return new DomainError(
    'invalid-params',
    `The prompt cannot be used: ${reason}. Nothing was changed; prompt again.`,
  );
}
