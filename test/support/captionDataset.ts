// A folder of tiny images with a COCO file beside it, for caption jobs.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomInteger, seededRandom } from './random';

/** A 1×1 PNG; the dataset says how large the images are. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Writes ROOT/images/NNN.png and ROOT/instances.json; every third image has no annotations. @returns the COCO file */
export async function writeCaptionDataset(root: string, count: number): Promise<string> {
  const random = seededRandom(3);
  await mkdir(path.join(root, 'images'), { recursive: true });
  const images = [];
  const annotations = [];
  for (let i = 1; i <= count; i++) {
    const file_name = `images/${String(i).padStart(3, '0')}.png`;
    await writeFile(path.join(root, file_name), PNG);
    images.push({ id: i * 10, file_name, width: 640, height: 480 });
    for (let k = 0; k < i % 3; k++) {
      const bbox = [randomInteger(random, 0, 500), randomInteger(random, 0, 400), 90, 70];
      const category_id = randomInteger(random, 1, 3);
      annotations.push({
        id: annotations.length + 1,
        image_id: i * 10,
        category_id,
        bbox,
        area: 6300,
      });
    }
  }
  const categories = ['mug', 'book', 'pear'].map((name, i) => ({ id: i + 1, name }));
  const file = path.join(root, 'instances.json');
  await writeFile(file, JSON.stringify({ images, annotations, categories }));
  return file;
}
