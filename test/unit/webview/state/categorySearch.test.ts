import assert from 'node:assert';
import { rankCategories } from '../../../../webview/state/categorySearch';

const categories = ['person', 'hot dog', 'dog', 'doghouse', 'fire hydrant', 'bird'].map(
  (name, index) => ({ id: index + 1, name, supercategory: name === 'bird' ? 'animal' : 'thing' }),
);

describe('category search', () => {
  const check = (text: string, expected: readonly string[]): unknown =>
    it(`finds ${expected.join(', ') || 'nothing'} for "${text}"`, () =>
      assert.deepStrictEqual(
        rankCategories(categories, text).map(({ name }) => name),
        expected,
      ));

  check('dog', ['dog', 'doghouse', 'hot dog']);
  check(' DOG ', ['dog', 'doghouse', 'hot dog']);
  check('hyd', ['fire hydrant']);
  check('anim', ['bird']);
  check('prn', ['person']);
  check('zebra', []);
  check('', ['person', 'hot dog', 'dog', 'doghouse', 'fire hydrant', 'bird']);
});
