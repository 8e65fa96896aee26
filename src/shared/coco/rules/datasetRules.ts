// Rules that compare annotations with each other: near duplicates, and iscrowd that was derived from the encoding.
import type { Bbox } from '../../geometry/types';
import { isPlainObject } from '../equal';
import { isRle } from '../segmentation';
import type { Entry } from '../types';
import { bboxOfEntry } from './boxRules';
import type { RuleInfo } from './rule';

export const nearDuplicateRule: RuleInfo = {
  id: 'annotation-near-duplicate',
  severity: 'warning',
  summary: 'No object of an image is annotated twice with the same category.',
};

export const crowdEncodingRule: RuleInfo = {
  id: 'iscrowd-encoding',
  severity: 'warning',
  summary: 'iscrowd says what the object is, not how its mask is stored.',
};

const SAME_IOU = 0.95;
const SAME_AREA = 0.02;
/** of all annotations; in COCO 1 % are crowds, so more looks like an exporter that confuses the two */
const CROWD_SHARE = 0.2;
const FEWEST_CROWDS = 3;

interface Compact {
  readonly row: number;
  readonly category: unknown;
  readonly bbox: Bbox;
  readonly area: unknown;
}

/** Takes annotations one after the other and finds pairs on one image; keeps a box for each. */
export class NearDuplicates {
  private readonly byImage = new Map<number, Compact[]>();

  /** The row of an earlier annotation that is nearly the same, -1 where there is none. */
  add(row: number, entry: Entry): number {
    const bbox = bboxOfEntry(entry);
    const imageId = entry['image_id'];
    if (!bbox || typeof imageId !== 'number' || entry['iscrowd'] === 1) return -1;
    const compact = { row, category: entry['category_id'], bbox, area: entry['area'] };
    const others = this.byImage.get(imageId);
    if (!others) {
      this.byImage.set(imageId, [compact]);
      return -1;
    }
    const twin = others.find((other) => isNearDuplicate(other, compact));
    others.push(compact);
    return twin ? twin.row : -1;
  }
}

function isNearDuplicate(a: Compact, b: Compact): boolean {
  if (a.category !== b.category) return false;
  if (typeof a.area === 'number' && typeof b.area === 'number') {
    if (Math.abs(a.area - b.area) > SAME_AREA * Math.max(a.area, b.area)) return false;
  }
  const width =
    Math.min(a.bbox[0] + a.bbox[2], b.bbox[0] + b.bbox[2]) - Math.max(a.bbox[0], b.bbox[0]);
  const height =
    Math.min(a.bbox[1] + a.bbox[3], b.bbox[1] + b.bbox[3]) - Math.max(a.bbox[1], b.bbox[1]);
  if (width <= 0 || height <= 0) return false;
  const shared = width * height;
  return shared / (a.bbox[2] * a.bbox[3] + b.bbox[2] * b.bbox[3] - shared) >= SAME_IOU;
}

/** Counts encodings and crowds. */
export class CrowdEncoding {
  private total = 0;
  private rle = 0;
  private crowds = 0;
  private isSame = true;

  add(entry: Entry): void {
    const { segmentation, iscrowd } = entry;
    if (!Array.isArray(segmentation) && !isPlainObject(segmentation)) return;
    const isEncoded = isRle(segmentation);
    this.total++;
    if (isEncoded) this.rle++;
    if (iscrowd === 1) this.crowds++;
    if (isEncoded !== (iscrowd === 1)) this.isSame = false;
  }

  /** The message of a file where exactly the RLE masks are crowds, and too many of them; '' otherwise. */
  message(): string {
    const isMany = this.crowds >= FEWEST_CROWDS && this.crowds > CROWD_SHARE * this.total;
    if (!this.isSame || !isMany) return '';
    return `All ${this.rle} RLE masks are crowds and no polygon is: iscrowd seems to tell the encoding. Evaluation ignores crowds.`;
  }
}
