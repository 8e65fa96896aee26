// Mugs on a dark wooden table: handles (holes in the masks), one behind another, a book, a spoon, biscuits on a plate.
import { clamp, fbm, mix, noise3, rgb, smoothstep } from '../noise.mjs';
import { blendTo, metal, paint, plaster, wood } from '../materials.mjs';
import {
  blend,
  box,
  capsule,
  cut,
  cylinder,
  ellipsoid,
  lathe,
  move,
  torus,
  turn,
  union,
} from '../shapes.mjs';
import { plane, solid } from '../tracer.mjs';

const instances = [];
const objects = [];
function add(category, parts) {
  const inst = instances.push({ category });
  for (const part of parts) objects.push(solid({ ...part, inst }));
}

/** A mug with a coloured glaze outside, cream inside, speckles, and a bare ring at the foot. */
function mug(
  at,
  turnBy,
  hex,
  { r = 0.62, h = 1.3, drink = 0x2a1509, dip = 0, stripes = false } = {},
) {
  const c = rgb(hex);
  const body = lathe(
    [
      [0, 0.07],
      [r - 0.1, 0.07],
      [r, 0.18],
      [r, h],
    ],
    0.055,
  );
  const ring = turn(torus(h * 0.3, 0.085), 'x', Math.PI / 2);
  const handle = cut(move(ring, r + 0.02, h * 0.52, 0), cylinder(r - 0.04, 4));
  const mat = (x, y, z, m) => {
    const q = Math.hypot(x, z);
    const inside = q < r - 0.01;
    paint(m, c, 0.8 + 0.35 * fbm(x * 2.5, y * 2.5, z * 2.5, 3));
    if (dip) {
      const line = dip + 0.05 * fbm(x * 2, 4, z * 2, 2);
      blendTo(m, rgb(0xd8cbb4), smoothstep(line + 0.015, line - 0.015, y));
    }
    if (stripes && q > r - 0.02 && q < r + 0.08)
      blendTo(m, rgb(0xe9e2d2), smoothstep(0.3, 0.36, Math.abs(((y * 5.5) % 1) - 0.5)));
    if (inside && y > 0.1) paint(m, rgb(0xe8e0d0));
    if (noise3(x * 34, y * 34, z * 34) > 0.86) blendTo(m, rgb(0x4a3f36), 0.55);
    if (y < 0.045) paint(m, rgb(0xb08a66));
    m.coat = 0.95;
    m.rough = 0.11 + 0.08 * fbm(x * 3, y * 3, z * 3, 2);
  };
  const rot = [0, turnBy, 0];
  add('mug', [
    {
      sdf: blend(0.07, body, handle),
      at,
      rot,
      centre: [0.2, h / 2, 0],
      bound: Math.hypot(h / 2 + 0.1, r + 0.5),
      mat,
      k: 0.85,
    },
    {
      sdf: cylinder(r - 0.05, 0.02),
      at: [at[0], h * 0.8, at[2]],
      bound: r,
      mat: (x, y, z, m) => {
        paint(m, rgb(drink));
        blendTo(
          m,
          rgb(0xb98a58),
          smoothstep(r - 0.16, r - 0.06, Math.hypot(x, z) + 0.05 * fbm(x * 9, 1, z * 9, 2)) * 0.8,
        );
        m.coat = 1;
        m.rough = 0.06;
      },
    },
  ]);
}

mug([-1.55, 0, 0.55], -0.55 + Math.PI, 0x2f5d73, { stripes: true });
mug([0.35, 0, -0.35], 0.35, 0xb4482f, { r: 0.6, h: 1.25, dip: 0.38 });
mug([1.95, 0, 0.85], 0.15, 0x54663f, { r: 0.66, h: 1.1, drink: 0x8a5d34 });
mug([-0.55, 0, -2.1], 2.3, 0xd9c9a4, { r: 0.6, h: 1.45, dip: 0.5 });

// two books, one on the other, with page edges
function book(at, rot, [a, b, c], hex) {
  const colour = rgb(hex);
  const cover = cut(box(a, b, c, 0.015), move(box(a, b - 0.035, c, 0), 0.05, 0, 0.05));
  const covers = cut(cover, move(box(a, b - 0.035, c), -0.02, 0, -0.06));
  add('book', [
    {
      sdf: union(covers, move(box(0.03, b, c, 0.015), -a + 0.03, 0, 0)),
      at,
      rot,
      bound: Math.hypot(a, b, c) + 0.02,
      mat: (x, y, z, m) => {
        paint(m, colour, 0.75 + 0.4 * fbm(x * 12, y * 12, z * 12, 3));
        if (
          y > b - 0.03 &&
          Math.abs(x + 0.05) < a * 0.55 &&
          Math.abs(Math.abs(z + 0.3) - 0.12) < 0.035
        )
          blendTo(m, rgb(0xd9b86a), 0.8);
        m.coat = 0.3;
        m.rough = 0.45;
      },
    },
    {
      sdf: box(a - 0.05, b - 0.035, c - 0.05, 0.005),
      at,
      rot,
      bound: Math.hypot(a, b, c),
      mat: (x, y, z, m) => paint(m, rgb(0xe2d6bb), 0.72 + 0.3 * noise3(x * 2, y * 160, z * 2)),
    },
  ]);
}
book([3.0, 0.14, -1.75], [0, 0.35, 0], [0.85, 0.14, 1.15], 0x7a2230);
book([2.95, 0.4, -1.7], [0, 0.12, 0], [0.72, 0.12, 1.0], 0x2c3d52);

