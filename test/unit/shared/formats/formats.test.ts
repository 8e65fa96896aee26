// Other annotation formats: what comes back after writing and reading, what is said to be lost, bad files.
import * as assert from 'node:assert';
import { isRle, measure, runsOf } from '../../../../src/shared/coco/segmentation';
import type { InstanceAnnotation } from '../../../../src/shared/coco/types';
import type { Format } from '../../../../src/shared/formats/format';
import { formats } from '../../../../src/shared/formats/formats';
import type { Size } from '../../../../src/shared/geometry/types';
import { runsToString } from '../../../../src/shared/mask/rleString';
import { maskOfText, randomMasks } from '../../../support/masks';
import { readFiles, writeFiles, type Dataset } from '../../../support/memoryFormat';

const ring = maskOfText([
  '..........',
  '.#####....',
  '.#...#....',
  '.#...#....',
  '.#####....',
  '..........',
]);

/** Everything COCO knows, once. */
const dataset: Dataset = {
  images: [
    { id: 1, file_name: 'images/sub dir/a.jpg', width: 10, height: 6 },
    { id: 2, file_name: 'images/b.png', width: 640, height: 480, license: 3 },
    { id: 7, file_name: 'images/nothing.jpg', width: 20, height: 30 },
  ],
  categories: [
    { id: 1, name: 'cat', supercategory: 'animal' },
    { id: 3, name: 'Grüße <&"\'>', keypoints: ['nose', 'tail'], skeleton: [[1, 2]] },
    { id: 4, name: 'never used' },
  ],
  annotations: [
    object(1, 1, 1, { segmentation: runsToString(ring), ...measure(ring) }),
    object(2, 2, 1, {
      segmentation: [
        [10, 20, 100, 20, 100, 90.5, 10, 90],
        [300, 20, 400, 20, 350, 80],
      ],
      bbox: [10, 20, 390, 71], // of the mask: the row at 90.5 is drawn in part
      area: 9393,
      attributes: { colour: 'black & white', occluded: true, truncated: 1 },
      score: 0.75,
    }),
    object(3, 2, 3, { bbox: [5, 6, 7, 8], area: 56 }),
    object(4, 2, 3, {
      bbox: [50, 60, 20, 10],
      area: 200,
      keypoints: [50, 60, 2, 70, 70, 1],
      num_keypoints: 2,
    }),
    object(5, 1, 1, { segmentation: [[1, 1, 9, 1, 9, 5, 1, 5]], bbox: [1, 1, 8, 4], iscrowd: 1 }),
    { id: 6, image_id: 2, caption: 'Two cats, "asleep",\non a sofa.' },
  ],
};

function object(
  id: number,
  image_id: number,
  category_id: number,
  fields: Partial<InstanceAnnotation>,
): InstanceAnnotation {
  return { id, image_id, category_id, iscrowd: 0, ...fields };
}

function sizesOf({ images }: Dataset): Map<string, Size> {
  return new Map(images.map(({ file_name, height, width }) => [file_name, [height, width]]));
}

/** Objects as category, file and box, ordered by box: what every format keeps. */
function boxesOf(data: Dataset): string[] {
  const name = new Map(data.categories.map((category) => [category.id, category.name]));
  const file = new Map(data.images.map((image) => [image.id, image.file_name]));
  return data.annotations
    .filter((annotation) => annotation['category_id'] !== undefined)
    .map((annotation) => {
      const { bbox, category_id, image_id } = annotation as InstanceAnnotation;
      return `${file.get(image_id)} ${name.get(category_id)} ${bbox?.join(' ')}`;
    })
    .sort();
}

async function convert(format: Format, data: Dataset): Promise<{ back: Dataset; kinds: string[] }> {
  const written = await writeFiles(format, data);
  for (const path of written.files.keys()) assert.ok(format.accepts(path) || path === 'images.txt');
  const read = await readFiles(format, written.files, sizesOf(data));
  assert.deepStrictEqual(read.losses, [], 'what we write we can read without loss');
  return { back: read.dataset, kinds: written.losses.map((loss) => loss.kind).sort() };
}

const fieldsEverywhere = ['caption', 'category-fields', 'crowd', 'ids', 'image-fields'];
const cases: readonly { id: string; lost: string[]; isMaskKept?: boolean; left?: RegExp }[] = [
  {
    id: 'yolo-det',
    lost: ['attributes', 'keypoints', 'mask', 'score', 'supercategory'],
  },
  {
    id: 'yolo-seg',
    lost: ['attributes', 'box-as-segment', 'keypoints', 'score', 'supercategory'],
    isMaskKept: true,
  },
  { id: 'yolo-pose', lost: ['attributes', 'mask', 'score', 'supercategory'] },
  {
    id: 'voc',
    lost: ['attributes', 'keypoints', 'mask', 'score', 'supercategory', 'unused-categories'],
  },
  {
    id: 'labelme',
    lost: ['attributes', 'keypoints', 'supercategory', 'unused-categories'],
    isMaskKept: true,
  },
  { id: 'cvat', lost: ['score', 'supercategory'], isMaskKept: true },
  {
    id: 'sa1b',
    lost: [
      ...['attributes', 'box', 'categories', 'keypoints', 'score', 'supercategory'],
      'unused-categories',
    ],
    isMaskKept: true,
    left: / 5 6 7 8$| 50 60 20 10$/,
  },
  {
    id: 'csv',
    lost: ['attributes', 'keypoints', 'mask', 'supercategory', 'unused-categories'],
  },
];

