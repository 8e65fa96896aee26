// Reading files that others have made: the variants each format has, and files that are wrong.
import * as assert from 'node:assert';
import type { InstanceAnnotation } from '../../../../src/shared/coco/types';
import { formats } from '../../../../src/shared/formats/formats';
import type { Size } from '../../../../src/shared/geometry/types';
import { readFiles, writeFiles, type Dataset } from '../../../support/memoryFormat';
import { randomInteger, seededRandom } from '../../../support/random';

const sizes = (entries: Record<string, Size>): Map<string, Size> =>
  new Map(Object.entries(entries));

interface Case {
  readonly name: string;
  readonly id: string;
  readonly files: Record<string, string>;
  readonly images?: Record<string, Size>;
  /** category and [bbox] of each object */
  readonly objects: readonly string[];
  readonly lost?: readonly string[];
}

const vocObject = (name: string, box: string, more = ''): string =>
  `<object><name>${name}</name>${more}<bndbox>${box}</bndbox></object>`;
const voc = (objects: string, size = '<width>20</width><height>10</height>'): string =>
  `<?xml version="1.0"?><annotation><filename>a.jpg</filename><size>${size}</size>${objects}</annotation>`;
const box = '<xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax>';
const labelmeFile = (shapes: unknown[], path = 'a.jpg'): string =>
  JSON.stringify({ shapes, imagePath: path, imageHeight: 50, imageWidth: 60 });
const square = [
  [2, 2],
  [8, 2],
  [8, 8],
  [2, 8],
];
const cvat = (inside: string): string =>
  `<annotations><image name="a.jpg" width="20" height="10">${inside}</image></annotations>`;

