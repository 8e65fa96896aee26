// Tools on a cutting mat, seen from above; a portrait. The file stores it lying on its side with EXIF orientation 6, as
// phones do: readers that ignore the tag see width and height swapped.
import { clamp, fbm, mix, noise3, rgb, smoothstep } from '../noise.mjs';
import { blendTo, glazed, metal, paint, wood } from '../materials.mjs';
import {
  blend,
  box,
  capsule,
  cut,
  cylinder,
  extrude,
  move,
  torus,
  turn,
  turned,
  union,
} from '../shapes.mjs';
import { plane, solid } from '../tracer.mjs';

const instances = [];
const objects = [];
function add(category, parts, at, heading) {
  const inst = instances.push({ category });
  for (const part of parts) objects.push(solid({ at, rot: [0, heading, 0], inst, ...part }));
}
const flat = (f) => turn(f, 'x', Math.PI / 2);

// screwdriver along x: handle to −x
add(
  'screwdriver',
  [
    {
      sdf: turn(
        turned(
          [
            [0, -0.05],
            [0.2, 0],
            [0.27, 0.25],
            [0.24, 0.7],
            [0.27, 1.15],
            [0.2, 1.4],
            [0.11, 1.5],
            [0, 1.5],
          ],
          0.01,
        ),
        'z',
        Math.PI / 2,
      ),
      centre: [-0.75, 0, 0],
      bound: 0.95,
      bump: (x, y, z) =>
        0.02 * smoothstep(0, 0.6, Math.cos(6 * Math.atan2(z, y))) * (x < -0.15 && x > -1.2 ? 1 : 0),
      mat: (x, y, z, m) => {
        paint(m, rgb(0xc01f1f));
        if (Math.cos(6 * Math.atan2(z, y)) > 0.35) paint(m, rgb(0x161616));
        if (x < -1.3 || x > -0.1) paint(m, rgb(0x161616));
        m.coat = 0.8;
        m.rough = 0.25;
      },
    },
    {
      sdf: union(
        turn(cylinder(0.075, 0.85), 'z', Math.PI / 2),
        move(box(0.14, 0.022, 0.11, 0.01), 0.92, 0, 0),
      ),
      centre: [0.1, 0, 0],
      bound: 1.2,
      mat: metal(0xb9bcc0, 0.22),
    },
  ].map((p, i) => (i ? { ...p, sdf: move(p.sdf, 0.8, 0, 0), centre: [0.9, 0, 0] } : p)),
  [-0.55, 0.29, -3.05],
  0.32,
);

// hammer
add(
  'hammer',
  [
    {
      sdf: extrude(
        [
          [-1.9, -0.11],
          [-1.2, -0.15],
          [-0.4, -0.12],
          [1.1, -0.1],
          [1.1, 0.1],
          [-0.4, 0.12],
          [-1.2, 0.15],
          [-1.9, 0.11],
        ],
        0.1,
        0.07,
      ),
      bound: 2,
      mat: (x, y, z, m) => {
        wood(0xc79a62, 0x7a4e26, { plank: 9, scale: 3, coat: 0.5 })(x, z, y + 3, m);
        if (x < -1.55) blendTo(m, rgb(0x1c3a6b), 0.9);
      },
    },
    {
      sdf: blend(
        0.06,
        move(box(0.17, 0.17, 0.26, 0.04), 0, 0, 0),
        move(turn(cylinder(0.2, 0.15, 0.03), 'x', Math.PI / 2), 0, 0, 0.44),
        extrude(
          [
            [-0.15, -0.15],
            [0.15, -0.15],
            [0.15, 0.15],
            [-0.15, 0.15],
          ],
          0.3,
          0.02,
        ),
        cut(
          turn(cylinder(0.6, 0.14, 0.02), 'z', Math.PI / 2),
          union(
            move(turn(cylinder(0.44, 1), 'z', Math.PI / 2), 0, -0.06, 0.06),
            move(box(1, 1, 1), 0, 0, 0.9),
            move(box(1, 1, 1), 0, -0.75, -0.3),
          ),
        ),
      ),
      bound: 0.9,
      k: 0.7,
      mat: metal(0x5d6166, 0.32),
    },
  ].map((p, i) =>
    i
      ? { ...p, sdf: move(p.sdf, 1.25, 0.02, 0), centre: [1.25, 0, 0] }
      : { ...p, sdf: flat(p.sdf) },
  ),
  [-0.15, 0.2, -1.55],
  -0.18,
);

