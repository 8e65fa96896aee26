// Masks of annotations and candidates as runs, decoded once per object and remembered as long as the object lives.
import type { InstanceAnnotation, Segmentation } from '../../src/shared/coco/types';
import { runsOf } from '../../src/shared/coco/segmentation';
import type { Box, ImagePoint, Size } from '../../src/shared/geometry/types';
import { bboxOf } from '../../src/shared/mask/bbox';
import { emptyRuns } from '../../src/shared/mask/combine';
import { rasterizePolygons } from '../../src/shared/mask/rasterize';
import type { Runs } from '../../src/shared/mask/types';

export interface Mask {
  readonly runs: Runs;
  /** tight, XYXY; empty mask: [0, 0, 0, 0] */
  readonly box: Box;
  /** index into runs.counts of the first run that reaches each column of the box; for point tests */
  readonly columns: Uint32Array;
  /** pixel position where that run starts */
  readonly starts: Float64Array;
}

const remembered = new WeakMap<object, Mask>();

/**
 * The mask of a segmentation. A segmentation that cannot be read, or of another size than the image, is an empty
 * mask: the host reports it in Problems, the page goes on.
 */
export function maskOf(segmentation: Segmentation | undefined, size: Size): Mask {
  if (!segmentation) return indexMask(emptyRuns(size));
  const known = remembered.get(segmentation);
  if (known?.runs.size[0] === size[0] && known.runs.size[1] === size[1]) return known;
  const mask = indexMask(readRuns(segmentation, size));
  remembered.set(segmentation, mask);
  return mask;
}

/** The mask of an annotation; one without segmentation is its filled box. */
export function annotationMask(annotation: InstanceAnnotation, size: Size): Mask {
  if (annotation.segmentation) return maskOf(annotation.segmentation, size);
  const known = remembered.get(annotation);
  if (known) return known;
  const mask = indexMask(runsOfBbox(annotation.bbox, size));
  remembered.set(annotation, mask);
  return mask;
}

/** Whether the pixel under a point is foreground; column lookup and a short walk. */
export function maskContains(mask: Mask, point: ImagePoint): boolean {
  const [x0, y0, x1, y1] = mask.box;
  const x = Math.floor(point.x);
  const y = Math.floor(point.y);
  if (x < x0 || y < y0 || x >= x1 || y >= y1) return false;
  const { counts, size } = mask.runs;
  const position = x * size[0] + y;
  let index = mask.columns[x - x0] ?? 0;
  let end = (mask.starts[x - x0] ?? 0) + (counts[index] ?? 0);
  while (end <= position && index + 1 < counts.length) end += counts[++index] ?? 0;
  return index % 2 === 1;
}

/** Prepares runs for point tests. */
export function indexMask(runs: Runs): Mask {
  const [x, y, width, height] = bboxOf(runs);
  const columns = new Uint32Array(width);
  const starts = new Float64Array(width);
  const { counts, size } = runs;
  let index = 0;
  let start = 0;
  for (let column = 0; column < width; column++) {
    const position = (x + column) * size[0];
    while (index + 1 < counts.length && start + (counts[index] ?? 0) <= position)
      start += counts[index++] ?? 0;
    columns[column] = index;
    starts[column] = start;
  }
  return { runs, box: [x, y, x + width, y + height], columns, starts };
}

function readRuns(segmentation: Segmentation, size: Size): Runs {
  try {
    return runsOf(segmentation, size);
  } catch {
    return emptyRuns(size); // a file's bad entry: reported by the host with its place
  }
}

function runsOfBbox(bbox: readonly number[] | undefined, size: Size): Runs {
  const [x, y, width, height] = bbox ?? [];
  if (x === undefined || y === undefined || width === undefined || height === undefined)
    return emptyRuns(size);
  const [right, bottom] = [x + width, y + height];
  try {
    return rasterizePolygons([[x, y, right, y, right, bottom, x, bottom]], size);
  } catch {
    return emptyRuns(size); // values that are no numbers: reported by the host
  }
}
