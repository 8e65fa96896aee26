import { strict as assert } from 'node:assert';
import { isWritable, type CocoIndex } from '../../../../src/shared/coco/cocoIndex';
import { listNames, type ListName } from '../../../../src/shared/coco/entryTable';
import { newDataset } from '../../../../src/shared/coco/newFile';
import { applyPieces, joinPieces } from '../../../../src/shared/coco/pieces';
import { reindex } from '../../../../src/shared/coco/reindex';
import { scan } from '../../../../src/shared/coco/scan';
import {
  emptyPlan,
  spliceFile,
  type FilePlan,
  type ListPlan,
} from '../../../../src/shared/coco/splice';
import { decodeText, encodeText } from '../../../../src/shared/coco/text';
import {
  formattings,
  randomAnnotation,
  randomDataset,
  randomString,
} from '../../../support/cocoSamples';
import { randomInteger, seededRandom } from '../../../support/random';

type Json = Record<string, unknown>;

function planOf(plan: Partial<Record<ListName, Partial<ListPlan>>>): FilePlan {
  return {
    images: { ...emptyPlan, ...plan.images },
    annotations: { ...emptyPlan, ...plan.annotations },
    categories: { ...emptyPlan, ...plan.categories },
  };
}

function splice(text: string, plan: Partial<Record<ListName, Partial<ListPlan>>>): string {
  const bytes = encodeText(text);
  const index = scan(bytes);
  return decodeText(joinPieces(bytes, spliceFile(bytes, index, planOf(plan))));
}

function check(
  text: string,
  plan: Partial<Record<ListName, Partial<ListPlan>>>,
  expected: string,
): void {
  const result = splice(text, plan);
  assert.equal(result, expected);
  assert.ok(isWritable(scan(encodeText(result))));
}

const lines =
  '{\n  "images": [],\n  "annotations": [\n    {"id": 1, "area": 2.50},\n    {"id": 2, "area": 3.0},\n    {"id": 3}\n  ]\n}\n';

let reindexed = 0;

