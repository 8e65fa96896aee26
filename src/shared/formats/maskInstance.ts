// Instance masks: one grey PNG an image, pixel value = number of the object, 0 = nothing; instances.csv says what
// each number is. Without that table every object is of the category "object".
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import type { LossLog } from './lossLog';
import { formatRow } from './csv';
import { masksOf, paintObjects } from './labelMap';
import { maskFilesOf, maskPath } from './maskFiles';
import { hasExtension, PathClaims } from './paths';
import { encodeGrey, numbersOf } from './raster';
import { byId, sizeOf } from './shapes';
import { rowsOf } from './streams';

const FOLDER = 'masks';
const TABLE = 'instances.csv';
const COLUMNS = ['mask', 'value', 'category'];
const MOST_OBJECTS = 65535;

export const maskInstance: Format = {
  id: 'mask-instance',
  title: 'Instance masks (PNG)',
  kept: ['mask', 'categories', 'empty-images'],
  note: 'Objects without a mask are left out; a pixel belongs to the object that comes last.',
  accepts: (path) => hasExtension(path, '.png') || path.endsWith(TABLE),
  read,
  write,
};

async function read(source: SourceFiles, builder: DatasetBuilder, losses: LossLog): Promise<void> {
  const names = await readTable(source, losses);
  for await (const { path, raster, image } of maskFilesOf(source, FOLDER, builder, losses)) {
    const known = names.get(path);
    const masks = masksOf(numbersOf(raster), sizeOf(image));
    for (const [value, segmentation] of [...masks].sort(([a], [b]) => a - b)) {
      const name = known?.get(value) ?? 'object';
      if (known && !known.has(value)) {
        const message = `A value is not in ${TABLE}; its object is of the category "object".`;
        losses.add('value-unknown', message, `${path}, value ${value}`);
      }
      builder.object(image, builder.category(name), { segmentation }, `${path}, value ${value}`);
    }
  }
}

/** Category of each value of each mask. */
async function readTable(
  source: SourceFiles,
  losses: LossLog,
): Promise<ReadonlyMap<string, ReadonlyMap<number, string>>> {
  const names = new Map<string, Map<number, string>>();
  for (const path of source.paths.filter((each) => each.endsWith(TABLE))) {
    const folder = path.slice(0, -TABLE.length);
    for await (const { cells, line } of rowsOf(source, path)) {
      const [mask = '', value = '', category = ''] = cells;
      if (line === 1 && mask === COLUMNS[0]) continue;
      if (mask === '' || category === '' || !(Number(value) > 0)) {
        losses.add('line-unreadable', 'A line is no mask, value, category.', `${path}:${line}`);
        continue;
      }
      const known = names.get(folder + mask) ?? new Map<number, string>();
      names.set(folder + mask, known.set(Number(value), category));
    }
  }
  return names;
}

async function write(dataset: DatasetSource, target: TargetFiles, losses: LossLog): Promise<void> {
  const claims = new PathClaims(losses);
  const categories = byId(dataset.categories);
  await target.append(TABLE, formatRow(COLUMNS));
  for await (const record of dataset.records()) {
    const path = claims.claim(record.image, maskPath(FOLDER));
    if (path === null) continue;
    const map = paintObjects(record, categories, numbered(losses), losses);
    if (!map) continue;
    await target.write(path, encodeGrey(sizeOf(record.image), map.values));
    const rows = map.painted.map(({ value, category }) => formatRow([path, value, category.name]));
    await target.append(TABLE, rows.join(''));
  }
}

/** Objects get 1, 2, 3, … */
function numbered(
  losses: LossLog,
): (annotation: { id: number }, _: unknown, before: number) => number | null {
  return ({ id }, _, before) => {
    if (before < MOST_OBJECTS) return before + 1;
    losses.add('too-many', `Objects after the ${MOST_OBJECTS}th are left out.`, `annotation ${id}`);
    return null;
  };
}
