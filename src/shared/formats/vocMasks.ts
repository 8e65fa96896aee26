// Pascal VOC's segmentation masks: palette PNGs of classes and of objects, and labelmap.txt with the colour of each
// class. Read also as pictures of colours, as some tools write them.
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import type { LossLog } from './lossLog';
import { masksOf, paintObjects } from './labelMap';
import { maskFilesOf, maskPath, type MaskFile } from './maskFiles';
import { hasExtension, PathClaims } from './paths';
import {
  checkMapSize,
  decodeRaster,
  encodeIndexed,
  indexesOf,
  numberOf,
  numbersOf,
  type Colour,
} from './raster';
import { byId, sizeOf } from './shapes';
import { noteUnreadable, textOf } from './texts';

const CLASSES = 'SegmentationClass';
const OBJECTS = 'SegmentationObject';
const LABELS = 'labelmap.txt';
const MOST = 254;

/** Colour of an index. @source the colour map of the VOC development kit: bits of the index spread over the colours */
export function vocColour(index: number): Colour {
  const colour = [0, 0, 0];
  for (let bit = 0, rest = index; bit < 8; bit++, rest >>= 3) {
    for (let k = 0; k < 3; k++) colour[k]! |= ((rest >> k) & 1) << (7 - bit);
  }
  return colour as unknown as Colour;
}

const PALETTE = Array.from({ length: 256 }, (_, k) => vocColour(k));
const VOID = numberOf(vocColour(255));

/** The classes of the VOC challenge, index 1 first. */
const VOC_NAMES = [
  ...['aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow'],
  ...['diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa'],
  ...['train', 'tvmonitor'],
];

export const vocMasks: Format = {
  id: 'mask-palette',
  title: 'VOC segmentation masks (palette PNG)',
  kept: ['mask', 'categories', 'unused-categories', 'empty-images'],
  note: 'At most 254 categories and 254 objects an image; objects without a mask are left out.',
  accepts: (path) => hasExtension(path, '.png') || path.endsWith(LABELS),
  read,
  write,
};

async function read(source: SourceFiles, builder: DatasetBuilder, losses: LossLog): Promise<void> {
  const names = await readLabels(source, builder, losses);
  const objectMaps = new Set(source.paths.filter((path) => `/${path}`.includes(`/${OBJECTS}/`)));
  for await (const file of maskFilesOf(source, CLASSES, builder, losses)) {
    const objects = file.path.replace(`${CLASSES}/`, `${OBJECTS}/`);
    if (objects === file.path || !objectMaps.has(objects))
      readClasses(file, names, builder, losses);
    else await readObjects(file, objects, source, names, builder, losses);
  }
}

type NameOf = (value: number, index: number | undefined, where: string) => string | null;

/** Without a map of objects each class is one object. */
function readClasses(
  { path, raster, image }: MaskFile,
  nameOf: NameOf,
  builder: DatasetBuilder,
  losses: LossLog,
): void {
  const indexes = indexesOf(raster);
  const colours =
    raster.palette || !indexes ? numbersOf(raster) : indexes.map((k) => numberOf(vocColour(k)));
  const first = new Map<number, number>();
  colours.forEach((value, i) => first.has(value) || first.set(value, indexes?.[i] ?? -1));
  if (colours.some((value) => value === VOID)) noteVoid(path, losses);
  for (const [value, segmentation] of masksOf(colours, sizeOf(image))) {
    const name = nameOf(value, first.get(value), path);
    if (name !== null) builder.object(image, builder.category(name), { segmentation }, path);
  }
}

async function readObjects(
  file: MaskFile,
  path: string,
  source: SourceFiles,
  nameOf: NameOf,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const { image } = file;
  try {
    const raster = decodeRaster(await source.bytes(path));
    checkMapSize(raster, sizeOf(image));
    const classes = file.raster.palette ? numbersOf(file.raster) : classColours(file);
    const indexes = indexesOf(raster);
    const objects = indexes ?? numbersOf(raster);
    const isVoid = (value: number): boolean => value === (indexes ? 255 : VOID);
    const votes = votesOf(objects, classes);
    const masks = [...masksOf(objects, sizeOf(image))];
    for (const [value, segmentation] of indexes ? masks.sort(([a], [b]) => a - b) : masks) {
      const where = `${path}, object ${value}`;
      if (isVoid(value)) {
        noteVoid(path, losses);
        continue;
      }
      const colour = votes.get(value);
      const name = colour === undefined ? 'object' : nameOf(colour, undefined, where);
      if (name !== null) builder.object(image, builder.category(name), { segmentation }, where);
    }
  } catch (error) {
    noteUnreadable(path, error, losses);
  }
}

