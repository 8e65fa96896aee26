// From the traced planes to a photograph: an edge-aware filter of the lighting, a filmic curve, vignette and film grain.
import { CHANNELS } from './tracer.mjs';
import { clamp, random } from './noise.mjs';

/** Smooths the lighting (radiance ÷ albedo) with à-trous steps that stop at edges of normal, distance and albedo. */
export function denoise(plane, width, height, steps = [1, 2, 4], strength = 1) {
  const n = width * height;
  let light = new Float32Array(n * 3);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < 3; c++)
      light[i * 3 + c] = plane[i * CHANNELS + c] / (plane[i * CHANNELS + 3 + c] + 0.03);
  for (const step of steps) light = filterStep(light, plane, width, height, step, strength);
  const out = new Float32Array(n * 3);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < 3; c++)
      out[i * 3 + c] = light[i * 3 + c] * (plane[i * CHANNELS + 3 + c] + 0.03);
  return out;
}

function filterStep(light, plane, width, height, step, strength) {
  const out = new Float32Array(light.length);
  const sigma = (0.9 * strength) / Math.sqrt(step);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const p = i * CHANNELS;
      let [sum, r, g, b] = [0, 0, 0, 0];
      const l0 = light[i * 3] + light[i * 3 + 1] + light[i * 3 + 2];
      for (let v = -1; v <= 1; v++) {
        for (let u = -1; u <= 1; u++) {
          const [X, Y] = [x + u * step, y + v * step];
          if (X < 0 || Y < 0 || X >= width || Y >= height) continue;
          const j = Y * width + X;
          const q = j * CHANNELS;
          const dn =
            1 -
            (plane[p + 6] * plane[q + 6] +
              plane[p + 7] * plane[q + 7] +
              plane[p + 8] * plane[q + 8]);
          const dt = Math.abs(plane[p + 9] - plane[q + 9]) / (plane[p + 9] * 0.02 * step + 0.001);
          const da =
            Math.abs(plane[p + 3] - plane[q + 3]) +
            Math.abs(plane[p + 4] - plane[q + 4]) +
            Math.abs(plane[p + 5] - plane[q + 5]);
          const l1 = light[j * 3] + light[j * 3 + 1] + light[j * 3 + 2];
          const dl = Math.abs(l1 - l0) / (Math.max(l0, l1) + 0.1);
          const w =
            (u === 0 ? 2 : 1) *
            (v === 0 ? 2 : 1) *
            Math.exp(-dn * 18 - dt * 0.7 - da * 5 - (dl / sigma) ** 2);
          sum += w;
          r += w * light[j * 3];
          g += w * light[j * 3 + 1];
          b += w * light[j * 3 + 2];
        }
      }
      out[i * 3] = r / sum;
      out[i * 3 + 1] = g / sum;
      out[i * 3 + 2] = b / sum;
    }
  }
  return out;
}

/** Smooths what is out of focus over a part of its circle of confusion, where a few lens samples leave grain. */
export function soften(linear, plane, width, height, camera) {
  const focus = camera.focus ?? Math.hypot(...camera.to.map((v, i) => v - camera.from[i]));
  const pixels = height / (2 * Math.tan((camera.fov * Math.PI) / 360));
  const out = linear.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const t = plane[i * CHANNELS + 9];
      const coc = (((camera.lens ?? 0) * Math.abs(t - focus)) / (t * focus)) * pixels;
      const radius = Math.min(Math.round(coc * 0.45), 4);
      if (radius < 1) continue;
      let [n, r, g, b] = [0, 0, 0, 0];
      for (let v = -radius; v <= radius; v++) {
        for (let u = -radius; u <= radius; u++) {
          const [X, Y] = [x + u, y + v];
          if (u * u + v * v > radius * radius + 1 || X < 0 || Y < 0 || X >= width || Y >= height)
            continue;
          const j = (Y * width + X) * 3;
          n++;
          r += linear[j];
          g += linear[j + 1];
          b += linear[j + 2];
        }
      }
      [out[i * 3], out[i * 3 + 1], out[i * 3 + 2]] = [r / n, g / n, b / n];
    }
  }
  return out;
}

const filmic = (x) => clamp((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), 0, 1);
const encode = (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);

/** Linear radiance to 8-bit sRGB. look: { exposure, grain, vignette, warmth }. */
export function develop(linear, width, height, look, seed) {
  const { exposure = 1, grain = 0.012, vignette = 0.25, warmth = 0, saturation = 0.86 } = look;
  const next = random(seed);
  const gauss = () => (next() + next() + next() + next() - 2) * 0.87;
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3;
      const d2 = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 2;
      const e = exposure * (1 - vignette * d2);
      const shared = gauss() * grain;
      const grey = 0.2126 * linear[i] + 0.7152 * linear[i + 1] + 0.0722 * linear[i + 2];
      for (let c = 0; c < 3; c++) {
        const tint = c === 0 ? 1 + warmth : c === 2 ? 1 - warmth : 1;
        const value = Math.max(grey + (linear[i + c] - grey) * saturation, 0);
        const v = encode(filmic(value * e * tint * 0.72));
        out[i + c] = clamp(Math.round((v + shared + gauss() * grain * 0.5) * 255), 0, 255);
      }
    }
  }
  return out;
}
