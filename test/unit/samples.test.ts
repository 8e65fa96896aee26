import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { validateFile } from '../../src/host/dataset/validateFile';
import { readImageHeader } from '../../src/host/dataset/imageHeader';
import { Store } from '../../src/host/dataset/store';
import { maskOf, measure } from '../../src/shared/coco/segmentation';
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../../src/shared/coco/types';

interface CocoFile {
  readonly images: readonly CocoImage[];
  readonly annotations: readonly InstanceAnnotation[];
  readonly categories: readonly CocoCategory[];
}

const workspace = path.resolve('samples/workspace');
const file = path.join(workspace, 'annotations.coco.json');

describe('the sample workspace', () => {
  const text = readFileSync(file, 'utf8');
  const { images, annotations, categories } = JSON.parse(text) as CocoFile;

  it('has no problem that a rule could find', async () => {
    const store = new Store();
    const loaded = await store.load(file);
    assert.ok(loaded);
    const { problems } = await validateFile(store, loaded);
    assert.deepEqual(
      problems.filter(({ severity }) => severity !== 'info'),
      [],
    );
  });

  it('holds masks whose box and area are those written', () => {
    const sizes = new Map(images.map(({ id, width, height }) => [id, [height, width] as const]));
    for (const annotation of annotations) {
      const mask = maskOf(annotation, sizes.get(annotation.image_id) ?? [0, 0]);
      assert.ok(mask, `annotation ${annotation.id}`);
      const { bbox, area } = measure(mask);
      assert.deepEqual([bbox, area], [annotation.bbox, annotation.area], `${annotation.id}`);
    }
  });

  it('has both forms of masks, a portrait that is stored on its side, and work left to do', async () => {
    const forms = new Set(annotations.map(({ segmentation }) => Array.isArray(segmentation)));
    assert.deepEqual([...forms].sort(), [false, true]);
    const headers = await Promise.all(
      images.map(({ file_name }) => readImageHeader(path.join(workspace, file_name))),
    );
    assert.ok(headers.some((header) => header && header.orientation >= 5));
    const annotated = new Set(annotations.map(({ image_id }) => image_id));
    assert.ok(annotated.size >= 3 && annotated.size < images.length);
    assert.ok(categories.every(({ supercategory }) => supercategory));
  });

  it('is small, and lists every picture', () => {
    const folder = path.join(workspace, 'images');
    const names = readdirSync(folder);
    assert.deepEqual(
      names.map((name) => `images/${name}`).sort(),
      images.map(({ file_name }) => file_name).sort(),
    );
    const bytes = names.map((name) => statSync(path.join(folder, name)).size);
    assert.ok(bytes.reduce((a, b) => a + b, 0) <= 3 << 20);
  });
});
