// Runs a converter: a reader into a sink, a writer from a source, each with its losses.
import type { CocoCategory } from '../coco/types';
import { DatasetBuilder } from './datasetBuilder';
import type {
  DatasetSink,
  DatasetSource,
  Format,
  ImageRecord,
  Loss,
  SourceFiles,
  TargetFiles,
} from './format';
import { LossLog } from './lossLog';
import { UnkeptNotes } from './unkept';

/** Reads every file of a format. @returns the categories, known only at the end, and what was lost */
export async function readFormat(
  format: Format,
  source: SourceFiles,
  sink: DatasetSink,
): Promise<{ readonly categories: readonly CocoCategory[]; readonly losses: readonly Loss[] }> {
  const losses = new LossLog();
  const builder = new DatasetBuilder(losses, sink);
  await format.read(source, builder, losses);
  return { categories: builder.listCategories(), losses: losses.list() };
}

/** Writes a dataset. @returns what the files do not hold */
export async function writeFormat(
  format: Format,
  dataset: DatasetSource,
  target: TargetFiles,
): Promise<readonly Loss[]> {
  const losses = new LossLog();
  await format.write(new NotedSource(dataset, format, losses), target, losses);
  return losses.list();
}

/** Notes what the format does not keep while the writer goes through the dataset for the first time. */
class NotedSource implements DatasetSource {
  private isNoted = false;

  constructor(
    private readonly source: DatasetSource,
    private readonly format: Format,
    private readonly losses: LossLog,
  ) {}

  get categories(): readonly CocoCategory[] {
    return this.source.categories;
  }

  async *records(): AsyncIterable<ImageRecord> {
    const { format, losses, categories } = this;
    const notes = this.isNoted
      ? undefined
      : new UnkeptNotes(format.kept, format.ownFields ?? [], losses);
    this.isNoted = true;
    for await (const record of this.source.records()) {
      notes?.record(record);
      yield record;
    }
    notes?.categories(categories);
  }
}
