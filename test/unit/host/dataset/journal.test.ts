import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import { formatRecord, Journal, parseJournal } from '../../../../src/host/dataset/journal';
import { useTempFolder } from '../../../support/tempFolder';

describe('Journal', () => {
  const folder = useTempFolder();

  it('gives back what was appended, in order, after it was opened again', async () => {
    const file = folder.file('a.journal');
    const first = await Journal.open<{ n: number; text: string }>(file);
    assert.deepEqual(first.records, []);
    const records = Array.from({ length: 20 }, (_, n) => ({ n, text: `line\n${n} ü` }));
    await Promise.all(records.map((record) => first.journal.append(record)));
    await first.journal.close();
    const second = await Journal.open(file);
    assert.deepEqual(second.records, records);
    await second.journal.clear();
    await second.journal.append({ n: -1 });
    await second.journal.close();
    const third = await Journal.open(file);
    assert.deepEqual(third.records, [{ n: -1 }]);
    await third.journal.remove();
    await assert.rejects(fs.stat(file));
  });

  it('keeps the whole records of a journal that was cut at any byte', () => {
    const lines = [{ a: 1 }, { b: 'zwö' }, { c: [null] }].map(formatRecord);
    const bytes = Buffer.from(lines.join(''));
    const ends = lines.map((_, k) => Buffer.byteLength(lines.slice(0, k + 1).join('')));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { records, validBytes } = parseJournal(bytes.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut);
      assert.equal(records.length, whole.length);
      assert.equal(validBytes, whole.at(-1) ?? 0);
    }
  });

  it('stops at a damaged record', () => {
    const bytes = Buffer.from(formatRecord({ a: 1 }) + formatRecord({ b: 2 }));
    bytes[bytes.length - 3]! ^= 1;
    assert.deepEqual(parseJournal(bytes).records, [{ a: 1 }]);
  });

  it('cuts off a torn end, so that later records can be read', async () => {
    const file = folder.file('torn.journal');
    await fs.writeFile(file, formatRecord({ a: 1 }) + formatRecord({ b: 2 }).slice(0, 12));
    const { journal, records } = await Journal.open(file);
    assert.deepEqual(records, [{ a: 1 }]);
    await journal.append({ c: 3 });
    await journal.close();
    assert.deepEqual(parseJournal(await fs.readFile(file)).records, [{ a: 1 }, { c: 3 }]);
  });

  it('tells when it cannot be opened', async () => {
    await assert.rejects(Journal.open(folder.path), { name: 'DomainError' });
  });
});
