// A street in the afternoon: cars, trees, houses, and one small traffic cone in a large picture.
import { clamp, fbm, hash3, mix, noise3, rgb, smoothstep } from '../noise.mjs';
import { blendTo, matte, metal, paint } from '../materials.mjs';
import {
  blend,
  both,
  box,
  capsule,
  cut,
  cylinder,
  extrude,
  move,
  sphere,
  turn,
  turned,
  union,
} from '../shapes.mjs';
import { plane, solid } from '../tracer.mjs';

const instances = [];
const objects = [];
function add(category, parts) {
  const inst = instances.push({ category });
  for (const part of parts) objects.push(solid({ ...part, inst }));
}

const SIDE = [
  [-2.1, 0.32],
  [-2.15, 0.72],
  [-2.05, 0.98],
  [-1.45, 1.06],
  [-0.85, 1.5],
  [-0.2, 1.58],
  [0.65, 1.52],
  [1.45, 1.1],
  [2.0, 0.98],
  [2.15, 0.75],
  [2.12, 0.34],
];
const VAN = [
  [-2.3, 0.32],
  [-2.34, 1.0],
  [-2.05, 1.12],
  [-1.55, 1.85],
  [-1.2, 2.0],
  [2.2, 2.02],
  [2.3, 1.9],
  [2.32, 0.34],
];
const GLASS = [
  [-1.36, 1.06],
  [-0.84, 1.44],
  [-0.2, 1.5],
  [0.6, 1.45],
  [1.28, 1.08],
];
const VAN_GLASS = [
  [-1.95, 1.12],
  [-1.5, 1.8],
  [-1.2, 1.9],
  [-0.35, 1.9],
  [-0.35, 1.15],
];

/** A car along x, nose to −x, wheels on y = 0. */
function car(at, heading, hex, { profile = SIDE, glass = GLASS, category = 'car' } = {}) {
  const c = rgb(hex);
  const wheels = [-1.32, 1.3];
  const arch = union(
    ...wheels.map((x) => move(turn(cylinder(0.4, 2), 'x', Math.PI / 2), x, 0.34, 0)),
  );
  const taper = (f) => (x, y, z) =>
    f(x, y, z * (1 + 0.22 * smoothstep(0.95, 1.9, y) + 0.06 * smoothstep(1.4, 2.2, Math.abs(x))));
  const body = cut(taper(extrude(profile, 0.86, 0.13)), arch);
  const rot = [0, heading, 0];
  const bound = 2.75;
  const centre = [0, 0.9, 0];
  const pillar = profile === VAN ? -0.75 : -0.05;
  const windows = both(
    taper(
      extrude(
        glass.map(([x, y]) => [x, y]),
        0.874,
        0.02,
      ),
    ),
    (x) => Math.max(0.045 - Math.abs(x - pillar), -0.2),
  );
  const dark = (x, y, z, m) => {
    paint(m, rgb(0x10161b));
    m.coat = 1;
    m.rough = 0.05;
  };
  const parts = [
    {
      sdf: body,
      at,
      rot,
      centre,
      bound,
      k: 0.75,
      mat: (x, y, z, m) => {
        paint(m, c, 0.95 + 0.1 * fbm(x * 2, y * 2, z * 2, 2));
        if (y < 0.42) blendTo(m, rgb(0x1b1b1d), 0.9);
        const line =
          Math.abs(z) > 0.8 &&
          Math.min(Math.abs(x - pillar), Math.abs(x - pillar - 1.05)) < 0.012 &&
          y > 0.5 &&
          y < 1.1;
        if (line) paint(m, c, 0.3);
        if (
          Math.abs(z) > 0.82 &&
          Math.abs(y - 0.93) < 0.025 &&
          (Math.abs(x - pillar - 0.82) < 0.11 || Math.abs(x - pillar + 0.25) < 0.11)
        )
          paint(m, c, 0.45);
        blendTo(m, rgb(0x6d6353), 0.35 * smoothstep(0.7, 0.35, y) * fbm(x * 4, y * 4, z * 4, 3));
        const slope =
          profile === VAN
            ? x < -1.15 && y < 1.86 && y > 1.2
            : (x < -0.88 || x > 0.72) && y > 1.13 && y < 1.47;
        if (
          slope &&
          Math.abs(z) < 0.7 - 0.2 * smoothstep(1.1, 1.5, y) * (profile === VAN ? 0.3 : 1)
        )
          paint(m, rgb(0x151c21));
        const front = x < -1.98;
        const rear = x > 1.98;
        if ((front || rear) && Math.abs(y - 0.78) < 0.09 && Math.abs(z) > 0.48) {
          if (front) paint(m, rgb(0xe9eef0));
          else paint(m, rgb(0xa01010));
          m.glow = rear ? 0.15 : 0.25;
        }
        if (front && Math.abs(y - 0.62) < 0.08 && Math.abs(z) < 0.42) paint(m, rgb(0x0d0d0e));
        if ((front || rear) && Math.abs(y - 0.5) < 0.06 && Math.abs(z) < 0.24)
          paint(m, rgb(0xd8d8cf));
        m.coat = 1;
        m.rough = 0.09;
      },
    },
    { sdf: windows, at, rot, centre, bound, mat: dark, k: 0.75 },
  ];
  for (const x of wheels) {
    for (const z of [-0.74, 0.74]) {
      const s = Math.sin(heading);
      const k = Math.cos(heading);
      parts.push({
        sdf: turn(cylinder(0.34, 0.11, 0.05), 'x', Math.PI / 2),
        at: [at[0] + x * k + z * s, at[1] + 0.34, at[2] - x * s + z * k],
        rot,
        bound: 0.4,
        mat: (u, v, w, m) => {
          const q = Math.hypot(u, v);
          const spoke = Math.cos(5 * Math.atan2(v, u)) > -0.1 || q < 0.06;
          if (q < 0.215 && spoke) {
            paint(m, rgb(0x9a9da0));
            m.coat = 0.8;
          } else paint(m, rgb(0x0e0e0f), 0.8 + 0.4 * noise3(u * 30, v * 30, w * 30));
        },
      });
    }
  }
  add(category, parts);
}

