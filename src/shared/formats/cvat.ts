// CVAT's XML 1.1 for images: boxes, polygons, masks (for holes) and skeletons (for keypoints).
import type { CocoCategory, CocoImage, InstanceAnnotation } from '../coco/types';
import { boxFromBbox } from '../geometry/box';
import { roundTo } from '../geometry/round';
import { bboxOf } from '../mask/bbox';
import { decodeRuns } from '../mask/bitmap';
import { cropRuns } from '../mask/place';
import type { Runs } from '../mask/types';
import { readCvat } from './cvatRead';
import type { DatasetSource, Format, TargetFiles } from './format';
import type { LossLog } from './lossLog';
import { hasExtension } from './paths';
import * as shapes from './shapes';
import { element, formatElement, XML_DECLARATION, type XmlElement } from './xml';

export const cvat: Format = {
  id: 'cvat',
  title: 'CVAT for images 1.1',
  kept: ['mask', 'attributes', 'categories', 'unused-categories', 'empty-images', 'keypoints'],
  note: 'An object with keypoints loses its mask; numbers among the attributes come back as text.',
  accepts: (path) => hasExtension(path, '.xml'),
  read: readCvat,
  write: writeCvat,
};

const FILE = 'annotations.xml';

async function writeCvat(
  dataset: DatasetSource,
  target: TargetFiles,
  losses: LossLog,
): Promise<void> {
  const categories = shapes.byId(dataset.categories);
  const head = [
    element('version', {}, '1.1'),
    element('meta', {}, [element('task', {}, [await labelsNode(dataset)])]),
  ];
  await target.append(FILE, `${XML_DECLARATION}<annotations>\n`);
  for (const node of head) await target.append(FILE, formatElement(node, '  '));
  let number = 0;
  let group = 0;
  for await (const record of dataset.records()) {
    const { image } = record;
    const objects = shapes.objectsOf(record, categories, losses);
    const nodes = objects.flatMap(({ annotation, category }, order) => {
      const parts = shapeNodes(annotation, category, image, losses);
      const groupId = parts.length > 1 ? ++group : undefined;
      return parts.map((part) => finish(part, annotation, category.name, order, groupId));
    });
    const attributes = { id: number++, name: image.file_name };
    const size = { width: image.width, height: image.height };
    await target.append(
      FILE,
      formatElement(element('image', { ...attributes, ...size }, nodes), '  '),
    );
  }
  await target.append(FILE, '</annotations>\n');
}

/** Labels with the attributes their annotations use, all as free text. */
async function labelsNode(dataset: DatasetSource): Promise<XmlElement> {
  const used = new Map<number, Set<string>>();
  for await (const { annotations } of dataset.records()) {
    for (const annotation of annotations.filter(shapes.isInstance)) {
      const names = used.get(annotation.category_id) ?? new Set<string>();
      used.set(annotation.category_id, names);
      for (const [name] of shapes.attributesOf(annotation))
        if (name !== 'occluded') names.add(name);
    }
  }
  const labels = dataset.categories.map((category) => {
    const attributes = [...(used.get(category.id) ?? [])].map((name) =>
      element('attribute', {}, [
        element('name', {}, name),
        element('mutable', {}, 'False'),
        element('input_type', {}, 'text'),
        element('default_value', {}, ''),
        element('values', {}, ''),
      ]),
    );
    return element('label', {}, [
      element('name', {}, category.name),
      element('attributes', {}, attributes),
    ]);
  });
  return element('labels', {}, labels);
}

/** A skeleton for keypoints, else polygons, else a mask where there are holes, else a box. */
function shapeNodes(
  annotation: InstanceAnnotation,
  category: CocoCategory,
  image: CocoImage,
  losses: LossLog,
): XmlElement[] {
  const where = `annotation ${annotation.id}`;
  const keypoints = shapes.keypointsOf(annotation);
  if (keypoints) {
    if (annotation.segmentation !== undefined) {
      losses.add('mask', 'The mask of an annotation with keypoints is not kept.', where);
    }
    return [skeletonNode(keypoints, category)];
  }
  const rings = shapes.ringsOf(annotation, image, losses);
  if (rings && rings.holes.length > 0) {
    const mask = shapes.readMask(annotation, image, losses);
    return mask ? [maskNode(mask)] : [];
  }
  if (rings && rings.polygons.length > 0) {
    return rings.polygons.map((ring) => element('polygon', { points: formatPoints(ring) }));
  }
  const bbox = shapes.boxOf(annotation, image, losses);
  if (!bbox) return [];
  const [xtl, ytl, xbr, ybr] = boxFromBbox(bbox).map((value) => roundTo(value, 2));
  return [element('box', { xtl, ytl, xbr, ybr })];
}

/** Row-major runs inside the mask's box. */
function maskNode(mask: Runs): XmlElement {
  const [left, top, width, height] = bboxOf(mask);
  const { data } = decodeRuns(cropRuns(mask, [left, top, left + width, top + height]));
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (const pixel of data) {
    if (pixel !== value) {
      counts.push(run);
      value = pixel;
      run = 0;
    }
    run++;
  }
  counts.push(run);
  return element('mask', { rle: counts.join(', '), left, top, width, height });
}

function skeletonNode(keypoints: readonly number[], category: CocoCategory): XmlElement {
  const names = category['keypoints'];
  const points = Array.from({ length: keypoints.length / 3 }, (_, i) => {
    const name: unknown = Array.isArray(names) ? names[i] : undefined;
    const visible = keypoints[3 * i + 2]!;
    return element('points', {
      label: typeof name === 'string' ? name : `keypoint_${i + 1}`,
      outside: visible === 0 ? 1 : 0,
      occluded: visible === 1 ? 1 : 0,
      points: formatPoints(keypoints.slice(3 * i, 3 * i + 2)),
    });
  });
  return element('skeleton', {}, points);
}

/** Adds what all shapes have: label, order, group, attributes. */
function finish(
  node: XmlElement,
  annotation: InstanceAnnotation,
  label: string,
  order: number,
  groupId: number | undefined,
): XmlElement {
  const attributes = shapes.attributesOf(annotation);
  const occluded = attributes.some(([name, value]) => name === 'occluded' && Boolean(value));
  const common = {
    label,
    occluded: occluded ? 1 : 0,
    ...Object.fromEntries(node.attributes),
    z_order: order,
    group_id: groupId,
  };
  const named = attributes.filter(([name]) => name !== 'occluded');
  const nodes = named.map(([name, value]) => element('attribute', { name }, String(value)));
  return element(node.name, common, [...node.children, ...nodes]);
}

function formatPoints(ring: readonly number[]): string {
  const points: string[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    points.push(`${roundTo(ring[i]!, 2)},${roundTo(ring[i + 1]!, 2)}`);
  }
  return points.join(';');
}
