// Size of an image without decoding it: enough to caption annotations.
import type { Size } from '../../shared/geometry/types';
import { DomainError } from '../../shared/protocol/wire';
import { fileError } from '../dataset/filePort';
import { readImageHeader } from '../dataset/imageHeader';

/**
 * Reads the size of an image from its header, as displayed.
 *
 * @param measure asked where the header does not tell: another format, or damaged; throws DomainError
 * @throws DomainError 'not-found' or 'image-unreadable'
 */
export async function readImageSize(
  file: string,
  measure?: (file: string) => Promise<Size>,
): Promise<Size> {
  const header = await readImageHeader(file).catch((error: unknown) => {
    throw fileError(error, `${file} cannot be read`, 'The other images are not affected.');
  });
  if (header) {
    const { width, height, orientation } = header;
    return orientation >= 5 ? [width, height] : [height, width];
  }
  if (measure) return measure(file);
  throw new DomainError('image-unreadable', `${file} is not an image that can be read.`);
}
