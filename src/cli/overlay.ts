// Pictures of masks over an image, for people to look at: a tint, an outline, the prompts.
import type { EngineClient } from '../host/engine/engineClient';
import type { Box } from '../shared/geometry/types';
import { decodeRuns } from '../shared/mask/bitmap';
import { runsFromString } from '../shared/mask/rleString';
import type { Bitmap, Rle } from '../shared/mask/types';
import type { PointPrompt } from '../shared/protocol/prompt';

type Colour = readonly [red: number, green: number, blue: number];

export interface Overlay {
  /** path of the picture below */
  readonly image: string;
  /** later ones lie on top */
  readonly masks: readonly { readonly runs: Rle; readonly colour: Colour }[];
  readonly points: readonly PointPrompt[];
  readonly box?: Box | undefined;
  /** path of the PNG to write */
  readonly file: string;
}

const TINT = 110;
const DOT: Readonly<Record<0 | 1, Colour>> = { 1: [0, 220, 80], 0: [240, 40, 60] };

/** Writes the overlay at image resolution. */
export async function writeOverlay(engine: EngineClient, overlay: Overlay): Promise<void> {
  const request = { image: { path: overlay.image }, maxSide: 1e9 };
  const { png, size } = await engine.request('image/render', request);
  const [height, width] = size;
  const rgba = new Uint8Array(width * height * 4);
  const canvas: Canvas = { width, height, rgba };
  for (const { runs, colour } of overlay.masks)
    paintMask(canvas, decodeRuns(runsFromString(runs)), colour);
  if (overlay.box) paintBox(canvas, overlay.box);
  overlay.points.forEach((point) => paintDot(canvas, point));
  // Loaded here, so that commands that draw nothing work where its binary is missing.
  const { default: sharp } = await import('sharp');
  await sharp(new Uint8Array(png))
    .composite([{ input: Buffer.from(rgba.buffer), raw: { width, height, channels: 4 } }])
    .png()
    .toFile(overlay.file);
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

function paintMask(canvas: Canvas, { data, width, height }: Bitmap, colour: Colour): void {
  const isSet = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isSet(x, y)) continue;
      const isEdge = !(isSet(x - 1, y) && isSet(x + 1, y) && isSet(x, y - 1) && isSet(x, y + 1));
      put(canvas, x, y, colour, isEdge ? 255 : TINT);
    }
  }
}

function paintBox(canvas: Canvas, [x0, y0, x1, y1]: Box): void {
  const white: Colour = [255, 255, 255];
  for (let x = Math.floor(x0); x < x1; x++)
    [y0, y1 - 1].forEach((y) => put(canvas, x, Math.floor(y), white, 255));
  for (let y = Math.floor(y0); y < y1; y++)
    [x0, x1 - 1].forEach((x) => put(canvas, Math.floor(x), y, white, 255));
}

function paintDot(canvas: Canvas, { at, label }: PointPrompt): void {
  const radius = Math.max(2, Math.round(Math.max(canvas.width, canvas.height) / 150));
  for (let dy = -radius - 1; dy <= radius + 1; dy++) {
    for (let dx = -radius - 1; dx <= radius + 1; dx++) {
      const distance = Math.hypot(dx, dy);
      if (distance > radius + 1) continue;
      const colour: Colour = distance > radius ? [255, 255, 255] : DOT[label];
      put(canvas, Math.floor(at.x) + dx, Math.floor(at.y) + dy, colour, 255);
    }
  }
}

function put(
  { width, height, rgba }: Canvas,
  x: number,
  y: number,
  colour: Colour,
  alpha: number,
): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  rgba.set([...colour, alpha], (y * width + x) * 4);
}
