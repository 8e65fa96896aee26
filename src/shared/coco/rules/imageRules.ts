// Rules over single entries of "images" and "categories".
import { readFileName } from '../fileNames';
import type { EntryRule } from './rule';

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;

export const imageRules: readonly EntryRule[] = [
  {
    id: 'image-file-name-missing',
    list: 'images',
    severity: 'error',
    summary: 'An image has a file_name.',
    check: ({ file_name }) =>
      typeof file_name === 'string' && file_name !== ''
        ? null
        : { path: ['file_name'], message: 'The image has no file_name.' },
  },
  {
    id: 'image-file-name-unsafe',
    list: 'images',
    severity: 'error',
    summary: "file_name stays inside the dataset's folder.",
    check: ({ file_name }) => {
      if (typeof file_name !== 'string' || file_name === '') return null;
      const name = readFileName(file_name);
      if (name.ok) return null;
      return { path: ['file_name'], message: `file_name ${name.reason}; it is not opened.` };
    },
  },
  {
    id: 'image-size-missing',
    list: 'images',
    severity: 'error',
    summary: 'width and height are whole numbers above 0.',
    check: ({ width, height }) => {
      const wrong = [...(isCount(width) ? [] : ['width']), ...(isCount(height) ? [] : ['height'])];
      if (wrong.length === 0) return null;
      const message = `${wrong.join(' and ')} must be a whole number above 0.`;
      return { path: [wrong[0]!], message };
    },
  },
];

export const categoryRules: readonly EntryRule[] = [
  {
    id: 'category-name-missing',
    list: 'categories',
    severity: 'error',
    summary: 'A category has a name.',
    check: ({ name }) =>
      typeof name === 'string' && name.trim() !== ''
        ? null
        : { path: ['name'], message: 'The category has no name.' },
  },
  {
    id: 'category-name-spaces',
    list: 'categories',
    severity: 'warning',
    summary: 'Names of categories do not begin or end with a space.',
    fixable: true,
    check: ({ name }) => {
      if (typeof name !== 'string' || name.trim() === name || name.trim() === '') return null;
      return {
        path: ['name'],
        message: 'The name begins or ends with a space.',
        fix: (entry) => ({ ...entry, name: name.trim() }),
      };
    },
  },
  {
    id: 'category-keypoints-type',
    list: 'categories',
    severity: 'error',
    summary: 'keypoints is a list of names, skeleton a list of pairs.',
    check: ({ keypoints, skeleton }) => {
      if (keypoints !== undefined && !isListOf(keypoints, (name) => typeof name === 'string')) {
        return { path: ['keypoints'], message: 'keypoints must be a list of names.' };
      }
      if (skeleton !== undefined && !isListOf(skeleton, isPair)) {
        return { path: ['skeleton'], message: 'skeleton must be a list of pairs of numbers.' };
      }
      return null;
    },
  },
  {
    id: 'category-skeleton-range',
    list: 'categories',
    severity: 'error',
    summary: 'The skeleton joins keypoints that exist; they are counted from 1.',
    check: ({ keypoints, skeleton }) => {
      const count = Array.isArray(keypoints) ? keypoints.length : 0;
      if (count === 0 || !Array.isArray(skeleton) || !skeleton.every(isPair)) return null;
      const k = skeleton.findIndex((pair) => pair.some((joint) => joint < 1 || joint > count));
      if (k < 0) return null;
      const message = `The skeleton joins keypoints ${skeleton[k]!.join(' and ')} of ${count}.`;
      return { path: ['skeleton', k], message };
    },
  },
];

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isPair(value: unknown): value is [number, number] {
  return isListOf(value, Number.isInteger) && (value as number[]).length === 2;
}
