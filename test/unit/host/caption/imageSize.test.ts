import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { readImageSize } from '../../../../src/host/caption/imageSize';
import { useTempFolder } from '../../../support/tempFolder';

const picture = () => sharp({ create: { width: 40, height: 30, channels: 3, background: '#a52' } });

function bmp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(54 + width * Math.abs(height) * 4);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  return bytes;
}

describe('readImageSize', () => {
  const folder = useTempFolder();
  const written = async (bytes: Uint8Array): Promise<string> => {
    const file = folder.file('image');
    await writeFile(file, bytes);
    return file;
  };

  const files: readonly [string, () => Promise<Buffer> | Buffer, readonly [number, number]][] = [
    ['JPEG', () => picture().jpeg().toBuffer(), [30, 40]],
    ['progressive JPEG', () => picture().jpeg({ progressive: true }).toBuffer(), [30, 40]],
    [
      'JPEG with a colour profile',
      () => picture().jpeg().withIccProfile('p3').toBuffer(),
      [30, 40],
    ],
    ['PNG', () => picture().png().toBuffer(), [30, 40]],
    ['lossy WebP', () => picture().webp().toBuffer(), [30, 40]],
    ['lossless WebP', () => picture().webp({ lossless: true }).toBuffer(), [30, 40]],
    ['WebP with alpha', () => picture().ensureAlpha(0.5).webp().toBuffer(), [30, 40]],
    ['GIF', () => picture().gif().toBuffer(), [30, 40]],
    ['BMP', () => bmp(40, 30), [30, 40]],
    ['BMP with the first row on top', () => bmp(40, -30), [30, 40]],
  ];
  for (const [name, make, size] of files) {
    it(name, async () => assert.deepEqual(await readImageSize(await written(await make())), size));
  }

  for (let orientation = 1; orientation <= 8; orientation++) {
    it(`JPEG and PNG with EXIF orientation ${orientation}, as displayed`, async () => {
      const turned = picture().withMetadata({ orientation });
      const size = orientation >= 5 ? [40, 30] : [30, 40];
      assert.deepEqual(
        await readImageSize(await written(await turned.clone().jpeg().toBuffer())),
        size,
      );
      assert.deepEqual(
        await readImageSize(await written(await turned.clone().png().toBuffer())),
        size,
      );
    });
  }

  it('asks for the size of TIFF, of WebP with EXIF, and of what it does not know', async () => {
    const exif = picture().withMetadata({ orientation: 6 }).webp().toBuffer();
    for (const bytes of [await picture().tiff().toBuffer(), await exif, Buffer.from('hello')]) {
      const file = await written(bytes);
      assert.deepEqual(await readImageSize(file, () => Promise.resolve([3, 4] as const)), [3, 4]);
      await assert.rejects(readImageSize(file), { code: 'image-unreadable' });
    }
  });

  it('tells an empty, a cut off and a missing file', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const png = await picture().png().toBuffer();
    for (const bytes of [Buffer.alloc(0), jpeg.subarray(0, 20), png.subarray(0, 18), bmp(0, 0)]) {
      const file = await written(bytes);
      await assert.rejects(readImageSize(file), { code: 'image-unreadable' });
    }
    await assert.rejects(readImageSize(folder.file('none')), { code: 'not-found' });
  });
});
