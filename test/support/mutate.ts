// Damages a COCO file in seeded ways, for fuzzing.
import { decodeText, encodeText } from '../../src/shared/coco/text';
import { formattings, randomDataset } from './cocoSamples';
import { randomInteger } from './random';

type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array;

const at = (bytes: Uint8Array, random: () => number): number =>
  randomInteger(random, 0, Math.max(0, bytes.length - 1));

function insert(bytes: Uint8Array, where: number, more: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + more.length);
  result.set(bytes.subarray(0, where));
  result.set(more, where);
  result.set(bytes.subarray(where), where + more.length);
  return result;
}

/** Replaces one place where a pattern of the text matches. */
function replaceOne(
  bytes: Uint8Array,
  random: () => number,
  pattern: RegExp,
  values: readonly string[],
): Uint8Array {
  const text = decodeText(bytes);
  const places = [...text.matchAll(pattern)];
  const place = places[randomInteger(random, 0, places.length - 1)];
  if (!place) return bytes;
  const value = values[randomInteger(random, 0, values.length - 1)]!;
  return encodeText(text.slice(0, place.index) + value + text.slice(place.index + place[0].length));
}

const values = [
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '-1',
  '0',
  '1e999',
  '-0',
  '1.5',
  '9007199254740993',
  '123456789012345678901234567890',
  'NaN',
  '-Infinity',
  '"\\ud800"',
  '[[[]]]',
  '{"id":1}',
  '[1e308,1e308]',
  '4294967295',
  '"x"',
  '[null]',
  '[[0,0,1e9,0,1e9,1e9]]',
  '{"size":[65535,65535],"counts":"0"}',
  '{"size":[1,1],"counts":[4294967296]}',
  '{"size":[-1,2],"counts":[]}',
];

const keys = [
  '"id"',
  '"image_id"',
  '"images"',
  '"annotations"',
  '"categories"',
  '"bbox"',
  '"__proto__"',
  '""',
  '"segmentation"',
];

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const copy = bytes.slice();
    for (let k = randomInteger(random, 1, 4); k > 0; k--)
      copy[at(copy, random)] = randomInteger(random, 0, 255);
    return copy;
  },
  (bytes, random) => {
    const copy = bytes.slice();
    copy[at(copy, random)]! ^= 1 << randomInteger(random, 0, 7);
    return copy;
  },
  (bytes, random) => bytes.slice(0, at(bytes, random)),
  (bytes, random) => bytes.slice(at(bytes, random)),
  (bytes, random) => {
    const [from, to] = [at(bytes, random), at(bytes, random)].sort((a, b) => a - b);
    return insert(bytes, at(bytes, random), bytes.slice(from, Math.min(to!, from! + 200)));
  },
  (bytes, random) => {
    const [from, to] = [at(bytes, random), at(bytes, random)].sort((a, b) => a - b);
    const end = Math.min(to!, from! + 40);
    return insert(bytes.slice(0, from), from!, bytes.slice(end));
  },
  (bytes, random) =>
    insert(
      bytes,
      at(bytes, random),
      encodeText('[{"a":'[randomInteger(random, 0, 5)]!.repeat(randomInteger(random, 1, 5000))),
    ),
  (bytes, random) =>
    insert(bytes, at(bytes, random), encodeText('{"a":['.repeat(randomInteger(random, 1, 2000)))),
  (bytes, random) => replaceOne(bytes, random, /-?\d+(\.\d+)?(e[+-]?\d+)?/g, values),
  (bytes, random) => replaceOne(bytes, random, /"[^"\\]*"(?=\s*:)/g, keys),
  (bytes, random) => replaceOne(bytes, random, /\[[^[\]{}]*\]/g, values),
  (bytes, random) => replaceOne(bytes, random, /"[^"\\]*"(?!\s*:)/g, values),
  (bytes, random) =>
    replaceOne(bytes, random, /[,:]/g, ['', ',,', ':', ' ', '\u0000', '//', '/* */']),
];

/** A random dataset in a random formatting, damaged one to three times; sometimes not at all. */
export function damagedDataset(random: () => number): Uint8Array {
  const formatting = formattings[randomInteger(random, 0, formattings.length - 1)]!;
  let bytes = encodeText(formatting.write(randomDataset(random)));
  for (let k = randomInteger(random, 0, 3); k > 0; k--) {
    bytes = mutations[randomInteger(random, 0, mutations.length - 1)]!(bytes, random);
  }
  return bytes;
}
