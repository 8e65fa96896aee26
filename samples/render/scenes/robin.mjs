// A robin on a mossy branch before out-of-focus leaves: one subject, strong blur behind it.
import { clamp, fbm, hash3, mix, noise3, rgb, smoothstep } from '../noise.mjs';
import { blendTo, matte, paint } from '../materials.mjs';
import { blend, capsule, ellipsoid, extrude, move, sphere, turn } from '../shapes.mjs';
import { solid } from '../tracer.mjs';

const instances = [];
const objects = [];
const bird = instances.push({ category: 'bird' });
const at = [0.1, 0.55, 0];
const rot = [0, 0.32, 0];
const part = (p) => objects.push(solid({ at, rot, inst: bird, ...p }));

// body: upright, breast to −x, tail to +x
const body = blend(
  0.3,
  turn(ellipsoid(0.98, 0.68, 0.62), 'z', 0.42),
  move(ellipsoid(0.48, 0.45, 0.43), -0.66, 0.83, 0),
  move(ellipsoid(0.62, 0.6, 0.5), -0.38, 0.02, 0),
  move(turn(ellipsoid(0.6, 0.24, 0.28), 'z', 0.5), 0.72, -0.32, 0),
);
// two ranks of short strokes along the body read as feathers
const feather = (x, y, z) => fbm((x + y * 0.6) * 7, (y - x * 0.4) * 22, z * 22, 3);
part({
  sdf: body,
  bound: 1.75,
  k: 0.75,
  bump: (x, y, z) => 0.035 * feather(x, y, z),
  mat: (x, y, z, m) => {
    const f = feather(x, y, z);
    paint(m, rgb(0x6f5a3f), 0.65 + 0.7 * f);
    const belly = smoothstep(0.05, -0.45, y + 0.35 * x + 0.22 * (f - 0.5));
    blendTo(m, rgb(0xd9cdb6), belly);
    const breast = smoothstep(
      0.16,
      -0.12,
      Math.hypot((x + 0.86) * 0.92, (y - 0.42) * 0.78, z * 0.62) - 0.55 + 0.14 * (f - 0.5),
    );
    const crown = smoothstep(0.98, 1.08, y + 0.12 * (f - 0.5) - 0.25 * (x + 0.66));
    blendTo(m, rgb(0xc7511a), breast * (1 - crown));
    paint(m, [m.r, m.g, m.b], 0.8 + 0.4 * f);
    const rim =
      smoothstep(
        0.1,
        0.0,
        Math.abs(Math.hypot((x + 0.86) * 0.92, (y - 0.42) * 0.78, z * 0.62) - 0.66),
      ) * (x > -0.7 ? 1 : 0);
    blendTo(m, rgb(0x8d9298), rim * 0.55);
  },
});
for (const s of [-1, 1]) {
  // wing: a curved blade on the side with rows of feathers
  const wing = turn(
    extrude(
      [
        [-0.55, 0.28],
        [-0.2, 0.42],
        [0.35, 0.28],
        [0.95, -0.08],
        [1.5, -0.42],
        [1.1, -0.4],
        [0.5, -0.36],
        [-0.1, -0.3],
        [-0.5, -0.05],
      ],
      0.075,
      0.06,
    ),
    'z',
    0.05,
  );
  part({
    sdf: (x, y, z) => wing(x, y, s * z - 0.56 + 0.3 * smoothstep(0.2, 1.6, x)) * 0.75,
    bound: 1.85,
    k: 0.75,
    bump: (x, y, z) => 0.025 * feather(x, y * 1.5, z),
    mat: (x, y, z, m) => {
      const along = x * 0.86 - y * 0.5;
      const row = Math.floor((y + 0.42 * x) * 9);
      const edge = Math.abs((((((y + 0.42 * x) * 9) % 1) + 1) % 1) - 0.5);
      paint(m, rgb(0x5d4a33), 0.6 + 0.55 * feather(x, y, z));
      blendTo(
        m,
        rgb(0x2f261b),
        smoothstep(0.36, 0.48, edge) * 0.75 * smoothstep(-0.1, 0.35, along),
      );
      blendTo(
        m,
        rgb(0xa58d66),
        (hash3(row, 2, 3) > 0.45 ? 0.35 : 0.1) *
          smoothstep(0.32, 0.2, edge) *
          smoothstep(0.0, 0.5, along),
      );
    },
  });
  part({
    sdf: move(sphere(0.088), -0.86, 0.93, s * 0.335),
    centre: [-0.86, 0.93, s * 0.335],
    bound: 0.14,
    mat: (x, y, z, m) => {
      paint(m, rgb(0x080605));
      m.coat = 1;
      m.rough = 0.03;
    },
  });
  // legs and toes
  part({
    sdf: (x, y, z) =>
      Math.min(
        capsule([0.0, -0.5, 0.22], [0.04, -0.93, 0.2], 0.035)(x, y, s * z),
        capsule([0.04, -0.93, 0.2], [-0.2, -0.98, 0.24], 0.032, 0.022)(x, y, s * z),
        capsule([0.04, -0.93, 0.2], [-0.17, -0.98, 0.1], 0.032, 0.022)(x, y, s * z),
        capsule([0.04, -0.93, 0.2], [0.2, -0.99, 0.2], 0.03, 0.022)(x, y, s * z),
      ),
    centre: [0, -0.72, s * 0.2],
    bound: 0.42,
    mat: matte(0x4a3424, 0.3, 20),
  });
}
part({
  // tail
  sdf: move(
    turn(
      extrude(
        [
          [0, 0.09],
          [1.25, 0.16],
          [1.32, -0.02],
          [1.25, -0.17],
          [0, -0.1],
        ],
        0.05,
        0.03,
      ),
      'x',
      Math.PI / 2,
    ),
    0,
    0,
    0,
  ),
  at: [at[0] + 0.95 * Math.cos(0.32), at[1] - 0.42, -0.95 * Math.sin(0.32)],
  rot: [0, 0.32, -0.3],
  centre: [0.6, 0, 0],
  bound: 0.95,
  mat: (x, y, z, m) => paint(m, rgb(0x54402b), 0.6 + 0.5 * fbm(x * 4, y * 9, z * 30, 3)),
});
part({
  // beak
  sdf: blend(
    0.02,
    capsule([-1.02, 0.83, 0], [-1.34, 0.78, 0], 0.085, 0.012),
    capsule([-1.02, 0.79, 0], [-1.26, 0.755, 0], 0.06, 0.01),
  ),
  centre: [-1.18, 0.8, 0],
  bound: 0.3,
  mat: (x, y, z, m) => {
    paint(m, rgb(0x2a231d));
    m.coat = 0.6;
  },
});

