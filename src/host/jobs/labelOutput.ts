// What labels look like on disk. The same results give the same bytes: no time, no machine in them.
import { datasetTexts } from '../dataset/writeDataset';
import type { ImageLabels, LabelEntries } from './labelEntries';
import { changeTexts, type ChangeHeader } from './changeSet';

export const LABEL_FORMATS = ['coco', 'jsonl', 'csv', 'changes'] as const;
export type LabelFormat = (typeof LABEL_FORMATS)[number];

/** The output's text, in pieces. */
export function* labelTexts(
  format: LabelFormat,
  made: Omit<ChangeHeader, 'categories'>,
  entries: LabelEntries,
): Generator<string> {
  switch (format) {
    case 'coco':
      yield* datasetTexts(cocoText(entries));
      return;
    case 'jsonl':
      for (const labels of entries.images) yield `${JSON.stringify(jsonRow(labels, entries))}\n`;
      return;
    case 'csv':
      yield 'file_name,image_id,annotation_id,category,score,x,y,width,height,area,text\r\n';
      for (const labels of entries.images) yield* csvRows(labels, entries);
      return;
    case 'changes':
      yield* changeTexts({ ...made, categories: entries.newCategories }, entries.images);
  }
}

type Entries = Parameters<typeof datasetTexts>[0];

/** A dataset of the job's images with what was added or changed; one entry a line. */
function cocoText({ images, categories }: LabelEntries): Entries {
  const lines = (listOf: (labels: ImageLabels) => readonly object[]): Iterable<string> => ({
    *[Symbol.iterator]() {
      for (const labels of images) {
        for (const entry of listOf(labels)) yield JSON.stringify(entry);
      }
    },
  });
  return {
    members: { info: JSON.stringify({ description: 'Labels', contributor: 'Promptmark' }) },
    lists: {
      images: lines(({ image }) => [image]),
      annotations: lines(allOf),
      categories: categories.map((category) => JSON.stringify(category)),
    },
  };
}

const allOf = ({ changed, added }: ImageLabels): readonly ImageLabels['added'][number][] => [
  ...changed.map(({ after }) => after),
  ...added,
];

function jsonRow(labels: ImageLabels, { categories }: LabelEntries): object {
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  return {
    file_name: labels.image.file_name,
    image_id: labels.image.id,
    annotations: allOf(labels).map(({ image_id: _image, category_id, ...rest }) => ({
      ...{ id: rest.id, category: names.get(category_id) ?? null },
      ...rest,
    })),
  };
}

/** RFC 4180: every text is quoted, quotes are doubled. */
function* csvRows(labels: ImageLabels, { categories }: LabelEntries): Generator<string> {
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  for (const { id, category_id, score, bbox, area, attributes } of allOf(labels)) {
    const text = attributes?.['text'];
    yield (
      [
        ...[quoted(labels.image.file_name), labels.image.id, id],
        ...[quoted(names.get(category_id) ?? ''), score ?? ''],
        ...[...(bbox ?? ['', '', '', '']), area ?? ''],
        quoted(typeof text === 'string' ? text : ''),
      ].join(',') + '\r\n'
    );
  }
}

export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
