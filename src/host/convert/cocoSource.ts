// A COCO file of any size as a source: one pass notes where the entries are, then they are read image by image. The
// file is never in memory; 20 bytes an annotation and the ids of the images are.
import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  isUsableAnnotation,
  isUsableCaption,
  isUsableCategory,
  isUsableImage,
} from '../../shared/coco/guards';
import { isPlainObject } from '../../shared/coco/equal';
import type { CocoCategory, CocoImage } from '../../shared/coco/types';
import type { Annotation, DatasetSource, ImageRecord, Loss } from '../../shared/formats/format';
import { JsonSplitter, parseBytes, type JsonPart } from '../../shared/formats/jsonParts';
import { LossLog } from '../../shared/formats/lossLog';
import { PlacedError } from '../../shared/formats/texts';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { fileError } from '../dataset/filePort';
import { describeProblem } from '../dataset/problems';
import { Store } from '../dataset/store';
import { OffsetTable } from './offsetTable';

export interface CocoSourceOptions {
  readonly signal?: CancelSignal;
  /** bytes of the first pass */
  readonly onProgress?: (done: number, total: number) => void;
  /** images of a pass of records() */
  readonly onRecord?: ((done: number, total: number) => void) | undefined;
}

const READ_BYTES = 1 << 20;
/** Images between two looks at whether the work was cancelled. */
const STEP_IMAGES = 64;
const SAMPLED_NAMES = 6;

export class CocoSource implements DatasetSource {
  readonly categories: CocoCategory[] = [];
  /** file names of the first images, to find their folder by */
  readonly firstNames: string[] = [];
  private readonly images = new OffsetTable();
  private readonly annotations = new OffsetTable();
  private readonly rowOfImage = new Map<number, number>();
  private readonly log = new LossLog();

  private constructor(
    private readonly file: string,
    private readonly size: number,
    private readonly options: CocoSourceOptions,
  ) {}

  /**
   * Goes through the file once.
   *
   * @param file absolute
   * @throws DomainError when there is no such file, or it is no dataset
   */
  static async open(file: string, options: CocoSourceOptions = {}): Promise<CocoSource> {
    const stats = await fs.promises.stat(file).catch(() => null);
    if (!stats) throw new DomainError('not-found', `There is no file ${file}.`);
    const source = new CocoSource(file, stats.size, options);
    try {
      await source.index();
    } catch (error) {
      if (error instanceof PlacedError) throw await source.refusal(error);
      throw fileError(error, `${path.basename(file)} cannot be read`, 'Nothing was written.');
    }
    return source;
  }

  get losses(): readonly Loss[] {
    return this.log.list();
  }

  get counts(): {
    readonly images: number;
    readonly annotations: number;
    readonly categories: number;
  } {
    const { images, annotations, categories } = this;
    return {
      images: images.length,
      annotations: annotations.length,
      categories: categories.length,
    };
  }

  async *records(): AsyncIterable<ImageRecord> {
    const { signal, onRecord } = this.options;
    const groups = this.annotations.grouped(this.images.length);
    const reader = new RangeReader(this.file);
    try {
      for (let row = 0; row < this.images.length; row++) {
        if (row % STEP_IMAGES === 0) {
          await new Promise((resolve) => setImmediate(resolve));
          throwIfCancelled(signal);
          onRecord?.(row, this.images.length);
        }
        const image = parseBytes(reader.read(this.images, row)) as CocoImage;
        const annotations = [...groups.rows(row)].map(
          (k) => parseBytes(reader.read(this.annotations, k)) as Annotation,
        );
        yield { image, annotations };
      }
    } finally {
      reader.close();
    }
  }

  private async index(): Promise<void> {
    const { signal, onProgress } = this.options;
    const splitter = new JsonSplitter();
    let done = 0;
    for await (const chunk of fs.createReadStream(this.file, { highWaterMark: READ_BYTES })) {
      throwIfCancelled(signal);
      for (const part of splitter.push(chunk as Buffer)) this.take(part);
      done += (chunk as Buffer).length;
      onProgress?.(done, this.size);
    }
    splitter.end();
    this.annotations.resolve(this.rowOfImage, (row) => {
      const message = 'An annotation of an unknown image is left out.';
      this.log.add('image-missing', message, `annotation at byte ${this.annotations.offset(row)}`);
    });
  }

