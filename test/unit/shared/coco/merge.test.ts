import { strict as assert } from 'node:assert';
import { mergeDelta } from '../../../../src/shared/coco/merge';
import { joinPieces } from '../../../../src/shared/coco/pieces';
import { scan } from '../../../../src/shared/coco/scan';
import { spliceFile } from '../../../../src/shared/coco/splice';
import { decodeText, encodeText } from '../../../../src/shared/coco/text';
import type { DatasetDelta, EntryDelta } from '../../../../src/shared/protocol/dataset';

type Json = Record<string, unknown>;

const base = {
  images: [{ id: 1, file_name: 'a.jpg', width: 4, height: 4 }],
  annotations: [
    { id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 1, 1], area: 1, iscrowd: 0 },
    { id: 2, image_id: 1, category_id: 2, bbox: [1, 1, 1, 1], area: 1, iscrowd: 0 },
  ],
  categories: [
    { id: 1, name: 'cat' },
    { id: 2, name: 'dog' },
  ],
};
type Dataset = { images: Json[]; annotations: Json[]; categories: Json[] };
const copy = (): Dataset => structuredClone(base);

function deltaOf(before: Dataset, after: Dataset): DatasetDelta {
  const list = (name: keyof Dataset): EntryDelta<never>[] => {
    const ids = new Set([...before[name], ...after[name]].map(({ id }) => id as number));
    const entry = (dataset: Dataset, id: number): never =>
      (dataset[name].find((item) => item['id'] === id) ?? null) as never;
    return [...ids]
      .map((id) => ({ id, before: entry(before, id), after: entry(after, id) }))
      .filter(({ before: a, after: b }) => JSON.stringify(a) !== JSON.stringify(b));
  };
  return {
    images: list('images'),
    annotations: list('annotations'),
    categories: list('categories'),
  };
}

/** Both edit a copy of the base; the result of saving mine over theirs. */
function merge(
  editMine: (dataset: Dataset) => void,
  editTheirs: (dataset: Dataset) => void,
  resolve?: 'mine' | 'theirs',
): { conflicts: readonly unknown[]; result: Dataset; renumbered: unknown } {
  const [mine, theirs] = [copy(), copy()];
  editMine(mine);
  editTheirs(theirs);
  const bytes = encodeText(JSON.stringify(theirs));
  const index = scan(bytes);
  const merged = mergeDelta(bytes, index, deltaOf(copy(), mine), resolve);
  const text = decodeText(joinPieces(bytes, spliceFile(bytes, index, merged.plan)));
  return { ...merged, result: JSON.parse(text) as Dataset };
}

const nothing = (): void => undefined;

