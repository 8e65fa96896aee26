// A drawn picture whose objects are known exactly, so that a fake prediction can be right.
import type { Bbox } from '../../../src/shared/geometry/types';
import { areaOf } from '../../../src/shared/mask/area';
import { bboxOf } from '../../../src/shared/mask/bbox';
import { encodeBitmap } from '../../../src/shared/mask/bitmap';
import { runsToString } from '../../../src/shared/mask/rleString';
import type { Rle } from '../../../src/shared/mask/types';

/** Ellipse with an optional hole; image pixels. */
export interface SceneObject {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
  /** radius of the hole as a share of the ellipse's; 0 none */
  readonly hole: number;
  readonly color: string;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly SceneObject[];
}

/** A small generator with a fixed start: the same scene every time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Three large objects for tests of prompts: a disc, a ring, an ellipse. */
export function smallScene(): Scene {
  return {
    width: 400,
    height: 300,
    objects: [
      { cx: 100, cy: 100, rx: 60, ry: 60, hole: 0, color: '#c0584a' },
      { cx: 280, cy: 110, rx: 70, ry: 60, hole: 0.45, color: '#4a7fb0' },
      { cx: 200, cy: 235, rx: 90, ry: 40, hole: 0, color: '#d9b44a' },
    ],
  };
}

/** Many objects on a large image. */
export function crowdedScene(width: number, height: number, count: number): Scene {
  const random = seeded(7);
  const objects = Array.from({ length: count }, (): SceneObject => {
    const r = (0.015 + 0.05 * random()) * width;
    return {
      cx: random() * width,
      cy: random() * height,
      rx: r,
      ry: r * (0.6 + 0.6 * random()),
      hole: random() < 0.2 ? 0.4 : 0,
      color: `hsl(${Math.round(random() * 360)} ${25 + Math.round(random() * 40)}% ${25 + Math.round(random() * 45)}%)`,
    };
  });
  return { width, height, objects };
}

export function drawScene(scene: Scene): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = scene.width;
  canvas.height = scene.height;
  const context = canvas.getContext('2d')!;
  const sky = context.createLinearGradient(0, 0, scene.width, scene.height);
  sky.addColorStop(0, '#8aa4b8');
  sky.addColorStop(1, '#5d6b58');
  context.fillStyle = sky;
  context.fillRect(0, 0, scene.width, scene.height);
  for (const object of scene.objects) {
    context.beginPath();
    context.ellipse(object.cx, object.cy, object.rx, object.ry, 0, 0, 2 * Math.PI);
    const { hole } = object;
    if (hole > 0)
      context.ellipse(
        object.cx,
        object.cy,
        object.rx * hole,
        object.ry * hole,
        0,
        0,
        2 * Math.PI,
        true,
      );
    context.fillStyle = object.color;
    context.fill();
  }
  return canvas;
}

export function contains(object: SceneObject, x: number, y: number, grow = 1): boolean {
  const d = Math.hypot((x - object.cx) / (object.rx * grow), (y - object.cy) / (object.ry * grow));
  return d <= 1 && d >= object.hole;
}

/** A mask of the pixels whose centre passes a test; only the box around it is looked at. */
export function maskWhere(
  scene: Scene,
  [x0, y0, w, h]: Bbox,
  test: (x: number, y: number) => boolean,
): { readonly rle: Rle; readonly area: number; readonly bbox: Bbox } {
  const { width, height } = scene;
  const data = new Uint8Array(width * height);
  const [right, bottom] = [Math.min(width, x0 + w), Math.min(height, y0 + h)];
  for (let y = Math.max(0, Math.floor(y0)); y < bottom; y++)
    for (let x = Math.max(0, Math.floor(x0)); x < right; x++)
      if (test(x + 0.5, y + 0.5)) data[y * width + x] = 1;
  const runs = encodeBitmap({ width, height, data });
  return { rle: runsToString(runs), area: areaOf(runs), bbox: bboxOf(runs) };
}

export function objectMask(
  scene: Scene,
  object: SceneObject,
  grow = 1,
): ReturnType<typeof maskWhere> {
  const { cx, cy, rx, ry } = object;
  const box: Bbox = [cx - rx * grow, cy - ry * grow, 2 * rx * grow + 1, 2 * ry * grow + 1];
  return maskWhere(scene, box, (x, y) => contains(object, x, y, grow));
}
