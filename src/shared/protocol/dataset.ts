// Contract host ⇄ dataset worker: COCO files on disk. Large JSON is read and spliced only in the worker.
import type { EncodedMask } from '../edits/encodeMask';
import type { Rle } from '../mask/types';
import type { ImageList, ImageQuery } from '../coco/imagesWith';
import type { DatasetStats } from '../coco/statistics';
import type { CaptionAnnotation, CocoCategory, CocoImage, InstanceAnnotation } from '../coco/types';

/** A finding in a COCO file; line and column are 1-based, the column counts UTF-16 units as VS Code does. */
export interface Problem {
  /** rule id, e.g. "json-syntax", "annotation-id-duplicate" */
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** JSON path, e.g. annotations[12].bbox */
  readonly path: string;
  /** present when `fix` can repair it without losing anything */
  readonly fixable?: boolean;
}

/** What the editor needs of one image. `entry` null: the file does not list the image yet. */
export interface ImageEntries {
  readonly image: CocoImage | null;
  readonly annotations: readonly InstanceAnnotation[];
  readonly captions: readonly CaptionAnnotation[];
}

export interface DatasetSummary {
  readonly path: string;
  /** false: there is no such file yet; the first save makes it */
  readonly exists: boolean;
  /** sha256 of the bytes; '' when the file does not exist */
  readonly contentHash: string;
  readonly images: number;
  readonly annotations: number;
  readonly categories: readonly CocoCategory[];
  /** structural errors that make the file unsafe to write; empty: writable */
  readonly errors: readonly Problem[];
}

/** A changed list entry by id; before null = added, after null = removed. */
export interface EntryDelta<T> {
  readonly id: number;
  readonly before: T | null;
  readonly after: T | null;
}

/** The difference between what the editor loaded (before) and what it wants on disk (after). */
export interface DatasetDelta {
  readonly images: readonly EntryDelta<CocoImage>[];
  readonly annotations: readonly EntryDelta<InstanceAnnotation | CaptionAnnotation>[];
  readonly categories: readonly EntryDelta<CocoCategory>[];
  /** wanted order of this image's annotation ids where the z-order was changed */
  readonly order?: { readonly imageId: number; readonly ids: readonly number[] };
}

