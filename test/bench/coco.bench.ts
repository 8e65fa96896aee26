// The COCO engine against plain operations on the same bytes: a generated file in the likeness of
// instances_train2017.json, of about 12 MB. cocoScale.ts measures the full size.
import { joinPieces } from '../../src/shared/coco/pieces';
import { scan } from '../../src/shared/coco/scan';
import { emptyPlan, spliceFile } from '../../src/shared/coco/splice';
import { decodeText, encodeText } from '../../src/shared/coco/text';
import { bigCoco } from '../support/bigCoco';
import type { BenchRow } from './mask.bench';

const bytes = encodeText([...bigCoco({ images: 2000, annotations: 16_000 })].join(''));
const index = scan(bytes);
const entry = { id: 1, image_id: 1, category_id: 2, segmentation: [], area: 1, iscrowd: 0 };
const plan = {
  images: emptyPlan,
  annotations: { ...emptyPlan, changed: new Map([[8000, entry]]) },
  categories: emptyPlan,
};

function byteLoop(): number {
  let sum = 0;
  for (let k = 0; k < bytes.length; k++) sum = (sum + bytes[k]!) | 0;
  return sum === 0 ? 1 : 16_000;
}

const indexed = (): number => scan(bytes).lists.annotations!.entries.length;

function parseWhole(): { annotations: unknown[] } {
  return JSON.parse(decodeText(bytes)) as { annotations: unknown[] };
}

const rows: readonly BenchRow[] = [
  {
    name: 'coco/index: four plain loops over the bytes → scan',
    baseline: () => (byteLoop() + byteLoop() + byteLoop() + byteLoop()) / 4,
    candidate: indexed,
  },
  {
    name: 'coco/index: JSON.parse of the whole → scan',
    baseline: () => parseWhole().annotations.length,
    candidate: indexed,
  },
  {
    name: 'coco/save: parse, change and stringify the whole → splice',
    baseline: () => {
      const dataset = parseWhole();
      dataset.annotations[8000] = entry;
      return encodeText(JSON.stringify(dataset)).length > 1e6 ? 1 : 0;
    },
    candidate: () => (joinPieces(bytes, spliceFile(bytes, index, plan)).length > 1e6 ? 1 : 0),
  },
];

export default rows;
