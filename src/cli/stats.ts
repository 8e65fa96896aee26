// promptmark stats: what a dataset holds. Parses one annotation at a time.
import { describeProblem } from '../host/dataset/problems';
import { inSteps } from '../host/dataset/inSteps';
import { Store } from '../host/dataset/store';
import { countEntries, isWritable } from '../shared/coco/cocoIndex';
import { statisticsSteps, type DatasetStats } from '../shared/coco/statistics';
import { parseOptions, type Command } from './command';
import { BIG_BYTES, jsonText, onlyFile, openFile, progressOn, tableText } from './openDataset';
import { printable } from './validate';

export const statsCommand: Command = {
  name: 'stats',
  usage: 'stats FILE [--json]',
  summary: 'Count images, annotations, categories, areas and kinds of masks.',
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
    const file = onlyFile(positionals);
    const loaded = await openFile(new Store(), file, io);
    const report = progressOn(io, `counting in ${file}`);
    const total = countEntries(loaded.index, 'annotations');
    const stats = await inSteps(statisticsSteps(loaded), {
      signal: io.signal,
      onProgress: (done) => loaded.bytes.length > BIG_BYTES && report(done, total),
    });
    io.out(values.json ? jsonText({ file, ...stats }) : textOf(stats));
    if (loaded.index.kind === 'results' || isWritable(loaded.index)) return 0;
    io.err(`${file}, ${describeProblem(loaded.bytes, loaded.index)}\n`);
    return 1;
  },
};

function textOf(stats: DatasetStats): string {
  const { areas, masks, annotationsPerImage } = stats;
  const facts = tableText([
    ['images', stats.images],
    ['  without annotations', stats.imagesWithoutAnnotations],
    ['annotations', stats.annotations],
    ['  on one image, mean', Math.round(annotationsPerImage.mean * 100) / 100],
    ['  on one image, most', annotationsPerImage.most],
    ['  small (< 32²)', areas.small],
    ['  medium (< 96²)', areas.medium],
    ['  large', areas.large],
    ['  polygons', masks.polygons],
    ['  RLE', masks.rle],
    ['  crowds', stats.crowds],
    ['  with keypoints', stats.keypoints],
    ['captions', stats.captions],
    ['categories', stats.categories],
  ]);
  const rows = [...stats.perCategory].sort((a, b) => b.annotations - a.annotations);
  if (rows.length === 0) return facts;
  const head = ['id', 'category', 'annotations', 'images'];
  const body = rows.map(({ id, name, annotations, images }) => [
    id,
    printable(name),
    annotations,
    images,
  ]);
  return `${facts}\n${tableText([head, ...body])}`;
}
