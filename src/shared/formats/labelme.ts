// LabelMe: one JSON file an image, a shape a part; parts of one object share a group_id.
import { isPlainObject } from '../coco/equal';
import type { CocoImage, InstanceAnnotation } from '../coco/types';
import { joinRings } from '../geometry/joinRings';
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import type { LossLog, Where } from './lossLog';
import { folderOf, hasExtension, PathClaims } from './paths';
import { boxOf, byId, objectsOf, ringsOf } from './shapes';
import { JsonFile, noteUnreadable, textOf } from './texts';

export const labelme: Format = {
  id: 'labelme',
  title: 'LabelMe',
  kept: ['mask', 'categories', 'empty-images', 'score'],
  note: 'A hole is joined to its outline by a bridge of no width.',
  accepts: (path) => hasExtension(path, '.json'),
  read: readLabelme,
  write: writeLabelme,
};

interface Shape {
  readonly label: string;
  readonly points: readonly (readonly [number, number])[];
  readonly type: string;
  readonly groupId: number | string | null;
  readonly score: unknown;
}

async function readLabelme(
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  for (const path of source.paths) {
    try {
      const file = new JsonFile(path, await textOf(source, path));
      await readFile(file, path, source, builder, losses);
    } catch (error) {
      noteUnreadable(path, error, losses);
    }
  }
}

async function readFile(
  file: JsonFile,
  path: string,
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const data = file.object('an object with "shapes"', ({ shapes }) => Array.isArray(shapes));
  const named = typeof data['imagePath'] === 'string' ? data['imagePath'] : '';
  const picture = folderOf(path) + named.replaceAll('\\', '/');
  const given = [Number(data['imageHeight']), Number(data['imageWidth'])] as const;
  const size = given.every((side) => side > 0) ? given : await source.sizeOf(picture);
  const image = builder.image(picture, size, file.place('imagePath'));
  if (!image) return;
  if (isPlainObject(data['flags']) && Object.values(data['flags']).some(Boolean)) {
    losses.add('flags', 'Flags of images are not read.', file.place('flags'));
  }
  for (const { parts, where } of joinGroups(data['shapes'] as unknown[], file, losses)) {
    addObject(parts, image, builder, losses, where);
  }
}

/** Polygons of one label and group are parts of one object. */
function joinGroups(
  shapes: readonly unknown[],
  file: JsonFile,
  losses: LossLog,
): { readonly parts: Shape[]; readonly where: Where }[] {
  const open = new Map<string, Shape[]>(); // parts of objects by label and group
  const objects: { readonly parts: Shape[]; readonly where: Where }[] = [];
  for (const [i, raw] of shapes.entries()) {
    const where = (): string => file.place('shapes', i);
    const shape = readShape(raw);
    if (!shape) {
      losses.add('shape-unreadable', 'A shape is malformed and left out.', where);
      continue;
    }
    if (isPlainObject(raw) && isPlainObject(raw['flags']) && Object.keys(raw['flags']).length) {
      losses.add('shape-flags', 'Flags of shapes are not read.', where);
    }
    const key = JSON.stringify([shape.label, shape.groupId]);
    const parts = shape.groupId !== null && shape.type === 'polygon' ? open.get(key) : undefined;
    if (parts) parts.push(shape);
    else {
      const first = [shape];
      objects.push({ parts: first, where });
      if (shape.groupId !== null && shape.type === 'polygon') open.set(key, first);
    }
  }
  return objects;
}

function readShape(raw: unknown): Shape | null {
  if (!isPlainObject(raw) || !Array.isArray(raw['points'])) return null;
  const points = raw['points'] as unknown[];
  const isPoint = (point: unknown): boolean =>
    Array.isArray(point) && point.length >= 2 && point.slice(0, 2).every(Number.isFinite);
  if (!points.every(isPoint)) return null;
  const groupId = raw['group_id'];
  return {
    label: typeof raw['label'] === 'string' && raw['label'] !== '' ? raw['label'] : 'object',
    points: points as (readonly [number, number])[],
    type: typeof raw['shape_type'] === 'string' ? raw['shape_type'] : 'polygon',
    groupId: typeof groupId === 'number' || typeof groupId === 'string' ? groupId : null,
    score: raw['score'],
  };
}

