// The images one can step through: those of the dataset and those beside the open one.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ImageDocument } from './imageDocument';

export const IMAGE_EXTENSIONS: ReadonlySet<string> = new Set([
  '.png',
  '.jpg',
  '.jpeg',
  '.webp',
  '.gif',
  '.bmp',
  '.tif',
  '.tiff',
  '.avif',
]);
/** Above this many, images stay in the order they are found: sorting would block the host. */
const MAX_SORTED = 5000;

export interface GalleryImage {
  readonly path: string;
  /** annotations on disk; 0 for an image the dataset does not list */
  readonly annotations: number;
}

const natural = new Intl.Collator('en', { numeric: true }).compare;

/** All images, in natural order of their paths, the document's own among them. */
export async function listImages(document: ImageDocument): Promise<readonly GalleryImage[]> {
  const [listed, beside] = await Promise.all([
    document.store.list(),
    imagesIn(path.dirname(document.imagePath)),
  ]);
  const images = new Map<string, GalleryImage>();
  for (const file of [...beside, document.imagePath])
    images.set(file, { path: file, annotations: 0 });
  for (const { path: file, annotations } of listed) images.set(file, { path: file, annotations });
  const all = [...images.values()];
  return all.length > MAX_SORTED ? all : all.sort((a, b) => natural(a.path, b.path));
}

async function imagesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => IMAGE_EXTENSIONS.has(path.extname(name).toLowerCase()))
      .map((name) => path.join(folder, name));
  } catch {
    // The folder was deleted while its image is open: only the dataset's images are left.
    return [];
  }
}