// adjustable wrench: head with a gap (not a hole) and a hanging hole at the end
add(
  'wrench',
  [
    {
      sdf: flat(
        cut(
          blend(
            0.12,
            extrude(
              [
                [-1.6, -0.16],
                [-0.3, -0.13],
                [0.7, -0.15],
                [0.7, 0.15],
                [-0.3, 0.13],
                [-1.6, 0.16],
              ],
              0.075,
              0.03,
            ),
            move(turn(cylinder(0.2, 0.075, 0.03), 'x', Math.PI / 2), -1.6, 0, 0),
            extrude(
              [
                [0.6, -0.2],
                [0.9, -0.36],
                [1.35, -0.34],
                [1.42, -0.2],
                [1.42, 0.3],
                [1.2, 0.42],
                [0.85, 0.36],
                [0.6, 0.2],
              ],
              0.11,
              0.03,
            ),
          ),
          union(
            turn(move(cylinder(0.1, 1), -1.6, 0, 0), 'x', Math.PI / 2),
            turn(move(box(0.36, 1, 0.13), 1.3, 0, 0), 'x', Math.PI / 2),
          ),
        ),
      ),
      bound: 1.95,
      k: 0.8,
      mat: (x, y, z, m) => {
        metal(0x9b9fa3, 0.28)(x, y, z, m);
        if (Math.abs(x + 0.45) < 0.5 && Math.abs(z) < 0.07) paint(m, rgb(0x54585c));
      },
    },
    {
      sdf: turn(cylinder(0.12, 0.14, 0.02), 'z', Math.PI / 2),
      centre: [0.86, 0, -0.1],
      bound: 0.25,
      bump: (x, y, z) => 0.02 * Math.sin(x * 90),
      mat: metal(0xbcbfc2, 0.25),
    },
  ].map((p, i) => (i ? { ...p, sdf: move(p.sdf, 0.84, 0.0, -0.1) } : p)),
  [0.75, 0.13, 0.1],
  0.55,
);

// scissors: two blades, two rings (holes)
const blade = (s) => [
  {
    sdf: turn(
      flat(
        extrude(
          [
            [0, -0.12],
            [0.5, -0.13],
            [1.75, -0.015],
            [1.75, 0.02],
            [0.4, 0.1],
            [0, 0.12],
          ],
          0.025,
          0.01,
        ),
      ),
      'y',
      s * 0.2,
    ),
    bound: 1.85,
    centre: [0.8, 0, 0],
    mat: metal(0xc3c6c9, 0.17),
  },
  {
    sdf: turn(
      blend(
        0.1,
        capsule([0, 0.02, 0], [-0.75, 0.02, s * 0.12], 0.09, 0.085),
        move((x, y, z) => torus(0.3, 0.085)(x * 0.8, y, z), -1.12, 0.02, s * 0.3),
      ),
      'y',
      s * 0.2,
    ),
    bound: 1.1,
    centre: [-0.85, 0, 0],
    k: 0.75,
    mat: (x, y, z, m) => {
      glazed(0x1f6f8f, 0.6, 0.3)(x, y, z, m);
    },
  },
];
add(
  'scissors',
  [
    ...blade(1),
    ...blade(-1).map((p) => ({ ...p, sdf: move(p.sdf, 0, 0.035, 0) })),
    { sdf: move(cylinder(0.08, 0.07, 0.02), 0.12, 0.06, 0), bound: 0.3, mat: metal(0x8d9093, 0.2) },
  ],
  [-0.75, 0.11, 1.45],
  -0.6,
);

// roll of tape: a ring
add(
  'tape',
  [
    {
      sdf: cut(cylinder(0.66, 0.26, 0.02), cylinder(0.44, 1)),
      bound: 0.8,
      mat: (x, y, z, m) => {
        const q = Math.hypot(x, z);
        paint(m, rgb(0xd9b04a), 0.8 + 0.25 * noise3(q * 90, 1, 1));
        if (q < 0.475) paint(m, rgb(0xb79a74));
        m.coat = 0.5;
      },
    },
  ],
  [1.25, 0.27, 2.35],
  0.3,
);

