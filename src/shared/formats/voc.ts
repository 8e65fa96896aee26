// Pascal VOC: one XML file an image, boxes only. Coordinates are those of the VOC development kit: pixels are counted
// from 1 and xmax, ymax belong to the box, so COCO's [0, 0, 10, 10] is xmin 1, ymin 1, xmax 10, ymax 10.
import type { CocoImage, InstanceAnnotation } from '../coco/types';
import { roundTo } from '../geometry/round';
import type { Bbox, Size } from '../geometry/types';
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import type { LossLog } from './lossLog';
import { folderOf, hasExtension, PathClaims } from './paths';
import { boxOf, byId, objectsOf } from './shapes';
import { noteUnreadable, PlacedError, textOf } from './texts';
import { childOf, childrenOf, childText, element, formatXml, parseXml, toNumber } from './xml';
import type { XmlElement } from './xml';

export const voc: Format = {
  id: 'voc',
  title: 'Pascal VOC',
  kept: ['categories', 'empty-images', 'attributes'],
  note: 'Of the attributes, pose, truncated, difficult and occluded are kept.',
  accepts: (path) => hasExtension(path, '.xml'),
  read: readVoc,
  write: writeVoc,
};

/** Marks of VOC objects, kept as attributes. */
const MARKS = ['pose', 'truncated', 'difficult', 'occluded'] as const;

async function readVoc(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  for (const path of source.paths) {
    try {
      const root = parseXml(await textOf(source, path));
      if (root.name !== 'annotation') {
        throw new PlacedError(`<annotation> expected, <${root.name}> found`, root.line);
      }
      await readAnnotation(root, path, source, builder, losses);
    } catch (error) {
      noteUnreadable(path, error, losses);
    }
  }
}

async function readAnnotation(
  root: XmlElement,
  path: string,
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const fileName = childText(root, 'filename') ?? '';
  const size = childOf(root, 'size');
  const given: Size = [toNumber(childText(size, 'height')), toNumber(childText(size, 'width'))];
  const picture = findPicture(fileName, path, source.pictures);
  const known = given.every((side) => side > 0) ? given : await source.sizeOf(picture);
  const image = builder.image(picture, known, `${path}:${(size ?? root).line}`);
  if (!image) return;
  for (const object of childrenOf(root, 'object')) {
    const where = `${path}:${object.line}`;
    if (childOf(object, 'part')) losses.add('parts', 'Parts of objects are not read.', where);
    if (childOf(object, 'actions')) losses.add('actions', 'Actions are not read.', where);
    if (childOf(object, 'polygon')) losses.add('polygon', 'Polygons in VOC are not read.', where);
    const attributes = marksOf(object);
    const fields = Object.keys(attributes).length ? { attributes } : {};
    const category = builder.category(childText(object, 'name') || 'object');
    const bbox = bboxFromVoc(childOf(object, 'bndbox'));
    builder.object(image, category, { bbox, fields }, where);
  }
}

/** file_name of the picture: VOC keeps pictures in another folder than the XML; where they are known, look there. */
function findPicture(fileName: string, path: string, pictures: readonly string[]): string {
  const named = pictures.filter((image) => image === fileName || image.endsWith(`/${fileName}`));
  const sub = folderOf(path).replace(/(^|.*\/)Annotations\//, '');
  return named.find((image) => image.endsWith(`${sub}${fileName}`)) ?? named[0] ?? fileName;
}

function marksOf(object: XmlElement): Record<string, string | number> {
  const marks: Record<string, string | number> = {};
  for (const name of MARKS) {
    const text = childText(object, name);
    if (text === undefined || text === '' || text === 'Unspecified') continue;
    const number = Number(text);
    if (number !== 0) marks[name] = Number.isFinite(number) ? number : text;
  }
  return marks;
}

function bboxFromVoc(box: XmlElement | undefined): Bbox {
  const [x0, y0, x1, y1] = ['xmin', 'ymin', 'xmax', 'ymax'].map((name) =>
    toNumber(childText(box, name)),
  ) as [number, number, number, number];
  return [x0 - 1, y0 - 1, x1 - x0 + 1, y1 - y0 + 1];
}

async function writeVoc(
  dataset: DatasetSource,
  target: TargetFiles,
  losses: LossLog,
): Promise<void> {
  const claims = new PathClaims(losses);
  const categories = byId(dataset.categories);
  for await (const record of dataset.records()) {
    const { image } = record;
    const path = claims.claim(image, (stem) => `Annotations/${stem}.xml`);
    if (path === null) continue;
    const root = element('annotation', {}, [
      element('folder', {}, folderOf(image.file_name).replace(/\/$/, '')),
      element('filename', {}, image.file_name),
      element('size', {}, [
        element('width', {}, image.width),
        element('height', {}, image.height),
        element('depth', {}, 3),
      ]),
      element('segmented', {}, 0),
      ...objectsOf(record, categories, losses).flatMap(({ annotation, category }) =>
        vocObject(annotation, image, category.name, losses),
      ),
    ]);
    await target.write(path, formatXml(root));
  }
}

function vocObject(
  annotation: InstanceAnnotation,
  image: CocoImage,
  name: string,
  losses: LossLog,
): XmlElement[] {
  const where = `annotation ${annotation.id}`;
  const bbox = boxOf(annotation, image, losses);
  if (!bbox) return [];
  const attributes = new Map(Object.entries(annotation.attributes ?? {}));
  const other = [...attributes.keys()].some((key) => !(MARKS as readonly string[]).includes(key));
  if (other) losses.add('attributes', 'Attributes that VOC does not know are not kept.', where);
  const mark = (key: (typeof MARKS)[number], otherwise: string | number): XmlElement => {
    const value = attributes.get(key);
    const isPlain = typeof value === 'string' || typeof value === 'number';
    return element(key, {}, isPlain ? value : value === true ? 1 : otherwise);
  };
  const [x, y, w, h] = bbox;
  return [
    element('object', {}, [
      element('name', {}, name),
      mark('pose', 'Unspecified'),
      mark('truncated', 0),
      mark('difficult', 0),
      mark('occluded', 0),
      element('bndbox', {}, [
        element('xmin', {}, roundTo(x + 1, 2)),
        element('ymin', {}, roundTo(y + 1, 2)),
        element('xmax', {}, roundTo(x + w, 2)),
        element('ymax', {}, roundTo(y + h, 2)),
      ]),
    ]),
  ];
}
