// Reads one image's size and entries.
import path from 'node:path';
import type { CocoImage } from '../../shared/coco/types';
import type { Size } from '../../shared/geometry/types';
import { DomainError } from '../../shared/protocol/wire';
import type { DatasetStore } from './datasetStore';
import type { LoadedImage } from './documentCore';

/** What is known of a picture: its size, or why it cannot be read; `imageKey` changes when that does. */
export interface Measured {
  /** [height, width] as displayed */
  readonly size: Size | DomainError;
  readonly imageKey: string;
}

/** Measures a picture. A picture that cannot be read is a result, not an error. */
export async function measureImage(
  imagePath: string,
  imageInfo: (imagePath: string) => Promise<{ readonly size: Size; readonly imageKey: string }>,
): Promise<Measured> {
  try {
    const { size, imageKey } = await imageInfo(imagePath);
    return { size, imageKey };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { size: error, imageKey: `${error.code}: ${error.message}` };
  }
}

/**
 * What the dataset holds of an image; nothing while the file does not exist or has errors.
 *
 * @param known the image entry to use while the file does not list the image
 */
export async function loadImage(
  store: DatasetStore,
  imagePath: string,
  size: Size | DomainError,
  known?: CocoImage,
): Promise<LoadedImage> {
  const summary = await store.load();
  const isUsable = summary.exists && summary.errors.length === 0;
  const entries = isUsable
    ? await store.image(imagePath)
    : { image: null, annotations: [], captions: [] };
  const { image, annotations, captions } = entries;
  return {
    listed: image !== null,
    state: {
      image: image ?? known ?? newImage(store, imagePath, size),
      annotations,
      captions,
      categories: summary.categories,
      draft: null,
    },
  };
}

function newImage(store: DatasetStore, imagePath: string, size: Size | DomainError): CocoImage {
  const relative = path.relative(path.dirname(store.path), imagePath);
  const [height, width] = size instanceof DomainError ? [0, 0] : size;
  return {
    id: store.reserveImageId(),
    file_name: relative.split(path.sep).join('/'),
    width,
    height,
  };
}
