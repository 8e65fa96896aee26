import { strict as assert } from 'node:assert';
import { fuzzCase, isRefusedRightly } from '../../../support/fuzzCoco';

const CASES = 3000;
/** Cases of one test: a busy machine must not run one into mocha's time limit. */
const PART = 300;

describe('the COCO engine on damaged files', () => {
  const counts = { sound: 0, refused: 0 };

  for (let first = 1; first <= CASES; first += PART) {
    it(`answers soundly, seeds ${first} to ${first + PART - 1}`, () => {
      for (let seed = first; seed < first + PART; seed++) {
        try {
          fuzzCase(seed, counts);
        } catch (error) {
          throw new Error(`seed ${seed}`, { cause: error });
        }
      }
    });
  }

  it('meets sound and broken files', () => {
    assert.ok(counts.sound > CASES / 10 && counts.refused > CASES / 10, JSON.stringify(counts));
  });

  it('refuses as syntax errors only what JSON.parse refuses', () => {
    for (let seed = 1; seed <= CASES / 3; seed++) assert.ok(isRefusedRightly(seed), `seed ${seed}`);
  });
});
