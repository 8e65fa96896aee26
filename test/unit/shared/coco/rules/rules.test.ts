import { strict as assert } from 'node:assert';
import { locate } from '../../../../../src/shared/coco/locate';
import { joinPieces } from '../../../../../src/shared/coco/pieces';
import { planFixes } from '../../../../../src/shared/coco/rules/fix';
import { allRules, fileRules, structureRules } from '../../../../../src/shared/coco/rules/registry';
import { validate } from '../../../../../src/shared/coco/rules/validate';
import { scan } from '../../../../../src/shared/coco/scan';
import { spliceFile } from '../../../../../src/shared/coco/splice';
import { decodeText, encodeText } from '../../../../../src/shared/coco/text';

type Json = Record<string, unknown>;

const image: Json = { id: 1, file_name: 'a.jpg', width: 20, height: 10 };
const category: Json = { id: 1, name: 'cat', keypoints: ['nose', 'ear'], skeleton: [[1, 2]] };
const square = [2, 2, 8, 2, 8, 8, 2, 8];
const annotation: Json = {
  id: 1,
  image_id: 1,
  category_id: 1,
  segmentation: [square],
  bbox: [2, 2, 6, 6],
  area: 36,
  iscrowd: 0,
};
const rle = { size: [10, 20], counts: [20, 10, 170] };
const asRle: Json = { ...annotation, segmentation: rle, bbox: [2, 0, 1, 10], area: 10 };

interface Dataset {
  images: unknown[];
  annotations: unknown[];
  categories: unknown[];
}
const good: Dataset = { images: [image], annotations: [annotation], categories: [category] };

const withAnnotation = (more: Json, base = annotation): Dataset => ({
  ...good,
  annotations: [{ ...base, ...more }],
});
const withImage = (more: Json): Dataset => ({ ...good, images: [{ ...image, ...more }] });
const withCategory = (more: Json): Dataset => ({ ...good, categories: [{ ...category, ...more }] });
const without = (key: string, base = annotation): Dataset => {
  const { [key]: _, ...rest } = base;
  return { ...good, annotations: [rest] };
};
const crowds = [1, 2, 3].map((id) => ({ ...asRle, id, iscrowd: 1, bbox: [2, 0, id, 10] }));

function validated(text: string): { found: [rule: string, path: string][]; fixable: string[] } {
  const bytes = encodeText(text);
  const { problems } = validate(bytes, scan(bytes));
  const found = problems.map(({ rule, path }): [string, string] => [rule, path]);
  return { found, fixable: problems.filter(({ fixable }) => fixable).map(({ rule }) => rule) };
}

