// What the built-in captioner is told about an image: its objects, not its pixels.
import type { Bbox, Size } from '../geometry/types';

/** How much is said: `short` one phrase, `sentence` one sentence, `detailed` several, `tags` only names. */
export type CaptionStyle = 'short' | 'sentence' | 'detailed' | 'tags';
export const CAPTION_STYLES: readonly CaptionStyle[] = ['short', 'sentence', 'detailed', 'tags'];

export type CaptionLanguage = 'en' | 'zh';
export const CAPTION_LANGUAGES: readonly CaptionLanguage[] = ['en', 'zh'];

export interface CaptionOptions {
  readonly style: CaptionStyle;
  readonly lang: CaptionLanguage;
}

/** One annotation as the captioner sees it. */
export interface CaptionObject {
  /** category name, any text */
  readonly name: string;
  /** absent: the object is counted, but nothing is said about its place */
  readonly bbox?: Bbox;
  /** pixels; absent: the box's area */
  readonly area?: number;
  /** COCO's iscrowd: one region that holds many */
  readonly isCrowd?: boolean;
}

export interface CaptionInput {
  /** [height, width] as displayed */
  readonly size: Size;
  /** any order; the text does not depend on it */
  readonly objects: readonly CaptionObject[];
}