function tree(at, size, seed) {
  const puffs = Array.from({ length: 7 }, (_, i) =>
    move(
      sphere(0.75 + 0.35 * hash3(i, seed, 1)),
      (hash3(i, seed, 2) - 0.5) * 1.9,
      3.1 + (hash3(i, seed, 3) - 0.4) * 1.7,
      (hash3(i, seed, 4) - 0.5) * 1.9,
    ),
  );
  const crown = blend(0.5, ...puffs);
  const scaled = (x, y, z) =>
    (crown(x / size, y / size, z / size) -
      0.28 * fbm((x * 2.6) / size + seed, (y * 2.6) / size, (z * 2.6) / size, 4) +
      0.1) *
    size;
  add('tree', [
    {
      sdf: scaled,
      at,
      centre: [0, 3.2 * size, 0],
      bound: 2.5 * size,
      k: 0.55,
      bump: (x, y, z) => 0.09 * noise3(x * 7, y * 7, z * 7) + 0.05 * noise3(x * 19, y * 19, z * 19),
      mat: (x, y, z, m) => {
        paint(m, rgb(0x4c6a2b), 0.35 + 0.9 * fbm(x * 5 + seed, y * 5, z * 5, 4));
        blendTo(m, rgb(0x8a9a3c), 0.5 * smoothstep(0.5, 0.75, noise3(x * 11, y * 11, z * 11)));
      },
    },
    {
      sdf: capsule([0, 0, 0], [0.1, 2.6 * size, 0], 0.19 * size, 0.11 * size),
      at,
      centre: [0, 1.3 * size, 0],
      bound: 1.7 * size,
      bump: (x, y, z) => 0.03 * fbm(x * 12, y * 3, z * 12, 3),
      mat: matte(0x5a4636, 0.5, 6),
    },
  ]);
}

