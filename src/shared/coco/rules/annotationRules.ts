// Rules over the plain fields of an annotation: references, iscrowd, captions, scores.
import type { AnnotationRule } from './rule';

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

export const annotationRules: readonly AnnotationRule[] = [
  {
    id: 'annotation-image-missing',
    severity: 'error',
    summary: 'An annotation has an image_id.',
    check: ({ entry: { image_id } }) =>
      isNumber(image_id)
        ? null
        : { path: ['image_id'], message: 'image_id must be the id of an image.' },
  },
  {
    id: 'annotation-image-dangling',
    severity: 'error',
    summary: 'image_id is the id of an image of this file.',
    check: ({ entry: { image_id }, image, facts }) =>
      !isNumber(image_id) || image || facts.isResults
        ? null
        : { path: ['image_id'], message: `There is no image with the id ${image_id}.` },
  },
  {
    id: 'annotation-category-missing',
    severity: 'error',
    summary: 'An annotation that is no caption has a category_id.',
    check: ({ entry: { category_id, caption, segments_info } }) =>
      isNumber(category_id) || caption !== undefined || segments_info !== undefined
        ? null
        : { path: ['category_id'], message: 'category_id must be the id of a category.' },
  },
  {
    id: 'annotation-category-dangling',
    severity: 'error',
    summary: 'category_id is the id of a category of this file (captions need none).',
    check: ({ entry: { category_id, caption }, category, facts }) =>
      !isNumber(category_id) || category || facts.isResults || caption !== undefined
        ? null
        : { path: ['category_id'], message: `There is no category with the id ${category_id}.` },
  },
  {
    id: 'iscrowd-type',
    severity: 'error',
    summary: 'iscrowd is 0 or 1.',
    fixable: true,
    check: ({ entry: { iscrowd } }) => {
      if (iscrowd === undefined || iscrowd === 0 || iscrowd === 1) return null;
      const number = ({ true: 1, false: 0, '"0"': 0, '"1"': 1 } as Record<string, number>)[
        JSON.stringify(iscrowd)
      ];
      const message = `iscrowd must be 0 or 1, not ${JSON.stringify(iscrowd).slice(0, 40)}.`;
      const found = { path: ['iscrowd'], message };
      if (number === undefined) return found;
      return { ...found, fix: (entry) => ({ ...entry, iscrowd: number }) };
    },
  },
  {
    id: 'iscrowd-missing',
    severity: 'info',
    summary: 'An annotation with a mask says whether it is a crowd; pycocotools needs it.',
    fixable: true,
    check: ({ entry, segmentation, facts }) =>
      entry['iscrowd'] === undefined && segmentation && !facts.isResults
        ? {
            path: [],
            message: 'iscrowd is missing; evaluation code fails on that.',
            fix: (old) => ({ ...old, iscrowd: 0 }),
          }
        : null,
  },
  {
    id: 'caption-type',
    severity: 'error',
    summary: 'caption is a text.',
    check: ({ entry: { caption } }) =>
      caption === undefined || typeof caption === 'string'
        ? null
        : { path: ['caption'], message: 'caption must be a text.' },
  },
  {
    id: 'caption-empty',
    severity: 'warning',
    summary: 'A caption says something.',
    check: ({ entry: { caption } }) =>
      typeof caption === 'string' && caption.trim() === ''
        ? { path: ['caption'], message: 'The caption is empty.' }
        : null,
  },
  {
    id: 'score-range',
    severity: 'warning',
    summary: 'A score lies between 0 and 1.',
    check: ({ entry: { score } }) =>
      score === undefined || (isNumber(score) && score >= 0 && score <= 1)
        ? null
        : { path: ['score'], message: 'score must be a number from 0 to 1.' },
  },
];
