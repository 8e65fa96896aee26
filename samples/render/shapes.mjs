// Signed distance functions in local coordinates, y up. Each maker returns (x, y, z) => distance.

export const sphere = (r) => (x, y, z) => Math.sqrt(x * x + y * y + z * z) - r;

export const ellipsoid = (a, b, c) => (x, y, z) => {
  const k0 = Math.sqrt((x / a) ** 2 + (y / b) ** 2 + (z / c) ** 2);
  const k1 = Math.sqrt((x / (a * a)) ** 2 + (y / (b * b)) ** 2 + (z / (c * c)) ** 2);
  return k1 < 1e-9 ? -Math.min(a, b, c) : (k0 * (k0 - 1)) / k1;
};

/** Half sizes a, b, c with edges rounded by r. */
export const box =
  (a, b, c, r = 0) =>
  (x, y, z) => {
    const qx = Math.abs(x) - a + r;
    const qy = Math.abs(y) - b + r;
    const qz = Math.abs(z) - c + r;
    const ox = Math.max(qx, 0);
    const oy = Math.max(qy, 0);
    const oz = Math.max(qz, 0);
    return Math.sqrt(ox * ox + oy * oy + oz * oz) + Math.min(Math.max(qx, qy, qz), 0) - r;
  };

/** Upright cylinder, half height h, radius r, edges rounded by e. */
export const cylinder =
  (r, h, e = 0) =>
  (x, y, z) => {
    const dx = Math.sqrt(x * x + z * z) - r + e;
    const dy = Math.abs(y) - h + e;
    return Math.min(Math.max(dx, dy), 0) + Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) - e;
  };

export const torus = (R, r) => (x, y, z) => Math.hypot(Math.sqrt(x * x + z * z) - R, y) - r;

/** Capsule from a to b whose radius goes from ra to rb. */
export function capsule(a, b, ra, rb = ra) {
  const [bx, by, bz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const bb = bx * bx + by * by + bz * bz;
  return (x, y, z) => {
    const px = x - a[0];
    const py = y - a[1];
    const pz = z - a[2];
    let h = (px * bx + py * by + pz * bz) / bb;
    h = h < 0 ? 0 : h > 1 ? 1 : h;
    return (
      Math.sqrt((px - bx * h) ** 2 + (py - by * h) ** 2 + (pz - bz * h) ** 2) - (ra + (rb - ra) * h)
    );
  };
}

/** A line of points in the (radius, y) half plane turned around the y axis, thickness t (half). */
export function lathe(points, t) {
  const n = points.length;
  return (x, y, z) => {
    const r = Math.sqrt(x * x + z * z);
    let best = 1e9;
    for (let i = 0; i + 1 < n; i++) {
      const ax = points[i][0];
      const ay = points[i][1];
      const bx = points[i + 1][0] - ax;
      const by = points[i + 1][1] - ay;
      let h = ((r - ax) * bx + (y - ay) * by) / (bx * bx + by * by);
      h = h < 0 ? 0 : h > 1 ? 1 : h;
      const ex = r - ax - bx * h;
      const ey = y - ay - by * h;
      const d = ex * ex + ey * ey;
      if (d < best) best = d;
    }
    return Math.sqrt(best) - t;
  };
}

/** Signed distance to a closed polygon in the plane. */
export function polygon2(points) {
  const n = points.length;
  return (x, y) => {
    let d = 1e9;
    let s = 1;
    for (let i = 0, j = n - 1; i < n; j = i++) {
      const ex = points[j][0] - points[i][0];
      const ey = points[j][1] - points[i][1];
      const wx = x - points[i][0];
      const wy = y - points[i][1];
      let h = (wx * ex + wy * ey) / (ex * ex + ey * ey);
      h = h < 0 ? 0 : h > 1 ? 1 : h;
      const bx = wx - ex * h;
      const by = wy - ey * h;
      d = Math.min(d, bx * bx + by * by);
      const c1 = y >= points[i][1];
      const c2 = y < points[j][1];
      const c3 = ex * wy > ey * wx;
      if ((c1 && c2 && c3) || (!c1 && !c2 && !c3)) s = -s;
    }
    return s * Math.sqrt(d);
  };
}

/** Polygon in x, y made solid along z with half depth h, edges rounded by r. */
export function extrude(points, h, r = 0) {
  const flat = polygon2(points);
  return (x, y, z) => {
    const dx = flat(x, y) + r;
    const dz = Math.abs(z) - h + r;
    return Math.min(Math.max(dx, dz), 0) + Math.hypot(Math.max(dx, 0), Math.max(dz, 0)) - r;
  };
}

/** A closed polygon of (radius, y) turned around the y axis: a solid body. */
export function turned(points, r = 0) {
  const flat = polygon2(points);
  return (x, y, z) => flat(Math.sqrt(x * x + z * z), y) - r;
}

export const move = (f, mx, my, mz) => (x, y, z) => f(x - mx, y - my, z - mz);
export const union =
  (...fs) =>
  (x, y, z) => {
    let d = 1e9;
    for (let i = 0; i < fs.length; i++) d = Math.min(d, fs[i](x, y, z));
    return d;
  };
export const cut = (f, g) => (x, y, z) => Math.max(f(x, y, z), -g(x, y, z));
export const both = (f, g) => (x, y, z) => Math.max(f(x, y, z), g(x, y, z));

/** Union with a fillet of about k. */
export const blend =
  (k, ...fs) =>
  (x, y, z) => {
    let d = fs[0](x, y, z);
    for (let i = 1; i < fs.length; i++) {
      const e = fs[i](x, y, z);
      const h = Math.max(k - Math.abs(d - e), 0) / k;
      d = Math.min(d, e) - h * h * k * 0.25;
    }
    return d;
  };

/** Rotation of the coordinates (x, y, z) around one axis by an angle in radians, around the origin. */
export function turn(f, axis, angle) {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  if (axis === 'x') return (x, y, z) => f(x, c * y + s * z, -s * y + c * z);
  if (axis === 'y') return (x, y, z) => f(c * x - s * z, y, s * x + c * z);
  return (x, y, z) => f(c * x + s * y, -s * x + c * y, z);
}
