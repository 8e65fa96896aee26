// Formats run on files and datasets in memory. The chunks are small, so that every border is met.
import type { CocoCategory, CocoImage } from '../../src/shared/coco/types';
import { encodeText } from '../../src/shared/coco/text';
import type {
  Annotation,
  DatasetSink,
  DatasetSource,
  Format,
  ImageRecord,
  Loss,
  SourceFiles,
  TargetFiles,
} from '../../src/shared/formats/format';
import { readFormat, writeFormat } from '../../src/shared/formats/runFormat';
import type { Size } from '../../src/shared/geometry/types';

export interface Dataset {
  readonly images: readonly CocoImage[];
  readonly annotations: readonly Annotation[];
  readonly categories: readonly CocoCategory[];
}
export type Files = ReadonlyMap<string, string | Uint8Array>;

const bytesOf = (content: string | Uint8Array | undefined): Uint8Array =>
  typeof content === 'string' ? encodeText(content) : (content ?? new Uint8Array());

const inOrder = (names: Iterable<string>): string[] => [...names].sort((a, b) => (a < b ? -1 : 1));

class MemoryFiles implements SourceFiles {
  readonly paths: readonly string[];
  readonly pictures: readonly string[];

  constructor(
    private readonly files: Files,
    private readonly sizes: ReadonlyMap<string, Size>,
    accepts: (path: string) => boolean,
    private readonly chunkBytes: number,
  ) {
    this.paths = inOrder(files.keys()).filter(accepts);
    this.pictures = inOrder(sizes.keys());
  }

  async sizeOf(picture: string): Promise<Size | undefined> {
    return this.sizes.get(picture);
  }

  async bytes(path: string): Promise<Uint8Array> {
    return bytesOf(this.files.get(path));
  }

  async *chunks(path: string): AsyncIterable<Uint8Array> {
    const bytes = bytesOf(this.files.get(path));
    for (let at = 0; at < bytes.length; at += this.chunkBytes) {
      yield bytes.slice(at, at + this.chunkBytes);
    }
  }
}

/** Reads files with a format. */
export async function readFiles(
  format: Format,
  files: Files,
  sizes: ReadonlyMap<string, Size> = new Map(),
  chunkBytes = 7,
): Promise<{ readonly dataset: Dataset; readonly losses: readonly Loss[] }> {
  const images: CocoImage[] = [];
  const annotations: Annotation[] = [];
  const sink: DatasetSink = {
    image: (image) => void images.push(image),
    annotation: (annotation) => void annotations.push(annotation),
  };
  const source = new MemoryFiles(files, sizes, format.accepts, chunkBytes);
  const { categories, losses } = await readFormat(format, source, sink);
  return { dataset: { images, annotations, categories }, losses };
}

/** A dataset in memory as a source. */
export function sourceOf({ images, annotations, categories }: Dataset): DatasetSource {
  return {
    categories,
    async *records(): AsyncIterable<ImageRecord> {
      for (const image of images) {
        yield { image, annotations: annotations.filter(({ image_id }) => image_id === image.id) };
      }
    },
  };
}

/** Writes a dataset with a format. */
export async function writeFiles(
  format: Format,
  dataset: Dataset,
): Promise<{ readonly files: Map<string, string | Uint8Array>; readonly losses: readonly Loss[] }> {
  const files = new Map<string, string | Uint8Array>();
  const target: TargetFiles = {
    write: async (path, content) => void files.set(path, content),
    append: async (path, text) => {
      const known = files.get(path) ?? '';
      if (typeof known !== 'string') throw new TypeError(`${path} is no text`);
      files.set(path, known + text);
    },
  };
  const losses = await writeFormat(format, sourceOf(dataset), target);
  return { files, losses };
}