/** rule, a file that breaks it, where; `fixed` what the fix makes of the entry, undefined where there is none. */
const cases: readonly (readonly [
  rule: string,
  file: Dataset,
  path: string,
  fixed?: Json | 'gone',
])[] = [
  ['entry-type', { ...good, annotations: [annotation, 7] }, 'annotations[1]'],
  ['id-missing', without('id'), 'annotations[0]', { id: 1 }],
  [
    'id-missing',
    { ...good, images: [image, { ...image, id: 'x', file_name: 'b' }] },
    'images[1].id',
  ],
  ['id-number', withAnnotation({ id: 1.5 }), 'annotations[0].id'],
  ['id-number', withAnnotation({ id: -3 }), 'annotations[0].id'],
  ['id-zero', withAnnotation({ id: 0 }), 'annotations[0].id', { id: 1 }],
  [
    'id-duplicate',
    { ...good, annotations: [annotation, { ...asRle, id: 1 }] },
    'annotations[1].id',
    { id: 2 },
  ],
  ['id-duplicate', { ...good, images: [image, image] }, 'images[1].id', 'gone'],
  ['id-duplicate', { ...good, images: [image, { ...image, width: 9 }] }, 'images[1].id'],
  [
    'image-file-name-duplicate',
    { ...good, images: [image, { ...image, id: 2 }] },
    'images[1].file_name',
  ],
  ['image-empty', { ...good, images: [image, { ...image, id: 2, file_name: 'b' }] }, 'images[1]'],
  ['category-unused', { ...good, categories: [category, { id: 2, name: 'dog' }] }, 'categories[1]'],
  [
    'category-name-duplicate',
    { ...good, categories: [category, { id: 2, name: 'Cat' }] },
    'categories[1].name',
  ],
  ['image-file-name-missing', withImage({ file_name: 3 }), 'images[0].file_name'],
  ['image-file-name-unsafe', withImage({ file_name: '../../etc/passwd' }), 'images[0].file_name'],
  ['image-size-missing', withImage({ width: 0 }), 'images[0].width'],
  ['image-size-missing', withImage({ height: '10' }), 'images[0].height'],
  ['category-name-missing', withCategory({ name: ' ' }), 'categories[0].name'],
  ['category-name-spaces', withCategory({ name: ' cat' }), 'categories[0].name', { name: 'cat' }],
  ['category-keypoints-type', withCategory({ keypoints: [1] }), 'categories[0].keypoints'],
  ['category-keypoints-type', withCategory({ skeleton: [[1]] }), 'categories[0].skeleton'],
  [
    'category-skeleton-range',
    withCategory({
      skeleton: [
        [1, 2],
        [0, 1],
      ],
    }),
    'categories[0].skeleton[1]',
  ],
  ['annotation-image-missing', without('image_id'), 'annotations[0]'],
  ['annotation-image-dangling', withAnnotation({ image_id: 9 }), 'annotations[0].image_id'],
  ['annotation-category-missing', without('category_id'), 'annotations[0]'],
  [
    'annotation-category-dangling',
    withAnnotation({ category_id: 9 }),
    'annotations[0].category_id',
  ],
  ['iscrowd-type', withAnnotation({ iscrowd: true }), 'annotations[0].iscrowd', { iscrowd: 1 }],
  ['iscrowd-type', withAnnotation({ iscrowd: 2 }), 'annotations[0].iscrowd'],
  ['iscrowd-missing', without('iscrowd'), 'annotations[0]', { iscrowd: 0 }],
  [
    'iscrowd-encoding',
    { ...good, annotations: [{ ...annotation, id: 9 }, ...crowds] },
    'annotations[0].iscrowd',
  ],
  [
    'caption-type',
    { ...good, annotations: [{ id: 1, image_id: 1, caption: 5 }] },
    'annotations[0].caption',
  ],
  [
    'caption-empty',
    { ...good, annotations: [{ id: 1, image_id: 1, caption: ' ' }] },
    'annotations[0].caption',
  ],
  ['score-range', withAnnotation({ score: 1.5 }), 'annotations[0].score'],
  ['bbox-missing', without('bbox'), 'annotations[0]', { bbox: [2, 2, 6, 6] }],
  ['bbox-type', withAnnotation({ bbox: [1, 2, 3] }), 'annotations[0].bbox', { bbox: [2, 2, 6, 6] }],
  [
    'bbox-empty',
    withAnnotation({ bbox: [2, 2, 0, 6] }),
    'annotations[0].bbox',
    { bbox: [2, 2, 6, 6] },
  ],
  ['bbox-outside', withAnnotation({ bbox: [2, 2, 60, 6] }), 'annotations[0].bbox'],
  [
    'bbox-mismatch',
    withAnnotation({ bbox: [2, 2, 12, 6] }),
    'annotations[0].bbox',
    { bbox: [2, 2, 6, 6] },
  ],
  [
    'bbox-mismatch',
    withAnnotation({ bbox: [9, 0, 1, 9] }, asRle),
    'annotations[0].bbox',
    { bbox: [2, 0, 1, 10] },
  ],
  ['area-missing', without('area'), 'annotations[0]', { area: 36 }],
  ['area-type', withAnnotation({ area: -1 }), 'annotations[0].area', { area: 36 }],
  ['area-mismatch', withAnnotation({ area: 90 }), 'annotations[0].area', { area: 36 }],
  ['segmentation-type', withAnnotation({ segmentation: 'x' }), 'annotations[0].segmentation'],
  [
    'segmentation-empty',
    { ...good, annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation: [] }] },
    'annotations[0].segmentation',
  ],
  [
    'polygon-type',
    withAnnotation({ segmentation: [square, 'x'] }),
    'annotations[0].segmentation[1]',
  ],
  ['polygon-odd', withAnnotation({ segmentation: [[1, 2, 3]] }), 'annotations[0].segmentation[0]'],
  [
    'polygon-too-short',
    withAnnotation({ segmentation: [[1, 2, 3, 4]] }),
    'annotations[0].segmentation[0]',
  ],
  [
    'polygon-closed',
    withAnnotation({ segmentation: [[...square, 2, 2]] }),
    'annotations[0].segmentation[0]',
    { segmentation: [square] },
  ],
  [
    'polygon-self-intersecting',
    withAnnotation({ segmentation: [[0, 0, 8, 8, 8, 0, 0, 8]] }),
    'annotations[0].segmentation[0]',
  ],
  [
    'polygon-outside',
    withAnnotation({ segmentation: [[2, 2, 30, 2, 8, 8]] }),
    'annotations[0].segmentation[0]',
  ],
  [
    'rle-size',
    withAnnotation({ segmentation: { ...rle, size: [20, 10] } }, asRle),
    'annotations[0].segmentation.size',
  ],
  [
    'rle-counts',
    withAnnotation({ segmentation: { size: [10, 20], counts: [5] } }, asRle),
    'annotations[0].segmentation.counts',
  ],
  [
    'rle-counts',
    withAnnotation({ segmentation: { size: [10, 20], counts: '~' } }, asRle),
    'annotations[0].segmentation.counts',
  ],
  [
    'mask-empty',
    withAnnotation({ segmentation: { size: [10, 20], counts: [200] } }, asRle),
    'annotations[0].segmentation',
  ],
  ['keypoints-type', withAnnotation({ keypoints: [1, 2] }), 'annotations[0].keypoints'],
  ['keypoints-length', withAnnotation({ keypoints: [1, 2, 2] }), 'annotations[0].keypoints'],
  [
    'keypoints-visibility',
    withAnnotation({ keypoints: [1, 2, 3, 0, 0, 0] }),
    'annotations[0].keypoints[2]',
  ],
  [
    'keypoints-count',
    withAnnotation({ keypoints: [1, 2, 2, 0, 0, 0], num_keypoints: 2 }),
    'annotations[0].num_keypoints',
    { num_keypoints: 1 },
  ],
  [
    'keypoints-outside',
    withAnnotation({ keypoints: [1, 99, 2, 0, 0, 0] }),
    'annotations[0].keypoints[0]',
  ],
  [
    'annotation-near-duplicate',
    { ...good, annotations: [annotation, { ...annotation, id: 2 }] },
    'annotations[1].bbox',
  ],
];

