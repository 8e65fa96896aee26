// What the worker tells a text editor of a COCO file: findings, fixes, the entry at a position, an outline.
import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import { datasetHandlers } from '../../../../src/host/dataset/handlers';
import { Store } from '../../../../src/host/dataset/store';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';
import type { DatasetMethods, TextChange, TextSpan } from '../../../../src/shared/protocol/dataset';
import { useTempFolder } from '../../../support/tempFolder';

type Method = 'dataset/validate' | 'dataset/fix' | 'dataset/entryAt' | 'dataset/outline';

const { signal } = createCancelSource();
const square = [[2, 2, 10, 2, 10, 10, 2, 10]];
const content = {
  images: [
    { id: 1, file_name: 'a.png', width: 64, height: 48 },
    { id: 2, file_name: 'ü😀.png', width: 64, height: 48 },
  ],
  annotations: [
    { id: 1, image_id: 2, category_id: 7, segmentation: square, bbox: [2, 2, 8, 8], area: 5 },
    { id: 2, image_id: 1, category_id: 7, segmentation: square, bbox: [2, 2, 8, 20], area: 64 },
    { id: 3, image_id: 1, caption: 'A square.' },
  ],
  categories: [{ id: 7, name: 'square' }],
};
const asText = JSON.stringify(content, null, 2).replaceAll('\n', '\r\n');

