import assert from 'node:assert/strict';
import { defaultRestartLimits, RestartPolicy } from '../../../../src/host/engine/restartPolicy';
import { FakeClock } from '../../../support/fakeClock';

describe('restart policy', () => {
  it('starts at once, then with growing pauses, then not at all within the minute', () => {
    const clock = new FakeClock();
    const policy = new RestartPolicy(clock, { ...defaultRestartLimits, maxDeaths: 5 });
    const pauses: (number | null)[] = [policy.nextPauseMs()];
    for (let k = 0; k < 5; k++) {
      policy.countDeath();
      pauses.push(policy.nextPauseMs());
      clock.advance(1000);
    }
    assert.deepEqual(pauses, [0, 0, 250, 1000, 1000, null]);
    clock.advance(55_000); // the first death is a minute old now
    assert.equal(policy.nextPauseMs(), 1000);
    policy.forgive();
    assert.equal(policy.nextPauseMs(), 0);
  });
});
