// Hot-air balloons over hills in the morning; saved as WebP.
import { clamp, fbm, hash3, mix, noise3, rgb, smoothstep } from '../noise.mjs';
import { blendTo, matte, paint } from '../materials.mjs';
import { box, capsule, cut, move, sphere, turned, union } from '../shapes.mjs';
import { plane, solid } from '../tracer.mjs';

const instances = [];
const objects = [];
const OUTLINE = [
  [0, 1.0],
  [0.22, 0.985],
  [0.45, 0.91],
  [0.67, 0.77],
  [0.83, 0.57],
  [0.91, 0.32],
  [0.9, 0.08],
  [0.8, -0.2],
  [0.62, -0.5],
  [0.42, -0.78],
  [0.27, -0.98],
  [0.22, -1.06],
  [0, -1.06],
];

/** A balloon of radius about r; pattern(angle 0..1, height −1..1) gives its colour. */
function balloon(at, r, spin, pattern) {
  const inst = instances.push({ category: 'hot-air balloon' });
  const shape = turned(OUTLINE, 0.02);
  const gores = 24;
  const envelope = (x, y, z) => {
    const a = Math.atan2(z, x);
    const puff = 1 + 0.018 * Math.abs(Math.cos((a * gores) / 2));
    return shape(x / r / puff, y / r, z / r / puff) * r;
  };
  objects.push(
    solid({
      sdf: envelope,
      at,
      rot: [0, spin, 0],
      bound: 1.12 * r,
      inst,
      k: 0.8,
      mat: (x, y, z, m) => {
        const a = (Math.atan2(z, x) / (2 * Math.PI) + 1) % 1;
        paint(m, pattern(a, y / r), 0.9 + 0.14 * noise3(x * 3, y * 3, z * 3));
        const seam = Math.abs(((a * gores + 0.5) % 1) - 0.5);
        if (seam < 0.025) paint(m, [m.r, m.g, m.b], 0.72);
        if (Math.abs(((y / r) * 9) % 1) < 0.03) paint(m, [m.r, m.g, m.b], 0.85);
        if (y < -0.98 * r) paint(m, rgb(0x2a211c));
        m.coat = 0.35;
        m.rough = 0.4;
        m.glow = 0.05;
      },
    }),
    solid({
      sdf: union(
        cut(
          box(0.16 * r, 0.13 * r, 0.16 * r, 0.02 * r),
          move(box(0.13 * r, 0.13 * r, 0.13 * r), 0, 0.05 * r, 0),
        ),
        ...[-1, 1].flatMap((s) =>
          [-1, 1].map((u) =>
            capsule(
              [s * 0.14 * r, 0.1 * r, u * 0.14 * r],
              [s * 0.2 * r, 0.5 * r, u * 0.2 * r],
              0.011 * r,
            ),
          ),
        ),
        move(capsule([0, 0.1 * r, 0], [0, 0.22 * r, 0], 0.05 * r), 0.05 * r, 0, 0),
        move(sphere(0.045 * r), 0.05 * r, 0.31 * r, 0),
      ),
      at: [at[0], at[1] - 1.52 * r, at[2]],
      rot: [0, spin, 0],
      centre: [0, 0.18 * r, 0],
      bound: 0.45 * r,
      inst,
      mat: (x, y, z, m) => {
        paint(
          m,
          rgb(0x7b5230),
          0.6 + 0.6 * (Math.sin((y / r) * 150) * Math.sin(((x + z) / r) * 110) > 0 ? 1 : 0.5),
        );
        if (y > 0.08 * r && y < 0.12 * r) paint(m, rgb(0x35221a));
        if (y > 0.14 * r) paint(m, rgb(0x30343a));
      },
    }),
  );
}
const c = (hex) => rgb(hex);
const red = c(0xb8201f);
const cream = c(0xeee2c4);
const blue = c(0x1d4f91);
const yellow = c(0xf0b51c);
const green = c(0x2f7d4f);
const purple = c(0x5a2f77);
const orange = c(0xe5691b);
const teal = c(0x1d8a94);
balloon([-2.9, 1.2, 0], 2.35, 0.3, (a, h) =>
  Math.floor(a * 12) % 2 ? red : h > 0.55 ? yellow : cream,
);
balloon([4.1, 3.1, -6], 1.9, 1.1, (a, h) => {
  const k = Math.floor((h + a * 0) * 4.5 + 20 + Math.abs(((a * 12) % 1) - 0.5) * 2) % 4;
  return [blue, yellow, teal, cream][k];
});
balloon([1.35, -1.2, -12], 1.75, 0.7, (a, h) =>
  h > 0.35 || h < -0.55 ? purple : Math.floor(a * 24) % 3 ? orange : cream,
);
balloon([8.8, -1.7, -20], 1.9, 0.2, (a) => [green, cream, green, yellow][Math.floor(a * 16) % 4]);
balloon([-9.3, 5.6, -22], 1.8, 0.9, (a, h) =>
  Math.floor(a * 8) % 2 === Math.floor(h * 3 + 9) % 2 ? teal : orange,
);
balloon([-8.2, -3.1, -34], 1.8, 0.5, (a) => (Math.floor(a * 16) % 2 ? blue : cream));
balloon([15.5, 5.2, -44], 1.9, 0.1, (a, h) => (h > 0 ? yellow : red));

