// What makes or changes annotations of an image in a job: one file a kind, all alike.
import type {
  CocoCategory,
  InstanceAnnotation,
  Provenance,
  Segmentation,
} from '../../shared/coco/types';
import type { Bbox, Size } from '../../shared/geometry/types';
import type { CancelSignal } from '../../shared/protocol/wire';

export const LABEL_KINDS = ['prelabel', 'classify', 'ocr', 'resegment'] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

export interface LabelSubject {
  /** absolute */
  readonly path: string;
  /** the image's annotations in the dataset */
  readonly annotations: readonly InstanceAnnotation[];
  readonly categories: readonly CocoCategory[];
}

/** A proposed annotation; its ids are given when the results are written. */
export interface NewLabel {
  readonly category: string;
  readonly segmentation?: Segmentation;
  readonly bbox: Bbox;
  readonly area: number;
  /** 0..1 */
  readonly score?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly promptmark: Provenance;
}

/** An annotation of the dataset, and as it should be. `category`: another category, by name. */
export interface ChangedLabel {
  readonly before: InstanceAnnotation;
  readonly after: InstanceAnnotation;
  readonly category?: string;
}

export interface Labels {
  readonly size: Size;
  readonly added: readonly NewLabel[];
  readonly changed: readonly ChangedLabel[];
}

export interface Labeller {
  readonly kind: LabelKind;
  /** goes into outputs and provenance: the model's id */
  readonly model: string;
  /** all that labels depend on beside the image and its annotations, e.g. the model's hash */
  readonly options: unknown;
  /** categories it may give, in the order their ids are given */
  readonly categories: readonly string[];
  /** @throws DomainError */
  label(subject: LabelSubject, lane: number, signal: CancelSignal | undefined): Promise<Labels>;
  prepare(path: string, lane: number): void;
}
