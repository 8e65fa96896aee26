// Decoded images by path: read when first asked for, kept in a cache bounded in bytes, read again when the file changed.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImageRef } from '../../shared/protocol/engine';
import { ByteLru } from '../cache/byteLru';
import { decodeImage, unreadable } from './decode';
import type { DecodedImage } from './image';

interface Known {
  /** size and modification time: a change means the file must be read again */
  readonly stamp: string;
  readonly image: Promise<DecodedImage>;
}

/** One per process. Opening the same image at the same time decodes it once. */
export class ImageStore {
  private readonly known: ByteLru<string, Known>;

  /** @param maxBytes bound of the decoded pixels kept */
  constructor(maxBytes: number) {
    this.known = new ByteLru(maxBytes);
  }

  get cacheBytes(): number {
    return this.known.bytes;
  }

  /** @throws DomainError 'not-found' or 'image-unreadable', naming the file */
  async open(ref: ImageRef): Promise<DecodedImage> {
    const name = path.basename(ref.path);
    const stamp = await stampOf(ref.path, name);
    const known = this.known.get(ref.path);
    if (known?.stamp === stamp) return known.image;
    const image = decode(ref.path, name, stamp);
    this.known.set(ref.path, { stamp, image }, 0);
    try {
      const decoded = await image;
      this.known.resize(ref.path, byteSize(decoded));
      return decoded;
    } catch (error) {
      this.known.delete(ref.path);
      throw error;
    }
  }

  clear(): void {
    this.known.clear();
  }
}

/** Pixels with their half-size copies. */
function byteSize({ size: [height, width] }: DecodedImage): number {
  return width * height * 4;
}

async function stampOf(file: string, name: string): Promise<string> {
  try {
    const { size, mtimeNs } = await stat(file, { bigint: true });
    return `${size}-${mtimeNs}`;
  } catch (error) {
    throw fileError(error, name);
  }
}

async function decode(file: string, name: string, stamp: string): Promise<DecodedImage> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw fileError(error, name);
  }
  const hash = createHash('sha256').update(bytes).digest('hex');
  const { plane, format } = await decodeImage(bytes, name);
  return {
    imageKey: `${stamp}-${hash}`,
    format,
    size: [plane.height, plane.width],
    levels: [plane],
    derived: new Map(),
  };
}

function fileError(error: unknown, name: string): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  return unreadable(
    name,
    code === 'ENOENT' ? 'there is no such file' : `the file could not be read (${code})`,
  );
}