// branch with moss and two leaves
const branch = instances.push({ category: 'branch' });
const limb = (x, y, z) =>
  Math.min(
    Math.hypot(y + 0.62 - 0.12 * Math.sin(x * 0.7 + 0.4), z - 0.16 * Math.sin(x * 0.5)) -
      0.2 +
      0.02 * x,
    capsule([1.4, -0.5, 0.1], [2.5, 0.55, 0.5], 0.1, 0.05)(x, y, z),
  );
objects.push(
  solid({
    sdf: (x, y, z) => limb(x, y, z) - 0.09 * fbm(x * 2.2, y * 5, z * 5, 3),
    bound: 6,
    k: 0.6,
    inst: branch,
    bump: (x, y, z) => 0.06 * fbm(x * 4, y * 14, z * 14, 3),
    mat: (x, y, z, m) => {
      paint(m, rgb(0x5c4a3a), 0.45 + 0.8 * fbm(x * 3, y * 12, z * 12, 4));
      const moss =
        smoothstep(0.42, 0.6, fbm(x * 1.7, y * 3 + 5, z * 3, 4)) * smoothstep(-0.75, -0.45, y);
      blendTo(m, rgb(0x71802a), moss * 0.9);
      if (moss > 0.3) paint(m, [m.r, m.g, m.b], 0.55 + 0.9 * noise3(x * 26, y * 26, z * 26));
    },
  }),
);
const LEAF = [
  [0, 0],
  [0.22, 0.2],
  [0.55, 0.3],
  [0.9, 0.22],
  [1.25, 0],
  [0.9, -0.22],
  [0.55, -0.3],
  [0.22, -0.2],
];
for (const [x, y, z, a, b, c] of [
  [2.45, 0.5, 0.5, 0.9, 0.5, 0.5],
  [2.3, 0.35, 0.45, -0.5, 0.2, -0.35],
  [-2.6, -0.5, 0.2, 0.5, 2.6, 0.7],
]) {
  const inst = instances.push({ category: 'leaf' });
  objects.push(
    solid({
      sdf: (u, v, w) =>
        extrude(LEAF, 0.012, 0.006)(u, v, w - 0.12 * Math.sin(u * 2.5) - 0.2 * v * v) * 0.8,
      at: [x, y, z],
      rot: [a, b, c],
      centre: [0.6, 0, 0],
      bound: 0.85,
      inst,
      k: 0.8,
      mat: (u, v, w, m) => {
        paint(m, rgb(0x6f8f2b), 0.6 + 0.6 * fbm(u * 3, v * 3, w * 3, 3));
        const vein = Math.min(
          Math.abs(v) * 1.2,
          Math.abs((((u - Math.abs(v)) * 7) % 1) - 0.5) * 0.09 + 0.012,
        );
        if (vein < 0.016) blendTo(m, rgb(0xc2cf7a), 0.5);
        blendTo(m, rgb(0xb5842a), smoothstep(0.55, 0.75, fbm(u * 2 + x, v * 2, 1, 3)) * 0.6);
        m.coat = 0.35;
        m.glow = 0.04;
      },
    }),
  );
}