// plate with biscuits
add('plate', [
  {
    sdf: lathe(
      [
        [0, 0.06],
        [0.62, 0.06],
        [0.98, 0.14],
        [1.05, 0.17],
      ],
      0.035,
    ),
    at: [-0.25, 0, 2.05],
    bound: 1.15,
    mat: (x, y, z, m) => {
      paint(m, rgb(0xdfe0dc));
      const q = Math.hypot(x, z);
      blendTo(m, rgb(0x52718a), smoothstep(0.9, 0.92, q) * smoothstep(1.0, 0.98, q));
      m.coat = 0.95;
      m.rough = 0.1;
    },
  },
]);
for (const [x, y, z, tilt] of [
  [-0.6, 0.16, 2.05, 0.06],
  [0.08, 0.16, 1.85, -0.05],
  [-0.2, 0.27, 2.12, 0.18],
]) {
  const seed = x * 13 + z;
  add('biscuit', [
    {
      sdf: cylinder(0.4, 0.055, 0.05),
      at: [x, y, z],
      rot: [tilt, x * 5, tilt * 0.6],
      bound: 0.44,
      k: 0.7,
      bump: (u, v, w) => 0.03 * fbm(u * 9 + seed, v * 9, w * 9, 3),
      mat: (u, v, w, m) => {
        paint(m, rgb(0xb9823f), 0.7 + 0.5 * fbm(u * 5 + seed, v * 5, w * 5, 3));
        blendTo(m, rgb(0x7a4a1e), smoothstep(0.28, 0.42, Math.hypot(u, w)) * 0.6);
        if (noise3(u * 11 + seed, v * 4, w * 11) > 0.74) blendTo(m, rgb(0x24120a), 0.9);
      },
    },
  ]);
}

// spoon
add('spoon', [
  {
    sdf: blend(
      0.05,
      cut(ellipsoid(0.26, 0.075, 0.18), move(ellipsoid(0.24, 0.075, 0.16), 0, 0.035, 0)),
      capsule([-0.24, 0.02, 0], [-1.25, 0.07, 0], 0.035, 0.055),
    ),
    at: [1.45, 0.075, 2.25],
    rot: [0, 2.75, 0],
    centre: [-0.5, 0, 0],
    bound: 0.95,
    k: 0.7,
    mat: metal(0xc9c4ba, 0.16),
  },
]);

objects.push(
  plane({
    n: [0, 1, 0],
    at: [0, 0, 0],
    mat: wood(0x7a5638, 0x2c1a10, { plank: 1.5, scale: 1.5, coat: 0.5, rough: 0.26 }),
    bump: (x, y, z) => 0.004 * fbm(x * 4, 1, z * 36, 2),
  }),
  plane({
    n: [0, 0, 1],
    at: [0, 0, -7],
    mat: (x, y, z, m) => {
      plaster(0xb9a58d)(x, y, z, m);
      const shelf = smoothstep(0.05, 0.12, Math.abs(y - 3.1));
      paint(m, [m.r, m.g, m.b], mix(0.3, 1, shelf));
      if (y < 1.6) blendTo(m, rgb(0x59646a), 0.85);
    },
  }),
);

export default {
  file: 'mugs.jpg',
  width: 1280,
  height: 853,
  spp: 16,
  annotated: 'some',
  look: { exposure: 1.35, warmth: 0.04, grain: 0.014 },
  encode: (sharp, pixels, width, height) =>
    sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 82 })
      .toBuffer(),
  scene: {
    seed: 23,
    instances,
    objects,
    ambient: [0.22, 0.21, 0.2],
    lights: [
      { dir: [0.7, 0.62, 0.2], size: 0.24, color: [2.2, 2.0, 1.7] },
      { dir: [-0.8, 0.55, 0.35], size: 0.5, color: [0.35, 0.42, 0.55] },
    ],
    sky: (x, y, z, out) => {
      const window = smoothstep(0.7, 0.86, x * 0.8 + y * 0.35 + z * 0.2);
      const panes =
        Math.abs((Math.atan2(z, x) * 5) % 1) > 0.12 && Math.abs((y * 4) % 1) > 0.12 ? 1 : 0.1;
      const k = 0.22 + 0.22 * clamp(y, 0, 1);
      [out[0], out[1], out[2]] = [
        k + 3 * window * panes,
        k + 2.9 * window * panes,
        k * 1.05 + 2.7 * window * panes,
      ];
    },
    camera: { from: [-0.4, 4.1, 8.3], to: [0.25, 0.55, 0.2], fov: 32, lens: 0.085, focus: 8.6 },
  },
};
