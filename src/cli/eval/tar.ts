// Reads ustar archives (with GNU and pax long names): an index first, then the files wanted, one at a time.
import { open, type FileHandle } from 'node:fs/promises';

const BLOCK = 512;

export interface TarEntry {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

export interface Tar {
  /** regular files in archive order */
  readonly entries: readonly TarEntry[];
  read(entry: TarEntry): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @throws RangeError when the file is no tar archive or ends inside an entry */
export async function openTar(file: string): Promise<Tar> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    return {
      entries: await readIndex(handle, size),
      read: ({ offset, size: bytes }) => readAt(handle, offset, bytes),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readIndex(handle: FileHandle, fileSize: number): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  let longName: string | null = null;
  for (let at = 0; at + BLOCK <= fileSize;) {
    const header = await readAt(handle, at, BLOCK);
    if (header.every((byte) => byte === 0)) break;
    checkSum(header, at);
    const size = readOctal(header, 124, 12);
    const offset = at + BLOCK;
    if (offset + size > fileSize)
      throw new RangeError(`the archive ends inside ${text(header, 0, 100)}`);
    const type = String.fromCharCode(header[156] ?? 0);
    const body = 'Lx'.includes(type) ? await readAt(handle, offset, size) : null;
    if (type === 'L' && body) longName = text(body, 0, size);
    else if (type === 'x' && body) longName = paxPath(body) ?? longName;
    else {
      const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
      const short = text(header, 0, 100);
      const name = longName ?? (prefix ? `${prefix}/${short}` : short);
      if (type === '0' || type === '\0') entries.push({ name, offset, size });
      longName = null;
    }
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new RangeError('the archive ends too early');
    done += bytesRead;
  }
  return bytes;
}

function checkSum(header: Uint8Array, at: number): void {
  const stated = readOctal(header, 148, 8);
  const sum = header.reduce((total, byte, k) => total + (k >= 148 && k < 156 ? 32 : byte), 0);
  if (sum !== stated) throw new RangeError(`it is no tar archive, or damaged at byte ${at}`);
}

function readOctal(bytes: Uint8Array, from: number, length: number): number {
  if (bytes[from]! & 0x80) {
    // GNU's binary form for sizes that do not fit
    return bytes.subarray(from + 1, from + length).reduce((value, byte) => value * 256 + byte, 0);
  }
  return parseInt(text(bytes, from, length).trim() || '0', 8);
}

function text(bytes: Uint8Array, from: number, length: number): string {
  const part = bytes.subarray(from, from + length);
  const end = part.indexOf(0);
  return new TextDecoder().decode(end < 0 ? part : part.subarray(0, end));
}

/** The path record of a pax header: lines "LENGTH key=value". */
function paxPath(body: Uint8Array): string | null {
  const match = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(new TextDecoder().decode(body));
  return match?.[1] ?? null;
}
