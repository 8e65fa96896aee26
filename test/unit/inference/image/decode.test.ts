import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { decodeImage, MAX_PIXELS } from '../../../../src/inference/image/decode';
import { ImageStore } from '../../../../src/inference/image/imageStore';
import { encodeBmp, type BmpOptions } from '../../../support/bmp';
import { drawPicture, toSharp, writePicture } from '../../../support/picture';
import { useTempFolder } from '../../../support/tempFolder';

// Red left half, blue right half, a green pixel in the upper left corner: shows every flip and swap.
const picture = drawPicture(14, 10, [0, 0, 255], [
  { rect: [0, 0, 7, 10], colour: [255, 0, 0] },
  { rect: [0, 0, 1, 1], colour: [0, 255, 0] },
]); // prettier-ignore

/** Largest difference of any channel, after checking the size. */
async function difference(file: Uint8Array, expected = picture): Promise<number> {
  const { plane } = await decodeImage(file, 'x');
  assert.deepEqual([plane.width, plane.height], [expected.width, expected.height]);
  return plane.data.reduce(
    (most, value, k) => Math.max(most, Math.abs(value - expected.data[k]!)),
    0,
  );
}

describe('image decoding', () => {
  const exact: Record<string, () => Promise<Buffer>> = {
    png: () => toSharp(picture).png().toBuffer(),
    'png palette': () => toSharp(picture).png({ palette: true }).toBuffer(),
    'png 16 bit': () => toSharp(picture).toColourspace('rgb16').png().toBuffer(),
    'webp lossless': () => toSharp(picture).webp({ lossless: true }).toBuffer(),
    tiff: () => toSharp(picture).tiff({ compression: 'lzw' }).toBuffer(),
    'tiff 16 bit': () =>
      toSharp(picture).toColourspace('rgb16').tiff({ compression: 'none' }).toBuffer(),
    gif: () => toSharp(picture).gif().toBuffer(),
  };
  for (const [name, encode] of Object.entries(exact)) {
    it(`reads ${name} exactly`, async () => assert.equal(await difference(await encode()), 0));
  }

  const close: Record<string, () => Promise<Buffer>> = {
    jpeg: () => toSharp(picture).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    avif: () => toSharp(picture).avif({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
  };
  for (const [name, encode] of Object.entries(close)) {
    it(`reads ${name} closely`, async () => {
      const { plane } = await decodeImage(await encode(), 'x');
      const at = (x: number, y: number): number[] => [
        ...plane.data.subarray((y * 14 + x) * 3, (y * 14 + x) * 3 + 3),
      ];
      assert.ok(at(4, 5)[0]! > 230 && at(4, 5)[2]! < 30, `red ${at(4, 5)}`);
      assert.ok(at(10, 5)[2]! > 230 && at(10, 5)[0]! < 30, `blue ${at(10, 5)}`);
    });
  }

  it('turns CMYK into colours near to the original', async () => {
    const file = await toSharp(picture).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const { plane } = await decodeImage(file, 'x');
    const [red, , blue] = plane.data.subarray((5 * 14 + 3) * 3);
    assert.ok(red! > 180 && blue! < 110, `${red}, ${blue}`);
  });

  it('turns grey, grey with alpha and 16-bit grey into RGB', async () => {
    const grey = Uint8Array.from({ length: 140 }, (_, k) => k);
    const source = sharp(grey, { raw: { width: 14, height: 10, channels: 1 } });
    for (const file of [
      await source.clone().toColourspace('b-w').png().toBuffer(),
      await source.clone().toColourspace('grey16').png().toBuffer(),
      await source.clone().toColourspace('b-w').ensureAlpha().png().toBuffer(),
    ]) {
      const { plane } = await decodeImage(file, 'x');
      assert.deepEqual([...plane.data.subarray(3 * 100, 3 * 100 + 3)], [100, 100, 100]);
    }
  });

  it('shows transparent parts white', async () => {
    const rgba = Uint8Array.from([255, 0, 0, 255, 255, 0, 0, 0]);
    const file = await sharp(rgba, { raw: { width: 2, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    assert.deepEqual([...(await decodeImage(file, 'x')).plane.data], [255, 0, 0, 255, 255, 255]);
  });

  it('applies each EXIF orientation once', async () => {
    const { data, width, height } = picture;
    const sources: Record<number, (x: number, y: number) => [number, number]> = {
      1: (x, y) => [x, y],
      2: (x, y) => [width - 1 - x, y],
      3: (x, y) => [width - 1 - x, height - 1 - y],
      4: (x, y) => [x, height - 1 - y],
      5: (x, y) => [y, x],
      6: (x, y) => [y, height - 1 - x],
      7: (x, y) => [width - 1 - y, height - 1 - x],
      8: (x, y) => [width - 1 - y, x],
    };
    for (const [orientation, sourceOf] of Object.entries(sources)) {
      const file = await toSharp(picture)
        .withMetadata({ orientation: Number(orientation) })
        .png()
        .toBuffer();
      const turned = Number(orientation) > 4 ? { width: height, height: width } : { width, height };
      const expected = new Uint8Array(data.length);
      for (let y = 0; y < turned.height; y++) {
        for (let x = 0; x < turned.width; x++) {
          const [sx, sy] = sourceOf(x, y);
          const from = (sy * width + sx) * 3;
          expected.set(data.subarray(from, from + 3), (y * turned.width + x) * 3);
        }
      }
      assert.equal(
        await difference(file, { ...turned, data: expected }),
        0,
        `orientation ${orientation}`,
      );
    }
  });

  it('takes the first picture of an animation', async () => {
    const frames = Buffer.concat([picture.data, new Uint8Array(picture.data.length)]);
    const raw = { width: 14, height: 20, channels: 3, pageHeight: 10 } as const;
    assert.equal(await difference(await sharp(frames, { raw }).gif({ loop: 0 }).toBuffer()), 0);
  });

  const bmps: (BmpOptions & { name: string })[] = [
    { name: '24 bit', bits: 24 },
    { name: '24 bit top-down', bits: 24, topDown: true },
    { name: '32 bit', bits: 32 },
    { name: '16 bit 5-5-5', bits: 16 },
    { name: '16 bit 5-6-5 bit fields', bits: 16, masks: [0xf800, 0x7e0, 0x1f] },
    { name: '32 bit bit fields', bits: 32, masks: [0xff, 0xff00, 0xff0000] },
    { name: '8 bit palette', bits: 8 },
    { name: '4 bit palette', bits: 4 },
    { name: '8 bit run lengths', bits: 8, runs: true },
    { name: '4 bit run lengths', bits: 4, runs: true },
    { name: '8 bit core header', bits: 8, core: true },
    { name: '24 bit core header', bits: 24, core: true },
  ];
  for (const { name, ...options } of bmps) {
    it(`reads BMP ${name} exactly`, async () =>
      assert.equal(await difference(encodeBmp(picture, options)), 0));
  }

  it('reads a 1 × 1 image', async () => {
    const one = drawPicture(1, 1, [255, 0, 255], []);
    for (const file of [await toSharp(one).png().toBuffer(), encodeBmp(one, { bits: 24 })]) {
      assert.equal(await difference(file, one), 0);
    }
  });
});

describe('images that cannot be read', () => {
  const rejects = (file: Uint8Array, reason: RegExp): Promise<void> =>
    assert.rejects(decodeImage(file, 'photo.jpg'), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'image-unreadable');
      assert.match(
        error.message,
        /^photo\.jpg cannot be read as an image: .+ Its annotations are kept;/s,
      );
      assert.match(error.message, reason);
      return true;
    });

  it('names a file without bytes', () => rejects(new Uint8Array(0), /the file is empty/));
  it('names a file of another kind', () =>
    rejects(Buffer.from('hello, this is text'), /format is not known/));

  for (const format of ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const) {
    it(`names a truncated ${format}`, async () => {
      const noisy = drawPicture(60, 60, [0, 0, 0], []);
      noisy.data.forEach((_, k) => (noisy.data[k] = (k * 7919) % 251));
      const whole = await toSharp(noisy).toFormat(format).toBuffer();
      for (const part of [0.02, 0.5])
        await rejects(whole.subarray(0, Math.floor(whole.length * part)), /./);
    });
  }

  it('names a truncated or damaged BMP', async () => {
    const whole = encodeBmp(picture, { bits: 24 });
    for (const length of [3, 20, 30, 60, whole.length - 1]) await rejects(whole.subarray(0, length), /./);
    for (const [at, value] of [[14, 3], [18, 0], [28, 7], [30, 9]] as const) {
      const damaged = Uint8Array.from(whole);
      damaged[at] = value;
      await rejects(damaged, /./);
    }
    const runs = encodeBmp(picture, { bits: 8, runs: true });
    await rejects(runs.subarray(0, runs.length - 5), /ends inside the pixels/);
  }); // prettier-ignore

  it('refuses 300 megapixels with the limit, before decoding', async () => {
    assert.ok(MAX_PIXELS < 300e6);
    const png = await toSharp(picture).png().toBuffer();
    png.writeUInt32BE(20_000, 16);
    png.writeUInt32BE(15_000, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await rejects(png, /20000 × 15000 pixels, the limit is 268 million; make it smaller/);
    const bmp = Buffer.from(encodeBmp(picture, { bits: 24 }));
    bmp.writeInt32LE(20_000, 18);
    bmp.writeInt32LE(15_000, 22);
    await rejects(bmp, /20000 × 15000 pixels, the limit is 268 million/);
  });
});

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('image store', () => {
  const folder = useTempFolder();

  it('decodes an image once while it does not change, and again when it does', async () => {
    const store = new ImageStore(1e6);
    const file = folder.file('a.png');
    await writePicture(picture, file);
    const [first, again] = await Promise.all([
      store.open({ path: file }),
      store.open({ path: file }),
    ]);
    assert.equal(first, again);
    assert.equal(await store.open({ path: file }), first);
    await writePicture(drawPicture(20, 11, [1, 2, 3], []), file);
    const changed = await store.open({ path: file });
    assert.deepEqual(changed.size, [11, 20]);
    assert.notEqual(changed.imageKey, first.imageKey);
  });

  it('keeps decoded images within its bound', async () => {
    const store = new ImageStore(2000);
    for (const name of ['b', 'c', 'd', 'e', 'f']) {
      await writePicture(picture, folder.file(`${name}.png`));
      await store.open({ path: folder.file(`${name}.png`) });
    }
    assert.equal(store.cacheBytes, 3 * 14 * 10 * 4);
  });

  it('names files that are missing or folders, and reads them when they are repaired', async () => {
    const store = new ImageStore(1e6);
    const file = folder.file('late.png');
    const gone = { code: 'image-unreadable', message: /^late\.png .*no such file/ };
    await assert.rejects(store.open({ path: file }), gone);
    await writeFile(file, 'x');
    await assert.rejects(store.open({ path: file }), { code: 'image-unreadable' });
    await writePicture(picture, file);
    assert.deepEqual((await store.open({ path: file })).size, [10, 14]);
    await assert.rejects(store.open({ path: folder.path }), {
      code: 'image-unreadable',
      message: /EISDIR/,
    });
  });
});
