// Cells under a fluorescence microscope: a 16-bit grey PNG (10 significant bits, as such cameras give), painted in the
// plane, not traced. Some cells touch.
import { clamp, fbm, mix, random, smoothstep } from '../noise.mjs';

const SIZE = 1024;

function arrange() {
  const next = random(53);
  const cells = [];
  for (let tries = 0; tries < 4000 && cells.length < 44; tries++) {
    const r = 42 + next() * 38;
    const [x, y] = [next() * SIZE, next() * SIZE];
    const nearest = Math.min(...cells.map((c) => Math.hypot(c.x - x, c.y - y) - c.r - r), 1e3);
    if (nearest < -14) continue;
    cells.push({
      x,
      y,
      r,
      stretch: 0.75 + next() * 0.5,
      angle: next() * 3.14,
      seed: next() * 100,
      light: 0.5 + next() * 0.5,
      dx: (next() - 0.5) * 0.4,
      dy: (next() - 0.5) * 0.4,
    });
  }
  return cells;
}
const CELLS = arrange();

/** Signed "distance" of a point to a cell's wavy outline in units of its radius: < 0 inside. */
function inside(cell, x, y) {
  const [u, v] = [x - cell.x, y - cell.y];
  const [c, s] = [Math.cos(cell.angle), Math.sin(cell.angle)];
  const p = (c * u + s * v) / cell.stretch;
  const q = (-s * u + c * v) * cell.stretch;
  const a = Math.atan2(q, p);
  const wave = 0.86 + 0.3 * fbm(Math.cos(a) * 1.1 + cell.seed, Math.sin(a) * 1.1, cell.seed, 3);
  return Math.hypot(p, q) / cell.r - wave;
}

function paintCells(width, height) {
  const k = SIZE / width;
  const next = random(54);
  const gauss = () => next() + next() + next() + next() - 2;
  const map = new Uint16Array(width * height);
  const pixels = new Uint16Array(width * height);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      const [x, y] = [(i + 0.5) * k, (j + 0.5) * k];
      let light = 0.045 + 0.05 * fbm(x * 0.006, y * 0.006, 5, 4);
      let best = 0;
      for (let n = 0; n < CELLS.length; n++) {
        const cell = CELLS[n];
        if (Math.abs(x - cell.x) > cell.r * 2 || Math.abs(y - cell.y) > cell.r * 2) continue;
        const d = inside(cell, x, y);
        light += 0.12 * cell.light * Math.exp(-Math.max(d, 0) * 9);
        if (d >= best) continue;
        best = d;
        map[j * width + i] = n + 1;
        const texture =
          fbm(x * 0.05 + cell.seed, y * 0.05, 1, 4) * 0.6 +
          fbm(x * 0.19, y * 0.19, cell.seed, 3) * 0.4;
        const body = cell.light * (0.16 + 0.34 * smoothstep(0, -0.35, d)) * (0.45 + 1.1 * texture);
        const rim = 0.2 * cell.light * Math.exp(-(((d + 0.05) / 0.05) ** 2));
        const nd =
          Math.hypot(x - cell.x - cell.dx * cell.r, y - cell.y - cell.dy * cell.r) / cell.r +
          0.12 * fbm(x * 0.03, y * 0.03, cell.seed, 3);
        const nucleus = smoothstep(0.47, 0.4, nd);
        const spots = smoothstep(0.56, 0.64, fbm(x * 0.11 + 9, y * 0.11, cell.seed, 3));
        light = Math.max(light * 0.3, body + rim) + nucleus * cell.light * (0.28 + 0.2 * spots);
      }
      const vignette = 1 - 0.35 * (((x / SIZE - 0.5) ** 2 + (y / SIZE - 0.5) ** 2) * 2);
      const signal = clamp(light * vignette, 0, 1);
      const noisy = Math.min(signal * 1.75, 1) * 900 + 26 + gauss() * (2.2 + 6 * Math.sqrt(signal));
      pixels[j * width + i] = mix(0, 64, 1) * clamp(Math.round(noisy), 0, 1023);
    }
  }
  return { pixels, map };
}

export default {
  file: 'cells.png',
  width: 800,
  height: 800,
  annotated: 'some',
  instances: () => CELLS.map(() => ({ category: 'cell' })),
  paint: paintCells,
  encode: (sharp, pixels, width, height) =>
    sharp(pixels, { raw: { width, height, channels: 1 } })
      .toColourspace('grey16')
      .png({ compressionLevel: 9, effort: 10 })
      .toBuffer(),
};
