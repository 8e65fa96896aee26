// One fuzz case of the COCO engine: whatever the bytes are, every answer must be sound.
import { strict as assert } from 'node:assert';
import { isWritable } from '../../src/shared/coco/cocoIndex';
import { mergeDelta } from '../../src/shared/coco/merge';
import { joinPieces } from '../../src/shared/coco/pieces';
import { planFixes } from '../../src/shared/coco/rules/fix';
import { validate } from '../../src/shared/coco/rules/validate';
import { scan } from '../../src/shared/coco/scan';
import { spliceFile } from '../../src/shared/coco/splice';
import { decodeText } from '../../src/shared/coco/text';
import type { DatasetDelta } from '../../src/shared/protocol/dataset';
import { damagedDataset } from './mutate';
import { seededRandom } from './random';

const adding = {
  images: [{ id: 50, before: null, after: { id: 50, file_name: 'new.jpg', width: 1, height: 1 } }],
  annotations: [{ id: 51, before: null, after: { id: 51, image_id: 50, category_id: 1 } }],
  categories: [],
} as unknown as DatasetDelta;

/** What became of the cases, so that a test can see that it meets all kinds. */
export interface FuzzCounts {
  sound: number;
  refused: number;
}

/**
 * Runs the case with this seed: scan, validate, fix, save. A file that is no strict UTF-8 JSON must be refused; one
 * that is taken must parse after the save and hold what was added.
 */
export function fuzzCase(seed: number, counts: FuzzCounts): void {
  const bytes = damagedDataset(seededRandom(seed));
  const index = scan(bytes);
  for (const { start, end, message } of [...index.problems, ...validate(bytes, index).problems]) {
    assert.ok(start >= 0 && start <= end && end <= bytes.length, `${message}: ${start}..${end}`);
  }
  if (!isWritable(index)) {
    counts.refused++;
    return;
  }
  counts.sound++;
  parseStrictly(bytes);
  const { plan } = planFixes(bytes, index);
  parseStrictly(joinPieces(bytes, spliceFile(bytes, index, plan)));
  const merge = mergeDelta(bytes, index, adding);
  assert.deepEqual(merge.conflicts, []);
  const saved = parseStrictly(joinPieces(bytes, spliceFile(bytes, index, merge.plan)));
  const { images, annotations } = saved as Record<string, { file_name?: unknown; id?: unknown }[]>;
  assert.ok(images?.some((image) => image?.file_name === 'new.jpg'));
  assert.ok((annotations?.length ?? 0) > 0);
}

function parseStrictly(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return JSON.parse(text) as unknown;
}

/** For files the scanner refuses, JSON.parse must refuse too, unless the reason is one of COCO's own. */
export function isRefusedRightly(seed: number): boolean {
  const bytes = damagedDataset(seededRandom(seed));
  const index = scan(bytes);
  const isSyntax = index.problems.some(
    ({ rule }) => rule === 'json-syntax' || rule === 'json-not-finite',
  );
  if (!isSyntax) return true;
  if (index.problems.some(({ message }) => message.includes('levels of nesting'))) return true;
  try {
    JSON.parse(decodeText(bytes).replace(/^\ufeff/, ''));
    return false;
  } catch {
    return true;
  }
}
