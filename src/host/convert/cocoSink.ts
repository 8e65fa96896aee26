// Writes what a reader finds as a COCO file, one entry a line. Images and annotations come mixed, so each list grows
// in a file of its own until both are complete.
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { canonicalStyle, serialize } from '../../shared/coco/format';
import type { CocoCategory, CocoImage } from '../../shared/coco/types';
import type { Annotation, DatasetSink } from '../../shared/formats/format';
import { nodeFiles } from '../dataset/filePort';
import { writeDataset } from '../dataset/writeDataset';
import { TextFile } from './textFile';

/** Counts entries without keeping them. */
export class CountingSink implements DatasetSink {
  readonly counts = { images: 0, annotations: 0 };

  image(_image: CocoImage): void {
    this.counts.images++;
  }

  annotation(_annotation: Annotation): void {
    this.counts.annotations++;
  }
}

export class CocoSink extends CountingSink {
  private constructor(
    private readonly folder: string,
    private readonly images: TextFile,
    private readonly annotations: TextFile,
    private readonly prefix: string,
  ) {
    super();
  }

  /**
   * @param nearby folder in which the parts are kept meanwhile, absolute; made when it is not there
   * @param prefix goes before every file_name
   */
  static async create(nearby: string, prefix = ''): Promise<CocoSink> {
    const folder = path.join(nearby, `.${randomBytes(6).toString('hex')}.promptmark-tmp`);
    await nodeFiles.makeFolder(folder);
    const part = (name: string): Promise<TextFile> => TextFile.create(path.join(folder, name));
    return new CocoSink(folder, await part('images'), await part('annotations'), prefix);
  }

  override image(image: CocoImage): void {
    super.image(image);
    const entry =
      this.prefix === '' ? image : { ...image, file_name: this.prefix + image.file_name };
    this.images.push(`${serialize(entry, canonicalStyle, '')}\n`);
  }

  override annotation(annotation: Annotation): void {
    super.annotation(annotation);
    this.annotations.push(`${serialize(annotation, canonicalStyle, '')}\n`);
  }

  /** Writes down what was gathered. */
  async flush(): Promise<void> {
    await this.images.flush();
    await this.annotations.flush();
  }

  /** Puts the file together. @param file absolute; replaced at once */
  async finish(file: string, categories: readonly CocoCategory[]): Promise<void> {
    await this.images.close();
    await this.annotations.close();
    await writeDataset(file, {
      members: { info: '{"description": "", "version": "1.0"}', licenses: '[]' },
      lists: {
        images: { [Symbol.iterator]: () => linesOf(path.join(this.folder, 'images')) },
        annotations: { [Symbol.iterator]: () => linesOf(path.join(this.folder, 'annotations')) },
        categories: categories.map((category) => serialize(category, canonicalStyle, '')),
      },
    });
    await this.discard();
  }

  /** Removes the parts. */
  async discard(): Promise<void> {
    await this.images.close().catch(() => undefined);
    await this.annotations.close().catch(() => undefined);
    await fs.promises.rm(this.folder, { recursive: true, force: true });
  }
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** Lines of one of our own files, read while they are wanted. */
function* linesOf(file: string): Generator<string> {
  const handle = fs.openSync(file, 'r');
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const count = fs.readSync(handle, chunk);
      if (count === 0) break;
      let bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
        yield bytes.toString('utf8', 0, end);
        bytes = bytes.subarray(end + 1);
      }
      rest = bytes;
    }
  } finally {
    fs.closeSync(handle);
  }
}
