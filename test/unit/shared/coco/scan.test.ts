import { strict as assert } from 'node:assert';
import {
  annotationsOfImage,
  countByImage,
  countEntries,
  fileNameOf,
  isWritable,
  parseEntry,
} from '../../../../src/shared/coco/cocoIndex';
import { listNames } from '../../../../src/shared/coco/entryTable';
import { locate } from '../../../../src/shared/coco/locate';
import { scan, scanSteps } from '../../../../src/shared/coco/scan';
import { encodeText } from '../../../../src/shared/coco/text';
import { formattings, randomDataset } from '../../../support/cocoSamples';
import { seededRandom } from '../../../support/random';

type Json = Record<string, unknown>;

/** The index must say what JSON.parse of the whole file says. */
function checkAgainstParse(text: string): void {
  const bytes = encodeText(text);
  const index = scan(bytes);
  const parsed = JSON.parse(text.replace(/^\ufeff/, '')) as Record<string, Json[] | undefined>;
  assert.deepEqual(index.problems, []);
  for (const name of listNames) {
    const wanted = parsed[name];
    const list = index.lists[name];
    assert.equal(countEntries(index, name), wanted?.length ?? 0);
    if (!list || !wanted) continue;
    wanted.forEach((entry, row) => {
      assert.deepEqual(parseEntry(bytes, list, row), entry);
      assert.equal(list.entries.id[row], entry['id']);
      if (name === 'annotations') {
        assert.equal(list.entries.image_id[row], entry['image_id']);
        assert.equal(list.entries.category_id[row], entry['category_id']);
      }
      if (name === 'images') assert.equal(fileNameOf(bytes, list, row), entry['file_name']);
    });
  }
}

/** One problem with this rule and place. */
function checkProblem(text: string | Uint8Array, rule: string, at: string, message?: RegExp): void {
  const bytes = typeof text === 'string' ? encodeText(text) : text;
  const index = scan(bytes);
  const found = index.problems.find((problem) => problem.rule === rule);
  assert.ok(found, `${rule} is missing: ${JSON.stringify(index.problems)}`);
  const { line, column } = locate(bytes, [found.start])[0]!;
  assert.equal(`${line}:${column}`, at);
  assert.equal(isWritable(index), false);
  if (message) assert.match(found.message, message);
}