  private take(part: JsonPart): void {
    const { key, row } = part;
    if (key === '') throw new PlacedError('an object is expected', part.line, part.column);
    if (key === 'images' || key === 'annotations' || key === 'categories') {
      if (row < 0) throw new PlacedError(`a list is expected in "${key}"`, part.line, part.column);
      if (row === 0) this.restart(key);
      this.entry(key, part);
    } else if (key !== 'info' && (row === 0 || (row < 0 && !isEmpty(parseBytes(part.bytes))))) {
      const message = 'Members of the file beside images, annotations and categories are not kept.';
      this.log.add('members', message, `${key} (${this.placeOf(part)})`);
    }
  }

  /** A second member of the same name replaces the first, as in JSON.parse. */
  private restart(key: 'images' | 'annotations' | 'categories'): void {
    if (key === 'categories') this.categories.length = 0;
    else this[key].clear();
    if (key === 'images') this.rowOfImage.clear();
  }

  private entry(key: 'images' | 'annotations' | 'categories', part: JsonPart): void {
    const entry = parseBytes(part.bytes);
    const { offset, bytes } = part;
    if (key === 'images' && isSized(entry)) {
      if (this.rowOfImage.has(entry.id)) {
        const message = 'A second image with the same id has no annotations in the result.';
        this.log.add('image-id-twice', message, this.placeOf(part));
      } else this.rowOfImage.set(entry.id, this.images.length);
      if (this.firstNames.length < SAMPLED_NAMES) this.firstNames.push(entry.file_name);
      this.images.add(offset, bytes.length, 0);
    } else if (key === 'annotations' && (isUsableCaption(entry) || isUsableAnnotation(entry))) {
      this.annotations.add(offset, bytes.length, entry.image_id);
    } else if (key === 'categories' && isUsableCategory(entry)) this.categories.push(entry);
    else this.log.add('entry-unusable', UNUSABLE, this.placeOf(part));
  }

  private placeOf({ line, column }: JsonPart): string {
    return `${path.basename(this.file)}:${line}:${column}`;
  }

  /** What is wrong with the file, in the words that validation has for it. */
  private async refusal(error: PlacedError): Promise<DomainError> {
    const loaded = await new Store().load(
      this.file,
      this.options.signal ? { signal: this.options.signal } : {},
    );
    const told = loaded ? describeProblem(loaded.bytes, loaded.index) : '';
    const problem = told || `line ${error.line}, column ${error.column ?? 1}: ${error.message}`;
    return new DomainError('dataset-invalid', `${this.file}, ${problem}`);
  }
}

const UNUSABLE =
  'An entry cannot be used and is left out; "promptmark validate" tells what is wrong.';

const isSized = (entry: unknown): entry is CocoImage =>
  isUsableImage(entry) && [entry.width, entry.height].every((side) => side > 0);

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (isPlainObject(value) && Object.keys(value).length === 0);

/** Reads entries; those that follow each other in the file come from one larger read. */
class RangeReader {
  private readonly handle: number;
  private window = new Uint8Array(0);
  private windowStart = 0;
  private lastEnd = -1;

  constructor(file: string) {
    this.handle = fs.openSync(file, 'r');
  }

  close(): void {
    fs.closeSync(this.handle);
  }

  read(table: OffsetTable, row: number): Uint8Array {
    const [start, length] = [table.offset(row), table.size(row)];
    const inWindow = start - this.windowStart;
    if (inWindow < 0 || inWindow + length > this.window.length) {
      const isNext = start >= this.lastEnd && start - this.lastEnd < 256;
      this.fill(start, isNext ? Math.max(length, READ_BYTES) : length);
    }
    this.lastEnd = start + length;
    return this.window.subarray(start - this.windowStart, start - this.windowStart + length);
  }

  private fill(start: number, length: number): void {
    const bytes = new Uint8Array(length);
    const count = fs.readSync(this.handle, bytes, 0, length, start);
    this.window = bytes.subarray(0, count);
    this.windowStart = start;
  }
}