/** Checked in rasters.test.ts. */
const newer = [
  ...['mask-instance', 'mask-semantic', 'mask-palette', 'coco-panoptic', 'coco-stuff'],
  ...['datumaro', 'odvg', 'llava'],
];

describe('formats', () => {
  it('the registry knows every format under its id', () => {
    const ids = [...cases.map((example) => example.id), ...newer];
    assert.deepStrictEqual([...formats.keys()].sort(), ids.sort());
    for (const [id, format] of formats) assert.strictEqual(format.id, id);
  });

  for (const { id, lost, isMaskKept, left } of cases) {
    const format = formats.get(id)!;

    it(`${id}: objects come back, and what does not is said`, async () => {
      const { back, kinds } = await convert(format, dataset);
      const kept = id === 'csv' ? ['caption', 'crowd'] : [];
      const expected = [...lost, ...fieldsEverywhere.filter((kind) => !kept.includes(kind))];
      assert.deepStrictEqual(
        kinds.filter((kind) => kind !== 'category-fields'),
        expected.filter((kind) => kind !== 'category-fields').sort(),
      );
      const named = id === 'sa1b' ? renamed(dataset, 'object') : dataset;
      assert.deepStrictEqual(
        boxesOf(back),
        boxesOf(named).filter((line) => !left?.test(line)),
      );
      assert.deepStrictEqual(
        back.images.map((image) => [image.file_name, image.width, image.height]).sort(),
        dataset.images.map((image) => [image.file_name, image.width, image.height]).sort(),
      );
    });

    it(`${id}: an empty dataset`, async () => {
      const { back } = await convert(format, { images: [], annotations: [], categories: [] });
      assert.deepStrictEqual(back, { images: [], annotations: [], categories: [] });
    });

    if (!isMaskKept) continue;
    it(`${id}: any mask comes back pixel for pixel`, async () => {
      for (const mask of randomMasks(120)) {
        const [height, width] = mask.size;
        const images = [{ id: 1, file_name: 'a.png', width, height }];
        const categories = [{ id: 1, name: 'object' }];
        const annotation = object(1, 1, 1, { segmentation: runsToString(mask), ...measure(mask) });
        const { back, kinds } = await convert(format, {
          images,
          categories,
          annotations: [annotation],
        });
        assert.deepStrictEqual(kinds, []);
        const [found] = back.annotations as InstanceAnnotation[];
        assert.deepStrictEqual(runsOf(found!.segmentation!, mask.size), mask);
        assert.deepStrictEqual(found!.bbox, annotation.bbox);
        assert.strictEqual(found!.area, annotation.area);
      }
    });
  }

  it('cvat keeps parts, holes, attributes and keypoints', async () => {
    const { back } = await convert(formats.get('cvat')!, dataset);
    const [hole, parts, , points] = back.annotations.filter(
      (annotation) => annotation['iscrowd'] === 0 && annotation['area'] !== 32,
    ) as InstanceAnnotation[];
    assert.ok(isRle(hole!.segmentation));
    assert.deepStrictEqual(
      parts!.segmentation,
      (dataset.annotations[1] as InstanceAnnotation).segmentation,
    );
    assert.deepStrictEqual(parts!.attributes, {
      colour: 'black & white',
      truncated: '1',
      occluded: true,
    });
    assert.deepStrictEqual(points!['keypoints'], [50, 60, 2, 70, 70, 1]);
    assert.deepStrictEqual(back.categories[1]!['keypoints'], ['nose', 'tail']);
  });

  it('csv keeps captions with quotes and line ends', async () => {
    const { back } = await convert(formats.get('csv')!, dataset);
    const caption = back.annotations.find((annotation) => annotation['caption'] !== undefined);
    assert.strictEqual(caption!['caption'], 'Two cats, "asleep",\non a sofa.');
  });

  it('yolo-pose keeps keypoints', async () => {
    const { back } = await convert(formats.get('yolo-pose')!, dataset);
    const found = back.annotations.filter((annotation) => annotation['num_keypoints'] === 2);
    assert.deepStrictEqual(
      found.map((annotation) => annotation['keypoints']),
      [[50, 60, 2, 70, 70, 1]],
    );
  });
});

function renamed(data: Dataset, name: string): Dataset {
  return { ...data, categories: data.categories.map((category) => ({ ...category, name })) };
}
