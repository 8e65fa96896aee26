import assert from 'node:assert/strict';
import { ByteLru } from '../../../../src/inference/cache/byteLru';

describe('cache bounded in bytes', () => {
  it('drops what was used longest ago', () => {
    const cache = new ByteLru<string, number>(10);
    cache.set('a', 1, 4);
    cache.set('b', 2, 4);
    assert.equal(cache.get('a'), 1);
    cache.set('c', 3, 4);
    assert.deepEqual(['a', 'b', 'c'].map((key) => cache.get(key)), [1, undefined, 3]); // prettier-ignore
    assert.equal(cache.bytes, 8);
  });

  it('keeps the newest entry even when it is larger than the bound', () => {
    const cache = new ByteLru<string, number>(10);
    cache.set('a', 1, 4);
    cache.set('b', 2, 400);
    assert.deepEqual([cache.get('a'), cache.get('b'), cache.bytes], [undefined, 2, 400]);
  });

  it('counts replaced, grown and deleted entries right', () => {
    const cache = new ByteLru<string, number>(10);
    cache.set('a', 1, 4);
    cache.set('a', 2, 6);
    cache.set('b', 3, 0);
    cache.resize('b', 5);
    assert.deepEqual([cache.get('a'), cache.get('b'), cache.bytes], [undefined, 3, 5]);
    cache.resize('gone', 5);
    cache.delete('b');
    cache.delete('b');
    assert.equal(cache.bytes, 0);
  });
});
