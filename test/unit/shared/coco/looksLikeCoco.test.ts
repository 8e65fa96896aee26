import { strict as assert } from 'node:assert';
import { looksLikeCoco } from '../../../../src/shared/coco/looksLikeCoco';

describe('looksLikeCoco', () => {
  for (const [what, name, head, expected] of [
    ['its name says so', 'a.coco.json', '', true],
    [
      'images with file names',
      'x.json',
      '{"info": {}, "images": [{"file_name": "a.jpg", "id": 1}',
      true,
    ],
    ['annotations first', 'x.json', '{\n "annotations" :\n [ {"image_id":1', true],
    ['empty lists', 'x.json', '{"images": [], "annotations": [], "categories": []}', true],
    ['categories first', 'x.json', '{"categories":[{"supercategory":"animal"', true],
    ['results', 'x.json', ' [{"image_id":1,"category_id":2,"bbox":[', true],
    ['a package', 'package.json', '{"name": "x", "categories": ["Machine Learning"]}', false],
    ['a list of other things', 'x.json', '[{"image_id": 1}]', false],
    ['nothing', 'x.json', '', false],
    ['images of a web page', 'x.json', '{"images": ["a.jpg"]}', false],
  ] as const) {
    it(`${what}: ${expected}`, () => assert.equal(looksLikeCoco(name, head), expected));
  }
});