const cases: readonly Case[] = [
  {
    name: 'darknet: names file, labels beside the picture',
    id: 'yolo-det',
    files: { 'data/obj.names': 'cat\ndog\n', 'data/1.txt': '1 0.5 0.5 0.2 0.4\r\n' },
    images: { 'data/1.jpg': [10, 20] },
    objects: ['dog 8 3 4 4'],
  },
  {
    name: 'labels/ and images/ anywhere in the path, names as a list, score',
    id: 'yolo-det',
    files: {
      'data.yaml': 'names: [cat, "dog house"]\nnc: 2\n',
      'x/labels/train/1.txt': '1 0.5 0.5 0.2 0.4 0.9\n',
      'x/labels/README.txt': 'Labels of x.',
    },
    images: { 'x/images/train/1.jpg': [10, 20] },
    objects: ['dog house 8 3 4 4'],
  },
  {
    name: 'a segment, a class without a name, bad lines, a label file without picture',
    id: 'yolo-seg',
    files: {
      'labels/1.txt': '7 0 0 0.5 0 0.5 0.5\n1 0.5\nx 1 2 3 4\n0 nan 0.5 0.5 0.5\n-1 0 0 1 1\n',
      'labels/2.txt': '0 0.5 0.5 0.2 0.4\n',
    },
    images: { 'images/1.jpg': [10, 20] },
    objects: ['class_7 1 0 9 5'],
    lost: ['image-missing', 'line-unreadable', 'names-missing'],
  },
  {
    name: 'keypoints of two values',
    id: 'yolo-pose',
    files: {
      'd.yaml': 'kpt_shape: [2, 2]\nnames: {0: cat}',
      '1.txt': '0 0.5 0.5 0.2 0.4 0.5 0.5 0 0',
    },
    images: { '1.png': [10, 20] },
    objects: ['cat 8 3 4 4'],
  },
  {
    name: 'broken YAML',
    id: 'yolo-det',
    files: { 'data.yaml': 'names: [a, b', '1.txt': '0 0.5 0.5 0.2 0.4' },
    images: { '1.png': [10, 20] },
    objects: ['class_0 8 3 4 4'],
    lost: ['file-unreadable', 'names-missing'],
  },
  {
    name: 'marks, parts and actions',
    id: 'voc',
    files: {
      'Annotations/a.xml': voc(
        vocObject('cat', box, '<difficult>1</difficult><part><name>head</name></part>') +
          vocObject('dog', box.replace('<xmin>1', '<xmin>1.5'), '<actions/>'),
      ),
    },
    objects: ['cat 0 1 3 3', 'dog 0.5 1 2.5 3'],
    lost: ['actions', 'parts'],
  },
  {
    name: 'the size from the picture, in another folder',
    id: 'voc',
    files: { 'Annotations/s/a.xml': voc(vocObject('cat', box), '') },
    images: { 'JPEGImages/t/a.jpg': [1, 1], 'JPEGImages/s/a.jpg': [10, 20] },
    objects: ['cat 0 1 3 3'],
  },
  {
    name: 'no size, no box, other XML, no XML',
    id: 'voc',
    files: {
      'a.xml': voc(vocObject('cat', box), ''),
      'b.xml': voc(vocObject('cat', '')),
      'c.xml': '<svg/>',
      'd.xml': '<annotation><a></annotation>',
    },
    objects: [],
    lost: ['file-unreadable', 'image-size', 'shape-empty'],
  },
  {
    name: 'entities, CDATA, comments',
    id: 'voc',
    files: { 'a.xml': voc(`<!-- x -->${vocObject('a&amp;b &#228;<![CDATA[<c>]]>', box)}`) },
    objects: ['a&b ä<c> 0 1 3 3'],
  },
  {
    name: 'groups, rectangle, circle, point',
    id: 'labelme',
    files: {
      'sub/a.json': labelmeFile(
        [
          { label: 'cat', points: square, group_id: 1, shape_type: 'polygon' },
          { label: 'cat', points: square.map(([x, y]) => [x! + 20, y]), group_id: 1 },
          { label: 'dog', points: square, group_id: 1, shape_type: 'polygon' },
          { label: 'dog', points: [square[2], square[0]], shape_type: 'rectangle' },
          {
            label: 'ball',
            points: [
              [20, 20],
              [25, 20],
            ],
            shape_type: 'circle',
          },
          { label: 'eye', points: [[20, 20]], shape_type: 'point' },
        ],
        '..\\img\\a.jpg',
      ),
    },
    objects: ['cat 2 2 26 6', 'dog 2 2 6 6', 'dog 2 2 6 6', 'ball 15 15 10 10'],
    lost: ['circle', 'shape-point'],
  },
  {
    name: 'malformed shapes, a picture outside the folder, no JSON',
    id: 'labelme',
    files: {
      'a.json': labelmeFile([null, { points: 1 }, { points: [[1, 'x']] }, { points: [[1, 2]] }]),
      'b.json': labelmeFile([{ points: square }], '../../b.jpg'),
      'c.json': '{',
      'd.json': '[]',
    },
    objects: [],
    lost: ['file-name', 'file-unreadable', 'shape-empty', 'shape-unreadable'],
  },
  {
    name: 'every shape, in z order',
    id: 'cvat',
    files: {
      'a.xml': cvat(
        '<polygon label="top" points="1,2;3,4;6,2" z_order="2"/>' +
          '<box label="low" xtl="0" ytl="2" xbr="4" ybr="4" occluded="1"/>' +
          '<mask label="top" rle="0, 2, 1, 1" left="3" top="1" width="2" height="2" z_order="3"/>' +
          '<ellipse label="round" cx="10" cy="5" rx="4" ry="3" z_order="4"/>' +
          '<polyline label="low" points="1,2;3,4"/><points label="low" points="1,2"/>',
      ),
      'v.xml': '<annotations><track id="0" label="x"/></annotations>',
    },
    objects: ['low 0 2 4 2', 'top 2 2 3 2', 'top 3 1 2 2', 'round 6 2 8 6'],
    lost: ['ellipse', 'shape-points', 'shape-polyline', 'track'],
  },
  {
    name: 'polygon and mask of one group are one object',
    id: 'cvat',
    files: {
      'a.xml': cvat(
        '<polygon label="cat" points="0,0;2,0;2,2;0,2" group_id="4"/>' +
          '<mask label="cat" rle="0,1" left="9" top="9" width="1" height="1" group_id="4"/>' +
          '<polygon label="dog" points="0,0;2,0;2,2;0,2" group_id="4"/>',
      ),
    },
    objects: ['cat 0 0 10 10', 'dog 0 0 2 2'],
  },
  {
    name: 'masks that do not fit, polygons without points',
    id: 'cvat',
    files: {
      'a.xml': cvat(
        '<mask label="a" rle="1, 2" left="0" top="0" width="2" height="2"/>' +
          '<mask label="a" rle="0,1000000000" left="0" top="0" width="100000" height="10000"/>' +
          '<mask label="a" rle="-1,5" left="0" top="0" width="2" height="2"/>' +
          '<polygon label="a" points="1,2;x"/><polygon label="a"/>',
      ),
      'b.xml': '<annotation/>',
    },
    objects: [],
    lost: ['file-unreadable', 'shape-unreadable'],
  },
  {
    name: 'SA-1B',
    id: 'sa1b',
    files: {
      'a.json': JSON.stringify({
        image: { image_id: 1, width: 10, height: 5, file_name: 'a.jpg' },
        annotations: [
          {
            id: 1,
            segmentation: { size: [5, 10], counts: '`04n0' },
            predicted_iou: 0.26,
            stability_score: 0.47,
          },
          { id: 2, segmentation: { size: [10, 5], counts: '`04n0' } },
          { id: 3 },
        ],
      }),
      'b.json': '{"images": []}',
    },
    objects: ['object 3 1 1 4'],
    lost: ['file-unreadable', 'shape-unreadable'],
  },
  {
    name: "TensorFlow's columns, byte order mark, quotes",
    id: 'csv',
    files: {
      'a.csv':
        '\ufefffilename,width,height,class,xmin,ymin,xmax,ymax\n' +
        '"a,b.jpg",20,10,"the ""cat""",1,2,5,8\r\n\r\na.jpg,20,10,dog,1,2,1,8\n',
      'b.csv': 'x;y\n1;2\n',
    },
    objects: ['the "cat" 1 2 4 6'],
    lost: ['columns', 'shape-empty'],
  },
];