describe('scan', () => {
  for (const { name, write } of formattings) {
    it(`indexes random datasets written as ${name}`, () => {
      const random = seededRandom(11);
      for (let k = 0; k < 40; k++) checkAgainstParse(write(randomDataset(random)));
    });
  }

  const legal: readonly [string, string][] = [
    ['an empty object', '{}'],
    ['empty lists', '{"images":[],"annotations":[],"categories":[]}'],
    [
      'escaped keys',
      '{"\\u0069mages":[{"\\u0069d":7,"f\\u0069le_name":"a\\u002fb","width":1}],"annotations":[{"c\\u0061tegory_id":3,"image\\u005fid":7,"id":1}]}',
    ],
    [
      'numbers in every legal form',
      '{"annotations":[{"id":1e2,"image_id":-0,"category_id":1.5E+1},{"id":12345678901234567890,"image_id":0.5,"category_id":1e-3}]}',
    ],
    [
      'duplicate keys: the last one wins',
      '{"annotations":[{"id":1,"image_id":2,"category_id":3,"id":4}]}',
    ],
    [
      'structure in strings',
      '{"info":{"a":"\\"annotations\\":[{]}"},"annotations":[{"id":1,"image_id":1,"category_id":1,"x":"]},{\\\\"}]}',
    ],
    [
      'annotations before images',
      '{"annotations":[{"image_id":1,"category_id":2,"id":9}],"images":[{"id":1,"file_name":"x"}]}',
    ],
    [
      'ids inside nested objects are not ids',
      '{"annotations":[{"segments_info":[{"id":5}],"id":1,"image_id":1,"category_id":1,"o":{"id":7}}]}',
    ],
  ];
  for (const [name, text] of legal) it(`reads ${name}`, () => checkAgainstParse(text));

  it('keeps ids that are missing or no numbers as NaN', () => {
    const index = scan(
      encodeText('{"annotations":[{"id":"1"},{"id":null},{},5,null,{"id":true}]}'),
    );
    const entries = index.lists.annotations!.entries;
    assert.equal(entries.length, 6);
    for (let row = 0; row < 6; row++) assert.ok(Number.isNaN(entries.id[row]));
  });

  it('finds the annotations of an image', () => {
    const index = scan(
      encodeText(
        '{"annotations":[{"id":1,"image_id":2},{"id":2,"image_id":1},{"id":3,"image_id":2}]}',
      ),
    );
    assert.deepEqual(annotationsOfImage(index, 2), [0, 2]);
    assert.deepEqual(
      [...countByImage(index)],
      [
        [2, 2],
        [1, 1],
      ],
    );
  });

  const broken: readonly [string, string | Uint8Array, string, string, RegExp?][] = [
    ['zero bytes', '', 'json-empty', '1:1'],
    ['only spaces', ' \n\n ', 'json-empty', '1:1'],
    [
      'a truncated file',
      '{"images": [\n  {"id": 1',
      'json-syntax',
      '2:11',
      /a comma or \}, found the end/,
    ],
    ['a comma too many', '{"images":[{"id":1},]}', 'json-syntax', '1:21'],
    ['a missing comma', '{"images":[]\n"annotations":[]}', 'json-syntax', '2:1'],
    ['single quotes', "{'images':[]}", 'json-syntax', '1:2'],
    ['a comment', '{\n// no\n"images":[]}', 'json-syntax', '2:1', /found "\/"/],
    ['text after the end', '{"images":[]} x', 'json-syntax', '1:15'],
    ['NaN', '{"annotations":[{"id":1,\n"area":NaN}]}', 'json-not-finite', '2:8'],
    ['-Infinity', '{"annotations":[{"id":1,"area":-Infinity}]}', 'json-not-finite', '1:32'],
    ['a leading zero', '{"images":[{"id":01}]}', 'json-syntax', '1:19'],
    ['a point without digits', '{"images":[{"id":1.}]}', 'json-syntax', '1:20'],
    ['a bad escape', '{"images":[{"file_name":"\\x"}]}', 'json-syntax', '1:26'],
    ['a raw line end in a string', '{"info":"a\nb","images":[]}', 'json-syntax', '1:11'],
    [
      'deep nesting',
      `{"images":[],"x":${'['.repeat(100000)}`,
      'json-syntax',
      '1:273',
      /levels of nesting/,
    ],
    ['a list twice', '{"images":[],"images":[]}', 'list-duplicate', '1:23'],
    ['a list that is an object', '{"images":{"1":{}}}', 'list-type', '1:11'],
    [
      'a results file',
      '[{"image_id":1,"category_id":1,"bbox":[0,0,1,1],"score":0.5}]',
      'results-file',
      '1:1',
      /results file/,
    ],
    ['another JSON file', '{"name":"x","version":"1"}', 'not-coco', '1:1'],
    ['a number', '42', 'not-coco', '1:1'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 'json-encoding', '1:1'],
    [
      'bytes that are not UTF-8',
      Uint8Array.from([...encodeText('{"images":[],"x":"'), 0xff, 0x22, 0x7d]),
      'json-encoding',
      '1:19',
    ],
    ['columns in UTF-16 units', '{"ä🐙":1,}', 'json-syntax', '1:10'],
  ];
  for (const [name, text, rule, at, message] of broken) {
    it(`locates ${name}`, () => checkProblem(text, rule, at, message));
  }

  it('names the entry around a syntax error and keeps the entries before it', () => {
    const index = scan(encodeText('{"annotations":[{"id":1},{"id":2},{"id":x}]}'));
    assert.equal(index.problems[0]?.path, 'annotations[2]');
    assert.equal(countEntries(index, 'annotations'), 2);
  });

  it('reads a results file as annotations', () => {
    const index = scan(encodeText('[{"image_id":3,"category_id":1,"score":0.5},{"image_id":4}]'));
    assert.equal(index.kind, 'results');
    assert.deepEqual(annotationsOfImage(index, 4), [1]);
  });

  it('yields on the way, so that it can be stopped', () => {
    const entries = Array.from({ length: 1000 }, (_, id) => ({ id, image_id: 1 }));
    const bytes = encodeText(JSON.stringify({ annotations: entries }));
    const steps = [...scanSteps(bytes, { stepBytes: 1000 })];
    assert.ok(steps.length > 20);
    assert.deepEqual(
      steps,
      [...steps].sort((a, b) => a - b),
    );
  });
});
