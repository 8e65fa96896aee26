// Boxes: XYXY (Box, for models) and XYWH (Bbox, for COCO).
import type { Bbox, Box, ImagePoint, Size } from './types';

export function bboxFromBox(box: Box): Bbox {
  return [box[0], box[1], box[2] - box[0], box[3] - box[1]];
}

export function boxFromBbox(bbox: Bbox): Box {
  return [bbox[0], bbox[1], bbox[0] + bbox[2], bbox[1] + bbox[3]];
}

/** The box between two corners, however they lie to each other (dragged right to left, or upward). */
export function normaliseBox(a: ImagePoint, b: ImagePoint): Box {
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
}

/** What two boxes share; null when they share no area. */
export function intersectBox(a: Box, b: Box): Box | null {
  const box: Box = [
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ];
  return box[0] < box[2] && box[1] < box[3] ? box : null;
}

/** The smallest box around both. */
export function coverBox(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** The part of a box inside the image; null when there is none. */
export function clampBox(box: Box, size: Size): Box | null {
  return intersectBox(box, [0, 0, size[1], size[0]]);
}

/** The box enlarged by `margin` on every side (negative: shrunk). */
export function expandBox(box: Box, margin: number): Box {
  return [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin];
}

/** The smallest box of whole pixels around it. */
export function roundOutBox(box: Box): Box {
  return [Math.floor(box[0]), Math.floor(box[1]), Math.ceil(box[2]), Math.ceil(box[3])];
}

/** True when the point lies in the box (right and lower edge excluded). */
export function isInBox(box: Box, x: number, y: number): boolean {
  return x >= box[0] && y >= box[1] && x < box[2] && y < box[3];
}

export function boxArea(box: Box): number {
  return Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
}

/** IoU of two boxes, 0..1; 0 when they share no area. */
export function boxIou(a: Box, b: Box): number {
  const common = intersectBox(a, b);
  if (!common) return 0;
  const area = boxArea(common);
  return area / (boxArea(a) + boxArea(b) - area);
}