describe('COCO files as text', () => {
  const folder = useTempFolder();
  const handlers = datasetHandlers(new Store());
  let version = 0;
  const bytesOf = (text: string): ArrayBuffer =>
    Uint8Array.from(new TextEncoder().encode(text)).buffer;
  const file = (): string => folder.file('text.coco.json');

  async function ask<K extends Method>(
    method: K,
    text: string,
    more: Omit<DatasetMethods[K]['params'], 'path' | 'text'>,
  ): Promise<DatasetMethods[K]['result']> {
    const params = { path: file(), text: { version: ++version, bytes: bytesOf(text) }, ...more };
    return handlers[method](params, signal);
  }

  /** The text a span covers. */
  function cut(text: string, { line, column, endLine, endColumn }: TextSpan): string {
    const lines = text.split('\n');
    const at = (l: number, c: number): number =>
      lines.slice(0, l - 1).reduce((sum, each) => sum + each.length + 1, 0) + c - 1;
    return text.slice(at(line, column), at(endLine, endColumn));
  }

  function apply(text: string, changes: readonly TextChange[]): string {
    let result = text;
    for (const change of [...changes].reverse()) {
      const before = cut(text, {
        line: 1,
        column: 1,
        endLine: change.line,
        endColumn: change.column,
      });
      const old = cut(text, change);
      result = before + change.text + result.slice(before.length + old.length);
    }
    return result;
  }

  /** Position of the first character of `needle`. */
  function positionOf(text: string, needle: string): { line: number; column: number } {
    const before = text.slice(0, text.indexOf(needle)).split('\n');
    return { line: before.length, column: before.at(-1)!.length + 1 };
  }

  it('unsaved text is validated, not the file', async () => {
    await fs.writeFile(file(), '{"images": [], "annotations": [], "categories": []}');
    const { problems, kind, images, annotations, total } = await ask(
      'dataset/validate',
      asText,
      {},
    );
    assert.deepEqual([kind, images, annotations], ['coco', 2, 3]);
    assert.ok(total >= problems.length);
    const area = problems.find(({ path }) => path === 'annotations[0].area');
    assert.ok(area?.fixable);
    const { line, column, endLine, endColumn } = area;
    assert.equal(cut(asText, { line, column, endLine: endLine!, endColumn: endColumn! }), '5');
    const onDisk = await handlers['dataset/validate']({ path: file() }, signal);
    assert.equal(onDisk.images, 0);
  });

  it('a version that is not known has to be sent again', async () => {
    const params = { path: file(), text: { version: 10_000 } };
    await assert.rejects(
      async () => handlers['dataset/validate'](params, signal),
      (error: { code?: string }) => error.code === 'conflict',
    );
    const bytes = bytesOf(asText);
    await handlers['dataset/validate']({ path: file(), text: { version: 10_000, bytes } }, signal);
    assert.equal((await handlers['dataset/validate'](params, signal)).images, 2);
  });

  it('one finding is fixed and every other character stays', async () => {
    const { problems } = await ask('dataset/validate', asText, {});
    const { rule, path } = problems.find((one) => one.path === 'annotations[0].area')!;
    const { changes, fixed } = await ask('dataset/fix', asText, { rule, at: path });
    assert.deepEqual(fixed, { [rule]: 1 });
    assert.equal(apply(asText, changes), asText.replace('"area": 5', '"area": 64'));
  });

  it('all findings of a rule, or of all rules, are fixed', async () => {
    const broken = asText.replace('"area": 64', '"area": 6');
    const { problems } = await ask('dataset/validate', broken, {});
    const { rule } = problems.find((one) => one.path === 'annotations[0].area')!;
    const areas = await ask('dataset/fix', broken, { rule });
    assert.deepEqual(areas.fixed, { [rule]: 2 });
    const all = await ask('dataset/fix', broken, {});
    const repaired = apply(broken, all.changes);
    const { annotations } = JSON.parse(repaired) as typeof content;
    assert.deepEqual(annotations[1]!.bbox, [2, 2, 8, 8]);
    const after = await ask('dataset/validate', repaired, {});
    assert.deepEqual(
      after.problems.filter(({ fixable }) => fixable),
      [],
    );
  });

  it('broken text has located problems and no fixes', async () => {
    const broken = asText.replace('"images": [', '"images": [,');
    const { problems } = await ask('dataset/validate', broken, {});
    assert.deepEqual([problems[0]?.rule, problems[0]?.line], ['json-syntax', 2]);
    assert.deepEqual((await ask('dataset/fix', broken, {})).changes, []);
  });

  it('the entry at a position knows its image, category and mask', async () => {
    const { entry } = await ask('dataset/entryAt', asText, positionOf(asText, '"area": 5'));
    assert.ok(entry);
    assert.deepEqual(
      [entry.list, entry.id, entry.imageId, entry.name, entry.category],
      ['annotations', 1, 2, 'ü😀.png', 'square'],
    );
    assert.deepEqual(entry.facts, { area: 5, bbox: [2, 2, 8, 8], size: [48, 64] });
    assert.match(entry.thumbnail ?? '', /^<svg .*<path d="M2 10 2 2 10 2 10 10Z".*<\/svg>$/);
    assert.deepEqual(JSON.parse(cut(asText, entry.span)), content.annotations[0]);
    assert.equal(entry.reference, undefined);
  });

  for (const [needle, target] of [
    ['"image_id": 2', content.images[1]],
    ['"category_id": 7', content.categories[0]],
  ] as const) {
    it(`${needle} leads to its entry`, async () => {
      const { entry } = await ask('dataset/entryAt', asText, positionOf(asText, needle));
      assert.equal(cut(asText, entry!.reference!.from), needle);
      assert.deepEqual(JSON.parse(cut(asText, entry!.reference!.to)), target);
    });
  }

  it('images, categories and captions are entries too; between entries there is none', async () => {
    const at = async (needle: string) =>
      (await ask('dataset/entryAt', asText, positionOf(asText, needle))).entry;
    assert.equal((await at('"a.png"'))?.facts.annotations, 2);
    assert.equal((await at('"square"'))?.facts.annotations, 2);
    assert.equal((await at('A square.'))?.facts.caption, 'A square.');
    assert.equal(await at('"annotations"'), null);
  });

  it('the outline lists the first entries and counts all', async () => {
    const { lists } = await ask('dataset/outline', asText, { most: 2 });
    assert.deepEqual(
      lists.map(({ list, total, entries }) => [list, total, entries.length]),
      [
        ['images', 2, 2],
        ['annotations', 3, 2],
        ['categories', 1, 1],
      ],
    );
    const [first] = lists[1]!.entries;
    assert.deepEqual([first?.name, first?.category, first?.imageId], ['ü😀.png', 'square', 2]);
    assert.deepEqual(JSON.parse(cut(asText, first!.span)), content.annotations[0]);
  });

  for (const text of [
    '',
    '[]',
    '[1, 2]',
    '{"images": 5}',
    '{"annotations": [7, null, {"id": "x"}]}',
  ]) {
    it(`odd content is no failure: ${text || 'nothing'}`, async () => {
      for (const column of [1, 5, text.length]) {
        await ask('dataset/entryAt', text, { line: 1, column });
      }
      await ask('dataset/fix', text, {});
      const { lists } = await ask('dataset/outline', text, { most: 10 });
      const { problems } = await ask('dataset/validate', text, {});
      assert.ok(lists.length <= 1);
      assert.ok(Array.isArray(problems));
    });
  }
});
