// Adds a caption of the image that is composed of its annotations. One undo step, like any edit.
import { window, type QuickPickItem } from 'vscode';
import { captionObjects } from '../../shared/caption/captionObjects';
import { composeCaption } from '../../shared/caption/composeCaption';
import { CAPTION_LANGUAGES, CAPTION_STYLES } from '../../shared/caption/types';
import { DomainError } from '../../shared/protocol/wire';
import type { ImageDocument } from '../editor/imageDocument';
import { requireEditor, type Command } from './command';

const LANGUAGE_NAMES = { en: 'English', zh: '中文' } as const;

/** Argument: the text to take, for keybindings and tests; without it every style is offered with its text. */
export const composeCaptionOfImage: Command = {
  id: 'promptmark.composeCaption',
  run: async (services, argument) => {
    const { image } = requireEditor(services).document;
    if (image.readOnly) throw new DomainError('read-only', image.readOnly);
    const text = typeof argument === 'string' ? argument : await ask(image);
    const isKnown = image.core.state.captions.some(({ caption }) => caption === text);
    if (!text || isKnown) return;
    const intents = [{ kind: 'caption/set', text }] as const;
    await image.applyIntents(image.core.revision, 'Compose Caption', intents);
  },
};

async function ask(image: ImageDocument): Promise<string | undefined> {
  const { annotations, categories } = image.core.state;
  const input = { size: image.size, objects: captionObjects(annotations, categories) };
  const items: QuickPickItem[] = CAPTION_LANGUAGES.flatMap((lang) =>
    CAPTION_STYLES.map((style) => ({
      label: composeCaption(input, { style, lang }),
      description: `${LANGUAGE_NAMES[lang]}, ${style}`,
    })),
  ).filter(({ label }) => label !== '');
  const picked = await window.showQuickPick(items, {
    title: 'Caption composed of the annotations',
    matchOnDescription: true,
  });
  return picked?.label;
}
