// Reads CVAT's XML 1.1 for images. Polygons and masks of one label and group_id are one object.
import type { CocoCategory, CocoImage, Segmentation } from '../coco/types';
import type { Bbox } from '../geometry/types';
import { unionAll } from '../mask/combine';
import { pasteRuns } from '../mask/place';
import { runsToString } from '../mask/rleString';
import { encodeBitmap } from '../mask/bitmap';
import type { Runs } from '../mask/types';
import { runsOf } from '../coco/segmentation';
import type { DatasetBuilder, FoundObject } from './datasetBuilder';
import type { SourceFiles } from './format';
import { messageOf, type LossLog } from './lossLog';
import { keypointFields, sizeOf } from './shapes';
import { textParts, type Part } from './streams';
import { noteUnreadable, PlacedError } from './texts';
import { ElementCutter } from './xmlParts';
import { childOf, childrenOf, childText, parseXml, toNumber, type XmlElement } from './xml';

export async function readCvat(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  for (const path of source.paths) {
    const cutter = new ElementCutter('image');
    let isFirst = true;
    for await (const text of textParts(source, path)) {
      for (const part of cutter.push(text)) {
        if (isFirst) readHead(cutter.outside, builder);
        isFirst = false;
        readPart(part, path, builder, losses);
      }
    }
    try {
      readRest(parseXml(cutter.end()), path, builder, losses);
    } catch (error) {
      noteUnreadable(path, error, losses);
    }
  }
}

/** The labels stand before the images; what is wrong with the head is told at the end. */
function readHead(text: string, builder: DatasetBuilder): void {
  try {
    readLabels(parseXml(`${text}</annotations>`), builder);
  } catch {
    // told by readRest
  }
}

function readPart(part: Part, path: string, builder: DatasetBuilder, losses: LossLog): void {
  try {
    readImage(parseXml(part.text, part.line), path, builder, losses);
  } catch (error) {
    noteUnreadable(path, error, losses);
  }
}

function readRest(root: XmlElement, path: string, builder: DatasetBuilder, losses: LossLog): void {
  if (root.name !== 'annotations') {
    throw new PlacedError(`<annotations> expected, <${root.name}> found`, root.line);
  }
  readLabels(root, builder);
  for (const track of childrenOf(root, 'track')) {
    losses.add('track', 'Tracks of videos are not read.', `${path}:${track.line}`);
  }
}

/** The labels of the task or project, in their order; those of skeletons name the keypoints. */
function readLabels(root: XmlElement, builder: DatasetBuilder): void {
  const meta = childOf(root, 'meta');
  for (const holder of meta?.children ?? []) {
    const labels = childOf(holder, 'labels');
    for (const label of labels ? childrenOf(labels, 'label') : []) {
      const name = childText(label, 'name');
      if (name && childText(label, 'parent') === undefined) builder.category(name);
    }
  }
}

function readImage(node: XmlElement, path: string, builder: DatasetBuilder, losses: LossLog): void {
  const name = node.attributes.get('name') ?? '';
  const side = (key: string): number => toNumber(node.attributes.get(key));
  const subset = node.attributes.get('subset');
  const fileName = subset ? `${subset}/${name}` : name;
  const image = builder.image(fileName, [side('height'), side('width')], `${path}:${node.line}`);
  if (!image) return;
  const order = (shape: XmlElement): number => toNumber(shape.attributes.get('z_order')) || 0;
  const shapes = [...node.children].sort((a, b) => order(a) - order(b));
  const grouped = new Set<XmlElement>();
  for (const shape of shapes) {
    if (grouped.has(shape)) continue;
    const parts = shapes.filter((other) => other === shape || isSameObject(shape, other));
    for (const part of parts) grouped.add(part);
    const category = (): CocoCategory =>
      builder.category(shape.attributes.get('label') || 'object', categoryFields(shape));
    const at = `${path}:${shape.line}`;
    try {
      const found = readShape(parts, image, losses, at);
      if (found) builder.object(image, category(), withMarks(found, shape), at);
    } catch (error) {
      losses.add('shape-unreadable', `A shape is left out: ${messageOf(error)}`, at);
    }
  }
}

/** Names of a skeleton's points. */
function categoryFields(shape: XmlElement): Record<string, unknown> {
  if (shape.name !== 'skeleton') return {};
  const names = childrenOf(shape, 'points').map((point) => point.attributes.get('label') ?? '');
  return { keypoints: names };
}

function isSameObject(a: XmlElement, b: XmlElement): boolean {
  const group = a.attributes.get('group_id');
  const isArea = (node: XmlElement): boolean => node.name === 'polygon' || node.name === 'mask';
  if (!group || group === '0' || !isArea(a) || !isArea(b)) return false;
  return (
    b.attributes.get('group_id') === group &&
    a.attributes.get('label') === b.attributes.get('label')
  );
}

