// CSV tables of boxes, one line an object (RFC 4180 quoting). Written with COCO's [x, y, width, height]; read also with
// the columns of TensorFlow's tables (filename, width, height, class, xmin, ymin, xmax, ymax).
import type { Bbox, Size } from '../geometry/types';
import { roundTo } from '../geometry/round';
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import type { LossLog } from './lossLog';
import { hasExtension } from './paths';
import { boxOf, byId, captionsOf, objectsOf } from './shapes';
import { rowsOf } from './streams';

export const csv: Format = {
  id: 'csv',
  title: 'CSV table of boxes',
  kept: ['categories', 'empty-images', 'crowd', 'score', 'caption'],
  accepts: (path) => hasExtension(path, '.csv'),
  read: readCsv,
  write: writeCsv,
};

const FILE = 'annotations.csv';
const COLUMNS = [
  ...['file_name', 'image_width', 'image_height', 'category'],
  ...['bbox_x', 'bbox_y', 'bbox_width', 'bbox_height', 'area', 'iscrowd', 'score', 'caption'],
];
const OTHER_NAMES: Readonly<Record<string, string>> = {
  filename: 'file_name',
  image: 'file_name',
  image_path: 'file_name',
  width: 'image_width',
  height: 'image_height',
  class: 'category',
  label: 'category',
  x: 'bbox_x',
  y: 'bbox_y',
  w: 'bbox_width',
  h: 'bbox_height',
};

async function readCsv(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  for (const path of source.paths) {
    let names: readonly string[] | undefined;
    for await (const { cells, line } of rowsOf(source, path)) {
      if (names) {
        const row = new Map(names.map((name, k) => [name, cells[k] ?? '']));
        await readRow(row, `${path}:${line}`, source, builder, losses);
        continue;
      }
      names = cells.map((name) => {
        const lower = name.trim().toLowerCase();
        return OTHER_NAMES[lower] ?? lower;
      });
      if (names.includes('file_name')) continue;
      const message = 'A table has no column file_name (or filename, image); it is left out.';
      losses.add('columns', message, `${path}:${line}`);
      break;
    }
  }
}

async function readRow(
  row: ReadonlyMap<string, string>,
  where: string,
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const number = (name: string): number => Number(row.get(name)?.trim() || NaN);
  const fileName = row.get('file_name') ?? '';
  const given: Size = [number('image_height'), number('image_width')];
  const known = given.every((side) => side > 0) ? given : await source.sizeOf(fileName);
  const image = builder.image(fileName, known, where);
  if (!image) return;
  const caption = row.get('caption');
  if (caption) builder.caption(image, caption);
  const bbox: Bbox = row.has('xmin')
    ? [
        ...([number('xmin'), number('ymin')] as const),
        ...([number('xmax') - number('xmin'), number('ymax') - number('ymin')] as const),
      ]
    : [number('bbox_x'), number('bbox_y'), number('bbox_width'), number('bbox_height')];
  const name = row.get('category');
  if (!name && bbox.every(Number.isNaN)) return; // a row for the image or a caption alone
  if (!name) {
    losses.add('category-missing', 'A row without a category is left out.', where);
    return;
  }
  const score = number('score');
  const fields = {
    ...(number('iscrowd') === 1 && { iscrowd: 1 }),
    ...(Number.isFinite(score) && { score }),
  };
  builder.object(image, builder.category(name), { bbox, fields }, where);
}

async function writeCsv(
  dataset: DatasetSource,
  target: TargetFiles,
  losses: LossLog,
): Promise<void> {
  const categories = byId(dataset.categories);
  await target.append(FILE, formatRow(COLUMNS));
  for await (const record of dataset.records()) {
    const { image } = record;
    const head = [image.file_name, image.width, image.height];
    const rows = objectsOf(record, categories, losses).flatMap(({ annotation, category }) => {
      const bbox = boxOf(annotation, image, losses);
      if (!bbox) return [];
      const { area, iscrowd, score } = annotation;
      const box = bbox.map((value) => roundTo(value, 2));
      return [[...head, category.name, ...box, area ?? '', iscrowd ?? 0, score ?? '', '']];
    });
    for (const caption of captionsOf(record)) {
      rows.push([...head, ...new Array<string>(8).fill(''), caption]);
    }
    if (rows.length === 0) rows.push([...head, ...new Array<string>(9).fill('')]);
    await target.append(FILE, rows.map(formatRow).join(''));
  }
}

/** A row of a table as text (RFC 4180). */
export const formatRow = (row: readonly (string | number)[]): string =>
  `${row.map(formatCell).join(',')}\r\n`;

function formatCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