function addObject(
  parts: readonly Shape[],
  image: CocoImage,
  builder: DatasetBuilder,
  losses: LossLog,
  where: Where,
): void {
  const [shape] = parts as [Shape];
  const add = (found: Parameters<DatasetBuilder['object']>[2]): void => {
    const fields = typeof shape.score === 'number' ? { score: shape.score } : {};
    builder.object(image, builder.category(shape.label), { ...found, fields }, where);
  };
  const [a, b] = shape.points;
  switch (shape.type) {
    case 'polygon': {
      const rings = parts.map((part) => part.points.map(([x, y]) => [x, y]).flat());
      const drawn = rings.filter((ring) => ring.length >= 6);
      if (drawn.length < rings.length) {
        losses.add('shape-empty', 'A polygon of less than 3 points is left out.', where);
      }
      if (drawn.length > 0) add({ segmentation: drawn });
      return;
    }
    case 'rectangle': {
      if (!a || !b) break;
      const [x, y] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
      add({ bbox: [x, y, Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1])] });
      return;
    }
    case 'circle': {
      if (!a || !b) break;
      losses.add('circle', 'Circles are read as polygons of 48 corners.', where);
      add({ segmentation: [circle(a[0], a[1], Math.hypot(b[0] - a[0], b[1] - a[1]))] });
      return;
    }
    default:
      losses.add(`shape-${shape.type}`, `Shapes of type "${shape.type}" are not read.`, where);
      return;
  }
  losses.add('shape-unreadable', 'A shape is malformed and left out.', where);
}

function circle(cx: number, cy: number, radius: number): number[] {
  const corners = 48;
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
  }).flat();
}

async function writeLabelme(
  dataset: DatasetSource,
  target: TargetFiles,
  losses: LossLog,
): Promise<void> {
  const claims = new PathClaims(losses);
  const categories = byId(dataset.categories);
  for await (const record of dataset.records()) {
    const { image } = record;
    const path = claims.claim(image, (stem) => `${stem}.json`);
    if (path === null) continue;
    let groups = 0;
    const shapes = objectsOf(record, categories, losses).flatMap(({ annotation, category }) => {
      const parts = shapesOf(annotation, image, losses);
      const group_id = parts.length > 1 ? ++groups : null;
      const { score } = annotation;
      const common = {
        group_id,
        description: '',
        flags: {},
        ...(score !== undefined && { score }),
      };
      return parts.map((part) => ({ label: category.name, ...part, ...common }));
    });
    const file = {
      version: '5.5.0',
      flags: {},
      shapes,
      imagePath: image.file_name.slice(folderOf(image.file_name).length),
      imageData: null,
      imageHeight: image.height,
      imageWidth: image.width,
    };
    await target.write(path, `${JSON.stringify(file, null, 2)}\n`);
  }
}

/** Polygons, one a part; where there are holes, one ring joined by bridges. A box without mask is a rectangle. */
function shapesOf(
  annotation: InstanceAnnotation,
  image: CocoImage,
  losses: LossLog,
): { points: number[][]; shape_type: string }[] {
  const rings = ringsOf(annotation, image, losses);
  if (rings && rings.polygons.length > 0) {
    const parts = rings.holes.length
      ? [joinRings([...rings.polygons, ...rings.holes])]
      : rings.polygons;
    return parts.map((ring) => ({ points: pairs(ring), shape_type: 'polygon' }));
  }
  const bbox = boxOf(annotation, image, losses);
  if (!bbox) return [];
  const [x, y, w, h] = bbox;
  return [{ points: pairs([x, y, x + w, y + h]), shape_type: 'rectangle' }];
}

function pairs(ring: readonly number[]): number[][] {
  return Array.from({ length: ring.length >> 1 }, (_, i) => [ring[2 * i]!, ring[2 * i + 1]!]);
}