describe('spliceFile', () => {
  after(() => assert.ok(reindexed > 100, `only ${reindexed} files were reindexed`));

  it('changes one field and keeps the spelling of the others', () => {
    const changed = new Map([[0, { id: 1, area: 2.5, iscrowd: 0 }]]);
    check(lines, { annotations: { changed } }, lines.replace('2.50}', '2.50, "iscrowd": 0}'));
  });

  it('changes one number of an array', () => {
    const text = '{"annotations":[{"id":1,"bbox":[1.0,2.0, 3.0,4.0]}]}';
    const changed = new Map([[0, { id: 1, bbox: [1, 2, 9, 4] }]]);
    check(text, { annotations: { changed } }, text.replace('3.0', '9'));
  });

  it('changes inside nested objects', () => {
    const text = '{"annotations":[{"id":1,"attributes":{"a": 1.0,"b" :2}}]}';
    const changed = new Map([[0, { id: 1, attributes: { a: 1, b: 3 } }]]);
    check(text, { annotations: { changed } }, text.replace('"b" :2', '"b" :3'));
  });

  it('keeps numbers that JavaScript cannot hold', () => {
    const text = '{"annotations":[{"id":1,"uid":12345678901234567890,"area":1}]}';
    const entry = { ...(JSON.parse(text) as { annotations: Json[] }).annotations[0]!, area: 2 };
    const changed = new Map([[0, entry]]);
    check(text, { annotations: { changed } }, text.replace('"area":1', '"area":2'));
  });

  it('removes a member with its comma', () => {
    const text = '{"annotations":[{"a":1,"id":1,"b":2}]}';
    check(
      text,
      { annotations: { changed: new Map([[0, { id: 1 }]]) } },
      '{"annotations":[{"id":1}]}',
    );
  });

  const removals: readonly [string, number[], string][] = [
    ['the first entry', [0], lines.replace('{"id": 1, "area": 2.50},\n    ', '')],
    ['a middle entry', [1], lines.replace('    {"id": 2, "area": 3.0},\n', '')],
    ['the last entry', [2], lines.replace(',\n    {"id": 3}', '')],
    ['every entry', [0, 1, 2], '{\n  "images": [],\n  "annotations": []\n}\n'],
  ];
  for (const [name, rows, expected] of removals) {
    it(`removes ${name}`, () =>
      check(lines, { annotations: { removed: new Set(rows) } }, expected));
  }

  const additions: readonly [
    string,
    string,
    Partial<Record<ListName, Partial<ListPlan>>>,
    string,
  ][] = [
    [
      'at the end',
      lines,
      { annotations: { added: [{ id: 4, bbox: [1, 2] }] } },
      lines.replace('{"id": 3}', '{"id": 3},\n    {"id": 4, "bbox": [1, 2]}'),
    ],
    [
      'to an empty list',
      lines,
      { images: { added: [{ id: 1 }] } },
      lines.replace('"images": []', '"images": [\n    {"id": 1}\n  ]'),
    ],
    [
      'in place of all others',
      lines,
      { annotations: { removed: new Set([0, 1, 2]), added: [{ id: 9 }] } },
      '{\n  "images": [],\n  "annotations": [\n    {"id": 9}\n  ]\n}\n',
    ],
    [
      'to a missing list',
      lines,
      { categories: { added: [{ id: 1, name: 'ä' }] } },
      lines.replace('\n  ]\n}', '\n  ],\n  "categories": [\n    {"id": 1, "name": "ä"}\n  ]\n}'),
    ],
    [
      'to an empty object',
      '{}',
      { images: { added: [{ id: 1 }] } },
      '{\n  "images": [\n    {"id": 1}\n  ]\n}',
    ],
    [
      'to a minified file',
      '{"images":[]}',
      { images: { added: [{ id: 1, x: 2 }, { id: 2 }] } },
      '{"images":[{"id":1,"x":2},{"id":2}]}',
    ],
    [
      'after one minified entry',
      '{"images":[{"id":1}]}',
      { images: { added: [{ id: 2 }] } },
      '{"images":[{"id":1},{"id":2}]}',
    ],
    [
      'in an indented file',
      JSON.stringify({ images: [{ id: 1, b: [1, 2] }] }, null, 2),
      { images: { added: [{ id: 2, b: [3] }] } },
      JSON.stringify(
        {
          images: [
            { id: 1, b: [1, 2] },
            { id: 2, b: [3] },
          ],
        },
        null,
        2,
      ),
    ],
    [
      'with \\u escapes where the file has them',
      '{"images": [{"id": 1, "file_name": "\\u00e4"}]}',
      { images: { added: [{ id: 2, file_name: 'ö' }] } },
      '{"images": [{"id": 1, "file_name": "\\u00e4"}, {"id": 2, "file_name": "\\u00f6"}]}',
    ],
  ];
  for (const [name, text, plan, expected] of additions) {
    it(`adds ${name}`, () => check(text, plan, expected));
  }

  it('writes arrays on one line where the file does, in objects on several', () => {
    const entry = (id: number): string =>
      `    {\n      "id": ${id},\n      "segmentation": [\n        [1, 2, 3],\n        [4, 5]\n      ],\n      "rle": { "size": [1, 2] },\n      "bbox": [1, 2]\n    }`;
    const text = `{\n  "annotations": [\n${entry(1)}\n  ]\n}\n`;
    const added = [
      {
        id: 2,
        segmentation: [
          [1, 2, 3],
          [4, 5],
        ],
        rle: { size: [1, 2] },
        bbox: [1, 2],
      },
    ];
    const expected = `{\n  "annotations": [\n${entry(1)},\n${entry(2)}\n  ]\n}\n`;
    check(text, { annotations: { added } }, expected);
  });

  it('keeps the indentation of an odd file', () => {
    const text = '{\n   "annotations":[\n {\n     "id":1\n }\n ]\n}';
    const expected =
      '{\n   "annotations":[\n {\n     "id":1,\n     "o":{\n         "a":1\n     }\n },\n {\n     "id":2\n }\n ]\n}';
    const changed = new Map([[0, { id: 1, o: { a: 1 } }]]);
    check(text, { annotations: { changed, added: [{ id: 2 }] } }, expected);
  });

  it('exchanges entries between their places', () => {
    const text =
      '{"annotations":[{"id":1,"image_id":1},{"id":2, "image_id":2},{"id":3,"image_id" :1}]}';
    const expected =
      '{"annotations":[{"id":3,"image_id" :1},{"id":2, "image_id":2},{"id":1,"image_id":1}]}';
    check(text, { annotations: { order: [3, 1] } }, expected);
  });

  it('puts an added entry below older ones', () => {
    const text = '{"annotations":[{"id":1},{"id":2}]}';
    const plan = { annotations: { added: [{ id: 3 }], order: [1, 3, 2] } };
    check(text, plan, '{"annotations":[{"id":1},{"id":3},{"id":2}]}');
  });

  it('makes a new file with one entry a line', () => {
    const text = decodeText(newDataset('2026-01-02'));
    const result = splice(text, {
      images: { added: [{ id: 1, file_name: 'a.jpg' }] },
      annotations: { added: [{ id: 1, bbox: [1, 2, 3, 4] }, { id: 2 }] },
    });
    assert.deepEqual(result.split('\n'), [
      '{',
      '  "info": {"description": "", "version": "1.0", "date_created": "2026-01-02"},',
      '  "licenses": [],',
      '  "images": [',
      '    {"id": 1, "file_name": "a.jpg"}',
      '  ],',
      '  "annotations": [',
      '    {"id": 1, "bbox": [1, 2, 3, 4]},',
      '    {"id": 2}',
      '  ],',
      '  "categories": []',
      '}',
      '',
    ]);
  });

  it('refuses numbers that JSON cannot hold', () => {
    assert.throws(
      () => splice(lines, { annotations: { added: [{ id: 4, area: NaN }] } }),
      RangeError,
    );
  });

  for (const { name, write } of formattings) {
    it(`random changes of random datasets, ${name}`, () => {
      const random = seededRandom(5);
      for (let k = 0; k < 60; k++) checkRandom(write(randomDataset(random)), random);
    });
  }
});

