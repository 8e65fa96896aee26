// What the three forms of mask pictures share: which files they are, and the pictures they belong to.
import type { CocoImage } from '../coco/types';
import type { DatasetBuilder } from './datasetBuilder';
import type { SourceFiles } from './format';
import type { LossLog } from './lossLog';
import { hasExtension, pictureFinder, withoutExtension } from './paths';
import { checkMapSize, decodeRaster, type Raster } from './raster';
import { noteUnreadable } from './texts';

/** A decoded mask picture and the image it belongs to. */
export interface MaskFile {
  readonly path: string;
  readonly raster: Raster;
  readonly image: CocoImage;
}

/** Where a mask is written: folder/ in the place of the last images/ of the image's path, else before it. */
export function maskPath(folder: string): (stem: string) => string {
  return (stem) =>
    /(^|\/)images\//.test(stem)
      ? `${stem.replace(/(^|.*\/)images\//, `$1${folder}/`)}.png`
      : `${folder}/${stem}.png`;
}

/**
 * Reads the mask pictures in folders of this name; without such a folder every PNG file is one.
 * A mask whose picture is not there stands for it: the image gets the mask's name and size.
 */
export async function* maskFilesOf(
  source: SourceFiles,
  folder: string,
  builder: DatasetBuilder,
  losses: LossLog,
): AsyncIterable<MaskFile> {
  const all = source.paths.filter((path) => hasExtension(path, '.png'));
  const inFolder = all.filter((path) => `/${path}`.includes(`/${folder}/`));
  const paths = inFolder.length > 0 ? inFolder : all;
  const masks = new Set(paths);
  const pictures = source.pictures.filter(
    (picture) => !masks.has(picture) && !/(^|\/)Segmentation(Class|Object)\//.test(picture),
  );
  const pictureOf = pictureFinder(pictures, paths, folder);
  for (const path of paths) {
    try {
      const raster = decodeRaster(await source.bytes(path));
      const picture = pictureOf(path);
      const size = picture === undefined ? undefined : await source.sizeOf(picture);
      const own = `${withoutExtension(path).replace(new RegExp(`(^|.*/)${folder}/`), '$1')}.png`;
      const image = builder.image(picture ?? own, size ?? [raster.height, raster.width], path);
      if (!image) continue;
      checkMapSize(raster, [image.height, image.width]);
      yield { path, raster, image };
    } catch (error) {
      noteUnreadable(path, error, losses);
    }
  }
}
