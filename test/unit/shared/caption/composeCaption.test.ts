import { strict as assert } from 'node:assert';
import { captionObjects } from '../../../../src/shared/caption/captionObjects';
import { composeCaption } from '../../../../src/shared/caption/composeCaption';
import {
  CAPTION_LANGUAGES,
  CAPTION_STYLES,
  type CaptionInput,
  type CaptionObject,
} from '../../../../src/shared/caption/types';
import { randomInteger, seededRandom } from '../../../support/random';

/** The annotations of a bowl of fruit: one bowl, two apples and an orange in it, things beside it. */
const BOWL: CaptionInput = {
  size: [853, 1280],
  objects: [
    { name: 'bowl', bbox: [268, 285, 650, 320], area: 140_000 },
    { name: 'apple', bbox: [357, 318, 214, 150], area: 26_000 },
    { name: 'orange', bbox: [567, 324, 212, 146] },
    { name: 'apple', bbox: [650, 287, 175, 125] },
    { name: 'lemon', bbox: [40, 457, 231, 158] },
    { name: 'banana', bbox: [625, 588, 558, 206] },
  ],
};
const CROWD: CaptionInput = {
  size: [480, 640],
  objects: [
    { name: 'person', bbox: [0, 100, 640, 200], isCrowd: true },
    { name: 'person', bbox: [10, 100, 120, 350] },
    { name: 'traffic_light', bbox: [300, 5, 10, 30] },
  ],
};

// Written down from the composer and read by a person: they hold the wording.
const GOLDEN: readonly [string, CaptionInput, string, string][] = [
  [
    'short',
    BOWL,
    'A bowl, a banana, a lemon and two other kinds of object',
    '一个碗、一根香蕉、一个柠檬和其他2类物体',
  ],
  [
    'sentence',
    BOWL,
    'A bowl, a banana, a lemon, an orange and two apples, with the orange inside the bowl.',
    '图中有一个碗、一根香蕉、一个柠檬、一个橙子和两个苹果，这个橙子在这个碗里面。',
  ],
  [
    'detailed',
    BOWL,
    'The image shows six annotated objects: a bowl, a banana, a lemon, an orange and two apples. ' +
      'The bowl is in the centre. The banana is at the bottom right. The lemon is on the left. ' +
      'The orange is in the centre. The two apples are in the centre. ' +
      'The orange is inside the bowl. The two apples are inside the bowl. The lemon is next to the bowl. ' +
      'The bowl is above the banana.',
    '图中共标注了六个物体：一个碗、一根香蕉、一个柠檬、一个橙子和两个苹果。这个碗位于画面中央。' +
      '这根香蕉位于画面右下角。这个柠檬位于画面左侧。这个橙子位于画面中央。这两个苹果位于画面中央。' +
      '这个橙子在这个碗里面。这两个苹果在这个碗里面。这个柠檬在这个碗旁边。这个碗在这根香蕉上方。',
  ],
  ['tags', BOWL, 'bowl, banana, lemon, orange, apple', '碗，香蕉，柠檬，橙子，苹果'],
  [
    'short',
    CROWD,
    'A person, a crowd of people and a traffic light',
    '一个人、一群人和一个交通信号灯',
  ],
  [
    'detailed',
    CROWD,
    'The image shows three annotated objects: a person, a crowd of people and a traffic light. ' +
      'The person is in the foreground on the left. The traffic light is small and at the top.',
    '图中共标注了三个物体：一个人、一群人和一个交通信号灯。这个人位于画面左侧的前景中。' +
      '这个交通信号灯较小，位于画面上方。',
  ],
];

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function randomObjects(random: () => number, count: number, kinds: number): CaptionObject[] {
  return Array.from({ length: count }, () => ({
    name: `thing ${String.fromCharCode(97 + randomInteger(random, 0, kinds - 1))}`,
    ...(random() < 0.9
      ? {
          bbox: [
            randomInteger(random, 0, 500),
            randomInteger(random, 0, 400),
            randomInteger(random, 0, 300),
            randomInteger(random, 0, 200),
          ] as const,
        }
      : {}),
    ...(random() < 0.5 ? { area: randomInteger(random, 0, 60_000) } : {}),
    isCrowd: random() < 0.1,
  }));
}

