// Other annotation formats, to and from COCO. Pure: files come and go through ports, one image at a time, so that a
// conversion of any size needs the memory of one image. A converter never fails on bad content: it converts what it
// can and says what it could not, as losses.
import type { CaptionAnnotation, CocoCategory, CocoImage, InstanceAnnotation } from '../coco/types';
import type { Size } from '../geometry/types';
import type { DatasetBuilder } from './datasetBuilder';
import type { LossLog } from './lossLog';
import type { Feature } from './unkept';

export type Annotation = InstanceAnnotation | CaptionAnnotation;

/** An image with everything that is said about it. */
export interface ImageRecord {
  readonly image: CocoImage;
  /** in file order */
  readonly annotations: readonly Annotation[];
}

/** A dataset to write, read one image at a time. */
export interface DatasetSource {
  readonly categories: readonly CocoCategory[];
  /** every image in file order; may be gone through more than once */
  records(): AsyncIterable<ImageRecord>;
}

/** Takes what a reader finds, in the order it is found. Categories are told at the end. */
export interface DatasetSink {
  image(image: CocoImage): void;
  annotation(annotation: Annotation): void;
}

/** Something of the source that is not in the result, or not as it was. */
export interface Loss {
  /** stable id, e.g. "crowd", "file-unreadable" */
  readonly kind: string;
  /** one sentence for users */
  readonly message: string;
  /** how often */
  readonly count: number;
  /** the first place: a file, file:line, file:line:column, or "annotation 12" */
  readonly first: string;
}

/** The files of a format in a folder. Paths are relative to it, with slashes. */
export interface SourceFiles {
  /** files that the format accepts, by path */
  readonly paths: readonly string[];
  /** pictures, relative to the folder of the pictures, by path */
  readonly pictures: readonly string[];
  /** size of a picture as displayed; undefined where its header does not tell */
  sizeOf(picture: string): Promise<Size | undefined>;
  /** the whole file; its memory is that of one file, so only for files of one image */
  bytes(path: string): Promise<Uint8Array>;
  /** the file in parts, for files of many images */
  chunks(path: string): AsyncIterable<Uint8Array>;
}

/** Where a format writes; paths as in SourceFiles, relative to the folder that file_name is relative to. */
export interface TargetFiles {
  /** a whole file */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** adds to the end of a file, which the first call makes */
  append(path: string, text: string): Promise<void>;
}

/** A converter. */
export interface Format {
  /** name for the command line, e.g. "voc" */
  readonly id: string;
  readonly title: string;
  /** features of COCO that a written dataset keeps; every other one is a loss */
  readonly kept: readonly Feature[];
  /** fields of annotations beyond COCO's that it keeps */
  readonly ownFields?: readonly string[];
  /** further things to know about what is lost or refused, one sentence; for the documentation */
  readonly note?: string;
  /** whether a file belongs to the format, judged by its path: which files a caller must offer */
  readonly accepts: (path: string) => boolean;
  /** Reads every file. Ids are 1, 2, 3, … in file order unless the format has ids; bbox and area are the mask's. */
  readonly read: (source: SourceFiles, builder: DatasetBuilder, losses: LossLog) => Promise<void>;
  readonly write: (dataset: DatasetSource, target: TargetFiles, losses: LossLog) => Promise<void>;
}
