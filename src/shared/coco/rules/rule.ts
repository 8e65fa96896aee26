// What a validation rule is. Rules see parsed entries and never throw for what a file may hold.
import type { Size } from '../../geometry/types';
import type { Runs } from '../../mask/types';
import type { ListName } from '../entryTable';
import type { Entry, Segmentation } from '../types';

export type Severity = 'error' | 'warning' | 'info';

/**
 * A repair that loses nothing: the entry as it should be, null to drop it (only where another entry says the same),
 * or "new-id" to give it the next free id, references included.
 */
export type Fix = ((entry: Entry) => Entry | null) | 'new-id';

/** One finding in an entry. */
export interface Finding {
  readonly message: string;
  /** inside the entry, e.g. ['bbox']; [] for the entry itself */
  readonly path: readonly (string | number)[];
  readonly fix?: Fix;
}

export type Findings = Finding | readonly Finding[] | null;

/** Facts about a rule for documentation, SARIF and settings. */
export interface RuleInfo {
  readonly id: string;
  readonly severity: Severity;
  /** what the rule says of a correct file */
  readonly summary: string;
  /** some of its findings can be repaired safely */
  readonly fixable?: boolean;
}

/** An image that annotations may refer to. */
export interface ImageFacts {
  readonly row: number;
  /** null where width or height is no whole number above 0 */
  readonly size: Size | null;
}

/** A category that annotations may refer to. */
export interface CategoryFacts {
  readonly row: number;
  readonly name: string;
  /** number of its keypoints; 0: none */
  readonly keypoints: number;
}

/** What a rule may ask about the rest of the file. */
export interface DatasetFacts {
  readonly images: ReadonlyMap<number, ImageFacts>;
  readonly categories: ReadonlyMap<number, CategoryFacts>;
  readonly isResults: boolean;
}

/** An annotation with what several rules need of it, computed once and only when asked for. */
export interface AnnotationView {
  readonly entry: Entry;
  readonly facts: DatasetFacts;
  readonly image: ImageFacts | undefined;
  readonly category: CategoryFacts | undefined;
  /** the segmentation when its form is right, else undefined */
  readonly segmentation: Segmentation | undefined;
  /** parts of a polygon segmentation that are lists of an even number of numbers, with their place */
  readonly rings: readonly { readonly ring: readonly number[]; readonly part: number }[];
  /** its mask at the image's size; null where it has none or it cannot be decoded */
  mask(): Runs | null;
  /** why the mask cannot be decoded; '' where it can or there is none */
  maskError(): string;
}

export interface AnnotationRule extends RuleInfo {
  check(view: AnnotationView): Findings;
}

/** A rule over one image or category. */
export interface EntryRule extends RuleInfo {
  readonly list: Exclude<ListName, 'annotations'>;
  check(entry: Entry, facts: DatasetFacts): Findings;
}