/** Houses on both sides: boxes with floors of windows; the front is at x = ±8.5. */
function house(x, z, [a, b, c], hex, seed) {
  const wall = rgb(hex);
  objects.push(
    solid({
      sdf: box(a, b, c, 0.03),
      at: [x, b, z],
      bound: Math.hypot(a, b, c),
      mat: (u, v, w, m) => {
        const alongX = Math.abs(Math.abs(w) - c) < 0.06;
        const p = alongX ? u : w;
        const h = v + b;
        paint(m, wall, 0.72 + 0.4 * fbm(u * 0.9 + seed, v * 0.9, w * 0.9, 4));
        const brick = seed % 2 === 0;
        if (brick) {
          const row = Math.floor(h / 0.11);
          const joint = Math.min((h / 0.11) % 1, ((p + 40) / 0.32 + (row % 2) * 0.5) % 1);
          paint(
            m,
            [m.r, m.g, m.b],
            joint < 0.12
              ? 1.35
              : 0.8 + 0.4 * hash3(row, Math.floor((p + 40) / 0.32 + (row % 2) * 0.5), seed),
          );
        }
        const floor = 2.7;
        const wx = ((p + 60) % 2.1) - 1.05;
        const wy = ((h - 0.4) % floor) - 1.45;
        if (h > 0.5 && h < 2 * b - 0.6) {
          const frame = Math.max(Math.abs(wx) / 0.5, Math.abs(wy) / 0.8);
          if (frame < 1.14) {
            paint(m, rgb(0xd9d5cb), 0.9);
            const pane = frame < 1 && Math.abs(wx) > 0.03 && Math.abs(wy - 0.15) > 0.03;
            if (pane) {
              const curtain = hash3(
                Math.floor((p + 60) / 2.1),
                Math.floor((h - 0.4) / floor),
                seed,
              );
              paint(
                m,
                rgb(curtain > 0.6 ? 0x8b8576 : 0x1d252b),
                0.7 + 0.5 * noise3(p * 6, h * 0.5, 1),
              );
              m.coat = 1;
              m.rough = 0.04;
            }
          } else if (Math.abs(wx) < 0.62 && wy > -1.0 && wy < -0.86) paint(m, rgb(0xb5b0a5));
        }
        if (h > 2 * b - 0.35) paint(m, rgb(0x9b948a), 0.9);
      },
    }),
  );
}
house(-12.5, -6, [4, 4.4, 5.5], 0x9c5b45, 2);
house(-12.8, -18, [4, 5.6, 6.2], 0xc9b493, 3);
house(-12.4, -31, [4, 4.2, 6.3], 0x8a7f78, 4);
house(-12.6, -46, [4, 6.0, 8], 0xb7a58c, 5);
house(12.6, -9, [4, 5.4, 7], 0xcdbfa8, 7);
house(12.4, -23, [4, 4.1, 6.6], 0x94523f, 6);
house(12.7, -38, [4, 5.8, 8], 0xa9a295, 9);
house(12.5, -58, [4, 4.8, 11], 0x9b6b50, 8);
house(-12.5, -66, [4, 5, 11], 0xa5a09a, 11);
house(0, -92, [22, 5.5, 3], 0xb8ab98, 13);

// pavements
for (const s of [-1, 1]) {
  objects.push(
    solid({
      sdf: box(2.4, 0.07, 60, 0.03),
      at: [s * 6.3, 0.07, -45],
      bound: 61,
      mat: (x, y, z, m) => {
        const slab = Math.min(Math.abs(((x + 20) % 0.8) - 0.4), 1);
        const joint = Math.max(slab, Math.abs(((z + 200) % 0.8) - 0.4)) > 0.388;
        paint(m, rgb(0xa8a39b), (joint ? 0.5 : 0.78) + 0.3 * fbm(x * 3, 1, z * 3, 4));
        if (s * x < -2.24) paint(m, rgb(0x9a978f), 0.95);
      },
    }),
  );
}

car([-2.95, 0, -7.2], -Math.PI / 2 + 0.02, 0xa3161b);
car([-3.05, 0, -13.6], -Math.PI / 2, 0x37485e);
car([2.05, 0, -16.5], Math.PI / 2 + 0.03, 0xd9d9d6);
car([3.0, 0.0, -27], Math.PI / 2, 0xd0a528);
car([-3.0, 0, -21], -Math.PI / 2 + 0.02, 0xe3e3df, {
  profile: VAN,
  glass: VAN_GLASS,
  category: 'van',
});
tree([-6.6, 0.1, -10.5], 1.15, 3);
tree([6.7, 0.1, -13.5], 1.25, 8);
tree([6.5, 0.1, -30], 1.2, 5);
tree([-6.6, 0.1, -27], 1.3, 14);