// hills: long ellipsoids with fields and woods
const ground = (seed) => (x, y, z, m) => {
  const [u, v] = [x + seed * 13, z + seed * 7];
  const field = hash3(
    Math.floor(u * 0.13 + 0.6 * noise3(u * 0.08, 1, v * 0.08)),
    Math.floor(v * 0.2),
    seed,
  );
  paint(
    m,
    field < 0.35
      ? c(0x6f8a3a)
      : field < 0.6
        ? c(0xa79b4e)
        : field < 0.8
          ? c(0x55752f)
          : c(0x84713f),
    0.7 + 0.5 * fbm(u * 0.9, 1, v * 0.9, 4),
  );
  const wood = smoothstep(0.47, 0.53, fbm(u * 0.16, 2, v * 0.16, 4));
  blendTo(m, c(0x27401f), wood);
  if (wood > 0.3) paint(m, [m.r, m.g, m.b], 0.55 + 0.9 * noise3(u * 3.2, y * 3, v * 3.2));
};
const hill = (at, a, b, d, seed) => {
  const sdf = (x, y, z) => {
    const q = Math.hypot(x / a, z / d);
    return (
      (y - b * Math.exp(-q * q * 2.2) - 1.6 * (fbm(x * 0.09 + seed, 1, z * 0.09, 3) - 0.5)) * 0.7
    );
  };
  objects.push(
    solid({
      sdf,
      at,
      centre: [0, b / 2, 0],
      bound: Math.max(a, d) * 1.5,
      k: 0.7,
      bump: (x, y, z) => 0.3 * noise3(x * 1.6, y, z * 1.6),
      mat: ground(seed),
    }),
  );
};
hill([-26, -16, -62], 34, 11, 22, 2);
hill([30, -16, -78], 40, 13, 26, 5);
hill([-4, -16.5, -110], 60, 15, 30, 9);
objects.push(
  plane({
    n: [0, 1, 0],
    at: [0, -15.6, 0],
    mat: ground(1),
    bump: (x, y, z) => 0.25 * noise3(x * 1.5, 1, z * 1.5),
  }),
);
for (let i = 0; i < 9; i++) {
  const x = -14 + hash3(i, 1, 5) * 32;
  const z = -30 - hash3(i, 2, 5) * 26;
  objects.push(
    solid({
      sdf: box(0.9, 0.6, 0.7),
      at: [x, -15, z],
      rot: [0, hash3(i, 3, 1), 0],
      bound: 1.4,
      mat: matte(0xe6ddcf),
    }),
    solid({
      sdf: box(0.62, 0.62, 0.75),
      at: [x, -14.4, z],
      rot: [0, hash3(i, 3, 1), 0.785],
      bound: 1.4,
      mat: matte(0x9a4a34),
    }),
  );
}

export default {
  file: 'balloons.webp',
  width: 1280,
  height: 960,
  spp: 10,
  annotated: 'all',
  look: { exposure: 1.12, warmth: 0.04, grain: 0.008, saturation: 0.92 },
  encode: (sharp, pixels, width, height) =>
    sharp(pixels, { raw: { width, height, channels: 3 } })
      .webp({ quality: 80 })
      .toBuffer(),
  scene: {
    seed: 41,
    instances,
    objects,
    ambient: [0.45, 0.52, 0.65],
    fog: { density: 0.0062, color: [0.78, 0.8, 0.84], power: 1.6 },
    lights: [{ dir: [0.75, 0.42, 0.5], size: 0.04, color: [2.6, 2.2, 1.65] }],
    sky: (x, y, z, out) => {
      const h = clamp(y + 0.03, 0, 1);
      const k = Math.pow(1 - h, 4);
      out[0] = mix(0.24, 0.92, k);
      out[1] = mix(0.44, 0.86, k);
      out[2] = mix(0.84, 0.84, k);
      if (y < 0.005) return;
      const [u, v] = [x / (y + 0.25), z / (y + 0.25)];
      const cloud = smoothstep(0.47, 0.75, fbm(u * 1.6, 3, v * 3.4, 5));
      for (let i = 0; i < 3; i++)
        out[i] = mix(out[i], [1.1, 1.02, 0.97][i], cloud * 0.85 * smoothstep(0, 0.12, y));
    },
    camera: { from: [0, 0.6, 13.5], to: [0.3, 1.0, 0], fov: 42, lens: 0.02, focus: 13 },
  },
};
