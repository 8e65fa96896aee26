// Every rule there is, by the order in which its facts are told.
import { annotationRules } from './annotationRules';
import { boxRules } from './boxRules';
import { crowdEncodingRule, nearDuplicateRule } from './datasetRules';
import { categoryRules, imageRules } from './imageRules';
import { keypointRules } from './keypointRules';
import { listRules } from './listRules';
import { maskRules } from './maskRules';
import type { AnnotationRule, EntryRule, RuleInfo } from './rule';

/** Rules over one annotation. */
export const perAnnotation: readonly AnnotationRule[] = [
  ...annotationRules,
  ...boxRules,
  ...maskRules,
  ...keypointRules,
];

/** Rules over one image or one category. */
export const perEntry: readonly EntryRule[] = [...imageRules, ...categoryRules];

/** What the scanner reports while it indexes; these make a file unsafe to write. */
export const structureRules: readonly RuleInfo[] = [
  { id: 'json-syntax', severity: 'error', summary: 'The file is JSON.' },
  { id: 'json-empty', severity: 'error', summary: 'The file is not empty.' },
  { id: 'json-encoding', severity: 'error', summary: 'The file is UTF-8.' },
  { id: 'json-not-finite', severity: 'error', summary: 'No number is NaN or Infinity.' },
  { id: 'list-duplicate', severity: 'error', summary: 'No list appears twice.' },
  { id: 'list-type', severity: 'error', summary: 'images, annotations and categories are lists.' },
  { id: 'results-file', severity: 'error', summary: 'The file is a dataset, not a results file.' },
  { id: 'not-coco', severity: 'error', summary: 'The file is a COCO dataset.' },
];

/** What is found by looking at the image files. */
export const fileRules: readonly RuleInfo[] = [
  { id: 'image-file-missing', severity: 'warning', summary: 'The file of an image exists.' },
  {
    id: 'image-size-swapped',
    severity: 'error',
    summary: 'width and height are not exchanged.',
    fixable: true,
  },
  {
    id: 'image-size-unrotated',
    severity: 'error',
    summary: 'width and height are those of the image as displayed (EXIF orientation applied).',
  },
  { id: 'image-size-mismatch', severity: 'error', summary: "width and height are the file's." },
];

export const allRules: readonly RuleInfo[] = [
  ...structureRules,
  ...listRules,
  ...perEntry,
  ...perAnnotation,
  nearDuplicateRule,
  crowdEncodingRule,
  ...fileRules,
];
