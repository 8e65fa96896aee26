// Seeded noise for textures: value noise, fractal sums and cellular noise. Pure functions of position.

/** Integer hash of a lattice point to [0, 1). */
export function hash3(x, y, z) {
  let h =
    Math.imul(x | 0, 374761393) ^
    Math.imul(y | 0, 668265263) ^
    Math.imul(z | 0, 2147483647 - 1234567);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  h = Math.imul(h ^ (h >>> 16), 2246822519);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

/** Smooth value noise, 0..1. */
export function noise3(x, y, z) {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const zi = Math.floor(z);
  let u = x - xi;
  let v = y - yi;
  let w = z - zi;
  u = u * u * (3 - 2 * u);
  v = v * v * (3 - 2 * v);
  w = w * w * (3 - 2 * w);
  const a = hash3(xi, yi, zi) * (1 - u) + hash3(xi + 1, yi, zi) * u;
  const b = hash3(xi, yi + 1, zi) * (1 - u) + hash3(xi + 1, yi + 1, zi) * u;
  const c = hash3(xi, yi, zi + 1) * (1 - u) + hash3(xi + 1, yi, zi + 1) * u;
  const d = hash3(xi, yi + 1, zi + 1) * (1 - u) + hash3(xi + 1, yi + 1, zi + 1) * u;
  return (a * (1 - v) + b * v) * (1 - w) + (c * (1 - v) + d * v) * w;
}

/** Sum of octaves of value noise, about 0..1. */
export function fbm(x, y, z, octaves = 4) {
  let sum = 0;
  let amplitude = 0.5;
  for (let i = 0; i < octaves; i++) {
    sum += amplitude * noise3(x, y, z);
    x = x * 2.03 + 17.1;
    y = y * 2.03 - 9.7;
    z = z * 2.03 + 3.3;
    amplitude *= 0.5;
  }
  return sum;
}

/** Cellular noise in the plane: distances to the nearest and second nearest feature point, and the cell's own number. */
export function cells2(x, y) {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  let f1 = 9;
  let f2 = 9;
  let id = 0;
  for (let j = -1; j <= 1; j++) {
    for (let i = -1; i <= 1; i++) {
      const cx = xi + i + 0.15 + 0.7 * hash3(xi + i, yi + j, 11);
      const cy = yi + j + 0.15 + 0.7 * hash3(xi + i, yi + j, 23);
      const d = Math.hypot(x - cx, y - cy);
      if (d < f1) {
        f2 = f1;
        f1 = d;
        id = hash3(xi + i, yi + j, 37);
      } else if (d < f2) f2 = d;
    }
  }
  return { f1, f2, id };
}

export const clamp = (x, a, b) => (x < a ? a : x > b ? b : x);
export const mix = (a, b, t) => a + (b - a) * t;
export const smoothstep = (a, b, x) => {
  const t = clamp((x - a) / (b - a), 0, 1);
  return t * t * (3 - 2 * t);
};

/** sRGB hex colour to linear [r, g, b]. */
export function rgb(hex) {
  return [16, 8, 0].map((s) => {
    const v = ((hex >> s) & 255) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
}

/** mulberry32: the generator scenes are arranged with. */
export function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
