// Holes of a mask: background enclosed by foreground. Background joins at corners too (8-connected), so that a hole is
// exactly what contoursOf gives a ring for.
import { areaOf } from './area';
import { bboxOf } from './bbox';
import { invert, unionAll } from './combine';
import { partsOf } from './components';
import { contoursOf } from './contours';
import type { Runs } from './types';

/** Each hole as a mask. */
export function holesOf(runs: Runs): Runs[] {
  const [height, width] = runs.size;
  return partsOf(invert(runs), 8).filter((part) => {
    const [x, y, w, h] = bboxOf(part);
    return x > 0 && y > 0 && x + w < width && y + h < height;
  });
}

/** True when the mask encloses background. */
export function hasHoles(runs: Runs): boolean {
  return contoursOf(runs).holes.length > 0;
}

/** Fills the holes of at most `maxArea` pixels. */
export function fillHoles(runs: Runs, maxArea = Infinity): Runs {
  const filled = holesOf(runs).filter((hole) => areaOf(hole) <= maxArea);
  return filled.length ? unionAll([runs, ...filled], runs.size) : runs;
}
