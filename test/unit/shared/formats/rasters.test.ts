// Formats of pixels and of JSON: random datasets there and back, and files that are wrong.
import * as assert from 'node:assert';
import { measure, runsOf } from '../../../../src/shared/coco/segmentation';
import type { InstanceAnnotation } from '../../../../src/shared/coco/types';
import { formats } from '../../../../src/shared/formats/formats';
import { decodeRaster, encodeIndexed } from '../../../../src/shared/formats/raster';
import { vocColour } from '../../../../src/shared/formats/vocMasks';
import type { Size } from '../../../../src/shared/geometry/types';
import { unionAll, subtract } from '../../../../src/shared/mask/combine';
import { encodeBitmap } from '../../../../src/shared/mask/bitmap';
import { runsToString } from '../../../../src/shared/mask/rleString';
import type { Runs } from '../../../../src/shared/mask/types';
import { randomBitmap } from '../../../support/masks';
import { readFiles, writeFiles, type Dataset } from '../../../support/memoryFormat';
import { randomInteger, seededRandom } from '../../../support/random';

/** Images with masks that do not overlap; each category is there once an image, so that all forms keep them. */
function randomDataset(seed: number): Dataset {
  const random = seededRandom(seed);
  const categories = [1, 2, 3].map((id) => ({ id, name: `kind ${id}` }));
  const images = [1, 2, 3].map((id) => ({
    id,
    file_name: `images/${id}.png`,
    width: randomInteger(random, 2, 40),
    height: randomInteger(random, 2, 40),
  }));
  const annotations: InstanceAnnotation[] = [];
  for (const image of images) {
    const size: Size = [image.height, image.width];
    const seen: Runs[] = [];
    for (const { id: category_id } of categories) {
      const drawn = encodeBitmap(randomBitmap(random, image.width, image.height));
      const mask = subtract(drawn, unionAll(seen, size));
      if (measure(mask).area === 0) continue;
      seen.push(mask);
      const id = annotations.length + 1;
      const segmentation = runsToString(mask);
      const fields = { iscrowd: 0 as const, segmentation, ...measure(mask) };
      annotations.push({ id, image_id: image.id, category_id, ...fields });
    }
  }
  return { images, annotations, categories };
}

const sizesOf = ({ images }: Dataset): Map<string, Size> =>
  new Map(images.map(({ file_name, width, height }) => [file_name, [height, width]]));

/** Objects as file, category and mask or box, sorted. */
function objectsOf({ images, annotations, categories }: Dataset, isMask: boolean): string[] {
  const image = new Map(images.map((each) => [each.id, each]));
  const name = new Map(categories.map((each) => [each.id, each.name]));
  return (annotations as InstanceAnnotation[])
    .map((annotation) => {
      const { file_name, width, height } = image.get(annotation.image_id)!;
      const shape = isMask
        ? runsOf(annotation.segmentation!, [height, width]).counts.join()
        : annotation.bbox!.join();
      return `${file_name} ${name.get(annotation.category_id)} ${shape}`;
    })
    .sort();
}

