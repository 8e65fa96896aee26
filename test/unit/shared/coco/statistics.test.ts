// Statistics against a second, plain counting of the parsed file, and the images behind each bar.
import { strict as assert } from 'node:assert';
import { Histogram, type Bin } from '../../../../src/shared/coco/histograms';
import {
  imagesWithSteps,
  type ImageList,
  type ImageQuery,
} from '../../../../src/shared/coco/imagesWith';
import { scan } from '../../../../src/shared/coco/scan';
import {
  MOST_PAIRED,
  statisticsSteps,
  type DatasetStats,
} from '../../../../src/shared/coco/statistics';
import { encodeText } from '../../../../src/shared/coco/text';
import { seededRandom } from '../../../support/random';

interface Entry {
  readonly [key: string]: unknown;
}

function finish<T>(steps: Generator<number, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
const source = (content: unknown) => {
  const bytes = encodeText(typeof content === 'string' ? content : JSON.stringify(content));
  return { bytes, index: scan(bytes) };
};
const statsOf = (content: unknown): DatasetStats => finish(statisticsSteps(source(content)));
const imagesWith = (content: unknown, query: ImageQuery, most = 1000): ImageList =>
  finish(imagesWithSteps(source(content), query, most));

const small = {
  images: [1, 2, 3].map((id) => ({ id, file_name: `${id}.jpg`, width: 200, height: 100 })),
  annotations: [
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      segmentation: [[0, 0, 1, 0, 1, 1]],
      bbox: [0, 0, 20, 10],
      area: 200,
    },
    {
      id: 2,
      image_id: 1,
      category_id: 2,
      segmentation: { size: [1, 1], counts: [1] },
      bbox: [0, 0, 50, 50],
      area: 2500,
      iscrowd: 1,
    },
    { id: 3, image_id: 2, category_id: 1, bbox: [0, 0, 10, 0], keypoints: [1, 1, 2] },
    { id: 4, image_id: 2, caption: 'Words.' },
    null,
  ],
  categories: [
    { id: 1, name: 'cat' },
    { id: 2, name: 'dog' },
    { id: 9, name: 'unused' },
  ],
};

function randomDataset(seed: number) {
  const random = seededRandom(seed);
  const int = (below: number): number => Math.floor(random() * below);
  const images = Array.from({ length: 1 + int(40) }, (_, k) => ({
    id: k + 1,
    file_name: `${k}.jpg`,
    width: 100,
    height: 100,
  }));
  const categories = Array.from({ length: 1 + int(30) }, (_, k) => ({ id: k + 1, name: `c${k}` }));
  const annotations = Array.from({ length: int(300) }, (_, k) => {
    const [width, height] = [1 + int(90), 1 + int(90)];
    return {
      id: k + 1,
      image_id: 1 + int(images.length),
      category_id: 1 + int(categories.length),
      bbox: [0, 0, width, height],
      area: width * height * random(),
    };
  });
  return { images, annotations, categories };
}

const isIn = (value: number, { low, high }: Bin): boolean =>
  value >= low && (high === null || value < high);

describe('statistics', () => {
  it('count entries, kinds and categories', () => {
    const stats = statsOf(small);
    assert.deepEqual(
      [stats.images, stats.annotations, stats.categories, stats.captions, stats.crowds],
      [3, 5, 3, 1, 1],
    );
    assert.deepEqual(stats.areas, { small: 1, medium: 1, large: 0, unknown: 1 });
    assert.deepEqual(stats.masks, { polygons: 1, rle: 1, none: 1 });
    assert.deepEqual(stats.perCategory, [
      { id: 1, name: 'cat', annotations: 2, images: 2 },
      { id: 2, name: 'dog', annotations: 1, images: 1 },
      { id: 9, name: 'unused', annotations: 0, images: 0 },
    ]);
    assert.deepEqual(stats.cooccurrence, {
      ids: [1, 2],
      images: [
        [2, 1],
        [1, 1],
      ],
    });
    assert.equal(stats.imagesWithoutAnnotations, 1);
    assert.deepEqual(stats.histograms.perImage, [
      { low: 0, high: 1, count: 1 },
      { low: 1, high: 2, count: 0 },
      { low: 2, high: 3, count: 2 },
    ]);
  });

  for (let seed = 1; seed <= 25; seed++) {
    it(`agree with plain counting, seed ${seed}`, () => {
      const data = randomDataset(seed);
      const stats = statsOf(data);
      const on = (id: number): Entry[] => data.annotations.filter((a) => a.image_id === id);
      for (const bin of stats.histograms.area) {
        assert.equal(bin.count, data.annotations.filter(({ area }) => isIn(area, bin)).length);
      }
      for (const bin of stats.histograms.aspect) {
        const ratios = data.annotations.map(({ bbox }) => bbox[2]! / bbox[3]!);
        const isOuter = bin === stats.histograms.aspect[0];
        const found = ratios.filter((r) => isIn(r, bin) || (isOuter && r < bin.low));
        assert.equal(bin.count, found.length);
      }
      for (const bin of stats.histograms.perImage) {
        assert.equal(bin.count, data.images.filter(({ id }) => isIn(on(id).length, bin)).length);
        const query = { annotations: [bin.low, bin.high] as const };
        assert.equal(imagesWith(data, query).total, bin.count);
      }
      const { ids, images } = stats.cooccurrence;
      assert.ok(ids.length <= MOST_PAIRED);
      ids.forEach((a, i) =>
        ids.forEach((b, j) => {
          const both = data.images.filter(({ id }) =>
            [a, b].every((wanted) => on(id).some(({ category_id }) => category_id === wanted)),
          );
          assert.equal(images[i]![j], both.length);
          assert.deepEqual(
            imagesWith(data, { categories: [a, b] }).images.map(({ id }) => id),
            both.map(({ id }) => id),
          );
        }),
      );
    });
  }

  for (const odd of [
    '',
    '[]',
    '{}',
    '{"images": 5, "annotations": [7, {"id": "x"}]}',
    '{"images": [',
  ]) {
    it(`odd content is no failure: ${odd || 'nothing'}`, () => {
      const { annotationsPerImage, histograms } = statsOf(odd);
      assert.equal(annotationsPerImage.mean, 0);
      assert.deepEqual(histograms.area, []);
      assert.equal(imagesWith(odd, {}).total, 0);
    });
  }
});

describe('the images behind a bar', () => {
  it('are those with an annotation of that area or shape', () => {
    const ids = (query: ImageQuery) => imagesWith(small, query).images.map(({ id }) => id);
    assert.deepEqual(ids({ area: [128, 256] }), [1]);
    assert.deepEqual(ids({ aspect: [1.9, 2.1] }), [1]);
    assert.deepEqual(ids({ area: [128, 256], categories: [2] }), []);
    assert.deepEqual(ids({ annotations: [0, 1] }), [3]);
  });

  it('are listed up to a limit and counted all', () => {
    const { images, total } = imagesWith(small, {}, 2);
    assert.deepEqual([images.length, total], [2, 3]);
    assert.deepEqual(images[0], { id: 1, file_name: '1.jpg', annotations: 2 });
  });
});

describe('Histogram', () => {
  it('puts edges into the upper bin and what is outside into the outer ones', () => {
    const histogram = new Histogram([0, 1, 2]);
    for (const value of [-5, 0, 1, 1.5, 2, 99]) histogram.add(value);
    assert.deepEqual(histogram.bins(), [
      { low: 0, high: 1, count: 2 },
      { low: 1, high: 2, count: 2 },
      { low: 2, high: null, count: 2 },
    ]);
  });
});
