// Ranks categories by how well a typed text fits. Pure.
import type { CocoCategory } from '../../src/shared/coco/types';

/** Best first: equal, starts with, word starts with, contains, letters in order; then file order. Empty text: all. */
export function rankCategories(
  categories: readonly CocoCategory[],
  text: string,
): readonly CocoCategory[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return categories;
  return categories
    .map((category, order) => ({ category, order, rank: rankOf(category, wanted) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ category }) => category);
}

const NO_MATCH = 6;

function rankOf(category: CocoCategory, wanted: string): number {
  const name = category.name.toLowerCase();
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.split(/[\s_-]+/).some((word) => word.startsWith(wanted))) return 2;
  if (name.includes(wanted)) return 3;
  if (category.supercategory?.toLowerCase().startsWith(wanted)) return 4;
  return hasLettersInOrder(name, wanted) ? 5 : NO_MATCH;
}

function hasLettersInOrder(name: string, wanted: string): boolean {
  let at = 0;
  for (const letter of wanted) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
