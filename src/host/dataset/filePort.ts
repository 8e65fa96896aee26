// The file system as the dataset store needs it. A port, so that tests can make a disk full or a folder read-only.
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError, type ErrorCode } from '../../shared/protocol/wire';

/** Identity of a file's content as far as the file system tells it, and what a rewrite must keep. */
export interface FileStamp {
  readonly size: number;
  /** changes whenever content, inode or device change */
  readonly key: string;
  readonly modifiedMs: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly isFile: boolean;
}

/** A new file that is being written. */
export interface NewFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Gives it the permissions, and where allowed the owner, of the file it will replace. */
  keepOwner(stamp: FileStamp): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Errors are those of Node, with `code`. */
export interface FilePort {
  realPath(path: string): Promise<string>;
  /** null: there is no such file */
  stamp(path: string): Promise<FileStamp | null>;
  /** The whole file, in a buffer of its own; `onRead` gets every part as it arrives and may throw to stop. */
  read(
    path: string,
    onRead?: (part: Uint8Array, done: number, total: number) => void | Promise<void>,
  ): Promise<Uint8Array>;
  /** @throws EEXIST when the file is there */
  create(path: string, mode: number): Promise<NewFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes the folder and those above it. */
  makeFolder(path: string): Promise<void>;
  /** Makes a rename in the folder durable, where the system can. */
  syncFolder(path: string): Promise<void>;
  /** Names in a folder; [] when it cannot be read. */
  list(path: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]>;
}

const READ_BYTES = 16 << 20;
/** Room after a big file's bytes, so that small additions can be made in place instead of in a copy. */
const SPARE_BYTES = 4 << 20;
const BIG_BYTES = 32 << 20;

/** The real file system. */
export const nodeFiles: FilePort = {
  realPath: (path) => fs.realpath(path),
  stamp: async (path) => {
    try {
      return toStamp(await fs.stat(path, { bigint: true }));
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
      throw error;
    }
  },
  read: readWhole,
  create: async (path, mode) => newFile(await fs.open(path, 'wx', mode)),
  rename: (from, to) => fs.rename(from, to),
  remove: (path) => fs.rm(path, { force: true }),
  makeFolder: makeFolders,
  syncFolder: async (path) => {
    if (process.platform === 'win32') return; // folders cannot be opened there
    const handle = await fs.open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  list: async (path) => {
    try {
      const entries = await fs.readdir(path, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
    } catch {
      return []; // a folder that cannot be read holds nothing for us
    }
  },
};

function toStamp(stats: BigIntStats): FileStamp {
  const { dev, ino, size, mtimeNs, ctimeNs, mode, uid, gid } = stats;
  return {
    size: Number(size),
    key: `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`,
    modifiedMs: Number(mtimeNs / 1_000_000n),
    mode: Number(mode) & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    isFile: stats.isFile(),
  };
}

async function readWhole(
  path: string,
  onRead?: Parameters<FilePort['read']>[1],
): Promise<Uint8Array> {
  const handle = await fs.open(path, 'r');
  try {
    const { size } = await handle.stat();
    const spare = size > BIG_BYTES ? SPARE_BYTES : 0;
    let bytes: Buffer = Buffer.allocUnsafeSlow(size + spare).subarray(0, size);
    let done = 0;
    for (;;) {
      // One byte more than the size tells a file that grows while it is read.
      if (done === bytes.length) bytes = await growIfMore(handle, bytes, done);
      if (done === bytes.length) return bytes;
      const wanted = Math.min(READ_BYTES, bytes.length - done);
      const { bytesRead } = await handle.read(bytes, done, wanted, done);
      if (bytesRead === 0) return bytes.subarray(0, done);
      await onRead?.(bytes.subarray(done, done + bytesRead), done + bytesRead, bytes.length);
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

async function growIfMore(handle: fs.FileHandle, bytes: Buffer, done: number): Promise<Buffer> {
  const { size } = await handle.stat();
  if (size <= done) return bytes;
  const wider = Buffer.allocUnsafeSlow(size);
  bytes.copy(wider);
  return wider;
}

function newFile(handle: fs.FileHandle): NewFile {
  return {
    write: async (bytes) => {
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
      }
    },
    keepOwner: async (stamp) => {
      const own = await handle.stat();
      if (own.uid !== stamp.uid || own.gid !== stamp.gid) {
        // Only the administrator may give a file away; keeping the mode is what matters.
        await handle.chown(stamp.uid, stamp.gid).catch(() => undefined);
      }
      await handle.chmod(stamp.mode);
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** `code` of a Node error, '' for others. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

const reasons: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['not-found', 'it does not exist'],
  ENOTDIR: ['not-found', 'a part of its path is not a folder'],
  EISDIR: ['dataset-invalid', 'it is a folder'],
  ELOOP: ['dataset-invalid', 'its links lead in a circle'],
  ENAMETOOLONG: ['invalid-params', 'its name is too long'],
  EACCES: ['read-only', 'permission was denied'],
  EPERM: ['read-only', 'permission was denied'],
  EROFS: ['read-only', 'the disk is read-only'],
  ENOSPC: ['read-only', 'the disk is full'],
  EDQUOT: ['read-only', 'your quota on this disk is used up'],
  EFBIG: ['read-only', 'the file would be too large for this disk'],
  EBUSY: ['read-only', 'another program holds it'],
  EMFILE: ['internal', 'too many files are open'],
  EIO: ['internal', 'the disk reported an error'],
};

/** A file error as users see it. @param kept what is not lost, a whole sentence */
export function fileError(error: unknown, what: string, kept: string): DomainError {
  if (error instanceof DomainError) return error;
  const code = errorCode(error);
  const [wireCode, reason] = reasons[code] ?? ['internal', 'of an unexpected error'];
  return new DomainError(wireCode, `${what} because ${reason}. ${kept}`, code || String(error));
}

/**
 * Makes a folder and those above it. Node's own `recursive` never comes back where a folder is there but takes none
 * (/proc).
 *
 * @throws Node's file errors
 */
async function makeFolders(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder);
  } catch (error) {
    const above = dirname(folder);
    if (errorCode(error) === 'ENOENT' && above !== folder) {
      await makeFolders(above);
      await makeOne(folder);
    } else if (!(await isFolder(folder))) {
      throw error;
    }
  }
}

/** The folder above is there; another program may have made this one meanwhile. */
async function makeOne(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder);
  } catch (error) {
    if (!(await isFolder(folder))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return fs.stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
