import { strict as assert } from 'node:assert';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { checkImageFiles } from '../../../../src/host/dataset/fileChecks';
import { datasetHandlers } from '../../../../src/host/dataset/handlers';
import { parseImageHeader } from '../../../../src/host/dataset/imageHeader';
import { Store } from '../../../../src/host/dataset/store';
import { createCancelSource } from '../../../../src/shared/protocol/cancel';
import { useTempFolder } from '../../../support/tempFolder';

/** Headers written by hand after the formats' specifications; no pixels follow. */
function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  bytes.write('\x89PNG\r\n\x1a\n', 0, 'latin1');
  bytes.writeUInt32BE(13, 8);
  bytes.write('IHDR', 12);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

function gif(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.write('GIF89a');
  bytes.writeUInt16LE(width, 6);
  bytes.writeUInt16LE(height, 8);
  return bytes;
}

function bmp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(54);
  bytes.write('BM');
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(-height, 22); // top-down
  return bytes;
}

function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write('RIFF');
  bytes.write('WEBP', 8);
  bytes.write(kind, 12);
  if (kind === 'VP8 ') {
    bytes.writeUInt16LE(width, 26);
    bytes.writeUInt16LE(height, 28);
  } else if (kind === 'VP8L') bytes.writeUInt32LE((width - 1) | ((height - 1) << 14), 21);
  else {
    bytes.writeUIntLE(width - 1, 24, 3);
    bytes.writeUIntLE(height - 1, 27, 3);
  }
  return bytes;
}

function jpeg(width: number, height: number, orientation?: number): Buffer {
  const frame = Buffer.from([0xff, 0xc2, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const tables = Buffer.from([0xff, 0xff, 0xc4, 0, 3, 0]);
  const parts = [Buffer.from([0xff, 0xd8]), tables, frame];
  if (orientation !== undefined) {
    const tiff = Buffer.alloc(22);
    tiff.write('MM\0*', 'latin1');
    tiff.writeUInt32BE(8, 4);
    tiff.writeUInt16BE(1, 8);
    tiff.writeUInt16BE(0x0112, 10);
    tiff.writeUInt16BE(3, 12);
    tiff.writeUInt32BE(1, 14);
    tiff.writeUInt16BE(orientation, 18);
    const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
    parts.splice(1, 0, Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif);
  }
  return Buffer.concat(parts);
}

describe('parseImageHeader', () => {
  const formats: readonly [string, Buffer, number?][] = [
    ['PNG', png(300, 20)],
    ['GIF', gif(300, 20)],
    ['BMP', bmp(300, 20)],
    ['WebP, lossy', webp('VP8 ', 300, 20)],
    ['WebP, lossless', webp('VP8L', 300, 20)],
    ['WebP, extended', webp('VP8X', 300, 20)],
    ['JPEG', jpeg(300, 20)],
    ['JPEG with EXIF', jpeg(300, 20, 6), 6],
  ];
  for (const [name, bytes, orientation = 1] of formats) {
    it(`reads ${name}`, () =>
      assert.deepEqual(parseImageHeader(bytes), { width: 300, height: 20, orientation }));
    it(`survives ${name} cut off anywhere`, () => {
      for (let end = 0; end < bytes.length; end++) {
        const header = parseImageHeader(bytes.subarray(0, end));
        assert.ok(header === null || header.width === 300);
      }
    });
  }
  it('knows when it does not know', () =>
    assert.equal(parseImageHeader(Buffer.from('just some text, long enough for a header')), null));
});

describe('checkImageFiles', () => {
  const folder = useTempFolder();

  it('compares the dataset with its image files', async () => {
    const files: Record<string, Buffer> = {
      'good.png': png(30, 20),
      'swapped.png': png(20, 30),
      'other.png': png(7, 7),
      'turned.jpg': jpeg(30, 20, 6),
      'right.jpg': jpeg(20, 30, 6),
      'noise.jpg': Buffer.from('noise'),
    };
    for (const [name, bytes] of Object.entries(files)) await fs.writeFile(folder.file(name), bytes);
    const names = [...Object.keys(files), 'missing.png', '../up.png'];
    const images = names.map((file_name, k) => ({ id: k + 1, file_name, width: 30, height: 20 }));
    const file = folder.file('x.json');
    await fs.writeFile(file, JSON.stringify({ images }));
    const store = new Store();
    const loaded = (await store.load(file))!;
    const found = await checkImageFiles(store, loaded);
    assert.deepEqual(
      found.map(({ row, rule }) => [names[row], rule.id]),
      [
        ['swapped.png', 'image-size-swapped'],
        ['other.png', 'image-size-mismatch'],
        ['turned.jpg', 'image-size-unrotated'],
        ['missing.png', 'image-file-missing'],
      ],
    );
    const { signal } = createCancelSource();
    const { problems } = await datasetHandlers(store)['dataset/validate']({ path: file }, signal);
    const rules = problems.map(({ rule, path: where }) => `${rule} ${where}`);
    assert.ok(rules.includes('image-size-swapped images[1].width'));
    assert.ok(rules.includes('image-file-name-unsafe images[7].file_name'));
    assert.ok(
      !problems.some(({ message }) => message.includes(path.join(folder.path, '..', 'up'))),
    );
  });
});
