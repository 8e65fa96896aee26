import assert from 'node:assert/strict';
import { keepClickedParts } from '../../../../src/inference/segment/clickedParts';

/** Upper-case letters are mask, * is mask that was clicked, + is a click beside the mask. */
function check(name: string, rows: string[], expected: string[]): unknown {
  return it(name, () => {
    const text = rows.join('');
    const logits = Float32Array.from(text, (c) => (/[A-Z*]/.test(c) ? 2 : -3));
    const wanted = Float32Array.from(text, (c) => (/[*+]/.test(c) ? 1 : 0));
    keepClickedParts(logits, wanted, rows.length);
    assert.equal([...logits].map((value) => (value > 0 ? '#' : '.')).join(''), expected.join(''));
    assert.ok(logits.every((value) => value === 2 || value < 0));
  });
}

describe('parts that were clicked', () => {
  check(
    'a part without a click goes',
    ['A*..', 'AA..', '...B', '..BB'],
    ['##..', '##..', '....', '....'],
  );
  check(
    'parts joined at a corner are one',
    ['A*..', 'AA..', '..B.', '...B'],
    ['##..', '##..', '..#.', '...#'],
  );
  check(
    'each clicked part stays',
    ['*...', '....', '..*B', 'C.BB'],
    ['#...', '....', '..##', '..##'],
  );
  check(
    'nothing changes when no click hit the mask',
    ['A..+', 'A...', '...B', '...B'],
    ['#...', '#...', '...#', '...#'],
  );
  check(
    'an empty mask stays empty',
    ['+...', '....', '....', '....'],
    ['....', '....', '....', '....'],
  );
});
