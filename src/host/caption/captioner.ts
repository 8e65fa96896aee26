// What turns an image into a caption. The built-in one needs no model: it tells the annotations.
import { COMPOSER_ID, composeCaption } from '../../shared/caption/composeCaption';
import type { CaptionInput, CaptionOptions } from '../../shared/caption/types';
import type { CancelSignal } from '../../shared/protocol/wire';

export interface CaptionSubject extends CaptionInput {
  /** absolute */
  readonly path: string;
}

export interface Captioner {
  /** goes into the provenance of every caption; changes when the same image would get another text */
  readonly id: string;
  /** the text depends on the annotations */
  readonly readsObjects: boolean;
  /** @param lane 0-based number of the worker, for captioners that have several */
  caption(
    subject: CaptionSubject,
    options: CaptionOptions,
    signal?: CancelSignal,
    lane?: number,
  ): string | Promise<string>;
  /** Decodes the image that will be captioned next on this lane. */
  prepare?(path: string, lane: number): void;
}

/** The built-in composer over the annotations. */
export const composer: Captioner = {
  id: COMPOSER_ID,
  readsObjects: true,
  caption: composeCaption,
};