describe('formats of pixels and JSON', () => {
  for (const id of ['mask-instance', 'mask-semantic', 'mask-palette', 'coco-panoptic']) {
    check(id, true);
  }
  for (const id of ['coco-stuff', 'datumaro']) check(id, true);
  for (const id of ['odvg', 'llava']) check(id, false);

  function check(id: string, isMask: boolean): void {
    const format = formats.get(id)!;

    it(`${id}: random datasets come back`, async () => {
      for (let seed = 1; seed <= 25; seed++) {
        const dataset = randomDataset(seed);
        const { files } = await writeFiles(format, dataset);
        for (const path of files.keys()) assert.ok(format.accepts(path), path);
        const { dataset: back, losses } = await readFiles(format, files, sizesOf(dataset));
        assert.deepStrictEqual(losses, [], `seed ${seed}`);
        assert.deepStrictEqual(objectsOf(back, isMask), objectsOf(dataset, isMask), `seed ${seed}`);
      }
    });

    it(`${id}: damaged files never fail`, async () => {
      const { files } = await writeFiles(format, randomDataset(1));
      for (let seed = 1; seed <= 40; seed++) {
        const random = seededRandom(seed);
        const damaged = new Map(
          [...files].map(([path, content]) => [path, damage(content, random)] as const),
        );
        const { losses } = await readFiles(format, damaged, sizesOf(randomDataset(1)));
        for (const { first } of losses) assert.ok(first.length > 0);
      }
    });
  }

  it('overlaps, boxes and captions: what is lost is told', async () => {
    const box = { image_id: 1, category_id: 1, iscrowd: 0 as const };
    const dataset: Dataset = {
      images: [{ id: 1, file_name: 'a.png', width: 8, height: 8 }],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [
        { id: 1, ...box, segmentation: [[0, 0, 4, 0, 4, 4, 0, 4]], bbox: [0, 0, 4, 4], area: 16 },
        { id: 2, ...box, segmentation: [[2, 2, 6, 2, 6, 6, 2, 6]], bbox: [2, 2, 4, 4], area: 16 },
        { id: 3, ...box, bbox: [1, 1, 2, 2], area: 4 },
        { id: 4, image_id: 1, caption: 'A cat and a category.' },
      ],
    };
    const kinds = async (id: string): Promise<string[]> =>
      (await writeFiles(formats.get(id)!, dataset)).losses.map(({ kind }) => kind).sort();
    assert.deepStrictEqual(await kinds('mask-instance'), ['box', 'caption', 'overlap']);
    assert.deepStrictEqual(await kinds('mask-semantic'), ['box', 'caption', 'instances']);
    assert.deepStrictEqual(await kinds('datumaro'), []);
    assert.deepStrictEqual(await kinds('odvg'), ['mask']);
    const { files } = await writeFiles(formats.get('odvg')!, dataset);
    const { dataset: back } = await readFiles(formats.get('odvg')!, files);
    assert.equal(back.annotations.length, 4, 'grounding repeats no object');
  });

  it('mask-palette: the picture of a mask is not the map of its objects', async () => {
    const format = formats.get('mask-palette')!;
    const map = encodeIndexed([1, 2], [0, 1], [0, 1].map(vocColour));
    const names = ['SegmentationClass/a.png', 'SegmentationObject/a.png'];
    const files = new Map(names.map((name) => [name, map]));
    const sizes = new Map<string, Size>(
      [...names, 'JPEGImages/a.jpg'].map((name) => [name, [1, 2]]),
    );
    const { dataset } = await readFiles(format, files, sizes);
    assert.deepStrictEqual(
      dataset.images.map(({ file_name }) => file_name),
      ['JPEGImages/a.jpg'],
    );
    assert.equal(dataset.categories[0]?.name, 'aeroplane');
  });

  it('palette indexes are exact', () => {
    const values = [0, 1, 254, 255];
    const palette = values.map((_, k): [number, number, number] => [k, k, k]);
    const { data } = decodeRaster(encodeIndexed([2, 2], [0, 1, 2, 3], palette));
    assert.deepStrictEqual([...Array.from(data)], [0, 1, 2, 3]);
  });
});

function damage(content: string | Uint8Array, random: () => number): string | Uint8Array {
  const at = randomInteger(random, 0, content.length);
  if (typeof content === 'string') {
    const pieces = ['', '"', '[', '{', ',', 'null', '-1', '1e999', '\n'];
    const piece = pieces[randomInteger(random, 0, pieces.length - 1)]!;
    return content.slice(0, at) + piece + content.slice(at + randomInteger(random, 0, 6));
  }
  if (random() < 0.3) return content.slice(0, at);
  const changed = content.slice();
  if (at < changed.length) changed[at] = randomInteger(random, 0, 255);
  return changed;
}
