// Semantic masks: one grey PNG an image, pixel value = category, 0 = background. classes.txt names the values, one a
// line, the first line is value 0.
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import type { LossLog } from './lossLog';
import { masksOf, paintObjects } from './labelMap';
import { maskFilesOf, maskPath } from './maskFiles';
import { hasExtension, PathClaims } from './paths';
import { encodeGrey, numbersOf } from './raster';
import { byId, sizeOf } from './shapes';
import { textOf } from './texts';
import { FEATURES } from './unkept';

const FOLDER = 'masks';
const NAMES = 'classes.txt';
const BACKGROUND = 'background';
/** What many data sets give to pixels that nobody labelled. */
const VOID = 255;

export const maskSemantic: Format = {
  id: 'mask-semantic',
  title: 'Semantic masks (PNG)',
  kept: ['mask', 'categories', 'unused-categories', 'empty-images'],
  note: 'Objects of a category become one area; objects without a mask are left out.',
  accepts: (path) => hasExtension(path, '.png') || path.endsWith(NAMES),
  read,
  write,
};

async function read(source: SourceFiles, builder: DatasetBuilder, losses: LossLog): Promise<void> {
  const names = await readNames(source);
  names.forEach((name, value) => value > 0 && name !== '' && builder.category(name));
  for await (const { path, raster, image } of maskFilesOf(source, FOLDER, builder, losses)) {
    const masks = masksOf(numbersOf(raster), sizeOf(image));
    for (const [value, segmentation] of [...masks].sort(([a], [b]) => a - b)) {
      const where = `${path}, value ${value}`;
      const name = names[value];
      if (!name && value === VOID) {
        losses.add('void', 'Pixels of value 255 without a name are left out as unlabelled.', where);
        continue;
      }
      if (!name) losses.add('names-missing', `A value has no line in ${NAMES}.`, where);
      builder.object(image, builder.category(name || `class_${value}`), { segmentation }, where);
    }
  }
}

async function readNames(source: SourceFiles): Promise<readonly string[]> {
  const path = source.paths.find((each) => each.endsWith(NAMES));
  if (path === undefined) return [];
  return (await textOf(source, path)).split(/\r?\n/).map((line) => line.trim());
}

async function write(dataset: DatasetSource, target: TargetFiles, losses: LossLog): Promise<void> {
  const claims = new PathClaims(losses);
  const categories = byId(dataset.categories);
  const valueOf = new Map(dataset.categories.map((category, k) => [category, k + 1]));
  const lines = [
    BACKGROUND,
    ...dataset.categories.map(({ name }) => name.replace(/[\r\n]+/g, ' ')),
  ];
  await target.write(NAMES, lines.map((line) => `${line}\n`).join(''));
  for await (const record of dataset.records()) {
    const path = claims.claim(record.image, maskPath(FOLDER));
    if (path === null) continue;
    const used = new Set<number>();
    const map = paintObjects(
      record,
      categories,
      ({ id }, category) => {
        const value = valueOf.get(category)!;
        if (used.has(value)) losses.add('instances', FEATURES.instances, `annotation ${id}`);
        used.add(value);
        return value;
      },
      losses,
    );
    if (map) await target.write(path, encodeGrey(sizeOf(record.image), map.values));
  }
}
