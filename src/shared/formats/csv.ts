// CSV tables of boxes, one line an object (RFC 4180 quoting). Written with COCO's [x, y, width, height]; read also with
// the columns of TensorFlow's tables (filename, width, height, class, xmin, ymin, xmax, ymax).
import type { Bbox, Size } from '../geometry/types';
import { roundTo } from '../geometry/round';
import { DatasetBuilder } from './datasetBuilder';
import type { Dataset, Format, ReadContext, ReadResult, WriteResult } from './format';
import { LossLog } from './lossLog';
import { hasExtension } from './paths';
import { boxOf, noteUnknownCategory, objectsByImage } from './shapes';
import { noteUnkept } from './unkept';

export const csv: Format = {
  id: 'csv',
  title: 'CSV table of boxes',
  accepts: (path) => hasExtension(path, '.csv'),
  read: readCsv,
  write: writeCsv,
};

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

function readCsv(files: ReadonlyMap<string, string>, context?: ReadContext): ReadResult {
  const losses = new LossLog();
  const builder = new DatasetBuilder(losses);
  for (const path of [...files.keys()].sort()) {
    const [head, ...lines] = hasExtension(path, '.csv') ? parseCsv(files.get(path)!) : [];
    const names = (head ?? []).map((name) => {
      const lower = name.trim().toLowerCase();
      return OTHER_NAMES[lower] ?? lower;
    });
    if (head && !names.includes('file_name')) {
      const message = 'A table has no column file_name (or filename, image); it is left out.';
      losses.add('columns', message, path);
      continue;
    }
    lines.forEach((line, i) => {
      const row = new Map(names.map((name, k) => [name, line[k] ?? '']));
      readRow(row, `${path}, row ${i + 2}`, builder, losses, context);
    });
  }
  return { dataset: builder.build(), losses: losses.list() };
}

function readRow(
  row: ReadonlyMap<string, string>,
  where: string,
  builder: DatasetBuilder,
  losses: LossLog,
  context: ReadContext | undefined,
): void {
  const number = (name: string): number => Number(row.get(name)?.trim() || NaN);
  const fileName = row.get('file_name') ?? '';
  const given: Size = [number('image_height'), number('image_width')];
  const known = given.every((side) => side > 0) ? given : context?.imageSizes.get(fileName);
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

/** Splits a table into rows of cells; a quoted cell may hold commas, quotes (doubled) and line ends. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]+|"")*)"?[^,\r\n]*|([^,\r\n]*))(,|\r\n|\n|\r|$)/y;
  const start = text.startsWith('\ufeff') ? 1 : 0;
  for (cell.lastIndex = start; cell.lastIndex < text.length || row.length > 0;) {
    const match = cell.exec(text);
    if (!match) break;
    row.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2]!);
    if (match[3] === ',') continue;
    if (row.some((value) => value !== '')) rows.push(row);
    row = [];
  }
  return rows;
}

function writeCsv(dataset: Dataset): WriteResult {
  const losses = new LossLog();
  noteUnkept(dataset, ['categories', 'empty-images', 'crowd', 'score', 'caption'], losses);
  const names = new Map(dataset.categories.map((category) => [category.id, category.name]));
  const lines: (string | number)[][] = [COLUMNS];
  for (const [image, annotations] of objectsByImage(dataset)) {
    const head = [image.file_name, image.width, image.height];
    const before = lines.length;
    for (const annotation of annotations) {
      const bbox = boxOf(annotation, image, losses);
      const name = names.get(annotation.category_id);
      if (name === undefined) noteUnknownCategory(annotation, losses);
      if (!bbox || name === undefined) continue;
      const { area, iscrowd, score } = annotation;
      const box = bbox.map((value) => roundTo(value, 2));
      lines.push([...head, name, ...box, area ?? '', iscrowd ?? 0, score ?? '', '']);
    }
    for (const annotation of dataset.annotations) {
      if (annotation.image_id !== image.id || typeof annotation['caption'] !== 'string') continue;
      lines.push([...head, ...new Array<string>(8).fill(''), annotation['caption']]);
    }
    if (lines.length === before) lines.push([...head, ...new Array<string>(9).fill('')]);
  }
  const text = lines.map((line) => `${line.map(formatCell).join(',')}\r\n`).join('');
  return { files: new Map([['annotations.csv', text]]), losses: losses.list() };
}

function formatCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
