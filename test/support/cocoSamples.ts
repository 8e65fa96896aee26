// COCO files in many formattings, and random ones, for the tests of src/shared/coco.
import { randomInteger } from './random';

/** A way to write a JSON value as text. */
export interface Formatting {
  readonly name: string;
  write(value: unknown): string;
}

/** The formattings that tools write, and some that only people do. */
export const formattings: readonly Formatting[] = [
  { name: 'minified', write: (value) => JSON.stringify(value) },
  { name: 'indent 2', write: (value) => JSON.stringify(value, null, 2) },
  { name: 'indent 4', write: (value) => JSON.stringify(value, null, 4) },
  { name: 'tabs', write: (value) => JSON.stringify(value, null, '\t') },
  { name: 'CRLF', write: (value) => JSON.stringify(value, null, 2).replaceAll('\n', '\r\n') },
  { name: 'byte order mark', write: (value) => `\ufeff${JSON.stringify(value, null, 2)}\n` },
  { name: 'python default', write: (value) => pythonDump(value) },
  { name: 'one entry a line', write: (value) => entryLines(value) },
  { name: 'odd spaces', write: (value) => oddSpaces(value) },
];

/** json.dumps(value) of Python. */
export function pythonDump(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonDump).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return asciiJson(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${asciiJson(key)}: ${pythonDump(item)}`,
  );
  return `{${members.join(', ')}}`;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function entryLines(value: unknown): string {
  const members = Object.entries(value as Record<string, unknown>).map(([key, item]) => {
    if (!Array.isArray(item) || item.length === 0)
      return `  ${JSON.stringify(key)}: ${pythonDump(item)}`;
    const entries = item.map((entry) => `    ${pythonDump(entry)}`);
    return `  ${JSON.stringify(key)}: [\n${entries.join(',\n')}\n  ]`;
  });
  return members.length > 0 ? `{\n${members.join(',\n')}\n}\n` : '{}';
}

function oddSpaces(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(oddSpaces).join(' ,\t')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)} : ${oddSpaces(item)}`,
  );
  return `{ ${members.join(' , ')}\n}`;
}

type Json = Record<string, unknown>;

const strings = [
  'plain.jpg',
  'a "quoted" {name}.png',
  'comma, [bracket].jpg',
  'back\\slash',
  'ünï/cödé.jpg',
  '写真.jpg',
  'emoji 🐙.png',
  '"annotations": [',
  'line\nbreak',
  'tab\there',
  '</script>',
  '\u202eRTL',
  'e\u0301',
];

/** A random string, often with characters that look like structure. */
export function randomString(random: () => number): string {
  return strings[randomInteger(random, 0, strings.length - 1)]! + randomInteger(random, 0, 99);
}

function randomNumber(random: () => number): number {
  const kind = randomInteger(random, 0, 3);
  if (kind === 0) return randomInteger(random, -5, 500);
  if (kind === 1) return Math.round(random() * 1e5) / 100;
  return kind === 2 ? random() * 1e-7 : random() * 1e22;
}

function randomSegmentation(random: () => number): unknown {
  if (random() < 0.2) return { size: [4, 5], counts: '0a1b\\2' };
  if (random() < 0.2) return { counts: [1, 2, 3], size: [2, 3] };
  const parts = randomInteger(random, 0, 2);
  return Array.from({ length: parts }, () =>
    Array.from({ length: randomInteger(random, 0, 8) }, () => randomNumber(random)),
  );
}

/** A random annotation with unknown fields. */
export function randomAnnotation(random: () => number, id: number, imageId: number): Json {
  const entry: Json = { id, image_id: imageId, category_id: randomInteger(random, 1, 3) };
  if (random() < 0.8) entry['segmentation'] = randomSegmentation(random);
  if (random() < 0.8) entry['bbox'] = Array.from({ length: 4 }, () => randomNumber(random));
  if (random() < 0.5) entry['area'] = randomNumber(random);
  if (random() < 0.5) entry['iscrowd'] = randomInteger(random, 0, 1);
  if (random() < 0.4)
    entry['attributes'] = { [randomString(random)]: randomString(random), id: null };
  if (random() < 0.3) entry['segments_info'] = [{ id: 99, image_id: 7, bbox: [1, 2] }, { id: 98 }];
  return random() < 0.3 ? shuffled(entry, random) : entry;
}

/** The same object with its keys in another order. */
export function shuffled(entry: Json, random: () => number): Json {
  return Object.fromEntries(
    Object.entries(entry)
      .map((member) => ({ member, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ member }) => member),
  );
}

/** A random dataset: unique ids in random order, members in any order, sometimes without a list. */
export function randomDataset(random: () => number): Json {
  const images = Array.from({ length: randomInteger(random, 0, 5) }, (_, k) => ({
    id: k * 2 + 1,
    file_name: `${k}-${randomString(random)}`,
    width: 5,
    height: 4,
    ...(random() < 0.3 ? { flickr_url: randomString(random) } : {}),
  }));
  const annotations = Array.from({ length: randomInteger(random, 0, 12) }, (_, k) =>
    randomAnnotation(random, k * 3 + 1, randomInteger(random, 0, 5) * 2 + 1),
  );
  const categories = Array.from({ length: randomInteger(random, 0, 3) }, (_, k) => ({
    id: k + 1,
    name: randomString(random) + k,
    ...(random() < 0.5 ? { supercategory: 'thing' } : {}),
  }));
  const dataset: Json = {
    info: { description: randomString(random), nested: { annotations: [] } },
  };
  if (random() < 0.9) dataset['images'] = images;
  if (random() < 0.9) dataset['annotations'] = annotations;
  if (random() < 0.9) dataset['categories'] = categories;
  if (random() < 0.5) dataset['licenses'] = [{ id: 1, name: 'x' }];
  return random() < 0.5 ? shuffled(dataset, random) : dataset;
}