// the cones: small in the picture, on the road
for (const [x, z] of [
  [-0.85, -17.5],
  [0.15, -23],
]) {
  add('traffic cone', [
    {
      sdf: union(
        turned(
          [
            [0, 0.04],
            [0.17, 0.04],
            [0.03, 0.74],
            [0, 0.74],
          ],
          0.012,
        ),
        box(0.23, 0.03, 0.23, 0.02),
      ),
      at: [x, 0.03, z],
      rot: [0, 0.4, 0],
      centre: [0, 0.35, 0],
      bound: 0.5,
      k: 0.8,
      mat: (u, v, w, m) => {
        paint(m, rgb(0xe2500f));
        if ((v > 0.26 && v < 0.4) || (v > 0.5 && v < 0.6)) paint(m, rgb(0xe6e6e2));
        if (v < 0.035) paint(m, rgb(0x2b2723));
        m.coat = 0.4;
      },
    },
  ]);
}

// lamp post and a road sign
add('street lamp', [
  {
    sdf: union(
      capsule([0, 0, 0], [0, 5.4, 0], 0.07, 0.045),
      capsule([0, 5.4, 0], [-1.3, 5.7, 0], 0.04),
      move(box(0.32, 0.06, 0.13, 0.04), -1.5, 5.7, 0),
    ),
    at: [4.6, 0.14, -11.5],
    centre: [-0.5, 2.9, 0],
    bound: 3.3,
    mat: metal(0x4b5254, 0.4),
  },
]);

objects.push(
  plane({
    n: [0, 1, 0],
    at: [0, 0, 0],
    bump: (x, y, z) => 0.012 * noise3(x * 34, 1, z * 34),
    mat: (x, y, z, m) => {
      const grit = noise3(x * 42, 2, z * 42);
      paint(m, rgb(0x5d5d5f), 0.62 + 0.32 * fbm(x * 0.5, 4, z * 0.22, 4) + 0.25 * grit);
      const track = Math.abs(Math.abs(x) - 1.9);
      paint(m, [m.r, m.g, m.b], mix(1, 0.82, smoothstep(0.9, 0.2, Math.abs(track - 0.75))));
      const worn = fbm(x * 5, 8, z * 5, 3);
      if (Math.abs(x) < 0.08 && (z + 300) % 6 < 3 && worn > 0.3) blendTo(m, rgb(0xd8d5cb), 0.8);
      if (Math.abs(Math.abs(x) - 3.75) < 0.05 && worn > 0.38) blendTo(m, rgb(0xcfc9ba), 0.6);
      const crack = Math.abs(fbm(x * 0.9, 3, z * 0.9, 4) - 0.47);
      if (crack < 0.0035) paint(m, [m.r, m.g, m.b], 0.45);
      const patch = x > -1.7 && x < -0.6 && z > -7.5 && z < -5.4;
      if (patch) paint(m, [m.r, m.g, m.b], 0.7);
      if (Math.hypot(x - 2.0, (z + 6.2) * 1) < 0.33)
        paint(m, rgb(0x46423e), 0.7 + 0.5 * (Math.sin(x * 60) * Math.sin(z * 60) > 0 ? 1 : 0));
    },
  }),
);

function skyColour(x, y, z, out) {
  const h = clamp(y, 0, 1);
  const k = Math.pow(1 - h, 3.5);
  out[0] = mix(0.3, 0.82, k);
  out[1] = mix(0.5, 0.86, k);
  out[2] = mix(0.92, 0.95, k);
  if (y > 0.01) {
    const [u, v] = [(x / (y + 0.12)) * 1.1, (z / (y + 0.12)) * 1.1];
    const c = smoothstep(0.46, 0.72, fbm(u + 3, 5, v, 5)) * smoothstep(0.01, 0.15, y);
    for (let i = 0; i < 3; i++) out[i] = mix(out[i], 1.05 - 0.12 * fbm(u * 3, 1, v * 3, 3), c);
  }
}

export default {
  file: 'street.jpg',
  width: 1600,
  height: 1067,
  spp: 10,
  annotated: 'none',
  look: { exposure: 1.05, warmth: 0.02, grain: 0.012, saturation: 0.9 },
  encode: (sharp, pixels, width, height) =>
    sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 80 })
      .toBuffer(),
  scene: {
    seed: 31,
    instances,
    objects,
    ambient: [0.42, 0.5, 0.62],
    fog: { density: 0.0045, color: [0.72, 0.77, 0.84], power: 1.4 },
    lights: [{ dir: [0.52, 0.62, 0.42], size: 0.05, color: [2.5, 2.25, 1.85] }],
    sky: (x, y, z, out) => {
      skyColour(x, y, z, out);
    },
    camera: { from: [0.75, 2.15, 3.2], to: [0.1, 1.75, -12], fov: 40, lens: 0 },
  },
};
