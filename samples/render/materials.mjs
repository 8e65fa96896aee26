// Procedural materials shared by the scenes. Each maker returns (x, y, z, m) => void that fills m.
import { cells2, clamp, fbm, hash3, mix, noise3, rgb, smoothstep } from './noise.mjs';

export function paint(m, [r, g, b], k = 1) {
  m.r = r * k;
  m.g = g * k;
  m.b = b * k;
}
export function blendTo(m, [r, g, b], t) {
  m.r = mix(m.r, r, t);
  m.g = mix(m.g, g, t);
  m.b = mix(m.b, b, t);
}

/** One colour with slight unevenness, glazed. */
export const glazed = (hex, coat = 0.9, rough = 0.12) => {
  const c = rgb(hex);
  return (x, y, z, m) => {
    paint(m, c, 0.92 + 0.16 * fbm(x * 6, y * 6, z * 6, 3));
    m.coat = coat;
    m.rough = rough;
  };
};

export const matte = (hex, variation = 0.25, scale = 8) => {
  const c = rgb(hex);
  return (x, y, z, m) =>
    paint(m, c, 1 - variation / 2 + variation * fbm(x * scale, y * scale, z * scale, 4));
};

export const metal = (hex, rough = 0.25) => {
  const c = rgb(hex);
  return (x, y, z, m) => {
    paint(m, c, 0.9 + 0.15 * noise3(x * 40, y * 3, z * 40));
    m.metal = 1;
    m.rough = rough + 0.1 * fbm(x * 9, y * 9, z * 9, 3);
  };
};

/** Planks along x on the plane y = 0: each with its own tone, grain and rings; coat for a lacquer. */
export function wood(light, dark, { plank = 1.1, coat = 0.35, rough = 0.32, scale = 1 } = {}) {
  const a = rgb(light);
  const b = rgb(dark);
  return (x, y, z, m) => {
    const row = Math.floor(z / plank);
    const v = z / plank - row;
    const own = hash3(row, 3, 7);
    const gx = (x + own * 31) * 0.55 * scale;
    const gz = (z + own * 17) * 5 * scale;
    const warp = fbm(gx * 0.8, 0, gz * 0.25, 3) * 2.2;
    const rings = 0.5 + 0.5 * Math.sin((gz * 0.9 + warp * 5 + own * 9) * 1.8);
    const fibre = fbm(gx * 3, own * 50, gz * 9, 3);
    const t = clamp(0.25 * rings + 0.65 * fibre + 0.35 * (own - 0.5), 0, 1);
    paint(m, a);
    blendTo(m, b, t);
    const gap = smoothstep(0.012, 0.03, v) * smoothstep(0.012, 0.03, 1 - v);
    const k = mix(0.25, 1, gap) * (0.8 + 0.35 * fbm(x * 0.7, 9, z * 0.7, 3));
    paint(m, [m.r, m.g, m.b], k);
    m.coat = coat * gap;
    m.rough = rough + 0.2 * fibre;
  };
}

/** Cloth or plaster: fine weave over soft blotches. */
export const plaster = (hex, rough = 14) => {
  const c = rgb(hex);
  return (x, y, z, m) => {
    const f =
      fbm(x * 1.3, y * 1.3, z * 1.3, 4) * 0.35 + fbm(x * rough, y * rough, z * rough, 2) * 0.2;
    paint(m, c, 0.78 + f);
  };
};

/** Stones in the plane: every cell its own grey-brown. */
export const gravel = (scale, light = 0xb9ad99, dark = 0x5d5347) => {
  const a = rgb(light);
  const b = rgb(dark);
  return (x, y, z, m) => {
    const { f1, f2, id } = cells2(x * scale, z * scale);
    paint(m, a);
    blendTo(m, b, id);
    const edge = smoothstep(0, 0.16, f2 - f1);
    paint(m, [m.r, m.g, m.b], mix(0.35, 1, edge) * (0.85 + 0.3 * noise3(x * 20, f1, z * 20)));
  };
};
