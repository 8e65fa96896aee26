// Coordinate frames and boxes. Frames are branded so that a point of one frame cannot be passed as another's.

declare const frame: unique symbol;

/** A point in a named frame; x to the right, y down. */
export interface FramePoint<F extends string> {
  readonly x: number;
  readonly y: number;
  readonly [frame]?: F;
}

/** Image pixels as displayed (EXIF applied); pixel (0, 0) covers [0, 1) × [0, 1), its centre is (0.5, 0.5). */
export type ImagePoint = FramePoint<'image'>;
/** Pixels of a model's square input. */
export type ModelPoint = FramePoint<'model'>;
/** CSS pixels of the canvas element. */
export type ViewPoint = FramePoint<'view'>;

/** XYXY, image pixels, x1 and y1 exclusive: the form models take. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];
/** XYWH, image pixels: the form COCO stores. */
export type Bbox = readonly [x: number, y: number, width: number, height: number];
/** [height, width] in pixels, COCO's order. */
export type Size = readonly [height: number, width: number];