function noteVoid(path: string, losses: LossLog): void {
  losses.add('void', 'The unlabelled border of objects (index 255) is left out.', path);
}

function classColours({ raster }: MaskFile): Uint32Array {
  return indexesOf(raster)?.map((index) => numberOf(vocColour(index))) ?? numbersOf(raster);
}

/** The class that most pixels of each object have. */
function votesOf(objects: Uint32Array, classes: Uint32Array): Map<number, number> {
  const counts = new Map<number, Map<number, number>>();
  objects.forEach((value, i) => {
    const colour = classes[i]!;
    if (value === 0 || colour === 0 || colour === VOID) return;
    const known = counts.get(value) ?? new Map<number, number>();
    counts.set(value, known.set(colour, (known.get(colour) ?? 0) + 1));
  });
  const most = (votes: ReadonlyMap<number, number>): number =>
    [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
  return new Map([...counts].map(([value, votes]) => [value, most(votes)]));
}

/** Names by colour: of labelmap.txt (name:r,g,b:parts:actions), else VOC's own. */
async function readLabels(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<NameOf> {
  const path = source.paths.find((each) => each.endsWith(LABELS));
  const names = new Map(VOC_NAMES.map((name, k) => [numberOf(vocColour(k + 1)), name]));
  if (path !== undefined) {
    names.clear();
    for (const [k, line] of (await textOf(source, path)).split(/\r?\n/).entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const [, name, red, green, blue] = /^(.*?):(\d+),(\d+),(\d+)(?::|$)/.exec(line) ?? [];
      if (!name) {
        losses.add('line-unreadable', 'A line is no name:r,g,b.', `${path}:${k + 1}`);
        continue;
      }
      const number = numberOf([Number(red), Number(green), Number(blue)]);
      names.set(number, name);
      if (number !== 0) builder.category(name);
    }
  }
  return (value, index, where) => {
    if (value === 0 || (value === VOID && !names.has(value))) return null;
    const name = names.get(value);
    if (name !== undefined) return name;
    losses.add('names-missing', `A colour has no line in ${LABELS}.`, where);
    const known =
      index === undefined || index < 0 ? PALETTE.findIndex((c) => numberOf(c) === value) : index;
    return known > 0 ? `class_${known}` : `colour_${value}`;
  };
}

async function write(dataset: DatasetSource, target: TargetFiles, losses: LossLog): Promise<void> {
  const claims = new PathClaims(losses);
  const categories = byId(dataset.categories);
  const indexOf = new Map(dataset.categories.map((category, k) => [category, k + 1]));
  await target.write(LABELS, labelsText(dataset));
  for await (const record of dataset.records()) {
    const path = claims.claim(record.image, maskPath(CLASSES));
    if (path === null) continue;
    const map = paintObjects(
      record,
      categories,
      ({ id }, category, before) => {
        if (before < MOST && indexOf.get(category)! <= MOST) return before + 1;
        const message = `Categories and objects of an image after the ${MOST}th are left out.`;
        losses.add('too-many', message, `annotation ${id}`);
        return null;
      },
      losses,
    );
    if (!map) continue;
    const size = sizeOf(record.image);
    const classes = new Map(
      map.painted.map(({ value, category }) => [value, indexOf.get(category)!]),
    );
    const classMap = map.values.map((value) => classes.get(value) ?? 0);
    await target.write(path, encodeIndexed(size, classMap, PALETTE));
    const objects = path.replace(`${CLASSES}/`, `${OBJECTS}/`);
    await target.write(objects, encodeIndexed(size, map.values, PALETTE));
  }
}

function labelsText({ categories }: DatasetSource): string {
  const line = (name: string, index: number): string =>
    `${name.replace(/[\r\n:]+/g, ' ')}:${vocColour(index).join(',')}::\n`;
  const lines = categories.slice(0, MOST).map(({ name }, k) => line(name, k + 1));
  return `# label:color_rgb:parts:actions\n${line('background', 0)}${lines.join('')}`;
}
