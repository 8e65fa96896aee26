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
  caption(
    subject: CaptionSubject,
    options: CaptionOptions,
    signal?: CancelSignal,
  ): string | Promise<string>;
}

/** The built-in composer over the annotations. */
export const composer: Captioner = { id: COMPOSER_ID, caption: composeCaption };
