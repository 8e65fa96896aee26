// Rules over keypoints: [x, y, v] each, v 0 = not labelled, 1 = hidden, 2 = visible.
import type { AnnotationRule } from './rule';

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** keypoints when they are triples of numbers. */
function triples(keypoints: unknown): readonly number[] | null {
  if (!Array.isArray(keypoints) || keypoints.length % 3 !== 0) return null;
  return keypoints.every(isNumber) ? keypoints : null;
}

function labelledCount(keypoints: readonly number[]): number {
  return keypoints.filter((value, k) => k % 3 === 2 && value > 0).length;
}

export const keypointRules: readonly AnnotationRule[] = [
  {
    id: 'keypoints-type',
    severity: 'error',
    summary: 'keypoints is a list of x, y, visibility.',
    check: ({ entry: { keypoints } }) =>
      keypoints === undefined || triples(keypoints)
        ? null
        : {
            path: ['keypoints'],
            message: 'keypoints must be numbers in threes: x, y, visibility.',
          },
  },
  {
    id: 'keypoints-length',
    severity: 'error',
    summary: 'There are as many keypoints as the category names.',
    check: ({ entry: { keypoints }, category }) => {
      const points = triples(keypoints);
      // A category that names no keypoints says nothing about their number.
      if (!points || !category?.keypoints || points.length === 3 * category.keypoints) return null;
      const message = `There are ${points.length / 3} keypoints; "${category.name}" has ${category.keypoints}.`;
      return { path: ['keypoints'], message };
    },
  },
  {
    id: 'keypoints-visibility',
    severity: 'error',
    summary: 'The visibility of a keypoint is 0, 1 or 2.',
    check: ({ entry: { keypoints } }) => {
      const points = triples(keypoints) ?? [];
      const k = points.findIndex((value, i) => i % 3 === 2 && ![0, 1, 2].includes(value));
      if (k < 0) return null;
      return {
        path: ['keypoints', k],
        message: `Visibility is ${points[k]}; it must be 0, 1 or 2.`,
      };
    },
  },
  {
    id: 'keypoints-count',
    severity: 'warning',
    summary: 'num_keypoints is the number of labelled keypoints.',
    fixable: true,
    check: ({ entry: { keypoints, num_keypoints } }) => {
      const points = triples(keypoints);
      if (!points || num_keypoints === labelledCount(points)) return null;
      const count = labelledCount(points);
      return {
        path: num_keypoints === undefined ? ['keypoints'] : ['num_keypoints'],
        message: `num_keypoints must be ${count}, the number of labelled keypoints.`,
        fix: (entry) => ({ ...entry, num_keypoints: count }),
      };
    },
  },
  {
    id: 'keypoints-outside',
    severity: 'warning',
    summary: 'Labelled keypoints lie inside the image.',
    check: ({ entry: { keypoints }, image }) => {
      const points = triples(keypoints);
      if (!points || !image?.size) return null;
      const [height, width] = image.size;
      for (let k = 0; k < points.length; k += 3) {
        const [x, y, v] = [points[k]!, points[k + 1]!, points[k + 2]!];
        if (v > 0 && (x < 0 || y < 0 || x > width || y > height)) {
          return {
            path: ['keypoints', k],
            message: `The keypoint (${x}, ${y}) is outside the image.`,
          };
        }
      }
      return null;
    },
  },
];
