// Paths of written files, made from file names that anyone may have written.
import { readFileName } from '../coco/fileNames';
import type { CocoImage } from '../coco/types';
import type { LossLog } from './lossLog';

/** The path without its last extension. */
export function withoutExtension(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path;
}

/** The folder of a path with a slash at its end; '' at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Whether the path ends in one of the extensions, e.g. ".xml". */
export function hasExtension(path: string, ...extensions: readonly string[]): boolean {
  const lower = path.toLowerCase();
  return extensions.some((extension) => lower.endsWith(extension));
}

/** The files being written, one an image. */
export class OutputFiles {
  readonly files = new Map<string, string>();

  constructor(private readonly losses: LossLog) {}

  /**
   * The path for an image's file; null, with a loss, when its name is refused or another image has taken the path.
   *
   * @param toPath from the image's file name without extension
   */
  claim(image: CocoImage, toPath: (stem: string) => string): string | null {
    const where = `image ${image.id}`;
    const name = readFileName(image.file_name);
    if (!name.ok) {
      this.losses.add('file-name', `An image's file name ${name.reason}; it is left out.`, where);
      return null;
    }
    const path = toPath(withoutExtension(name.relative));
    if (!this.files.has(path)) {
      this.files.set(path, '');
      return path;
    }
    const message = `Two images need the file ${path}; the later one is left out.`;
    this.losses.add('same-file', message, where);
    return null;
  }
}