function objectsOf(dataset: Dataset): string[] {
  const names = new Map(dataset.categories.map((category) => [category.id, category.name]));
  return (dataset.annotations as InstanceAnnotation[]).map(
    ({ category_id, bbox }) => `${names.get(category_id)} ${bbox?.join(' ')}`,
  );
}

describe('formats: files of others', () => {
  for (const { name, id, files, images, objects, lost } of cases) {
    it(`${id}: ${name}`, async () => {
      const format = formats.get(id)!;
      const { dataset, losses } = await readFiles(
        format,
        new Map(Object.entries(files)),
        sizes(images ?? {}),
      );
      assert.deepStrictEqual(objectsOf(dataset), objects);
      assert.deepStrictEqual(losses.map((loss) => loss.kind).sort(), lost ?? []);
      for (const loss of losses) assert.ok(loss.first.length > 0 && loss.count > 0);
    });
  }

  it('SA-1B scores are kept as they were and as ours', async () => {
    const files = new Map(Object.entries(cases.find((example) => example.id === 'sa1b')!.files));
    const [annotation] = (await readFiles(formats.get('sa1b')!, files)).dataset.annotations;
    assert.strictEqual(annotation!['predicted_iou'], 0.26);
    assert.deepStrictEqual(annotation!['promptmark'], { iou_score: 0.26, stability_score: 0.47 });
  });

  it('files changed at random never fail, and ids stay 1, 2, 3', async () => {
    for (const { id, files, images } of cases) {
      const format = formats.get(id)!;
      for (let seed = 0; seed < 60; seed++) {
        const random = seededRandom(seed);
        const changed = Object.entries(files).map(
          ([path, text]) => [path, mutate(text, random)] as const,
        );
        const { dataset } = await readFiles(format, new Map(changed), sizes(images ?? {}));
        dataset.annotations.forEach((annotation, i) => assert.strictEqual(annotation.id, i + 1));
        await writeFiles(format, dataset);
      }
    }
  });

  it('a dataset with malformed entries is written without failing, each with its reason', async () => {
    const object = { image_id: 1, category_id: 1 };
    const dataset = {
      images: [
        { id: 1, file_name: 'a.jpg', width: 10, height: 10 },
        { id: 2, file_name: '../../etc/a.jpg', width: 10, height: 10 },
        { id: 3, file_name: 'a.png', width: 10, height: 10 },
      ],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [
        { ...object, id: 1, segmentation: { size: [10, 10], counts: 'zzz' } },
        { ...object, id: 2, segmentation: [[1, 2, 3]], bbox: [1, 2, 'x', 4] },
        { ...object, id: 3, segmentation: null, bbox: null },
        { ...object, id: 4, category_id: 99, bbox: [1, 2, 3, 4] },
        { ...object, id: 5, image_id: 99, bbox: [1, 2, 3, 4] },
        { ...object, id: 6, bbox: [1, 2, 3, 4], keypoints: 'none', attributes: [1] },
      ],
    } as unknown as Dataset;
    for (const [id, format] of formats) {
      const { files, losses } = await writeFiles(format, dataset);
      for (const path of files.keys()) assert.ok(!path.includes('..'), path);
      const kinds = losses.map((loss) => loss.kind);
      const isPixels = /^mask-|^coco-/.test(id);
      const common = isPixels ? ['box', 'mask-unreadable'] : ['no-shape'];
      const wanted = [...common, id === 'sa1b' ? 'box' : 'category-missing'];
      for (const kind of wanted) assert.ok(kinds.includes(kind), `${id} ${kinds.join(' ')}`);
    }
  });
});

/** Cuts, doubles or replaces pieces of a text. */
function mutate(text: string, random: () => number): string {
  const pieces = ['', '"', '<', '>', '[', '-1', '1e999', 'null', '\u0000', '\ud800', '{}', ',,'];
  let out = text;
  for (let n = randomInteger(random, 1, 4); n > 0; n--) {
    const at = randomInteger(random, 0, out.length);
    const end = random() < 0.1 ? out.length : at + randomInteger(random, 0, 6);
    out = out.slice(0, at) + pieces[randomInteger(random, 0, pieces.length - 1)]! + out.slice(end);
  }
  return out;
}
