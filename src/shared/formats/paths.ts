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

/** The paths of files being written, one an image. */
export class PathClaims {
  private readonly claimed = new Set<string>();

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
    const key = path.toLowerCase(); // many file systems do not tell a.txt from A.txt
    if (!this.claimed.has(key)) {
      this.claimed.add(key);
      return path;
    }
    const message = `Two images need the file ${path}; the later one is left out.`;
    this.losses.add('same-file', message, where);
    return null;
  }
}

/**
 * Finds the picture that a file describes: in the same folder, in one of the folders that usually hold pictures, or
 * the only one of that name anywhere.
 *
 * @param described paths of the files, to see which names are unique
 * @param replaced folder name of the files, e.g. "labels", for which "images" is tried
 */
export function pictureFinder(
  pictures: readonly string[],
  described: readonly string[],
  replaced: string,
): (path: string) => string | undefined {
  const byStem = new Map<string, string>();
  const byBase = new Map<string, string | null>();
  const base = (path: string): string => withoutExtension(path).slice(folderOf(path).length);
  for (const path of pictures) {
    byStem.set(withoutExtension(path), path);
    byBase.set(base(path), byBase.has(base(path)) ? null : path);
  }
  const uses = new Map<string, number>();
  for (const path of described) uses.set(base(path), (uses.get(base(path)) ?? 0) + 1);
  const folder = new RegExp(`(^|.*/)${replaced}/`);
  return (path) => {
    const stem = withoutExtension(path);
    const beside =
      byStem.get(stem.replace(folder, '$1images/')) ??
      byStem.get(stem.replace(folder, '$1')) ??
      byStem.get(stem);
    if (beside !== undefined || uses.get(base(path)) !== 1) return beside;
    return byBase.get(base(path)) ?? undefined;
  };
}
