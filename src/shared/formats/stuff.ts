// COCO stuff: a COCO file in which each category of an image is one area, as RLE, and no two areas overlap.
import { runsFromString } from '../mask/rleString';
import { areaOf } from '../mask/area';
import { bboxOf } from '../mask/bbox';
import type { Segmentation } from '../coco/types';
import { entriesOf, listsOf, otherFields, sizeOfEntry, textField } from './cocoLists';
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import { masksOf, paintObjects } from './labelMap';
import { ListWriter } from './listWriter';
import type { LossLog } from './lossLog';
import { hasExtension } from './paths';
import { byId, sizeOf } from './shapes';
import { FEATURES } from './unkept';

const FILE = 'stuff.json';

export const stuff: Format = {
  id: 'coco-stuff',
  title: 'COCO stuff',
  kept: [
    ...(['mask', 'supercategory', 'categories', 'unused-categories'] as const),
    ...(['category-fields', 'image-fields', 'empty-images'] as const),
  ],
  note: 'Objects of a category become one area; objects without a mask are left out.',
  accepts: (path) => hasExtension(path, '.json'),
  read,
  write,
};

async function read(source: SourceFiles, builder: DatasetBuilder, losses: LossLog): Promise<void> {
  for (const path of source.paths) {
    const { images, categories } = await listsOf(source, path, losses);
    const names = new Map<unknown, string>();
    for (const [id, { entry }] of categories) {
      const name = textField(entry['name']) || `category_${String(id)}`;
      names.set(id, name);
      builder.category(name, otherFields(entry, 'name'));
    }
    const image = (id: unknown): ReturnType<DatasetBuilder['image']> => {
      const listed = images.get(id);
      if (!listed) return null;
      const fields = otherFields(listed.entry, 'file_name', 'width', 'height');
      const fileName = textField(listed.entry['file_name']);
      return builder.image(fileName, sizeOfEntry(listed.entry), listed.where, fields);
    };
    for (const id of images.keys()) image(id);
    for await (const { entry, where } of entriesOf(source, path, ['annotations'], losses)) {
      const [found, name] = [image(entry['image_id']), names.get(entry['category_id'])];
      if (!found || name === undefined || !entry['segmentation']) {
        const message = 'An annotation without image, category or mask is left out.';
        losses.add('entry-unusable', message, where);
        continue;
      }
      const segmentation = entry['segmentation'] as Segmentation;
      const fields = entry['iscrowd'] === 1 ? { iscrowd: 1 } : {};
      builder.object(found, builder.category(name), { segmentation, fields }, where);
    }
  }
}

async function write(dataset: DatasetSource, target: TargetFiles, losses: LossLog): Promise<void> {
  const categories = byId(dataset.categories);
  const order = new Map(dataset.categories.map((category, k) => [category, k + 1]));
  const file = new ListWriter(target, FILE);
  await file.begin('images');
  for await (const { image } of dataset.records()) await file.add(image);
  await file.begin('annotations');
  let id = 0;
  for await (const record of dataset.records()) {
    const used = new Set<number>();
    const map = paintObjects(
      record,
      categories,
      (annotation, category) => {
        const value = order.get(category)!;
        if (used.has(value))
          losses.add('instances', FEATURES.instances, `annotation ${annotation.id}`);
        used.add(value);
        return value;
      },
      losses,
    );
    const masks = map ? masksOf(map.values, sizeOf(record.image)) : [];
    for (const [value, segmentation] of [...masks].sort(([a], [b]) => a - b)) {
      const runs = runsFromString(segmentation);
      const category_id = dataset.categories[value - 1]!.id;
      const common = { id: ++id, image_id: record.image.id, category_id, iscrowd: 0 };
      await file.add({ ...common, area: areaOf(runs), bbox: bboxOf(runs), segmentation });
    }
  }
  await file.begin('categories');
  for (const category of dataset.categories) await file.add(category);
  await file.end();
}