// pencil and eraser
add(
  'pencil',
  [
    {
      sdf: (x, y, z) => {
        const q = Math.max(Math.abs(y), Math.abs(z) * 0.866 + Math.abs(y) * 0.5);
        const tip = (Math.hypot(y, z) - (1.55 - x) * 0.22) * 0.95;
        return Math.max(q - 0.085, tip, Math.abs(x + 0.1) - 1.7);
      },
      bound: 1.9,
      k: 0.8,
      mat: (x, y, z, m) => {
        paint(m, rgb(0xe0a81e));
        if (x > 1.14 + 0.04 * Math.cos(6 * Math.atan2(z, y)))
          paint(m, rgb(0xcfa06a), 0.85 + 0.3 * noise3(x * 3, y * 40, z * 40));
        if (x > 1.46) paint(m, rgb(0x222326));
        if (x < -1.5) paint(m, rgb(0xb8554f));
        else if (x < -1.32) {
          paint(m, rgb(0xb7b9bb), 0.7 + 0.3 * Math.sin(x * 120));
        }
        m.coat = 0.6;
        m.rough = 0.25;
      },
    },
  ],
  [0.35, 0.1, 3.55],
  0.22,
);
add(
  'eraser',
  [
    {
      sdf: box(0.34, 0.12, 0.2, 0.05),
      bound: 0.5,
      mat: (x, y, z, m) => {
        paint(m, rgb(x > 0.02 ? 0xe9e7e2 : 0x27519c), 0.85 + 0.25 * fbm(x * 5, y * 5, z * 5, 3));
        if (x < -0.26) paint(m, rgb(0xd9d6d0), 0.9);
        m.coat = 0.15;
      },
    },
  ],
  [-1.5, 0.12, 3.25],
  1.1,
);
// some screws
for (const [x, z, a] of [
  [1.75, -2.25, 0.4],
  [1.45, -2.0, 1.9],
  [1.95, -1.8, 3.0],
]) {
  add(
    'screw',
    [
      {
        sdf: union(
          capsule([0, 0, 0], [0.34, 0, 0], 0.05, 0.02),
          move(turn(cylinder(0.1, 0.03, 0.015), 'z', Math.PI / 2), -0.02, 0.03, 0),
        ),
        bound: 0.45,
        k: 0.7,
        bump: (u, v, w) => 0.012 * Math.sin(u * 110 + Math.atan2(w, v)),
        mat: metal(0xc9b27a, 0.25),
      },
    ],
    [x, 0.08, z],
    a,
  );
}

objects.push(
  plane({
    n: [0, 1, 0],
    at: [0, 0, 0],
    mat: (x, y, z, m) => {
      const onMat = Math.max(Math.abs(x) - 2.55, Math.abs(z + 0.1) - 3.95) < 0;
      if (!onMat) {
        wood(0x9b7650, 0x4b301b, { plank: 1.9, scale: 1.3 })(z, y, x, m);
        return;
      }
      paint(
        m,
        rgb(0x2c5f4e),
        0.72 + 0.3 * fbm(x * 2, 1, z * 2, 4) + 0.12 * noise3(x * 60, 1, z * 60),
      );
      const g = (v, step) => Math.abs((((v + 50) / step) % 1) - 0.5) * step;
      const fine = Math.max(g(x, 0.5), g(z, 0.5)) > 0.244;
      const bold = Math.max(g(x, 2.5), g(z, 2.5)) > 1.236;
      if (fine) blendTo(m, rgb(0xb9c9a8), bold ? 0.6 : 0.26);
      const scratch = Math.abs(fbm(x * 0.6 + z * 0.5, 3, z * 0.3 - x * 0.2, 4) - 0.5);
      if (scratch < 0.0009) blendTo(m, rgb(0x9fb3a4), 0.22);
      m.coat = 0.12;
      m.rough = 0.5;
    },
  }),
);

export default {
  file: 'workbench.jpg',
  width: 960,
  height: 1280,
  spp: 12,
  annotated: 'some',
  look: { exposure: 1.2, warmth: 0.02, grain: 0.012 },
  // stored turned by 90° against the clock; orientation 6 tells readers to turn it back
  encode: (sharp, pixels, width, height) =>
    sharp(pixels, { raw: { width, height, channels: 3 } })
      .rotate(270)
      .jpeg({ quality: 82 })
      .withExif({ IFD0: { Orientation: '6' } })
      .withMetadata({ orientation: 6 })
      .toBuffer(),
  scene: {
    seed: 61,
    instances,
    objects,
    ambient: [0.28, 0.29, 0.31],
    lights: [{ dir: [-0.6, 0.72, -0.35], size: 0.2, color: [2.0, 1.9, 1.7] }],
    sky: (x, y, z, out) => {
      const window = smoothstep(0.7, 0.9, -x * 0.66 + y * 0.5 - z * 0.5);
      const k = 0.3 + 0.2 * clamp(y, 0, 1);
      const lamp = 2.4 * window;
      [out[0], out[1], out[2]] = [
        k + lamp * mix(1, 1.04, window),
        k * 1.02 + lamp,
        k * 1.08 + lamp * 0.94,
      ];
    },
    camera: {
      from: [0.1, 12.4, 2.6],
      to: [0.05, 0, 0.15],
      up: [0, 0, -1],
      fov: 38,
      lens: 0.04,
      focus: 12.3,
    },
  },
};
