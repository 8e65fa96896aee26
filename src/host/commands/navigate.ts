// Steps through the images of the dataset and the folder.
import { commands, Uri, window } from 'vscode';
import { listImages, type GalleryImage } from '../editor/gallery';
import { EDITOR_VIEW_TYPE } from '../editor/provider';
import type { EditorSession } from '../editor/session';
import { requireEditor, type Command } from './command';

export const nextImage: Command = {
  id: 'promptmark.nextImage',
  run: (services) => step(requireEditor(services), 1),
};

export const previousImage: Command = {
  id: 'promptmark.previousImage',
  run: (services) => step(requireEditor(services), -1),
};

/** The next image without annotations, starting over at the end. */
export const nextUnlabelledImage: Command = {
  id: 'promptmark.nextUnlabelledImage',
  run: (services) => step(requireEditor(services), 1, ({ annotations }) => annotations === 0),
};

async function step(
  session: EditorSession,
  direction: 1 | -1,
  isWanted: (image: GalleryImage) => boolean = () => true,
): Promise<void> {
  const { image } = session.document;
  const images = await listImages(image);
  const at = images.findIndex(({ path }) => path === image.imagePath);
  for (let distance = 1; distance < images.length; distance++) {
    const candidate = images[(at + direction * distance + images.length * 2) % images.length];
    if (candidate && isWanted(candidate)) return open(candidate.path, session);
  }
  void window.showInformationMessage(
    images.length > 1 ? 'Every other image has annotations.' : 'There is no other image here.',
  );
}

async function open(path: string, { panel }: EditorSession): Promise<void> {
  const { viewColumn } = panel;
  // A preview tab is replaced by the next image; VS Code keeps it open when it has unsaved changes.
  const options = { preview: true, ...(viewColumn === undefined ? {} : { viewColumn }) };
  await commands.executeCommand('vscode.openWith', Uri.file(path), EDITOR_VIEW_TYPE, options);
}
