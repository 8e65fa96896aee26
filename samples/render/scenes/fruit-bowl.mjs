// A bowl of fruit on a wooden table: touching objects, soft window light, shallow focus.
import { clamp, fbm, mix, noise3, rgb, smoothstep } from '../noise.mjs';
import { blendTo, glazed, matte, paint, plaster, wood } from '../materials.mjs';
import { blend, capsule, ellipsoid, lathe, move, sphere } from '../shapes.mjs';
import { plane, solid } from '../tracer.mjs';

const instances = [];
const objects = [];
function add(category, parts) {
  const inst = instances.push({ category });
  for (const part of parts) objects.push(solid({ ...part, inst }));
}

function apple(at, rot, size, red, seed) {
  const [R, r] = [0.3, 0.7];
  const body = (x, y, z) => {
    const q = Math.sqrt(x * x + z * z);
    const wide = 1 - 0.16 * smoothstep(0.2, -0.9, y);
    return Math.hypot(q / wide - R, y * 1.05) - r;
  };
  const sdf = (x, y, z) => body(x / size, y / size, z / size) * size;
  const a = rgb(red);
  const b = rgb(0xd8b04a);
  const mat = (x, y, z, m) => {
    const angle = Math.atan2(z, x);
    const streak = fbm(Math.cos(angle) * 5 + seed, (y / size) * 1.2, Math.sin(angle) * 5, 4);
    const blush = fbm(x * 1.6 + seed, y * 1.6, z * 1.6, 3);
    paint(m, a, 0.75 + 0.4 * blush);
    blendTo(
      m,
      b,
      clamp(smoothstep(0.5, 0.85, streak) * 0.5 + smoothstep(0.5, 0.75, blush) * 0.4, 0, 0.85),
    );
    const dimple = smoothstep(0.4 * size, 0.05, Math.hypot(x, z)) * (y > 0 ? 1 : 0);
    blendTo(m, rgb(0x8a7a2c), dimple * 0.8);
    if (noise3(x * 46, y * 46, z * 46) > 0.86) blendTo(m, rgb(0xe6cf9a), 0.35);
    m.coat = 0.75;
    m.rough = 0.22;
  };
  add('apple', [
    { sdf, at, rot, bound: size * 1.12, mat, k: 0.8 },
    {
      sdf: capsule([0, 0.3 * size, 0], [0.1 * size, 0.86 * size, 0.04], 0.035, 0.05),
      at,
      rot,
      bound: size,
      mat: matte(0x4a3320),
    },
  ]);
}

function orange(at, size, seed) {
  const c = rgb(0xf08a12);
  add('orange', [
    {
      sdf: ellipsoid(size, size * 0.95, size),
      at,
      rot: [seed, seed * 2, 0],
      bound: size * 1.02,
      bump: (x, y, z) => 0.006 * noise3(x * 38, y * 38, z * 38),
      mat: (x, y, z, m) => {
        paint(m, c, 0.82 + 0.3 * fbm(x * 2 + seed, y * 2, z * 2, 3));
        const navel = smoothstep(0.14, 0.05, Math.hypot(x, z)) * (y > 0 ? 1 : 0);
        blendTo(m, rgb(0x3f5a1c), navel);
        m.coat = 0.6;
        m.rough = 0.34;
      },
    },
  ]);
}

function lemon(at, rot, size, seed) {
  const c = rgb(0xe6c62e);
  const sdf = blend(
    0.16,
    ellipsoid(size * 1.3, size, size),
    move(sphere(size * 0.2), size * 1.33, 0, 0),
    move(sphere(size * 0.22), -size * 1.28, 0, 0),
  );
  add('lemon', [
    {
      sdf,
      at,
      rot,
      bound: size * 1.7,
      k: 0.75,
      bump: (x, y, z) => 0.006 * noise3(x * 34, y * 34, z * 34),
      mat: (x, y, z, m) => {
        paint(m, c, 0.85 + 0.25 * fbm(x * 3 + seed, y * 3, z * 3, 3));
        blendTo(m, rgb(0x8ba02a), smoothstep(1.05, 1.4, Math.abs(x) / size) * 0.6);
        m.coat = 0.6;
        m.rough = 0.3;
      },
    },
  ]);
}