describe('mergeDelta', () => {
  it('applies my changes to an unchanged file', () => {
    const { conflicts, result } = merge((mine) => {
      mine.annotations[0]!['category_id'] = 2;
      mine.annotations.splice(1, 1);
      mine.annotations.push({ id: 3, image_id: 1, category_id: 1 });
    }, nothing);
    assert.deepEqual(conflicts, []);
    assert.deepEqual(
      result.annotations.map(({ id, category_id }) => [id, category_id]),
      [
        [1, 2],
        [3, 1],
      ],
    );
  });

  it('keeps what others changed elsewhere', () => {
    const { conflicts, result } = merge(
      (mine) => (mine.annotations[0]!['area'] = 9),
      (theirs) => {
        theirs.annotations[1]!['area'] = 7;
        theirs.images.push({ id: 2, file_name: 'b.jpg' });
      },
    );
    assert.deepEqual(conflicts, []);
    assert.deepEqual(
      result.annotations.map(({ area }) => area),
      [9, 7],
    );
    assert.equal(result.images.length, 2);
  });

  it('merges different fields of one annotation', () => {
    const { conflicts, result } = merge(
      (mine) => (mine.annotations[0]!['category_id'] = 2),
      (theirs) => (theirs.annotations[0]!['attributes'] = { hidden: true }),
    );
    assert.deepEqual(conflicts, []);
    assert.equal(result.annotations[0]!['category_id'], 2);
    assert.deepEqual(result.annotations[0]!['attributes'], { hidden: true });
  });

  const trueConflicts: readonly [string, (mine: Dataset) => void, (theirs: Dataset) => void][] = [
    [
      'the same field',
      (mine) => (mine.annotations[0]!['category_id'] = 2),
      (theirs) => (theirs.annotations[0]!['category_id'] = 3),
    ],
    [
      'bbox and area of one mask',
      (mine) => (mine.annotations[0]!['bbox'] = [0, 0, 2, 2]),
      (theirs) => (theirs.annotations[0]!['area'] = 5),
    ],
    [
      'mine removed, theirs changed',
      (mine) => mine.annotations.shift(),
      (theirs) => (theirs.annotations[0]!['area'] = 5),
    ],
    [
      'mine changed, theirs removed',
      (mine) => (mine.annotations[0]!['area'] = 5),
      (theirs) => theirs.annotations.shift(),
    ],
    [
      'mine added to an image, theirs removed the image',
      (mine) => mine.annotations.push({ id: 3, image_id: 1, category_id: 1 }),
      (theirs) => {
        theirs.images = [];
        theirs.annotations = [];
      },
    ],
    [
      'mine removed a category, theirs uses it',
      (mine) => {
        mine.categories.pop();
        mine.annotations.pop();
      },
      (theirs) => theirs.annotations.push({ id: 9, image_id: 1, category_id: 2 }),
    ],
  ];
  for (const [name, mine, theirs] of trueConflicts) {
    it(`reports a conflict: ${name}`, () => {
      assert.equal(merge(mine, theirs).conflicts.length, 1);
    });
    it(`settles it either way: ${name}`, () => {
      const forMine = merge(mine, theirs, 'mine');
      assert.deepEqual(forMine.conflicts, []);
      const forTheirs = merge(mine, theirs, 'theirs');
      assert.deepEqual(forTheirs.conflicts, []);
      assert.notDeepEqual(forMine.result, forTheirs.result);
    });
  }

  it('is no conflict when both did the same', () => {
    const change = (dataset: Dataset): void => {
      dataset.annotations[0]!['area'] = 5;
      dataset.annotations.pop();
    };
    const { conflicts, result } = merge(change, change);
    assert.deepEqual(conflicts, []);
    assert.equal(result.annotations.length, 1);
  });

  it('gives an added annotation another id when its id was taken', () => {
    const { result, renumbered } = merge(
      (mine) => mine.annotations.push({ id: 3, image_id: 1, category_id: 1 }),
      (theirs) =>
        theirs.annotations.push(
          { id: 3, image_id: 1, category_id: 2 },
          { id: 7, image_id: 1, category_id: 2 },
        ),
    );
    assert.deepEqual(renumbered, { images: {}, annotations: { 3: 8 }, categories: {} });
    assert.deepEqual(
      result.annotations.map(({ id }) => id),
      [1, 2, 3, 7, 8],
    );
  });

  it('uses the image and the category that another writer added meanwhile', () => {
    const { result, renumbered } = merge(
      (mine) => {
        mine.images.push({ id: 2, file_name: 'b.jpg', width: 1, height: 1 });
        mine.categories.push({ id: 3, name: 'bird' });
        mine.annotations.push({ id: 3, image_id: 2, category_id: 3 });
      },
      (theirs) => {
        theirs.images.push({ id: 2, file_name: 'c.jpg' }, { id: 5, file_name: 'b.jpg' });
        theirs.categories.push({ id: 4, name: 'bird' });
      },
    );
    assert.deepEqual(renumbered, { images: { 2: 5 }, annotations: {}, categories: { 3: 4 } });
    assert.equal(result.images.length, 3);
    assert.deepEqual(result.annotations.at(-1), { id: 3, image_id: 5, category_id: 4 });
  });

  it('gives ids from 1, never 0', () => {
    const { result, renumbered } = merge(
      (mine) => mine.annotations.push({ id: 0, image_id: 1, category_id: 1 }),
      nothing,
    );
    assert.deepEqual(
      result.annotations.map(({ id }) => id),
      [1, 2, 3],
    );
    assert.deepEqual(renumbered, { images: {}, annotations: { 0: 3 }, categories: {} });
  });

  it('adds nothing when the same delta is saved twice', () => {
    const add = (dataset: Dataset): number =>
      dataset.annotations.push({ id: 3, image_id: 1, category_id: 1 });
    assert.equal(merge(add, add).result.annotations.length, 3);
  });

  it('changes the right one of two entries with one id', () => {
    const twice = '{"annotations":[{"id":1,"a":1},{"id":1,"a":2}]}';
    const bytes = encodeText(twice);
    const delta = {
      images: [],
      categories: [],
      annotations: [{ id: 1, before: { id: 1, a: 2 }, after: { id: 1, a: 3 } }],
    } as unknown as DatasetDelta;
    const { plan } = mergeDelta(bytes, scan(bytes), delta);
    assert.deepEqual([...plan.annotations.changed.keys()], [1]);
  });

  it('keeps the order when it is the wanted one', () => {
    const bytes = encodeText(JSON.stringify(base));
    const delta = { images: [], annotations: [], categories: [] };
    const same = mergeDelta(bytes, scan(bytes), { ...delta, order: { imageId: 1, ids: [1, 2] } });
    assert.equal(same.plan.annotations.order, undefined);
    const other = mergeDelta(bytes, scan(bytes), { ...delta, order: { imageId: 1, ids: [2, 1] } });
    assert.deepEqual(other.plan.annotations.order, [2, 1]);
  });
});
