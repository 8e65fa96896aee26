// Other annotation formats, to and from COCO. Pure: files are texts by path, pictures are known by their size only.
// A converter never fails on bad content: it converts what it can and says what it could not, as losses.
import type { CaptionAnnotation, CocoCategory, CocoImage, InstanceAnnotation } from '../coco/types';
import type { Size } from '../geometry/types';

/** A whole dataset in memory. */
export interface Dataset {
  readonly images: readonly CocoImage[];
  readonly annotations: readonly (InstanceAnnotation | CaptionAnnotation)[];
  readonly categories: readonly CocoCategory[];
}

/** Something of the source that is not in the result, or not as it was. */
export interface Loss {
  /** stable id, e.g. "crowd", "file-unreadable" */
  readonly kind: string;
  /** one sentence for users */
  readonly message: string;
  /** how often */
  readonly count: number;
  /** the first place: a file, file:line, or "annotation 12" */
  readonly first: string;
}

/** What a reader may know of the pictures. */
export interface ReadContext {
  /** size by path, relative to the same folder as the files; formats in relative units cannot be read without */
  readonly imageSizes: ReadonlyMap<string, Size>;
}

export interface ReadResult {
  /** ids are 1, 2, 3, … in file order; bbox and area are those of the mask */
  readonly dataset: Dataset;
  readonly losses: readonly Loss[];
}

export interface WriteResult {
  /** text by path, relative to the folder that the images' file_name is relative to */
  readonly files: ReadonlyMap<string, string>;
  readonly losses: readonly Loss[];
}

/** A converter. Paths have slashes. */
export interface Format {
  /** name for the command line, e.g. "voc" */
  readonly id: string;
  readonly title: string;
  /** whether a file belongs to the format, judged by its path: which files a caller must load */
  readonly accepts: (path: string) => boolean;
  readonly read: (files: ReadonlyMap<string, string>, context?: ReadContext) => ReadResult;
  readonly write: (dataset: Dataset) => WriteResult;
}
