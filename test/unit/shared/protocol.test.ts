import { strict as assert } from 'node:assert';
import { DomainError } from '../../../src/shared/protocol/wire';

describe('DomainError', () => {
  it('keeps its code and detail', () => {
    const error = new DomainError('conflict', 'Changed elsewhere.', 'annotation 3');
    assert.equal(error.code, 'conflict');
    assert.equal(error.detail, 'annotation 3');
    assert.ok(error instanceof Error);
  });
});