function pear(at, rot, size) {
  const sdf = blend(
    0.42 * size,
    sphere(0.62 * size),
    move(sphere(0.34 * size), 0.03, 0.72 * size, 0),
  );
  add('pear', [
    {
      sdf,
      at,
      rot,
      bound: 1.3 * size,
      k: 0.8,
      mat: (x, y, z, m) => {
        paint(m, rgb(0xa3a44e), 0.7 + 0.3 * fbm(x * 2, y * 2, z * 2, 3));
        blendTo(
          m,
          rgb(0xb5652c),
          smoothstep(0.45, 0.75, fbm(x * 1.4 + 4, y * 1.2, z * 1.4, 3)) * 0.7,
        );
        if (noise3(x * 40, y * 40, z * 40) > 0.8) blendTo(m, rgb(0x6d5426), 0.45);
        m.coat = 0.45;
        m.rough = 0.35;
      },
    },
    {
      sdf: capsule([0.03, 1.0 * size, 0], [0.12, 1.32 * size, 0.03], 0.035, 0.045),
      at,
      rot,
      bound: 1.5 * size,
      mat: matte(0x3c2a18),
    },
  ]);
}

function banana(at, rot, R) {
  const sdf = (x, y, z) => {
    const angle = Math.atan2(z, x);
    const q = Math.hypot(x, z) - R;
    const end = clamp(Math.abs(angle - Math.PI / 2) / 1.02, 0, 1.4);
    const r = 0.27 * Math.sqrt(Math.max(1 - end ** 4 * 0.9, 0.03));
    const side = Math.hypot(q, y);
    const facet = 1 - 0.07 * Math.cos(5 * Math.atan2(y, q));
    const across = side - r * facet;
    const cut = (Math.abs(angle - Math.PI / 2) - 1.14) * R;
    return Math.max(across, cut) * 0.8;
  };
  add('banana', [
    {
      sdf,
      at,
      rot,
      centre: [0, 0, R * 0.72],
      bound: R * 1.16,
      k: 0.7,
      mat: (x, y, z, m) => {
        const end = Math.abs(Math.atan2(z, x) - Math.PI / 2);
        paint(m, rgb(0xefc628), 0.85 + 0.25 * fbm(x * 3, y * 3, z * 3, 3));
        blendTo(m, rgb(0x9aa53a), smoothstep(0.75, 1.05, end) * 0.7);
        blendTo(m, rgb(0x2e2113), smoothstep(1.06, 1.12, end));
        const spots = fbm(x * 14, y * 14, z * 14, 3);
        blendTo(m, rgb(0x5d3d17), smoothstep(0.58, 0.66, spots) * 0.75);
        m.coat = 0.4;
        m.rough = 0.4;
      },
    },
  ]);
}

