// COCO's own objects. Every entry keeps the fields we do not know, because a save must not lose them.
// Format: cocodataset "Data format", and pycocotools' mask API for RLE.
import type { Bbox, Size } from '../geometry/types';
import type { Rle } from '../mask/types';

/** A JSON object with fields we know and fields we only keep. */
export interface Entry {
  readonly [key: string]: unknown;
}

/** Polygons: one flat [x0, y0, x1, y1, …] per part, image pixels. */
export type Polygons = readonly (readonly number[])[];
/** Uncompressed RLE as COCO's crowd annotations hold it. */
export interface UncompressedRle {
  readonly size: Size;
  readonly counts: readonly number[];
}
export type Segmentation = Polygons | Rle | UncompressedRle;

export interface CocoImage extends Entry {
  readonly id: number;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
}

export interface CocoCategory extends Entry {
  readonly id: number;
  readonly name: string;
  readonly supercategory?: string;
}

/**
 * How a mask was made; stored under "promptmark" unless the setting turns it off.
 * Points and boxes are image pixels.
 */
export interface Provenance extends Entry {
  readonly model?: string;
  readonly model_sha256?: string;
  readonly prompts?: Entry;
  readonly iou_score?: number;
  readonly stability_score?: number;
  /** ISO 8601, UTC */
  readonly time?: string;
  readonly tool?: string;
}

/** One object (instances), or one sentence (captions, which have `caption` and no segmentation). */
export interface CocoAnnotation extends Entry {
  readonly id: number;
  readonly image_id: number;
}

export interface InstanceAnnotation extends CocoAnnotation {
  readonly category_id: number;
  readonly segmentation?: Segmentation;
  readonly bbox?: Bbox;
  readonly area?: number;
  readonly iscrowd?: 0 | 1;
  readonly score?: number;
  readonly attributes?: Entry;
  readonly promptmark?: Provenance;
}

export interface CaptionAnnotation extends CocoAnnotation {
  readonly caption: string;
  readonly promptmark?: Provenance;
}
