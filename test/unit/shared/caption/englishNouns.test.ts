import { strict as assert } from 'node:assert';
import { article, counted, joinAnd, plural } from '../../../../src/shared/caption/englishNouns';

describe('plural', () => {
  const cases: readonly [string, string][] = [
    ['mug', 'mugs'],
    ['bus', 'buses'],
    ['box', 'boxes'],
    ['toothbrush', 'toothbrushes'],
    ['bench', 'benches'],
    ['berry', 'berries'],
    ['toy', 'toys'],
    ['knife', 'knives'],
    ['roof', 'roofs'],
    ['giraffe', 'giraffes'],
    ['person', 'people'],
    ['Person', 'People'],
    ['policeman', 'policemen'],
    ['human', 'humans'],
    ['sheep', 'sheep'],
    ['goldfish', 'goldfish'],
    ['wine glass', 'wine glasses'],
    ['traffic light', 'traffic lights'],
    ['slice of bread', 'slices of bread'],
    ['tomato', 'tomatoes'],
    ['photo', 'photos'],
    ['TV', 'TVs'],
    ['hot-air balloon', 'hot-air balloons'],
    ['猫', '猫'],
    ['cell 2', '“cell 2” objects'],
  ];
  for (const [one, many] of cases) it(`${one} → ${many}`, () => assert.equal(plural(one), many));
});

describe('counted', () => {
  const cases: readonly [number, string, string][] = [
    [1, 'mug', 'a mug'],
    [1, 'apple', 'an apple'],
    [2, 'apple', 'two apples'],
    [13, 'apple', '13 apples'],
    [1, 'scissors', 'a pair of scissors'],
    [3, 'skis', 'three pairs of skis'],
    [1, 'broccoli', 'a piece of broccoli'],
    [2, 'broccoli', 'two pieces of broccoli'],
    [1, 'tape', 'a roll of tape'],
    [1, 'sky', 'sky'],
    [2, 'cake', 'two cakes'],
  ];
  for (const [n, name, text] of cases) it(text, () => assert.equal(counted(n, name), text));
});

describe('article', () => {
  const an = [
    'apple',
    'orange',
    'umbrella',
    'hour',
    'SUV',
    'X-ray',
    'MRI scan',
    'unknown',
    'animal',
    '8-ball',
  ];
  const a = [
    'mug',
    'unicycle',
    'uniform',
    'one-way sign',
    'UFO',
    'ukulele',
    'European robin',
    'T-shirt',
    'house',
    '猫',
  ];
  for (const name of an) it(`an ${name}`, () => assert.equal(article(name), 'an'));
  for (const name of a) it(`a ${name}`, () => assert.equal(article(name), 'a'));
});

describe('joinAnd', () => {
  it('joins none, one, two and three', () => {
    assert.equal(joinAnd([]), '');
    assert.equal(joinAnd(['a']), 'a');
    assert.equal(joinAnd(['a', 'b']), 'a and b');
    assert.equal(joinAnd(['a', 'b', 'c']), 'a, b and c');
  });
});
