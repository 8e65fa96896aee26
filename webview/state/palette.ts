// Colours of categories and annotations: stable by id, apart from each other also for colour-blind people.
import type { CocoCategory, InstanceAnnotation } from '../../src/shared/coco/types';

/** Red, green, blue, 0..255 each. */
export type Rgb = readonly [r: number, g: number, b: number];

/**
 * Twelve colours for categories in order of id; neighbours differ in lightness as well as in hue.
 *
 * @source the first eight follow Okabe and Ito's set (black left out, it vanishes on dark images), the rest Paul Tol's
 */
const CATEGORY_COLORS: readonly Rgb[] = [
  [86, 180, 233],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [170, 221, 204],
  [136, 34, 85],
  [153, 153, 51],
  [170, 170, 255],
  [238, 136, 102],
];

/** Per annotation: mixed with white (> 0) or black (< 0), so that neighbours of one category stay apart. */
const SHIFTS: readonly number[] = [0, 0.28, -0.22, 0.14, -0.1];

export const DRAFT_COLOR: Rgb = [255, 214, 51];
export const UNKNOWN_COLOR: Rgb = [160, 160, 160];

/** The category's own colour (`color` or `promptmark.color`, "#rrggbb") or the palette's. */
export function categoryColor(category: CocoCategory | undefined): Rgb {
  if (!category) return UNKNOWN_COLOR;
  const own = parseColor(category['color']) ?? parseColor(ownField(category));
  if (own) return own;
  const index =
    (((category.id - 1) % CATEGORY_COLORS.length) + CATEGORY_COLORS.length) %
    CATEGORY_COLORS.length;
  return CATEGORY_COLORS[index] ?? UNKNOWN_COLOR;
}

export function annotationColor(
  annotation: InstanceAnnotation,
  category: CocoCategory | undefined,
): Rgb {
  const shift = SHIFTS[Math.abs(annotation.id) % SHIFTS.length] ?? 0;
  return mix(categoryColor(category), shift > 0 ? 255 : 0, Math.abs(shift));
}

/** "#rrggbb" or "#rgb" */
export function parseColor(value: unknown): Rgb | null {
  if (typeof value !== 'string') return null;
  const text = value.trim().toLowerCase();
  const long = /^#[0-9a-f]{3}$/.test(text) ? text.replace(/[0-9a-f]/g, '$&$&') : text;
  if (!/^#[0-9a-f]{6}$/.test(long)) return null;
  const number = Number.parseInt(long.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

export function toHex(color: Rgb): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

export function toCss(color: Rgb, alpha = 1): string {
  return `rgb(${color.map(Math.round).join(' ')} / ${alpha})`;
}

function mix(color: Rgb, other: number, part: number): Rgb {
  const one = (value: number): number => Math.round(value + (other - value) * part);
  return [one(color[0]), one(color[1]), one(color[2])];
}

function ownField(category: CocoCategory): unknown {
  const own = category['promptmark'];
  return typeof own === 'object' && own !== null
    ? (own as Record<string, unknown>)['color']
    : undefined;
}