describe('composeCaption', () => {
  for (const [style, input, en, zh] of GOLDEN) {
    const options = { style: style as 'short' };
    const title = `${style} of ${input.objects.length} objects`;
    it(`${title}, English`, () =>
      assert.equal(composeCaption(input, { ...options, lang: 'en' }), en));
    it(`${title}, Chinese`, () =>
      assert.equal(composeCaption(input, { ...options, lang: 'zh' }), zh));
  }

  it('says so when nothing is annotated', () => {
    const empty = { size: [10, 10] as const, objects: [] };
    const text = (style: 'sentence' | 'tags', lang: 'en' | 'zh') =>
      composeCaption(empty, { style, lang });
    assert.equal(text('sentence', 'en'), 'No objects are annotated in this image.');
    assert.equal(text('sentence', 'zh'), '这张图片还没有标注任何物体。');
    assert.equal(text('tags', 'en'), '');
  });

  it('gives the same text for every order of the annotations', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 150; round++) {
      const objects = randomObjects(
        random,
        randomInteger(random, 1, 30),
        randomInteger(random, 1, 8),
      );
      const size = [480, 640] as const;
      for (const style of CAPTION_STYLES) {
        const text = composeCaption({ size, objects }, { style, lang: 'en' });
        const again = composeCaption(
          { size, objects: shuffled(objects, random) },
          { style, lang: 'en' },
        );
        assert.equal(again, text, `round ${round}, ${style}`);
      }
    }
  });

  it('names every category where there are not too many', () => {
    const random = seededRandom(12);
    for (let round = 0; round < 100; round++) {
      const objects = randomObjects(random, randomInteger(random, 1, 40), 20);
      for (const style of ['detailed', 'tags'] as const) {
        const text = composeCaption({ size: [480, 640], objects }, { style, lang: 'en' });
        for (const { name } of objects) assert.ok(text.includes(name), `${name} in ${text}`);
      }
    }
  });

  it('stays short and on one line whatever the categories are called', () => {
    const names = [
      '\u202e\n\r\t"; DROP',
      '',
      '   ',
      'x'.repeat(5000),
      '<img src=x onerror=alert(1)>',
      '猫',
      '=1+1',
      'a\u0000b',
    ];
    const objects = Array.from({ length: 400 }, (_, i) => ({
      name: `${names[i % names.length]}${i % 3 ? ` ${i}` : ''}`,
      bbox: [i, i, 9, 9] as const,
    }));
    for (const style of CAPTION_STYLES) {
      for (const lang of CAPTION_LANGUAGES) {
        const text = composeCaption({ size: [480, 640], objects }, { style, lang });
        assert.ok(text.length < 4500, `${style} ${lang}: ${text.length} characters`);
        assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
      }
    }
  });

  const within: readonly [string, string, string][] = [
    ['lemon', 'salad bowl', 'with the lemon inside the salad bowl'],
    ['cup', 'dining table', 'with the cup on the dining table'],
    ['nucleus', 'cell', 'with the nucleus inside the cell'],
    ['cat', 'laptop', 'with the cat overlapping the laptop'],
    ['person', 'handbag', 'with the person overlapping the handbag'],
    ['knife', 'person', 'with the knife overlapping the person'],
  ];
  for (const [name, holder, text] of within) {
    it(`a ${name} within the outline of a ${holder}: ${text}`, () => {
      const objects = [
        { name: holder, bbox: [100, 100, 300, 200] as const },
        { name, bbox: [200, 150, 50, 50] as const },
      ];
      const input = { size: [480, 640] as const, objects };
      const caption = composeCaption(input, { style: 'sentence', lang: 'en' });
      assert.ok(caption.endsWith(`, ${text}.`), caption);
    });
  }

  it('says nothing of what touches a thin thing, whose box is mostly empty', () => {
    const branch = { name: 'branch', bbox: [0, 300, 640, 120] as const, area: 20_000 };
    const leaf = { name: 'leaf', bbox: [100, 320, 40, 40] as const, area: 1200 };
    const input = { size: [480, 640] as const, objects: [branch, leaf] };
    assert.equal(
      composeCaption(input, { style: 'sentence', lang: 'en' }),
      'A branch and a leaf, with the branch at the bottom.',
    );
  });

  it('bears sizes and boxes that mean nothing', () => {
    const objects = [
      { name: 'a', bbox: [NaN, 0, 1, 1] as const },
      { name: 'b', bbox: [0, 0, -5, Infinity] as const, area: -1 },
      { name: 'c' },
    ];
    const text = composeCaption({ size: [0, 0], objects }, { style: 'sentence', lang: 'en' });
    for (const name of ['a', 'b', 'c']) assert.match(text, new RegExp(`\\b${name}\\b`));
  });
});

describe('captionObjects', () => {
  it('takes names, boxes and crowds from COCO entries, and keeps what is broken as an object', () => {
    const objects = captionObjects(
      [
        { id: 1, image_id: 1, category_id: 2, bbox: [1, 2, 3, 4], area: 9, iscrowd: 1 },
        { id: 2, image_id: 1, category_id: 99 },
        { id: 3, image_id: 1, category_id: 2, bbox: 'none' as never },
      ],
      [{ id: 2, name: 'cup' }],
    );
    assert.deepEqual(objects, [
      { name: 'cup', bbox: [1, 2, 3, 4], area: 9, isCrowd: true },
      { name: 'object', isCrowd: false },
      { name: 'cup', isCrowd: false },
    ]);
  });
});
