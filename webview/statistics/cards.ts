// The plots of a dataset, each with its choice of images.
import type { Bin } from '../../src/shared/coco/histograms';
import type { ImageQuery } from '../../src/shared/coco/imagesWith';
import type { DatasetStats } from '../../src/shared/coco/statistics';
import { h } from '../panels/dom';
import { createCard } from './card';
import { createCategoryBars } from './categoryBars';
import { createColumns } from './columns';
import { createMatrix } from './matrix';
import { areaRange, binary, count, plural, ratio, ratioRange, wholeRange } from './numbers';

type Choose = (title: string, query: ImageQuery) => void;

/** The cards in the order a person reads them. */
export function createCards(stats: DatasetStats, choose: Choose): HTMLElement[] {
  return [
    createFacts(stats, choose),
    categoryCard(stats, choose),
    perImageCard(stats, choose),
    areaCard(stats, choose),
    aspectCard(stats, choose),
    matrixCard(stats, choose),
  ];
}

function createFacts(stats: DatasetStats, choose: Choose): HTMLElement {
  const { areas, masks } = stats;
  const objects = stats.annotations - stats.captions;
  const facts: (readonly [label: string, value: number, query?: ImageQuery])[] = [
    ['images without annotations', stats.imagesWithoutAnnotations, { annotations: [0, 1] }],
    ['objects', objects],
    ['captions', stats.captions],
    ['polygons', masks.polygons],
    ['RLE masks', masks.rle],
    ['without mask', masks.none],
    ['crowds', stats.crowds],
    ['with keypoints', stats.keypoints],
    ['small, below 32² px', areas.small, { area: [0, 32 ** 2] }],
    ['medium, below 96² px', areas.medium, { area: [32 ** 2, 96 ** 2] }],
    ['large', areas.large, { area: [96 ** 2, null] }],
  ];
  const tiles = facts.map(([label, value, query]) => {
    const parts = [
      h('span', { class: 'fact-value' }, count(value)),
      h('span', { class: 'fact-label' }, label),
    ];
    if (!query || value === 0) return h('div', { class: 'fact' }, ...parts);
    const click = (): void => choose(label, query);
    return h('button', { class: 'fact', attributes: { type: 'button' }, on: { click } }, ...parts);
  });
  return h(
    'section',
    { class: 'facts wide', testid: 'facts', attributes: { 'aria-label': 'Counts' } },
    ...tiles,
  );
}

function categoryCard(stats: DatasetStats, choose: Choose): HTMLElement {
  const { plot, controls } = createCategoryBars(stats, ({ id, name }) =>
    choose(name || `category ${id}`, { categories: [id] }),
  );
  const unused = stats.perCategory.filter(({ annotations }) => annotations === 0).length;
  return createCard({
    name: 'categories',
    title: 'Annotations per category',
    about:
      unused > 0
        ? `${plural(unused, 'category is', 'categories are')} not used.`
        : 'Every category is used.',
    plot,
    controls,
    isWide: true,
    table: () => [
      ['Category', 'Id', 'Annotations', 'Images'],
      ...stats.perCategory.map((c) => [
        c.name,
        String(c.id),
        count(c.annotations),
        count(c.images),
      ]),
    ],
  });
}

const binTable = (
  head: readonly string[],
  bins: readonly Bin[],
  range: (bin: Bin) => string,
): (() => readonly (readonly string[])[]) => {
  return () => [head, ...bins.map((bin) => [range(bin), count(bin.count)])];
};

function perImageCard({ histograms, annotationsPerImage }: DatasetStats, choose: Choose) {
  const bins = histograms.perImage;
  const { mean, most } = annotationsPerImage;
  const label = 'Annotations per image';
  return createCard({
    name: 'per-image',
    title: label,
    about: `${ratio(mean)} on average, ${count(most)} at most.`,
    plot: createColumns({
      label,
      bins,
      tick: wholeRange,
      range: (bin) => `${wholeRange(bin)} annotations`,
      noun: 'image',
      onChoose: (bin) =>
        choose(`Images with ${wholeRange(bin)} annotations`, { annotations: [bin.low, bin.high] }),
    }),
    table: binTable(['Annotations', 'Images'], bins, wholeRange),
  });
}

function areaCard({ histograms, areas }: DatasetStats, choose: Choose): HTMLElement {
  const bins = histograms.area;
  const without = areas.unknown > 0 ? `, ${count(areas.unknown)} without an area` : '';
  return createCard({
    name: 'area',
    title: 'Area of objects',
    about: `Pixels; each bar is twice as wide as the one before${without}.`,
    plot: createColumns({
      label: 'Area of objects',
      bins,
      tick: ({ low }) => binary(low),
      range: areaRange,
      noun: 'object',
      onChoose: (bin) => choose(`Objects of ${areaRange(bin)}`, { area: [bin.low, bin.high] }),
    }),
    table: binTable(['Area', 'Objects'], bins, areaRange),
  });
}

function aspectCard({ histograms }: DatasetStats, choose: Choose): HTMLElement {
  const bins = histograms.aspect;
  return createCard({
    name: 'aspect',
    title: 'Shape of boxes',
    about: 'Width through height: below 1 is upright, above 1 is wide.',
    plot: createColumns({
      label: 'Shape of boxes',
      bins,
      tick: ({ low, high }) => (low === 0 ? `<${ratio(high ?? 0)}` : ratio(low)),
      range: ratioRange,
      noun: 'box',
      plural: 'boxes',
      onChoose: (bin) =>
        choose(`Boxes with width through height ${ratioRange(bin)}`, {
          aspect: [bin.low, bin.high],
        }),
    }),
    table: binTable(['Width through height', 'Boxes'], bins, ratioRange),
  });
}

function matrixCard(stats: DatasetStats, choose: Choose): HTMLElement {
  const { ids, images } = stats.cooccurrence;
  const names = new Map(stats.perCategory.map(({ id, name }) => [id, name || `category ${id}`]));
  const nameOf = (id: number): string => names.get(id) ?? '';
  const pairs = (): string[][] =>
    ids
      .flatMap((a, i) => ids.slice(i + 1).map((b, k) => ({ a, b, value: images[i]![i + 1 + k]! })))
      .filter(({ value }) => value > 0)
      .sort((x, y) => y.value - x.value)
      .map(({ a, b, value }) => [`${nameOf(a)} and ${nameOf(b)}`, count(value)]);
  const all = stats.perCategory.filter(({ annotations }) => annotations > 0).length;
  return createCard({
    name: 'cooccurrence',
    title: 'Categories on the same images',
    about:
      all > ids.length
        ? `Images that have both; the ${ids.length} most frequent of ${count(all)} categories.`
        : 'Images that have both.',
    plot: createMatrix(stats, (a, b) =>
      a === b
        ? choose(nameOf(a), { categories: [a] })
        : choose(`${nameOf(a)} and ${nameOf(b)}`, { categories: [a, b] }),
    ),
    isWide: true,
    table: () => [['Categories', 'Images'], ...pairs()],
  });
}
