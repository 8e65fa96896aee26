import { strict as assert } from 'node:assert';
import { locate, offsetAt } from '../../../../src/shared/coco/locate';
import { joinPieces, type Piece } from '../../../../src/shared/coco/pieces';
import { composePieces, replacementsOf } from '../../../../src/shared/coco/replacements';
import { decodeText, encodeText } from '../../../../src/shared/coco/text';
import { seededRandom } from '../../../support/random';

/** Slices that rise, with new text between some of them. */
function randomPieces(length: number, random: () => number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < length;) {
    const from = at + Math.floor(random() * 3);
    const to = Math.min(length, from + 1 + Math.floor(random() * 9));
    if (random() < 0.4) pieces.push(encodeText('xyz'.slice(0, Math.floor(random() * 4))));
    if (from < to) pieces.push({ from, to });
    at = to;
  }
  return pieces;
}

describe('replacements', () => {
  it('composed pieces make what two changes make (300 random files)', () => {
    const random = seededRandom(11);
    for (let k = 0; k < 300; k++) {
      const bytes = encodeText('abcdefghijklmnopqrstuvwxyz0123456789'.slice(0, k % 37));
      const first = randomPieces(bytes.length, random);
      const middle = joinPieces(bytes, first);
      const second = randomPieces(middle.length, random);
      const expected = decodeText(joinPieces(middle, second));
      const composed = composePieces(first, second);
      assert.equal(decodeText(joinPieces(bytes, composed)), expected);
      let [text, done] = ['', 0];
      for (const { start, end, text: added } of replacementsOf(composed, bytes.length)) {
        assert.ok(start >= done, 'in order, without overlap');
        text += decodeText(bytes, done, start) + added;
        done = end;
      }
      assert.equal(text + decodeText(bytes, done), expected);
    }
  });

  it('nothing is replaced where nothing changed', () => {
    assert.deepEqual(replacementsOf([{ from: 0, to: 9 }], 9), []);
  });
});

describe('offsetAt', () => {
  it('is the opposite of locate, at every character', () => {
    const bytes = encodeText('\ufeff{"a": "ü😀",\r\n\n "b": 1}\n');
    for (let offset = 3; offset <= bytes.length; offset++) {
      if ((bytes[offset]! & 0xc0) === 0x80) continue; // inside a character
      assert.equal(offsetAt(bytes, locate(bytes, [offset])[0]!), offset);
    }
  });

  it('beyond a line is its end, beyond the lines the end of the file', () => {
    const bytes = encodeText('ab\ncd');
    assert.equal(offsetAt(bytes, { line: 1, column: 99 }), 2);
    assert.equal(offsetAt(bytes, { line: 9, column: 1 }), 5);
  });
});