/** Both sides changed the same entry differently; nothing was written. */
export interface Conflict {
  readonly list: 'images' | 'annotations' | 'categories';
  readonly id: number;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface SaveParams {
  readonly path: string;
  readonly delta: DatasetDelta;
  /** how to settle conflicts found by an earlier try; absent: report them */
  readonly resolve?: 'mine' | 'theirs';
}

export type SaveResult =
  | {
      readonly saved: true;
      readonly contentHash: string;
      readonly bytes: number;
      /** added entries whose wanted id another writer had taken: old id → new id */
      readonly renumbered: {
        readonly images: Readonly<Record<number, number>>;
        readonly annotations: Readonly<Record<number, number>>;
        readonly categories: Readonly<Record<number, number>>;
      };
    }
  | { readonly saved: false; readonly conflicts: readonly Conflict[] };

/**
 * What a text editor shows of a COCO file where that differs from the disk; absent: the file on disk.
 * The worker keeps a version; without `bytes` it answers 'conflict' when it does not have it, and is asked again.
 */
export interface OpenText {
  readonly version: number;
  /** UTF-8 */
  readonly bytes?: ArrayBuffer;
}

/** A place in a text: 1-based, columns in UTF-16 units, end exclusive. */
export interface TextSpan {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A piece of text to replace. */
export interface TextChange extends TextSpan {
  readonly text: string;
}

/** What validation found in a file or a text. */
export interface ValidationResult {
  /** at most 200 of each rule */
  readonly problems: readonly Problem[];
  /** all findings */
  readonly total: number;
  /** "other" is JSON that is no dataset, "broken" no JSON at all */
  readonly kind: 'coco' | 'results' | 'other' | 'broken';
  readonly images: number;
  readonly annotations: number;
}

/** An entry of images, annotations or categories. */
export interface EntryInfo {
  readonly list: 'images' | 'annotations' | 'categories';
  /** null: it has none */
  readonly id: number | null;
  readonly span: TextSpan;
  /** of an annotation: the image it names; of an image: its own id */
  readonly imageId: number | null;
  /** file_name of that image; name of a category */
  readonly name: string;
  /** name of an annotation's category; '' when it has none */
  readonly category: string;
  readonly facts: {
    readonly area?: number;
    readonly bbox?: readonly number[];
    /** of the image */
    readonly size?: readonly [height: number, width: number];
    readonly caption?: string;
    /** annotations of an image or a category */
    readonly annotations?: number;
  };
  /** an SVG picture of an annotation's mask */
  readonly thumbnail?: string;
  /** image_id or category_id at the position asked for, and the entry it names */
  readonly reference?: { readonly from: TextSpan; readonly to: TextSpan };
}

/** An entry as an outline shows it. */
export interface OutlineEntry {
  readonly id: number | null;
  readonly span: TextSpan;
  /** as in EntryInfo */
  readonly imageId: number | null;
  readonly name: string;
  readonly category: string;
}

export interface OutlineList {
  readonly list: EntryInfo['list'];
  readonly span: TextSpan;
  /** entries there are; `entries` holds the first of them */
  readonly total: number;
  readonly entries: readonly OutlineEntry[];
}

export type DatasetMethods = {
  /** reads (or re-reads when the bytes changed) and indexes the file */
  'dataset/open': { params: { path: string }; result: DatasetSummary };
  /** imagePath absolute; matches images[].file_name relative to the dataset's folder (or its images root) */
  'dataset/image': { params: { path: string; imagePath: string }; result: ImageEntries };
  /** the next free ids, considering the whole file */
  'dataset/nextIds': {
    params: { path: string };
    result: { image: number; annotation: number; category: number };
  };
  /** every image of the file: absolute path and number of annotations, in file order */
  'dataset/list': {
    params: { path: string };
    result: { images: readonly { path: string; id: number; annotations: number }[] };
  };
  /** number of annotations of a category on other images than imageId */
  'dataset/categoryUse': {
    params: { path: string; categoryId: number; imageId: number };
    result: { count: number };
  };
  'dataset/save': { params: SaveParams; result: SaveResult };
  'dataset/validate': { params: { path: string; text?: OpenText }; result: ValidationResult };
  /** what to replace so that findings are repaired; `rule` absent: all, `at`: only the finding with this JSON path */
  'dataset/fix': {
    params: { path: string; text?: OpenText; rule?: string; at?: string };
    result: { changes: readonly TextChange[]; fixed: Readonly<Record<string, number>> };
  };
  /** the entry at a position; null: none */
  'dataset/entryAt': {
    params: { path: string; text?: OpenText; line: number; column: number };
    result: { entry: EntryInfo | null };
  };
  /** the lists in file order, each with its first `most` entries */
  'dataset/outline': {
    params: { path: string; text?: OpenText; most: number };
    result: { lists: readonly OutlineList[] };
  };
  /** null: there is no such file */
  'dataset/statistics': { params: { path: string }; result: DatasetStats | null };
  /** the images behind a bar of the statistics, at most `most` of them */
  'dataset/imagesWith': {
    params: { path: string; query: ImageQuery; most: number };
    result: ImageList;
  };
  /** large masks as annotations store them, away from the host's main loop; null: an empty mask */
  'mask/encode': {
    params: { masks: readonly Rle[]; polygonTolerance: number };
    result: { encoded: readonly (EncodedMask | null)[] };
  };
  /** of these files, those that are COCO files and list the image */
  'dataset/find': {
    params: { files: readonly string[]; imagePath: string };
    result: { files: readonly string[] };
  };
};

export type DatasetEvents = {
  'dataset/progress': { path: string; doneBytes: number; totalBytes: number };
};
