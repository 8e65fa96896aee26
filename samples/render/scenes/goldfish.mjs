// Three goldfish over pebbles and plants: thin fins, objects that overlap, coloured water.
import { cells2, clamp, fbm, hash3, mix, noise3, rgb, smoothstep } from '../noise.mjs';
import { blendTo, paint } from '../materials.mjs';
import { blend, ellipsoid, extrude, move, sphere, turn } from '../shapes.mjs';
import { plane, solid } from '../tracer.mjs';

const instances = [];
const objects = [];

/** A fish along x, nose to +x, about 2.6 long. */
function fish(at, rot, size, hex, pale, bend, seed) {
  const inst = instances.push({ category: 'fish' });
  const main = rgb(hex);
  const light = rgb(pale);
  const curve = (f) => (x, y, z) =>
    f(x, y, z - bend * smoothstep(0.4, -1.8, x) * 0.5 - 0.04 * Math.sin(x * 3 + seed));
  const scaled = (f) => {
    const g = curve(f);
    return (x, y, z) => g(x / size, y / size, z / size) * size;
  };
  const body = blend(
    0.35,
    ellipsoid(1.0, 0.56, 0.36),
    move(ellipsoid(0.55, 0.4, 0.31), 0.62, -0.03, 0),
    move(ellipsoid(0.62, 0.22, 0.14), -0.95, 0.02, 0),
  );
  const wave = (f, k) => (x, y, z) => f(x, y, z - 0.07 * Math.sin(y * 5 + x * 4 + k)) * 0.8;
  const fins = [
    wave(
      extrude(
        [
          [-1.2, 0.05],
          [-1.75, 0.62],
          [-2.35, 0.82],
          [-2.15, 0.35],
          [-1.95, 0.02],
          [-2.2, -0.35],
          [-2.4, -0.85],
          [-1.7, -0.58],
          [-1.2, -0.07],
        ],
        0.022,
        0.01,
      ),
      seed,
    ),
    wave(
      extrude(
        [
          [0.35, 0.46],
          [0.15, 0.98],
          [-0.35, 1.02],
          [-0.85, 0.6],
          [-0.75, 0.25],
        ],
        0.02,
        0.01,
      ),
      seed + 2,
    ),
    wave(
      extrude(
        [
          [-0.35, -0.42],
          [-0.55, -0.92],
          [-0.85, -0.98],
          [-0.82, -0.3],
        ],
        0.02,
        0.01,
      ),
      seed + 4,
    ),
    move(
      turn(
        extrude(
          [
            [0, 0],
            [-0.25, -0.36],
            [-0.6, -0.46],
            [-0.5, -0.1],
            [-0.2, 0.06],
          ],
          0.018,
          0.008,
        ),
        'y',
        -0.6,
      ),
      0.42,
      -0.18,
      0.34,
    ),
    move(
      turn(
        extrude(
          [
            [0, 0],
            [-0.25, -0.36],
            [-0.6, -0.46],
            [-0.5, -0.1],
            [-0.2, 0.06],
          ],
          0.018,
          0.008,
        ),
        'y',
        0.6,
      ),
      0.42,
      -0.18,
      -0.34,
    ),
  ];
  objects.push(
    solid({
      sdf: scaled(body),
      at,
      rot,
      centre: [-0.2 * size, 0, 0],
      bound: 1.65 * size,
      inst,
      k: 0.7,
      bump: (x, y, z) =>
        0.012 *
          size *
          smoothstep(0.85, 0.2, x / size) *
          (cells2((x / size) * 9 + 40, (y / size) * 9 + 40).f1 < 0.42 ? 1 : 0.4) +
        z * 0,
      mat: (X, Y, Z, m) => {
        const [x, y, z] = [X / size, Y / size, Z / size];
        paint(m, main, 0.8 + 0.35 * fbm(x * 3 + seed, y * 3, z * 3, 3));
        blendTo(m, light, smoothstep(0.05, -0.5, y) * 0.75);
        blendTo(m, light, smoothstep(0.55, 0.7, fbm(x * 1.7 + seed * 3, y * 1.7, z, 3)) * 0.85);
        const scale = cells2(x * 9 + 40, y * 9 + 40);
        if (x < 0.6)
          paint(m, [m.r, m.g, m.b], 0.8 + 0.35 * smoothstep(0, 0.3, scale.f2 - scale.f1));
        const gill = Math.abs(Math.hypot(x - 0.95, y * 0.9) - 0.45);
        if (gill < 0.02 && x < 0.7) paint(m, [m.r, m.g, m.b], 0.5);
        if (x > 1.08 && Math.abs(y + 0.06) < 0.012) paint(m, rgb(0x3a1508));
        m.coat = 0.9;
        m.rough = 0.2;
      },
    }),
    solid({
      sdf: scaled((x, y, z) =>
        Math.min(
          fins[0](x, y, z),
          fins[1](x, y, z),
          fins[2](x, y, z),
          fins[3](x, y, z),
          fins[4](x, y, z),
        ),
      ),
      at,
      rot,
      centre: [-0.7 * size, 0, 0],
      bound: 2.0 * size,
      inst,
      k: 0.65,
      mat: (X, Y, Z, m) => {
        const [x, y] = [X / size, Y / size];
        paint(m, main, 0.95);
        const ray = Math.sin(Math.atan2(y, x + 0.8) * 46);
        paint(m, [m.r, m.g, m.b], 0.75 + 0.3 * ray);
        blendTo(m, light, smoothstep(1.1, 2.2, Math.hypot(x + 0.4, y * 1.6)) * 0.7);
        m.coat = 0.5;
        m.glow = 0.12;
      },
    }),
    ...[-1, 1].map((s) =>
      solid({
        sdf: scaled(move(sphere(0.115), 0.83, 0.1, s * 0.235)),
        at,
        rot,
        centre: [0.83 * size, 0.1 * size, s * 0.235 * size],
        bound: 0.2 * size,
        inst,
        mat: (X, Y, Z, m) => {
          const q = Math.hypot(X / size - 0.84, Y / size - 0.1);
          paint(m, q < 0.062 ? rgb(0x050505) : rgb(0xd9b65a));
          m.coat = 1;
          m.rough = 0.05;
        },
      }),
    ),
  );
}
fish([0.75, 1.95, 0.6], [0.02, 0.3, 0.1], 1.0, 0xe8590c, 0xf6d9a8, 0.5, 3);
fish([-2.35, 1.35, -1.1], [0, -0.35, -0.06], 0.88, 0xdd3b10, 0xf3efe6, -0.5, 7);
fish([2.9, 2.75, -2.3], [0.05, Math.PI - 0.35, 0.06], 0.8, 0xf08a1c, 0xf8e3b0, 0.4, 12);

