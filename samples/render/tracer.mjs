// A small path tracer over signed distance functions: thin-lens camera, soft lights, one diffuse or glossy
// bounce chain, fog. Deterministic: every pixel seeds its own generator, so threads and order do not matter.
// It knows nothing of the scenes; the hot loops write into module variables instead of allocating.

const MAX_DEPTH = 3;
let rngState = 1;
function rnd() {
  rngState = (rngState + 0x6d2b79f5) | 0;
  let t = Math.imul(rngState ^ (rngState >>> 15), 1 | rngState);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/**
 * An object: `sdf` in local coordinates, `at` its place, `rot` Euler angles [x, y, z] (applied z, x, y), `bound` radius of a
 * sphere around `centre` (local) that holds it, `mat(x, y, z, m)` fills the material at a local point, `inst` > 0 the
 * instance it belongs to in the masks.
 */
export function solid({
  sdf,
  at = [0, 0, 0],
  rot = [0, 0, 0],
  bound,
  centre = [0, 0, 0],
  mat,
  bump,
  inst = 0,
  k = 0.9,
}) {
  const R = rotation(rot);
  const c = apply(R, centre);
  return {
    sdf,
    at,
    R,
    r2: bound * bound,
    c: [c[0] + at[0], c[1] + at[1], c[2] + at[2]],
    mat,
    bump,
    inst,
    k,
  };
}

/** An endless plane through `at` with normal `n`. */
export function plane({ n, at, mat, bump, inst = 0, within }) {
  return { plane: true, n, d: n[0] * at[0] + n[1] * at[1] + n[2] * at[2], mat, bump, inst, within };
}

function rotation([ax, ay, az]) {
  const [cx, sx, cy, sy, cz, sz] = [ax, ay, az].flatMap((a) => [Math.cos(a), Math.sin(a)]);
  const Z = [cz, -sz, 0, sz, cz, 0, 0, 0, 1];
  const X = [1, 0, 0, 0, cx, -sx, 0, sx, cx];
  const Y = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  return product(Y, product(X, Z));
}
function product(a, b) {
  const out = [];
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++)
      out.push(a[i * 3] * b[j] + a[i * 3 + 1] * b[3 + j] + a[i * 3 + 2] * b[6 + j]);
  return out;
}
const apply = (R, [x, y, z]) => [0, 3, 6].map((i) => R[i] * x + R[i + 1] * y + R[i + 2] * z);

// result of the last intersection
let hitT = 0;
let hitObject = null;

/** Nearest hit before tMax; fills hitT and hitObject. */
function intersect(objects, ox, oy, oz, dx, dy, dz, tMax, any) {
  hitT = tMax;
  hitObject = null;
  for (let i = 0; i < objects.length; i++) {
    const o = objects[i];
    if (o.plane) {
      const dn = dx * o.n[0] + dy * o.n[1] + dz * o.n[2];
      if (dn > -1e-6) continue;
      const t = (o.d - (ox * o.n[0] + oy * o.n[1] + oz * o.n[2])) / dn;
      if (t > 1e-4 && t < hitT && (!o.within || o.within(ox + dx * t, oy + dy * t, oz + dz * t))) {
        hitT = t;
        hitObject = o;
        if (any) return true;
      }
      continue;
    }
    const cx = ox - o.c[0];
    const cy = oy - o.c[1];
    const cz = oz - o.c[2];
    const b = cx * dx + cy * dy + cz * dz;
    const disc = b * b - (cx * cx + cy * cy + cz * cz - o.r2);
    if (disc <= 0) continue;
    const s = Math.sqrt(disc);
    const t1 = Math.min(-b + s, hitT);
    if (t1 <= 0 || -b - s > hitT) continue;
    const t = march(o, ox, oy, oz, dx, dy, dz, Math.max(-b - s, 0), t1);
    if (t >= 0) {
      hitT = t;
      hitObject = o;
      if (any) return true;
    }
  }
  return hitObject !== null;
}

function march(o, wx, wy, wz, wdx, wdy, wdz, t0, t1) {
  const R = o.R;
  const px = wx - o.at[0];
  const py = wy - o.at[1];
  const pz = wz - o.at[2];
  const ox = R[0] * px + R[3] * py + R[6] * pz;
  const oy = R[1] * px + R[4] * py + R[7] * pz;
  const oz = R[2] * px + R[5] * py + R[8] * pz;
  const dx = R[0] * wdx + R[3] * wdy + R[6] * wdz;
  const dy = R[1] * wdx + R[4] * wdy + R[7] * wdz;
  const dz = R[2] * wdx + R[5] * wdy + R[8] * wdz;
  let t = t0;
  for (let i = 0; i < 90; i++) {
    const d = o.sdf(ox + dx * t, oy + dy * t, oz + dz * t);
    if (d < 0.0004 + 0.0002 * t) return t;
    t += d * o.k;
    if (t > t1) return -1;
  }
  return -1;
}

const m = { r: 0, g: 0, b: 0, coat: 0, rough: 0.3, metal: 0, glow: 0 };
let [nx, ny, nz, hx, hy, hz] = [0, 0, 0, 0, 0, 0];

