// The built-in captioner: says what is annotated in an image, in words. No model and no pixels; the same annotations
// give the same text, in any order.
import { captionChinese } from './chinese';
import { captionEnglish } from './english';
import { describeScene } from './scene';
import type { CaptionInput, CaptionOptions } from './types';

/** Changes when the same annotations would give another text; part of a caption's provenance and of a job's options. */
export const COMPOSER_ID = 'composer-1';

/**
 * Composes a caption of the annotations.
 *
 * @returns one line; for an image without annotations a sentence that says so (`tags`: an empty string)
 */
export function composeCaption(input: CaptionInput, options: CaptionOptions): string {
  const scene = describeScene(input);
  return options.lang === 'zh'
    ? captionChinese(scene, options.style)
    : captionEnglish(scene, options.style);
}