// pebbles
for (let i = 0; i < 46; i++) {
  const h = (k) => hash3(i, k, 77);
  const [x, z] = [(h(1) - 0.5) * 9.5, -3.6 + h(2) * 6.2];
  const r = 0.16 + 0.3 * h(3) ** 2;
  const tone = rgb([0x8a8378, 0xb3a58f, 0x5d6163, 0xa0735a, 0xd1c8b6][Math.floor(h(4) * 5)]);
  objects.push(
    solid({
      sdf: ellipsoid(r * (1 + 0.5 * h(5)), r * 0.62, r),
      at: [x, r * 0.3, z],
      rot: [0, h(6) * 3, 0],
      bound: r * 1.55,
      bump: (u, v, w) => 0.01 * fbm(u * 12 + i, v * 12, w * 12, 3),
      mat: (u, v, w, m) => {
        paint(m, tone, 0.6 + 0.7 * fbm(u * 7 + i, v * 7, w * 7, 4));
        blendTo(m, rgb(0x4a5a2a), smoothstep(0.5, 0.7, fbm(u * 3 + i, v * 3, w * 3, 3)) * 0.5);
        m.coat = 0.3;
      },
    }),
  );
}
// plants: bent leaves in two clumps, one instance each
for (const [px, pz, n, height, clump] of [
  [-4.0, -2.4, 12, 3.6, 1],
  [4.2, -1.4, 10, 3.0, 2],
  [0.6, -3.6, 10, 2.6, 3],
]) {
  const inst = instances.push({ category: 'water plant' });
  for (let i = 0; i < n; i++) {
    const h = (k) => hash3(i, k, 90 + clump);
    const tall = height * (0.6 + 0.5 * h(1));
    const lean = (h(2) - 0.5) * 0.9;
    const tone = rgb(h(3) > 0.6 ? 0x5f8a2a : 0x2f6b2c);
    objects.push(
      solid({
        sdf: (x, y, z) => {
          const t = clamp(y / tall, 0, 1);
          const cx = lean * tall * t * t + 0.1 * Math.sin(t * 7 + i);
          const w = 0.15 * Math.sin(Math.PI * Math.min(t * 0.93 + 0.07, 1)) + 0.012;
          const dx = Math.max(Math.abs(x - cx) - w, 0);
          const dz = Math.max(Math.abs(z - 0.08 * Math.sin(t * 5 + i)) - 0.012, 0);
          const dy = Math.max(y - tall, -y, 0);
          return Math.hypot(dx, dz, dy) - 0.012;
        },
        at: [px + (h(4) - 0.5) * 0.9, 0, pz + (h(5) - 0.5) * 0.7],
        rot: [0, h(6) * 6.28, 0],
        centre: [lean * tall * 0.35, tall / 2, 0],
        bound: tall * 0.68,
        inst,
        k: 0.5,
        mat: (x, y, z, m) => {
          paint(m, tone, 0.55 + 0.6 * fbm(x * 5, y * 2, z * 5 + i, 3));
          if (Math.abs(Math.sin(x * 40)) < 0.2) paint(m, [m.r, m.g, m.b], 1.2);
          m.coat = 0.25;
          m.glow = 0.05;
        },
      }),
    );
  }
}