describe('validation rules', () => {
  it('find nothing in a good file', () => {
    assert.deepEqual(validated(JSON.stringify(good)).found, []);
    assert.deepEqual(validated(JSON.stringify(withAnnotation({}, asRle))).found, []);
    assert.deepEqual(validated('{}').found, []);
  });

  for (const [rule, file, path, fixed] of cases) {
    it(`${rule} at ${path}`, () => {
      const text = JSON.stringify(file);
      const { found, fixable } = validated(text);
      assert.ok(
        found.some(([id, at]) => id === rule && (at === path || at.startsWith(`${path}.`))),
        JSON.stringify(found),
      );
      assert.equal(fixable.includes(rule), fixed !== undefined);
      if (fixed) checkFix(text, rule, path, fixed);
    });
  }

  it('finds keys that are there twice', () => {
    const text = JSON.stringify(good).replace('"area":36', '"area":36,"area":36');
    assert.deepEqual(validated(text).found, [['key-duplicate', 'annotations[0].area']]);
  });

  it('every rule has a case, and ids are unique', () => {
    const known = new Set(cases.map(([rule]) => rule));
    known.add('key-duplicate');
    // the scanner's tests and the file checks' tests have their own tables
    const elsewhere = new Set([...structureRules, ...fileRules].map(({ id }) => id));
    const missing = allRules.filter(({ id }) => !known.has(id) && !elsewhere.has(id));
    assert.deepEqual(missing, []);
    assert.equal(new Set(allRules.map(({ id }) => id)).size, allRules.length);
    assert.ok(allRules.length >= 60);
  });

  it('tells line and column of a value', () => {
    const bytes = encodeText(JSON.stringify(withAnnotation({ area: 90 }), null, 2));
    const [problem] = validate(bytes, scan(bytes)).problems;
    const line = decodeText(bytes)
      .split('\n')
      .findIndex((text) => text.includes('"area"'));
    assert.deepEqual(locate(bytes, [problem!.start])[0], { line: line + 1, column: 15 });
  });

  it('keeps at most the wanted number of findings of a rule and counts all', () => {
    const annotations = Array.from({ length: 50 }, (_, k) => ({
      ...annotation,
      id: k + 1,
      area: 90,
      bbox: [2, 2, 6 + k, 6],
    }));
    const bytes = encodeText(JSON.stringify({ ...good, annotations }));
    const { problems, counts } = validate(bytes, scan(bytes), {
      only: new Set(['area-mismatch']),
      mostPerRule: 3,
    });
    assert.equal(problems.length, 3);
    assert.deepEqual(counts, { 'area-mismatch': 50 });
  });

  it('reads results files by the rules for predictions', () => {
    const results = [{ image_id: 5, category_id: 7, segmentation: rle, score: 0.5 }];
    const rules = validated(JSON.stringify(results)).found.map(([rule]) => rule);
    assert.deepEqual(rules, ['results-file', 'bbox-missing']);
  });

  it('says nothing about missing ids of panoptic annotations and categories of captions', () => {
    const panoptic = {
      image_id: 1,
      file_name: 'a.png',
      segments_info: [{ id: 5, category_id: 1 }],
    };
    const caption = { id: 2, image_id: 1, category_id: 0, caption: 'A cat.' };
    const file = { images: [image], annotations: [panoptic, caption] };
    assert.deepEqual(validated(JSON.stringify(file)).found, []);
  });

  it('gives a category with the id 0 a new one, everywhere', () => {
    const file = {
      ...good,
      categories: [
        { id: 0, name: 'cat' },
        { id: 1, name: 'dog' },
      ],
      annotations: [
        { ...annotation, category_id: 0, area: 90 },
        { ...asRle, id: 2 },
      ],
    };
    const fixed = applyFixes(JSON.stringify(file));
    assert.deepEqual(
      (fixed['categories'] as Json[]).map(({ id }) => id),
      [2, 1],
    );
    assert.deepEqual(
      (fixed['annotations'] as Json[]).map(({ category_id, area }) => [category_id, area]),
      [
        [2, 36],
        [1, 10],
      ],
    );
  });

  it('does not draw polygons beyond any image', () => {
    const segmentation = [[3e-8, 8e21, 349, 527, 2e21, 3e21]];
    const text = JSON.stringify(withAnnotation({ segmentation, bbox: [1, 1, 2, 2] }));
    assert.deepEqual(validated(text).found, [
      ['polygon-outside', 'annotations[0].segmentation[0]'],
    ]);
  });

  it('is bounded on absurd sizes', () => {
    const wide = { images: [{ ...image, width: 4e9, height: 1 }], categories: [category] };
    const polygons = Array.from({ length: 9 }, () => [0, 0, 4e9, 0, 4e9, 1, 0, 1]);
    const file = { ...wide, annotations: [{ ...annotation, area: 1, segmentation: polygons }] };
    assert.ok(validated(JSON.stringify(file)).found.length > 0);
  });
});

function applyFixes(text: string, only?: ReadonlySet<string>): Json {
  const bytes = encodeText(text);
  const index = scan(bytes);
  const { plan } = planFixes(bytes, index, only);
  return JSON.parse(decodeText(joinPieces(bytes, spliceFile(bytes, index, plan)))) as Json;
}

function checkFix(text: string, rule: string, path: string, fixed: Json | 'gone'): void {
  const result = applyFixes(text, new Set([rule]));
  const [, list = '', row = ''] = /^(\w+)\[(\d+)\]/.exec(path) ?? [];
  const entry = (result[list] as Json[])[Number(row)];
  if (fixed === 'gone') return assert.equal(entry, undefined);
  for (const [key, value] of Object.entries(fixed)) assert.deepEqual(entry?.[key], value);
  const left = validated(JSON.stringify(result)).found.map(([id]) => id);
  assert.ok(!left.includes(rule));
}
