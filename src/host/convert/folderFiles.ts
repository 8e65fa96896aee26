// The files of a format on disk, found once and read when asked for.
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Format, SourceFiles } from '../../shared/formats/format';
import type { Size } from '../../shared/geometry/types';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { findFiles, findImages } from '../caption/findImages';
import { fileError } from '../dataset/filePort';
import { readImageHeader } from '../dataset/imageHeader';

export interface FolderOptions {
  /** folder of the pictures, absolute; absent: the source's folder */
  readonly images?: string;
  readonly signal?: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const CHUNK_BYTES = 1 << 20;
/** Larger files of one image are none. */
const MOST_BYTES = 512 << 20;

export class FolderFiles implements SourceFiles {
  private readonly begun = new Set<string>();

  private constructor(
    /** folder that the images' file_name is relative to, absolute */
    readonly imagesFolder: string,
    private readonly folder: string,
    readonly paths: readonly string[],
    readonly pictures: readonly string[],
    private readonly options: FolderOptions,
    /** called before a file is read, so that what was found so far can be written */
    private readonly beforeRead: () => Promise<void>,
  ) {}

  /**
   * One file, or every file of a folder that belongs to the format.
   *
   * @param source absolute
   * @throws DomainError when there is nothing to read
   */
  static async find(
    format: Format,
    source: string,
    options: FolderOptions,
    beforeRead: () => Promise<void>,
  ): Promise<FolderFiles> {
    const stats = await fs.promises.stat(source).catch((error: unknown) => {
      throw fileError(error, `${source} cannot be read`, 'Nothing was written.');
    });
    const { signal } = options;
    const folder = stats.isDirectory() ? source : path.dirname(source);
    const found = stats.isDirectory()
      ? await findFiles(source, (name) => format.accepts(name), signal)
      : [source];
    if (found.length === 0) {
      throw new DomainError(
        'not-found',
        `There is no file of the format ${format.id} in ${source}.`,
      );
    }
    const imagesFolder = options.images ?? folder;
    const pictures = await findImages([imagesFolder], signal);
    return new FolderFiles(
      imagesFolder,
      folder,
      found.map((file) => relativeTo(folder, file)),
      pictures.map((file) => relativeTo(imagesFolder, file)),
      options,
      beforeRead,
    );
  }

  async sizeOf(picture: string): Promise<Size | undefined> {
    const header = await readImageHeader(this.inside(this.imagesFolder, picture)).catch(() => null);
    if (!header) return undefined;
    const { width, height, orientation } = header;
    return orientation >= 5 ? [width, height] : [height, width];
  }

  async bytes(file: string): Promise<Uint8Array> {
    await this.begin(file);
    const absolute = this.inside(this.folder, file);
    try {
      const { size } = await fs.promises.stat(absolute);
      if (size > MOST_BYTES) throw new RangeError(`${file} is larger than 512 MiB`);
      return await fs.promises.readFile(absolute);
    } catch (error) {
      throw fileError(error, `${file} cannot be read`, 'The other files are read.');
    }
  }

  async *chunks(file: string): AsyncIterable<Uint8Array> {
    await this.begin(file);
    const stream = fs.createReadStream(this.inside(this.folder, file), {
      highWaterMark: CHUNK_BYTES,
    });
    try {
      for await (const chunk of stream) {
        throwIfCancelled(this.options.signal);
        await this.beforeRead();
        yield chunk as Buffer;
      }
    } catch (error) {
      throw fileError(error, `${file} cannot be read`, 'Nothing was written.');
    }
  }

  private async begin(file: string): Promise<void> {
    throwIfCancelled(this.options.signal);
    this.begun.add(file);
    this.options.onProgress?.(this.begun.size, this.paths.length);
    await this.beforeRead();
  }

  /** A picture's name comes from a file: it must not lead out of the folder. */
  private inside(folder: string, relative: string): string {
    const absolute = path.join(folder, ...relative.split('/'));
    const way = path.relative(folder, absolute);
    if (way.startsWith('..') || path.isAbsolute(way)) {
      throw new DomainError('invalid-params', `${relative} leaves the folder.`);
    }
    return absolute;
  }
}

const relativeTo = (folder: string, file: string): string =>
  path.relative(folder, file).split(path.sep).join('/');