objects.push(
  plane({
    n: [0, 1, 0],
    at: [0, 0, 0],
    bump: (x, y, z) => 0.06 * cells2(x * 5, z * 5).f1 + 0.05 * fbm(x * 1.2, 1, z * 1.2, 3),
    mat: (x, y, z, m) => {
      const { f1, f2, id } = cells2(x * 5, z * 5);
      paint(m, rgb(0xb9a67e), 0.55 + 0.5 * id);
      blendTo(m, rgb(0x5e5546), (1 - smoothstep(0, 0.15, f2 - f1)) * 0.7);
      paint(m, [m.r, m.g, m.b], 0.85 + 0.3 * noise3(x * 30, f1, z * 30));
    },
  }),
);

export default {
  file: 'goldfish.jpg',
  width: 1280,
  height: 853,
  spp: 10,
  annotated: 'none',
  look: { exposure: 1.3, warmth: -0.01, grain: 0.01, saturation: 0.92 },
  encode: (sharp, pixels, width, height) =>
    sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 82 })
      .toBuffer(),
  scene: {
    seed: 71,
    instances,
    objects,
    ambient: [0.16, 0.3, 0.34],
    fog: { density: 0.062, color: [0.035, 0.2, 0.25], power: 1.9 },
    caustics: (x, y, z) => {
      const [u, v] = [x * 0.9 + y * 0.35, z * 0.9 + y * 0.2];
      const w = fbm(u * 0.8, 2, v * 0.8, 2);
      const { f1, f2 } = cells2(u + w, v + w);
      return 0.55 + 1.5 * Math.exp(-(f2 - f1) * 7);
    },
    lights: [{ dir: [0.28, 0.92, 0.36], size: 0.08, color: [2.3, 2.5, 2.2] }],
    sky: (x, y, z, out, depth) => {
      const k = depth === 0 ? 0 : 0.35 * clamp(y + 0.2, 0, 1);
      const glow = smoothstep(0, 0.4, y);
      out[0] = mix(0.035, 0.12, glow) + k * 0.7;
      out[1] = mix(0.2, 0.42, glow) + k;
      out[2] = mix(0.25, 0.46, glow) + k;
    },
    camera: { from: [0, 2.35, 9.2], to: [0.1, 1.75, -0.5], fov: 35, lens: 0.06, focus: 8.8 },
  },
};
