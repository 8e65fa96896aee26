import assert from 'node:assert/strict';
import { UsageError, type Command } from '../../../src/cli/command';
import { dispatch } from '../../../src/cli/dispatch';
import { DomainError } from '../../../src/shared/protocol/wire';
import { recordingIo } from '../../support/cliIo';

const command = (name: string, run: Command['run']): Command => ({ name, usage: `${name} FILE`, summary: `${name}s files.`, run }); // prettier-ignore
const commands = [
  command('work', (args) => Promise.resolve(args.length)),
  command('misuse', () => Promise.reject(new UsageError('give a file'))),
  command('fail', () =>
    Promise.reject(new DomainError('image-unreadable', 'a.jpg cannot be read.\n  Replace it.')),
  ),
  command('crash', () => Promise.reject(new TypeError('undefined is not a function'))),
];

describe('command dispatcher', () => {
  const check = (args: string[], exitCode: number, out: RegExp, err: RegExp): unknown =>
    it(`promptmark ${args.join(' ')} → ${exitCode}`, async () => {
      const { io, written } = recordingIo('/');
      assert.equal(await dispatch(args, commands, '1.2.3', io), exitCode);
      assert.match(written.out, out);
      assert.match(written.err, err);
      assert.ok(written.err.split('\n').length <= 2, 'errors are one line');
    });
  check([], 2, /usage: promptmark COMMAND[^]+ {2}work {4}works files\./, /^$/);
  check(['--help'], 0, /Exit codes: 0 done, 1 problems in the data, 2 wrong usage/, /^$/);
  check(['--version'], 0, /^1\.2\.3\n$/, /^$/);
  check(['nothing'], 2, /^$/, /^promptmark: there is no command "nothing"/);
  check(['work'], 0, /^$/, /^$/);
  check(['work', 'one'], 1, /^$/, /^$/);
  check(['work', '--help'], 0, /usage: promptmark work FILE/, /^$/);
  check(['work', '--', '--help'], 2, /^$/, /^$/);
  check(
    ['misuse'],
    2,
    /^$/,
    /^promptmark misuse: give a file \(usage: promptmark misuse FILE\)\n$/,
  );
  check(['fail'], 1, /^$/, /^promptmark fail: a\.jpg cannot be read\. Replace it\.\n$/);
  check(['crash'], 1, /^$/, /^promptmark crash: undefined is not a function\n$/);
});