function readShape(
  parts: readonly XmlElement[],
  image: CocoImage,
  losses: LossLog,
  where: string,
): FoundObject | null {
  const [shape] = parts as [XmlElement];
  const number = (key: string): number => toNumber(shape.attributes.get(key));
  switch (shape.name) {
    case 'box': {
      if (number('rotation')) losses.add('rotation', 'The rotation of boxes is not read.', where);
      const [x, y] = [number('xtl'), number('ytl')];
      return { bbox: [x, y, number('xbr') - x, number('ybr') - y] };
    }
    case 'polygon':
    case 'mask':
      return { segmentation: readArea(parts, image) };
    case 'ellipse': {
      losses.add('ellipse', 'Ellipses are read as polygons of 48 corners.', where);
      return { segmentation: [ellipse(number('cx'), number('cy'), number('rx'), number('ry'))] };
    }
    case 'skeleton':
      return readSkeleton(shape);
    default:
      losses.add(`shape-${shape.name}`, `Shapes of type "${shape.name}" are not read.`, where);
      return null;
  }
}

/** Polygons stay polygons; a mask among the parts makes the whole a mask. */
function readArea(parts: readonly XmlElement[], image: CocoImage): Segmentation {
  const polygons = parts.filter((part) => part.name === 'polygon').map(readPoints);
  if (polygons.length === parts.length) return polygons;
  const size = sizeOf(image);
  const masks = parts.filter((part) => part.name === 'mask').map((part) => readMask(part, image));
  return runsToString(unionAll([runsOf(polygons, size), ...masks], size));
}

function readPoints(shape: XmlElement): number[] {
  const text = shape.attributes.get('points') ?? '';
  const values = text.split(/[;,]/).map((value) => toNumber(value));
  if (values.length < 6 || !values.every(Number.isFinite)) {
    throw new RangeError('a polygon needs at least 3 points "x,y;x,y;…"');
  }
  return values;
}

/** Row-major runs inside the box left, top, width, height. */
function readMask(shape: XmlElement, image: CocoImage): Runs {
  const [left, top, width, height] = ['left', 'top', 'width', 'height'].map((key) =>
    toNumber(shape.attributes.get(key)),
  ) as [number, number, number, number];
  const counts = (shape.attributes.get('rle') ?? '').split(',').map((value) => toNumber(value));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = [left, top, width, height, ...counts].every(Number.isInteger);
  if (!whole || counts.some((count) => count < 0) || total !== width * height) {
    throw new RangeError('the rle of a mask does not fill its box');
  }
  if (width > image.width || height > image.height) {
    throw new RangeError('the box of a mask is larger than the image');
  }
  const data = new Uint8Array(width * height);
  let at = 0;
  counts.forEach((count, i) => data.fill(i & 1, at, (at += count)));
  return pasteRuns(encodeBitmap({ width, height, data }), sizeOf(image), left, top);
}

/** A skeleton's points in file order; outside ones are not labelled, occluded ones labelled but not visible. */
function readSkeleton(shape: XmlElement): FoundObject {
  const keypoints = childrenOf(shape, 'points').flatMap((point) => {
    const [x, y] = (point.attributes.get('points') ?? '')
      .split(',')
      .map((value) => toNumber(value));
    if (!Number.isFinite(x) || !Number.isFinite(y)) throw new RangeError('a point needs "x,y"');
    if (point.attributes.get('outside') === '1') return [0, 0, 0];
    return [x!, y!, point.attributes.get('occluded') === '1' ? 1 : 2];
  });
  const labelled = keypoints.flatMap((v, i) => (i % 3 === 2 && v > 0 ? [i - 2] : []));
  const xs = labelled.map((i) => keypoints[i]!);
  const ys = labelled.map((i) => keypoints[i + 1]!);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const bbox: Bbox = [x, y, Math.max(...xs) - x, Math.max(...ys) - y];
  return { bbox, fields: keypointFields(keypoints) };
}

function ellipse(cx: number, cy: number, rx: number, ry: number): number[] {
  const corners = 48;
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  }).flat();
}

/** CVAT's attributes, and occluded, as attributes of the annotation. */
function withMarks(found: FoundObject, shape: XmlElement): FoundObject {
  const attributes: Record<string, unknown> = {};
  for (const node of childrenOf(shape, 'attribute')) {
    const name = node.attributes.get('name');
    if (name) attributes[name] = node.text;
  }
  if (shape.attributes.get('occluded') === '1') attributes['occluded'] = true;
  if (Object.keys(attributes).length === 0) return found;
  return { ...found, fields: { ...found.fields, attributes } };
}
