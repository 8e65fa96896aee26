// A COCO instances file of any size in the likeness of instances_train2017.json: minified, polygons of about 25
// points with two decimals, images before annotations.
import { seededRandom } from './random';

/** instances_train2017.json's counts. */
export const trainCounts = { images: 118_287, annotations: 860_001 };

const CATEGORIES = 80;

/** The file's text in parts of about a megabyte. */
export function* bigCoco(
  { images, annotations }: { images: number; annotations: number },
  seed = 1,
): Generator<string> {
  const random = seededRandom(seed);
  let part =
    '{"info":{"description":"generated","version":"1.0"},"licenses":[{"id":1,"name":"none"}],"images":[';
  for (let id = 1; id <= images; id++) {
    const name = String(id).padStart(12, '0');
    part += `${id > 1 ? ',' : ''}{"license":1,"file_name":"${name}.jpg","coco_url":"images/train2017/${name}.jpg","height":480,"width":640,"date_captured":"2013-11-14 11:18:45","flickr_url":"static/${name}_z.jpg","id":${id}}`;
    if (part.length > 1 << 20) {
      yield part;
      part = '';
    }
  }
  part += '],"annotations":[';
  for (let id = 1; id <= annotations; id++) {
    const imageId = 1 + Math.floor(random() * images);
    part += (id > 1 ? ',' : '') + annotationText(random, id, imageId);
    if (part.length > 1 << 20) {
      yield part;
      part = '';
    }
  }
  const categories = Array.from({ length: CATEGORIES }, (_, k) => ({
    supercategory: 'thing',
    id: k + 1,
    name: `category ${k + 1}`,
  }));
  yield `${part}],"categories":${JSON.stringify(categories)}}`;
}

function annotationText(random: () => number, id: number, imageId: number): string {
  const points = 12 + Math.floor(random() * 56);
  const [cx, cy, radius] = [100 + random() * 440, 100 + random() * 280, 10 + random() * 85];
  const ring: number[] = [];
  for (let k = 0; k < points; k++) {
    const angle = (2 * Math.PI * k) / points;
    const r = radius * (0.9 + 0.1 * random());
    ring.push(cx + r * Math.cos(angle), cy + r * Math.sin(angle));
  }
  const rounded = ring.map((value) => Math.round(value * 100) / 100);
  const xs = rounded.filter((_, k) => k % 2 === 0);
  const ys = rounded.filter((_, k) => k % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const box = [x, y, Math.max(...xs) - x, Math.max(...ys) - y].map((value) => value.toFixed(2));
  const area = shoelace(rounded).toFixed(4);
  const category = 1 + Math.floor(random() * CATEGORIES);
  return `{"segmentation":[[${rounded.join(',')}]],"area":${area},"iscrowd":0,"image_id":${imageId},"bbox":[${box.join(',')}],"category_id":${category},"id":${id}}`;
}

function shoelace(ring: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < ring.length; k += 2) {
    const next = (k + 2) % ring.length;
    sum += ring[k]! * ring[next + 1]! - ring[next]! * ring[k + 1]!;
  }
  return Math.abs(sum) / 2;
}