/** Fills the material m and the normal n at world point h of object o. */
function surface(o) {
  m.coat = 0;
  m.rough = 0.4;
  m.metal = 0;
  m.glow = 0;
  const e = 0.0012;
  if (o.plane) {
    [nx, ny, nz] = o.n;
    if (o.bump) {
      const b = o.bump(hx, hy, hz);
      const gx = (o.bump(hx + e, hy, hz) - b) / e;
      const gy = (o.bump(hx, hy + e, hz) - b) / e;
      const gz = (o.bump(hx, hy, hz + e) - b) / e;
      normalise(nx - gx * (1 - nx * nx), ny - gy * (1 - ny * ny), nz - gz * (1 - nz * nz));
    }
    o.mat(hx, hy, hz, m);
    return;
  }
  const R = o.R;
  const px = hx - o.at[0];
  const py = hy - o.at[1];
  const pz = hz - o.at[2];
  const x = R[0] * px + R[3] * py + R[6] * pz;
  const y = R[1] * px + R[4] * py + R[7] * pz;
  const z = R[2] * px + R[5] * py + R[8] * pz;
  const f = o.sdf;
  const g = o.bump;
  let a = f(x + e, y - e, z - e);
  let b = f(x - e, y - e, z + e);
  let c = f(x - e, y + e, z - e);
  let d = f(x + e, y + e, z + e);
  if (g) {
    a -= g(x + e, y - e, z - e);
    b -= g(x - e, y - e, z + e);
    c -= g(x - e, y + e, z - e);
    d -= g(x + e, y + e, z + e);
  }
  const lx = a - b - c + d;
  const ly = -a - b + c + d;
  const lz = -a + b - c + d;
  normalise(
    R[0] * lx + R[1] * ly + R[2] * lz,
    R[3] * lx + R[4] * ly + R[5] * lz,
    R[6] * lx + R[7] * ly + R[8] * lz,
  );
  o.mat(x, y, z, m);
}
function normalise(x, y, z) {
  const l = 1 / (Math.sqrt(x * x + y * y + z * z) || 1);
  nx = x * l;
  ny = y * l;
  nz = z * l;
}

// direction found by the last sampling
let [sx, sy, sz] = [0, 0, 0];
/** A direction around (x, y, z): cosine-weighted for spread 1, tighter for less. */
function around(x, y, z, spread) {
  const u = rnd() * 2 - 1;
  const p = rnd() * Math.PI * 2;
  const q = Math.sqrt(1 - u * u);
  const r = spread === 1 ? 0.9999 : spread * Math.cbrt(rnd());
  sx = x + q * Math.cos(p) * r;
  sy = y + u * r;
  sz = z + q * Math.sin(p) * r;
  const l = 1 / Math.sqrt(sx * sx + sy * sy + sz * sz);
  sx *= l;
  sy *= l;
  sz *= l;
}

