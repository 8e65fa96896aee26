// An annotation as rules see it: with its image, its category and, when a rule asks, its decoded mask.
import type { Size } from '../../geometry/types';
import type { Runs } from '../../mask/types';
import { isSegmentation } from '../guards';
import { isPolygons, isRle, runsOf } from '../segmentation';
import type { Entry, Segmentation } from '../types';
import type { AnnotationView, CategoryFacts, DatasetFacts, ImageFacts } from './rule';

/** Columns that drawing a segmentation may touch in all; more would take seconds and is no real annotation. */
const MOST_COLUMNS = 20_000_000;

/** Makes the view; nothing is decoded yet. */
export function viewOf(entry: Entry, facts: DatasetFacts): AnnotationView {
  return new View(entry, facts);
}

class View implements AnnotationView {
  readonly image: ImageFacts | undefined;
  readonly category: CategoryFacts | undefined;
  readonly segmentation: Segmentation | undefined;
  readonly rings: AnnotationView['rings'];
  private decoded: { readonly runs: Runs | null; readonly error: string } | null = null;

  constructor(
    readonly entry: Entry,
    readonly facts: DatasetFacts,
  ) {
    this.image = facts.images.get(entry['image_id'] as number);
    this.category = facts.categories.get(entry['category_id'] as number);
    const { segmentation } = entry;
    const isUsable = isSegmentation(segmentation) && !isEmptyList(segmentation);
    this.segmentation = isUsable ? (segmentation as Segmentation) : undefined;
    this.rings = ringsOf(segmentation);
  }

  mask(): Runs | null {
    const runs = this.decode().runs;
    const size = this.image?.size;
    return runs && size && runs.size[0] === size[0] && runs.size[1] === size[1] ? runs : null;
  }

  maskError(): string {
    return this.decode().error;
  }

  private decode(): { readonly runs: Runs | null; readonly error: string } {
    this.decoded ??= decodeMask(this.segmentation, this.image?.size ?? null);
    return this.decoded;
  }
}

function ringsOf(segmentation: unknown): AnnotationView['rings'] {
  if (!Array.isArray(segmentation)) return [];
  const rings: { ring: readonly number[]; part: number }[] = [];
  segmentation.forEach((ring: unknown, part) => {
    if (Array.isArray(ring) && ring.length % 2 === 0 && ring.every(Number.isFinite)) {
      rings.push({ ring: ring as number[], part });
    }
  });
  return rings;
}

function decodeMask(
  segmentation: Segmentation | undefined,
  imageSize: Size | null,
): { runs: Runs | null; error: string } {
  if (!segmentation) return { runs: null, error: '' };
  const size = isRle(segmentation) ? segmentation.size : imageSize;
  if (!size || columnsToDraw(segmentation, size) > MOST_COLUMNS) return { runs: null, error: '' };
  try {
    return { runs: runsOf(segmentation, size), error: '' };
  } catch (error) {
    return { runs: null, error: error instanceof Error ? error.message : String(error) };
  }
}

function columnsToDraw(segmentation: Segmentation, [, width]: Size): number {
  if (!isPolygons(segmentation)) return 0;
  let columns = 0;
  const inside = (x: number): number => Math.min(Math.max(x, 0), width);
  for (const ring of segmentation) {
    for (let k = 0; k + 1 < ring.length; k += 2) {
      columns += Math.abs(inside(ring[k]!) - inside(ring[(k + 2) % ring.length]!));
    }
  }
  return columns;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
