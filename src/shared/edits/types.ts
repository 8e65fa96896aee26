// What an editor holds of one image, and the changes to it. Edits are plain data with both directions,
// so that undo, redo, backup and the page's replica all use the same apply.
import type {
  CaptionAnnotation,
  CocoCategory,
  CocoImage,
  InstanceAnnotation,
  Segmentation,
} from '../coco/types';
import type { Rle } from '../mask/types';
import type { Candidate, Prompt } from '../protocol/prompt';

/** The object being prompted, before it is accepted. */
export interface Draft {
  readonly prompt: Prompt;
  readonly candidates: readonly Candidate[];
  /** index into candidates */
  readonly selected: number;
  /** names the logits of the selected prediction in the engine */
  readonly predictionId?: string;
  /** the saved annotation being refined; accepting replaces its mask */
  readonly targetId?: number;
  /** model id and file hash that made the candidates */
  readonly model?: { readonly id: string; readonly sha256: string };
}

/** The truth about one image, owned by the host. Entries are COCO objects; order is file order (= z-order). */
export interface ImageState {
  readonly image: CocoImage;
  readonly annotations: readonly InstanceAnnotation[];
  readonly captions: readonly CaptionAnnotation[];
  readonly categories: readonly CocoCategory[];
  readonly draft: Draft | null;
}

/** A change of one list entry. before null = added, after null = removed; index is the place in the list. */
export interface EntryChange<T> {
  readonly index: number;
  readonly before: T | null;
  readonly after: T | null;
}

export type Edit =
  | ({ readonly kind: 'annotation' } & EntryChange<InstanceAnnotation>)
  | ({ readonly kind: 'caption' } & EntryChange<CaptionAnnotation>)
  | ({ readonly kind: 'category' } & EntryChange<CocoCategory>)
  /** moves an annotation from index `from` to index `to`; with an id, the id decides and `from` is a hint */
  | { readonly kind: 'order'; readonly from: number; readonly to: number; readonly id?: number }
  | { readonly kind: 'draft'; readonly before: Draft | null; readonly after: Draft | null };

/** One undo step. */
export interface EditGroup {
  /** what Edit ▸ Undo shows, e.g. "Add point" */
  readonly label: string;
  readonly edits: readonly Edit[];
}

/** A mask changed by hand, and with what. */
export interface PaintedMask {
  readonly mask: Rle;
  readonly tool: string;
}

/**
 * What the page asks for. The host turns an intent into edits (resolveIntent), so that ids, bbox, area and
 * encoding are right by construction and a page that lies cannot write a wrong file.
 */
export type Intent =
  | {
      readonly kind: 'annotation/create';
      readonly categoryId: number;
      /** a mask, or polygons kept as drawn */
      readonly segmentation: Rle | Segmentation;
      readonly tool: string;
    }
  | {
      readonly kind: 'annotation/setMask';
      readonly id: number;
      readonly mask: Rle;
      readonly tool: string;
    }
  | {
      readonly kind: 'annotation/setPolygons';
      readonly id: number;
      readonly polygons: readonly (readonly number[])[];
    }
  | {
      readonly kind: 'annotation/setCategory';
      readonly ids: readonly number[];
      readonly categoryId: number;
    }
  | {
      readonly kind: 'annotation/setAttributes';
      readonly id: number;
      readonly attributes: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'annotation/setCrowd'; readonly id: number; readonly iscrowd: 0 | 1 }
  | { readonly kind: 'annotation/delete'; readonly ids: readonly number[] }
  /** to: new index in the annotation list (0 = bottom of the z-order) */
  | { readonly kind: 'annotation/reorder'; readonly id: number; readonly to: number }
  /** union: the first id keeps the result, the others are deleted; subtract: others are cut out of the first */
  | {
      readonly kind: 'annotation/combine';
      readonly ids: readonly number[];
      readonly operation: 'union' | 'subtract' | 'intersect';
    }
  | {
      readonly kind: 'category/create';
      readonly name: string;
      readonly supercategory?: string;
      readonly color?: string;
    }
  | {
      readonly kind: 'category/update';
      readonly id: number;
      readonly name?: string;
      readonly supercategory?: string;
      readonly color?: string;
    }
  /** reassignTo null deletes this image's annotations of the category; refused when other images use it */
  | { readonly kind: 'category/delete'; readonly id: number; readonly reassignTo: number | null }
  /** no id: a new caption; empty text: delete */
  | { readonly kind: 'caption/set'; readonly id?: number; readonly text: string }
  | { readonly kind: 'draft/select'; readonly selected: number }
  | {
      readonly kind: 'draft/accept';
      readonly categoryId: number;
      /** the draft's mask after it was painted on */
      readonly painted?: PaintedMask;
    }
  | { readonly kind: 'draft/cancel' };