const sky = [0, 0, 0];
/** What one camera ray sees; fills `out`: radiance r, g, b, and of the first hit albedo, normal, distance, instance. */
function radiance(scene, ox, oy, oz, dx, dy, dz, out) {
  let [tr, tg, tb] = [1, 1, 1];
  let [lr, lg, lb] = [0, 0, 0];
  out.inst = 0;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (!intersect(scene.objects, ox, oy, oz, dx, dy, dz, 1e4, false)) {
      scene.sky(dx, dy, dz, sky, depth);
      lr += tr * sky[0];
      lg += tg * sky[1];
      lb += tb * sky[2];
      if (depth === 0) first(out, sky[0], sky[1], sky[2], -dx, -dy, -dz, 200, 0);
      break;
    }
    const o = hitObject;
    const t = hitT;
    hx = ox + dx * t;
    hy = oy + dy * t;
    hz = oz + dz * t;
    surface(o);
    if (scene.fog) {
      const f = 1 - Math.exp(-((t * scene.fog.density) ** (scene.fog.power ?? 1)));
      lr += tr * f * scene.fog.color[0];
      lg += tg * f * scene.fog.color[1];
      lb += tb * f * scene.fog.color[2];
      tr *= 1 - f;
      tg *= 1 - f;
      tb *= 1 - f;
    }
    const { r, g, b, coat, rough, metal, glow } = m;
    const [Nx, Ny, Nz, X, Y, Z] = [nx, ny, nz, hx + nx * 0.002, hy + ny * 0.002, hz + nz * 0.002];
    if (depth === 0) first(out, r, g, b, Nx, Ny, Nz, t, o.inst);
    lr += tr * glow * r;
    lg += tg * glow * g;
    lb += tb * glow * b;
    const cos = Math.max(-(dx * Nx + dy * Ny + dz * Nz), 0);
    const F = metal ? 1 : coat * (0.04 + 0.96 * (1 - cos) ** 5 * (1 - rough));
    for (const light of scene.lights) {
      around(light.dir[0], light.dir[1], light.dir[2], light.size);
      const [ax, ay, az] = [sx, sy, sz];
      const ndl = ax * Nx + ay * Ny + az * Nz;
      if (ndl <= 0) continue;
      if (depth < 2 && intersect(scene.objects, X, Y, Z, ax, ay, az, 60, true)) continue;
      const gain = (scene.caustics ? scene.caustics(X, Y, Z) : 1) * (depth < 2 ? 1 : 0.5);
      let s = 0;
      if (coat > 0 || metal) {
        const [ix, iy, iz] = [ax - dx, ay - dy, az - dz];
        const ndh = Math.max(
          (ix * Nx + iy * Ny + iz * Nz) / Math.sqrt(ix * ix + iy * iy + iz * iz),
          0,
        );
        const power = 2 / (rough ** 4 + 0.0008);
        s = ((power + 2) / 8) * ndh ** power * (metal ? 1 : coat * 0.06);
        s = Math.min(s, 4) * (depth === 0 ? 1 : 0.2);
      }
      const k = ndl * gain;
      const dif = metal ? 0 : 1 - F;
      lr += tr * k * light.color[0] * (dif * r + s * (metal ? r : 1));
      lg += tg * k * light.color[1] * (dif * g + s * (metal ? g : 1));
      lb += tb * k * light.color[2] * (dif * b + s * (metal ? b : 1));
    }
    if (depth === MAX_DEPTH - 1) {
      lr += tr * r * scene.ambient[0];
      lg += tg * g * scene.ambient[1];
      lb += tb * b * scene.ambient[2];
      break;
    }
    const pick = metal ? 1 : coat > 0 ? Math.max(F, 0.2 * coat) : 0;
    if (rnd() < pick) {
      const dn = 2 * (dx * Nx + dy * Ny + dz * Nz);
      around(dx - dn * Nx, dy - dn * Ny, dz - dn * Nz, Math.min(rough * rough * 1.4, 0.95));
      if (sx * Nx + sy * Ny + sz * Nz <= 0) break;
      const w = F / pick;
      tr *= metal ? r : w;
      tg *= metal ? g : w;
      tb *= metal ? b : w;
    } else {
      around(Nx, Ny, Nz, 1);
      // a point on the unit sphere added to the normal is cosine-distributed
      const w = (1 - F) / (1 - pick);
      tr *= r * w;
      tg *= g * w;
      tb *= b * w;
    }
    [ox, oy, oz, dx, dy, dz] = [X, Y, Z, sx, sy, sz];
  }
  const top = Math.max(lr, lg, lb);
  const limit = top > 5 ? 5 / top : 1;
  out.r = lr * limit;
  out.g = lg * limit;
  out.b = lb * limit;
}
function first(out, r, g, b, x, y, z, t, inst) {
  out.ar = r;
  out.ag = g;
  out.ab = b;
  out.nx = x;
  out.ny = y;
  out.nz = z;
  out.t = t;
  out.inst = inst;
}

/** Values a pixel in the planes: radiance 3, albedo 3, normal 3, distance 1, instance 1. */
export const CHANNELS = 11;

/** Renders row y into `plane` (float32, CHANNELS a pixel). */
export function renderRow(scene, y, width, height, spp, plane) {
  const cam = scene.camera;
  const f = norm(sub(cam.to, cam.from));
  const right = norm(cross(f, cam.up ?? [0, 1, 0]));
  const up = cross(right, f);
  const scale = Math.tan((cam.fov * Math.PI) / 360);
  const focus = cam.focus ?? Math.hypot(...sub(cam.to, cam.from));
  const lens = cam.lens ?? 0;
  const side = Math.ceil(Math.sqrt(spp));
  const out = {};
  const votes = new Map();
  for (let x = 0; x < width; x++) {
    rngState = Math.imul(y * width + x + 1, 2654435761) ^ scene.seed;
    const at = (y * width + x) * CHANNELS;
    votes.clear();
    for (let s = 0; s < spp; s++) {
      const jx = ((s % side) + rnd()) / side;
      const jy = (Math.floor(s / side) + rnd()) / Math.ceil(spp / side);
      const u = ((2 * (x + jx) - width) / height) * scale;
      const v = ((height - 2 * (y + jy)) / height) * scale;
      const la = rnd() * Math.PI * 2;
      const lr = lens * Math.sqrt(rnd());
      const [lx, ly] = [Math.cos(la) * lr, Math.sin(la) * lr];
      const o = [0, 1, 2].map((i) => cam.from[i] + right[i] * lx + up[i] * ly);
      const d = norm(
        [0, 1, 2].map(
          (i) => focus * (f[i] + right[i] * u + up[i] * v) - right[i] * lx - up[i] * ly,
        ),
      );
      radiance(scene, o[0], o[1], o[2], d[0], d[1], d[2], out);
      const values = [out.r, out.g, out.b, out.ar, out.ag, out.ab, out.nx, out.ny, out.nz, out.t];
      for (let i = 0; i < 10; i++) plane[at + i] += values[i] / spp;
      votes.set(out.inst, (votes.get(out.inst) ?? 0) + 1);
    }
    let best = 0;
    for (const [inst, n] of votes) if (n > best) [best, plane[at + 10]] = [n, inst];
  }
}

export const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const cross = (a, b) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const norm = (a) => {
  const l = Math.hypot(...a);
  return a.map((v) => v / l);
};