// the bowl
const profile = [
  [0, 0.09],
  [0.62, 0.09],
  [0.95, 0.22],
  [1.35, 0.55],
  [1.62, 0.98],
  [1.7, 1.12],
];
add('bowl', [
  {
    sdf: lathe(profile, 0.055),
    at: [-0.1, 0, 0],
    centre: [0, 0.5, 0],
    bound: 1.95,
    mat: (x, y, z, m) => {
      paint(m, rgb(0xe9e1d0), 0.9 + 0.15 * fbm(x * 5, y * 5, z * 5, 3));
      const band =
        smoothstep(0.7, 0.73, y) * smoothstep(0.92, 0.89, y) +
        smoothstep(0.6, 0.61, y) * smoothstep(0.645, 0.635, y);
      blendTo(m, rgb(0x25507e), clamp(band, 0, 1) * (Math.hypot(x, z) > 0.3 ? 0.9 : 0));
      const speck = noise3(x * 30, y * 30, z * 30);
      if (speck > 0.84) blendTo(m, rgb(0x6a5a48), 0.5);
      m.coat = 0.9;
      m.rough = 0.14;
    },
  },
]);
apple([-0.75, 1.02, 0.42], [0.25, 0.4, 0.15], 0.58, 0xa31420, 2);
orange([0.35, 0.98, 0.62], 0.55, 5);
apple([0.62, 1.1, -0.35], [-0.2, 1.4, -0.2], 0.6, 0xb52a1c, 9);
orange([-0.35, 1.05, -0.55], 0.56, 1);
lemon([-0.1, 1.62, 0.05], [0.3, 0.6, 0.1], 0.34, 3);
// on the table
banana([1.75, 0.27, 3.0], [0.02, Math.PI + 0.25, 0], 1.5);
lemon([-2.35, 0.4, 0.75], [0, 0.7, 0.05], 0.4, 8);
pear([2.75, 0.6, -0.95], [0.05, 0.3, -0.12], 0.98);
apple([-2.35, 0.58, -0.85], [0.1, 2.1, 0.1], 0.62, 0x8fa52c, 6);

objects.push(
  plane({
    n: [0, 1, 0],
    at: [0, 0, 0],
    mat: wood(0xa3794f, 0x4a2f1a, { scale: 1.6 }),
    bump: (x, y, z) => 0.004 * fbm(x * 3, 1, z * 30, 2),
  }),
  plane({ n: [0, 0, 1], at: [0, 0, -5.5], mat: plaster(0x8fa0a4) }),
  solid({
    // a blurred pot in the background, no annotation
    sdf: lathe(
      [
        [0, 0.05],
        [0.6, 0.05],
        [0.85, 1.5],
        [0.9, 1.55],
      ],
      0.06,
    ),
    at: [-3.9, 0, -4.1],
    centre: [0, 0.8, 0],
    bound: 1.4,
    mat: glazed(0xa4553a, 0.2, 0.5),
  }),
  solid({
    sdf: blend(
      0.3,
      move(ellipsoid(0.9, 0.7, 0.8), 0, 2.1, 0),
      move(ellipsoid(0.6, 0.9, 0.6), 0.5, 2.7, 0.1),
      move(ellipsoid(0.6, 0.7, 0.6), -0.6, 2.6, 0),
    ),
    at: [-3.9, 0, -4.1],
    centre: [0, 2.2, 0],
    bound: 1.9,
    k: 0.6,
    bump: (x, y, z) => 0.12 * fbm(x * 7, y * 7, z * 7, 2),
    mat: matte(0x3f6b2e, 0.8, 6),
  }),
);

export default {
  file: 'fruit-bowl.jpg',
  width: 1280,
  height: 853,
  spp: 16,
  annotated: 'all',
  look: { exposure: 1.25, warmth: 0.03, grain: 0.012 },
  encode: (sharp, pixels, width, height) =>
    sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 84 })
      .toBuffer(),
  scene: {
    seed: 11,
    instances,
    objects,
    ambient: [0.3, 0.31, 0.34],
    lights: [{ dir: [-0.62, 0.66, 0.42], size: 0.28, color: [2.3, 2.1, 1.8] }],
    sky: (x, y, z, out) => {
      const window = smoothstep(0.55, 0.8, -x * 0.75 + y * 0.3 + z * 0.45);
      const k = 0.32 + 0.25 * clamp(y, 0, 1) + 2.2 * window;
      [out[0], out[1], out[2]] = [k * mix(1, 1.05, window), k, k * mix(1.06, 0.95, window)];
    },
    camera: { from: [0.5, 3.5, 7.6], to: [0.15, 0.75, -0.1], fov: 33, lens: 0.13, focus: 7.4 },
  },
};