/** Applies a random plan; the result must parse to the expected object and keep the bytes of untouched entries. */
function checkRandom(text: string, random: () => number): void {
  const dataset = JSON.parse(text.replace(/^\ufeff/, '')) as Record<string, Json[]>;
  const expected: Record<string, unknown> = { ...dataset };
  const plan: Partial<Record<ListName, Partial<ListPlan>>> = {};
  for (const name of listNames) {
    const changed = new Map<number, unknown>();
    const removed = new Set<number>();
    const next: Json[] = [];
    (dataset[name] ?? []).forEach((entry, row) => {
      const action = random();
      if (action < 0.15) removed.add(row);
      else if (action < 0.35) {
        const edited = editRandomly(entry, random);
        changed.set(row, edited);
        next.push(edited);
      } else next.push(entry);
    });
    const added = Array.from({ length: randomInteger(random, 0, 2) }, (_, k) =>
      randomAnnotation(random, 1000 + k, 1),
    );
    plan[name] = { changed, removed, added };
    if (dataset[name] || added.length > 0) expected[name] = [...next, ...added];
  }
  const result = splice(text, plan);
  assert.deepEqual(JSON.parse(result.replace(/^\ufeff/, '')), expected);
  checkUntouched(text, result, plan);
  checkInPlace(text, result, plan);
}

/** The buffer and the index changed in place must be what was written and what a scan of it says. */
function checkInPlace(
  before: string,
  after: string,
  partial: Partial<Record<ListName, Partial<ListPlan>>>,
): void {
  const bytes = encodeText(before);
  const index = scan(bytes);
  const plan = planOf(partial);
  const pieces = spliceFile(bytes, index, plan);
  const buffer = new Uint8Array(bytes.length + 100_000);
  buffer.set(bytes);
  const changed = applyPieces(buffer, pieces)!;
  assert.equal(decodeText(changed), after);
  const moved = reindex(index, plan, pieces, changed);
  if (!moved) return;
  reindexed++;
  const scanned = scan(changed);
  assert.deepEqual(plainIndex(moved), plainIndex(scanned));
}

/** The index without the spare rows of its columns. */
function plainIndex(index: CocoIndex): unknown {
  const lists = listNames.map((name) => {
    const list = index.lists[name];
    if (!list) return null;
    const { start, end, entries } = list;
    const { length, id, image_id, category_id, nameStart, nameEnd } = entries;
    const columns = [entries.start, entries.end, id, image_id, category_id, nameStart, nameEnd];
    return { start, end, columns: columns.map((column) => [...column.slice(0, length)]) };
  });
  const { length, kind, start, end, members, problems } = index;
  return { length, kind, start, end, members, problems, lists };
}

function editRandomly(entry: Json, random: () => number): Json {
  const edited: Json = { ...entry };
  for (const key of Object.keys(entry)) {
    if (key !== 'id' && random() < 0.2) delete edited[key];
    else if (key !== 'id' && random() < 0.3) edited[key] = [randomString(random), { a: [1.5] }];
  }
  if (random() < 0.5) edited['area'] = randomInteger(random, 0, 1000);
  if (Array.isArray(edited['bbox'])) edited['bbox'] = edited['bbox'].map((x: number) => x + 0.5);
  return edited;
}

function checkUntouched(
  before: string,
  after: string,
  plan: Partial<Record<ListName, Partial<ListPlan>>>,
): void {
  const [old, next] = [encodeText(before), encodeText(after)];
  const [oldIndex, nextIndex] = [scan(old), scan(next)];
  for (const name of listNames) {
    const [a, b] = [oldIndex.lists[name]?.entries, nextIndex.lists[name]?.entries];
    if (!a || !b) continue;
    let at = 0;
    for (let row = 0; row < a.length; row++) {
      if (plan[name]?.removed?.has(row)) continue;
      if (!plan[name]?.changed?.has(row)) {
        assert.equal(
          decodeText(next, b.start[at], b.end[at]),
          decodeText(old, a.start[row], a.end[row]),
        );
      }
      at++;
    }
  }
}
