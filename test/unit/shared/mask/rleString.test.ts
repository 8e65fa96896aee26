// Run lengths and their text: what is refused, and how odd but legal input is read.
import * as assert from 'node:assert';
import type { Size } from '../../../../src/shared/geometry/types';
import {
  runsFromCounts,
  runsFromString,
  runsToString,
} from '../../../../src/shared/mask/rleString';

describe('rleString', () => {
  const wrongCounts: readonly { size: unknown; counts: unknown; message: RegExp }[] = [
    { size: [2, 3], counts: [1, 2], message: /add up to 3 pixels, but its size has 6/ },
    { size: [2, 3], counts: [4, 4], message: /add up to at least 8 pixels/ },
    { size: [2, 3], counts: [7, -1], message: /add up to at least 7/ },
    {
      size: [2, 3],
      counts: [5, -1, 2],
      message: /counts\[1\] must be a whole number ≥ 0; found -1/,
    },
    { size: [2, 3], counts: [5.5, 0.5], message: /counts\[0\]/ },
    { size: [2, 3], counts: [5, '1'], message: /counts\[1\]/ },
    { size: [2, 3], counts: [NaN], message: /counts\[0\]/ },
    { size: [2, 3], counts: 'abc'.length, message: /must be a list/ },
    { size: [2], counts: [6], message: /size must be \[height, width\]/ },
    { size: [2, -3], counts: [6], message: /size must be/ },
    { size: [2, 1.5], counts: [3], message: /size must be/ },
    { size: null, counts: [3], message: /size must be/ },
    { size: [100000, 100000], counts: [1e10], message: /too large/ },
  ];
  for (const { size, counts, message } of wrongCounts) {
    it(`refuses size ${JSON.stringify(size)} with counts ${JSON.stringify(counts)}`, () => {
      const mask = { size: size as Size, counts: counts as number[] };
      assert.throws(() => runsFromCounts(mask), { name: 'RangeError', message });
    });
  }

  const wrongText: readonly { text: unknown; message: RegExp }[] = [
    { text: '', message: /add up to 0 pixels, but its size has 6/ },
    { text: '7', message: /add up to at least 7 pixels/ },
    { text: 'é', message: /character "é" at 0/ },
    { text: '1 5', message: /character " " at 1/ },
    { text: '5p', message: /character "p" at 1/ },
    { text: '5Q', message: /end inside a number/ },
    { text: 'O', message: /run 0 has the negative length -1/ },
    { text: '111H', message: /run 3 has the negative length/ },
    { text: 'ooooooooo1', message: /too large/ },
    { text: 6, message: /must be a string/ },
  ];
  for (const { text, message } of wrongText) {
    it(`refuses the text ${JSON.stringify(text)}`, () => {
      const rle = { size: [2, 3] as const, counts: text as string };
      assert.throws(() => runsFromString(rle), { name: 'RangeError', message });
    });
  }

  const canonical: readonly { counts: number[]; expected: number[] }[] = [
    { counts: [6], expected: [6] },
    { counts: [6, 0], expected: [6] },
    { counts: [0, 6], expected: [0, 6] },
    { counts: [0, 6, 0, 0], expected: [0, 6] },
    { counts: [1, 0, 2, 3], expected: [3, 3] },
    { counts: [0, 0, 2, 4], expected: [2, 4] },
    { counts: [2, 1, 0, 0, 0, 3], expected: [2, 4] },
  ];
  for (const { counts, expected } of canonical) {
    it(`reads counts ${counts.join(' ')} as ${expected.join(' ')}`, () => {
      assert.deepStrictEqual([...runsFromCounts({ size: [2, 3], counts }).counts], expected);
    });
  }

  it('writes and reads run lengths up to 2³² − 1', () => {
    const size: Size = [65535, 65537];
    for (const counts of [[0xffff_ffff], [0, 0xffff_ffff], [5, 0xffff_ff00, 200, 40, 10]]) {
      const runs = runsFromCounts({ size, counts });
      assert.deepStrictEqual(runsFromString(runsToString(runs)), runs);
    }
  });
});
