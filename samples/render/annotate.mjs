// Makes samples/workspace/annotations.coco.json of the masks that render.mjs left in out/samples.
//   node samples/render/annotate.mjs [--masks DIR] [--out FILE]
// Only a part of the pictures is annotated (`annotated` of each scene: all, some, none), so that there is work left to do.
// One entry a line. A mask without holes, in one part and with few corners becomes the exact polygon of its pixel
// edges; everything else becomes compressed RLE.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const ORDER = [
  'balloons',
  'cells',
  'fruit-bowl',
  'goldfish',
  'mugs',
  'robin',
  'street',
  'workbench',
];
const MAX_CORNERS = 260;
const MIN_AREA = 60;
const SUPERCATEGORIES = {
  apple: 'food',
  orange: 'food',
  lemon: 'food',
  pear: 'food',
  banana: 'food',
  biscuit: 'food',
  bowl: 'kitchen',
  mug: 'kitchen',
  plate: 'kitchen',
  spoon: 'kitchen',
  book: 'indoor',
  bird: 'animal',
  fish: 'animal',
  branch: 'plant',
  leaf: 'plant',
  'water plant': 'plant',
  tree: 'plant',
  'hot-air balloon': 'vehicle',
  car: 'vehicle',
  van: 'vehicle',
  'traffic cone': 'outdoor',
  'street lamp': 'outdoor',
  hammer: 'tool',
  screwdriver: 'tool',
  wrench: 'tool',
  scissors: 'tool',
  pencil: 'stationery',
  eraser: 'stationery',
  tape: 'stationery',
  screw: 'tool',
  cell: 'microscopy',
};
/** Of a scene that is annotated in part, these instances (by category, how many) get an annotation. */
const SOME = {
  mugs: { mug: 3, plate: 1 },
  workbench: { scissors: 1, tape: 1, hammer: 1 },
  cells: { cell: 9 },
};

function instanceMap({ runs, width, height }) {
  const map = new Uint16Array(width * height);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    map.fill(runs[i], at, at + runs[i + 1]);
    at += runs[i + 1];
  }
  return map;
}

/** Bounding box [x, y, w, h], area and column-major run lengths of one instance. */
function measure(map, width, height, inst) {
  let [x0, y0, x1, y1, area] = [width, height, 0, 0, 0];
  const counts = [];
  let [value, run] = [0, 0];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const v = map[y * width + x] === inst ? 1 : 0;
      if (v !== value) {
        counts.push(run);
        [value, run] = [v, 0];
      }
      run++;
      if (!v) continue;
      area++;
      [x0, y0, x1, y1] = [
        Math.min(x0, x),
        Math.min(y0, y),
        Math.max(x1, x + 1),
        Math.max(y1, y + 1),
      ];
    }
  }
  counts.push(run);
  return { bbox: [x0, y0, x1 - x0, y1 - y0], area, counts };
}

/** pycocotools' string form of run lengths: differences to the run before last, 5 bits a character. */
function compress(counts) {
  let s = '';
  for (let i = 0; i < counts.length; i++) {
    let x = i > 2 ? counts[i] - counts[i - 2] : counts[i];
    for (let more = true; more;) {
      let c = x & 31;
      x >>= 5;
      more = c & 16 ? x !== -1 : x !== 0;
      if (more) c |= 32;
      s += String.fromCharCode(c + 48);
    }
  }
  return s;
}

/** The outline along pixel edges as [x, y, …], or null for holes, several parts, corners that touch, too many corners. */
function outline(map, width, height, inst) {
  const at = (x, y) => x >= 0 && y >= 0 && x < width && y < height && map[y * width + x] === inst;
  const next = new Map();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!at(x, y)) continue;
      const edges = [];
      if (!at(x, y - 1)) edges.push([x, y, x + 1, y]);
      if (!at(x + 1, y)) edges.push([x + 1, y, x + 1, y + 1]);
      if (!at(x, y + 1)) edges.push([x + 1, y + 1, x, y + 1]);
      if (!at(x - 1, y)) edges.push([x, y + 1, x, y]);
      for (const [ax, ay, bx, by] of edges) {
        const key = ay * (width + 1) + ax;
        if (next.has(key)) return null;
        next.set(key, by * (width + 1) + bx);
      }
    }
  }
  const start = Math.min(...next.keys());
  const points = [];
  let [key, steps] = [start, 0];
  do {
    points.push([key % (width + 1), Math.floor(key / (width + 1))]);
    key = next.get(key);
    steps++;
  } while (key !== start);
  if (steps !== next.size) return null;
  const corners = points.filter(([x, y], i) => {
    const [px, py] = points[(i + points.length - 1) % points.length];
    const [nx, ny] = points[(i + 1) % points.length];
    return (x - px) * (ny - y) !== (y - py) * (nx - x);
  });
  return corners.length <= MAX_CORNERS ? corners.flat() : null;
}

function wanted(name, record) {
  if (record.annotated === 'none') return [];
  const left = record.annotated === 'some' ? { ...SOME[name] } : null;
  return record.instances.flatMap(({ category }, i) => {
    if (left && !(left[category]-- > 0)) return [];
    return [{ inst: i + 1, category }];
  });
}

const argv = process.argv.slice(2);
const get = (flag, fallback) => (argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : fallback);
const masks = get('--masks', join(here, '..', '..', 'out', 'samples'));
const out = get('--out', join(here, '..', 'workspace', 'annotations.coco.json'));

const images = [];
const annotations = [];
const names = Object.keys(SUPERCATEGORIES);
for (const name of ORDER) {
  const file = join(masks, `${name}.json`);
  if (!existsSync(file)) {
    console.error(`${name} was not rendered; it is left out`);
    continue;
  }
  const record = JSON.parse(readFileSync(file, 'utf8'));
  const { width, height } = record;
  const image_id = ORDER.indexOf(name) + 1;
  images.push({ id: image_id, file_name: `images/${record.file}`, width, height });
  const map = instanceMap(record);
  for (const { inst, category } of wanted(name, record)) {
    const { bbox, area, counts } = measure(map, width, height, inst);
    if (area < MIN_AREA) continue;
    const polygon = outline(map, width, height, inst);
    annotations.push({
      id: annotations.length + 1,
      image_id,
      category_id: names.indexOf(category) + 1,
      segmentation: polygon ? [polygon] : { size: [height, width], counts: compress(counts) },
      area,
      bbox,
      iscrowd: 0,
    });
  }
}
const categories = names.map((name, i) => ({
  id: i + 1,
  name,
  supercategory: SUPERCATEGORIES[name],
}));
const list = (entries) => `[\n${entries.map((e) => `    ${JSON.stringify(e)}`).join(',\n')}\n  ]`;
const info = JSON.stringify({
  description: 'Promptmark sample workspace, rendered pictures with exact masks',
  version: '1.0',
  year: 2026,
});
const licenses = JSON.stringify([{ id: 1, name: 'MIT', url: '' }]);
writeFileSync(
  out,
  `{\n  "info": ${info},\n  "licenses": ${licenses},\n  "images": ${list(images)},\n  "annotations": ${list(annotations)},\n  "categories": ${list(categories)}\n}\n`,
);
console.log(
  `${images.length} images, ${annotations.length} annotations, ${categories.length} categories → ${out}`,
);
