import { strict as assert } from 'node:assert';
import { matchFileName, readFileName } from '../../../../src/shared/coco/fileNames';

describe('readFileName', () => {
  const accepted: readonly [string, string][] = [
    ['a.jpg', 'a.jpg'],
    ['images/a.jpg', 'images/a.jpg'],
    ['images\\a.jpg', 'images/a.jpg'],
    ['./images//a.jpg', 'images/a.jpg'],
    ['x/../a.jpg', 'a.jpg'],
    ['<img src=x>.jpg', '<img src=x>.jpg'],
    ['console.jpg', 'console.jpg'],
    ['\u202egpj.a', '\u202egpj.a'],
  ];
  for (const [given, relative] of accepted) {
    it(`accepts ${JSON.stringify(given)}`, () =>
      assert.deepEqual(readFileName(given), { ok: true, relative }));
  }

  const refusals: readonly [unknown, RegExp][] = [
    [undefined, /missing/],
    [7, /missing/],
    ['', /missing/],
    ['../a.jpg', /leaves/],
    ['x/../../a.jpg', /leaves/],
    ['/etc/passwd', /absolute/],
    ['\\\\server\\share\\a.jpg', /absolute/],
    ['C:\\a.jpg', /absolute/],
    ['c:a.jpg', /absolute/],
    ['file:///etc/passwd', /address/],
    ['http://host/a.jpg', /address/],
    ['a\0.jpg', /zero byte/],
    ['images/CON', /device/],
    ['nul.jpg', /device/],
    ['COM1 .txt', /device/],
    ['.', /folder/],
    ['a'.repeat(65536), /longer/],
  ];
  for (const [given, reason] of refusals) {
    it(`refuses ${JSON.stringify(given)?.slice(0, 40)}`, () => {
      const name = readFileName(given);
      assert.ok(!name.ok);
      assert.match(name.reason, reason);
    });
  }
});

describe('matchFileName', () => {
  const cases: readonly [string, string[], string][] = [
    ['a.jpg', ['a.jpg'], 'exact'],
    ['train/a.jpg', ['data/train/a.jpg'], 'suffix'],
    ['a.jpg', ['other/a.jpg'], 'base'],
    ['a.jpg', ['../val/a.jpg', 'a.jpg'], 'exact'],
    ['ba.jpg', ['a.jpg'], 'none'],
    ['a.jpg', ['ba.jpg'], 'none'],
  ];
  for (const [name, wanted, kind] of cases) {
    it(`${name} for ${wanted.join(' or ')} is ${kind}`, () =>
      assert.equal(matchFileName(name, wanted), kind));
  }
});