/** Leaves far behind: soft discs of light of several sizes. */
function backdrop(x, y, out) {
  const base = fbm(x * 2.2 + 4, y * 2.2, 1, 4);
  let [r, g, b] = [mix(0.035, 0.2, base), mix(0.07, 0.27, base), mix(0.03, 0.07, base)];
  for (const [scale, strength, layer] of [
    [5, 0.34, 1],
    [9, 0.26, 2],
  ]) {
    const [u, v] = [x * scale + layer * 7.3, y * scale];
    for (let j = -1; j <= 1; j++) {
      for (let i = -1; i <= 1; i++) {
        const [cx, cy] = [Math.floor(u) + i, Math.floor(v) + j];
        const h = (k) => hash3(cx, cy, k + layer * 10);
        if (h(1) < 0.55) continue;
        const d = Math.hypot(u - cx - h(2), v - cy - h(3));
        const radius = 0.25 + 0.35 * h(4);
        const disc =
          smoothstep(radius, radius * 0.82, d) *
          strength *
          (0.4 + 0.8 * h(5)) *
          (0.75 + 0.5 * smoothstep(0, radius, d));
        const warm = h(6);
        r += disc * mix(0.35, 0.75, warm);
        g += disc * mix(0.5, 0.6, warm);
        b += disc * mix(0.14, 0.2, warm);
      }
    }
  }
  [out[0], out[1], out[2]] = [r, g, b];
}

export default {
  file: 'robin.jpg',
  width: 1200,
  height: 900,
  spp: 12,
  annotated: 'all',
  look: { exposure: 1.35, warmth: 0.03, grain: 0.014 },
  encode: (sharp, pixels, width, height) =>
    sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 84 })
      .toBuffer(),
  scene: {
    seed: 83,
    instances,
    objects,
    ambient: [0.3, 0.36, 0.3],
    lights: [
      { dir: [-0.5, 0.72, 0.55], size: 0.18, color: [2.1, 2.0, 1.7] },
      { dir: [0.85, 0.35, -0.5], size: 0.2, color: [0.5, 0.55, 0.4] },
    ],
    sky: (x, y, z, out, depth) => {
      if (depth === 0) {
        backdrop(x / -z, y / -z, out);
        return;
      }
      const k = 0.35 + 0.5 * clamp(y, 0, 1);
      [out[0], out[1], out[2]] = [k * 0.9, k, k * 0.8];
    },
    camera: { from: [0.0, 0.75, 8.6], to: [0.15, 0.5, 0], fov: 28, lens: 0.08, focus: 8.3 },
  },
};
