// ShareGPT conversations about images, as LLaVA and its relatives are trained on: a JSON line an image. Captions are
// an answer each; objects are the answer to one question, as a list of boxes and labels in pixels.
import { isPlainObject } from '../coco/equal';
import type { CocoImage } from '../coco/types';
import { boxFromBbox } from '../geometry/box';
import { roundTo } from '../geometry/round';
import type { Bbox } from '../geometry/types';
import type { DatasetBuilder } from './datasetBuilder';
import type { DatasetSource, Format, SourceFiles, TargetFiles } from './format';
import { recordsOf, type JsonRecord } from './jsonLines';
import type { LossLog } from './lossLog';
import { hasExtension, withoutExtension } from './paths';
import { boxOf, byId, captionsOf, objectsOf } from './shapes';

const FILE = 'conversations.jsonl';
const CAPTION_QUESTION = 'Describe the image.';
const BOX_QUESTION = 'Locate every object. Answer in JSON with bbox_2d in pixels and label.';

export const llava: Format = {
  id: 'llava',
  title: 'ShareGPT conversations (LLaVA)',
  kept: ['categories', 'empty-images', 'caption'],
  note: 'Answers that are neither a caption nor boxes are read as captions.',
  accepts: (path) => hasExtension(path, '.jsonl', '.json'),
  read,
  write,
};

interface Turn {
  readonly question: string;
  readonly answer: string;
}

async function read(source: SourceFiles, builder: DatasetBuilder, losses: LossLog): Promise<void> {
  for (const path of source.paths) {
    for await (const record of recordsOf(source, path, losses)) {
      await readRecord(record, source, builder, losses);
    }
  }
}

async function readRecord(
  { entry, where }: JsonRecord,
  source: SourceFiles,
  builder: DatasetBuilder,
  losses: LossLog,
): Promise<void> {
  const named = Array.isArray(entry['image']) ? (entry['image'] as unknown[]) : [entry['image']];
  if (named.length !== 1 || typeof named[0] !== 'string') {
    losses.add('image-missing', 'A conversation that is not about one image is left out.', where);
    return;
  }
  const fileName = named[0];
  const given = [Number(entry['height']), Number(entry['width'])] as const;
  const size = given.every((side) => side > 0) ? given : await source.sizeOf(fileName);
  const image = builder.image(fileName, size, where);
  if (!image) return;
  for (const turn of turnsOf(entry['conversations'])) {
    const found = boxesOf(turn, image);
    if (found === null) {
      const caption = turn.answer.trim();
      if (caption !== '') builder.caption(image, caption);
      continue;
    }
    for (const { bbox, label } of found) {
      if (bbox) builder.object(image, builder.category(label || 'object'), { bbox }, where);
      else losses.add('shape-unreadable', 'A box is malformed and left out.', where);
    }
  }
}

/** Questions with their answers; roles are named human and gpt, or user and assistant. */
function turnsOf(conversations: unknown): Turn[] {
  if (!Array.isArray(conversations)) return [];
  const turns: Turn[] = [];
  let question = '';
  for (const message of (conversations as unknown[]).filter(isPlainObject)) {
    const role = message['from'] ?? message['role'];
    const value = message['value'] ?? message['content'];
    const text = typeof value === 'string' ? value : '';
    if (role === 'human' || role === 'user') question = text.replaceAll('<image>', '').trim();
    else if (role === 'gpt' || role === 'assistant') turns.push({ question, answer: text });
  }
  return turns;
}

interface FoundBox {
  /** null: malformed */
  readonly bbox: Bbox | null;
  readonly label: string;
}

/** The boxes of an answer; null when it is a text without any. */
function boxesOf({ question, answer }: Turn, image: CocoImage): FoundBox[] | null {
  const json = /^\s*(?:```(?:json)?)?\s*(\[[\s\S]*\])\s*(?:```)?\s*$/.exec(answer)?.[1];
  return (
    (json === undefined ? null : listedBoxes(json, question, image)) ?? taggedBoxes(answer, image)
  );
}

/** [{"bbox_2d": [x0, y0, x1, y1], "label": "cat"}] in pixels, or one [x0, y0, x1, y1] relative to the sides. */
function listedBoxes(json: string, question: string, image: CocoImage): FoundBox[] | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null; // a sentence in brackets
  }
  const list = value as unknown[];
  if (list.length === 4 && list.every((one) => typeof one === 'number' && one >= 0 && one <= 1)) {
    const scaled = list.map(
      (one, k) => (one as number) * (k % 2 === 0 ? image.width : image.height),
    );
    return [{ bbox: bboxFrom(scaled), label: described(question) }];
  }
  if (!list.every((one) => isPlainObject(one) && 'bbox_2d' in one)) return null;
  return (list as Record<string, unknown>[]).map((one) => ({
    bbox: bboxFrom(one['bbox_2d']),
    label: typeof one['label'] === 'string' ? one['label'] : '',
  }));
}

/** What LLaVA's question asks for: "… this sentence describes: the red mug." */
const described = (question: string): string => /:\s*([^:]+?)\.?\s*$/.exec(question)?.[1] ?? '';

/** <ref>cat</ref><box>(x0,y0),(x1,y1)</box> in thousandths of the sides. */
function taggedBoxes(answer: string, image: CocoImage): FoundBox[] | null {
  const pattern =
    /<ref>([^<]*)<\/ref>\s*((?:<box>\s*\(\s*[\d.]+\s*,\s*[\d.]+\s*\)\s*,\s*\(\s*[\d.]+\s*,\s*[\d.]+\s*\)\s*<\/box>)+)/g;
  const found = [...answer.matchAll(pattern)].flatMap(([, label = '', boxes = '']) =>
    [...boxes.matchAll(/<box>([^<]*)<\/box>/g)].map(([, corners = '']) => {
      const numbers = (corners.match(/[\d.]+/g) ?? []).map(Number);
      const scaled = numbers.map((n, k) => (n / 1000) * (k % 2 === 0 ? image.width : image.height));
      return { bbox: bboxFrom(scaled), label: label.trim() };
    }),
  );
  return found.length > 0 ? found : null;
}

function bboxFrom(corners: unknown): Bbox | null {
  if (!Array.isArray(corners) || corners.length !== 4 || !corners.every(Number.isFinite))
    return null;
  const [x0, y0, x1, y1] = corners as [number, number, number, number];
  return [x0, y0, x1 - x0, y1 - y0];
}

async function write(dataset: DatasetSource, target: TargetFiles, losses: LossLog): Promise<void> {
  const categories = byId(dataset.categories);
  await target.append(FILE, '');
  for await (const record of dataset.records()) {
    const { image } = record;
    const boxes = objectsOf(record, categories, losses).flatMap(({ annotation, category }) => {
      const bbox = boxOf(annotation, image, losses);
      if (!bbox) return [];
      const bbox_2d = boxFromBbox(bbox).map((value) => roundTo(value, 2));
      return [{ bbox_2d, label: category.name }];
    });
    const turns = captionsOf(record).map((caption) => [CAPTION_QUESTION, caption]);
    if (boxes.length > 0) turns.push([BOX_QUESTION, JSON.stringify(boxes)]);
    const conversations = turns.flatMap(([question = '', answer = ''], k) => [
      { from: 'human', value: `${k === 0 ? '<image>\n' : ''}${question}` },
      { from: 'gpt', value: answer },
    ]);
    const { file_name, width, height } = image;
    const line = {
      id: withoutExtension(file_name),
      image: file_name,
      width,
      height,
      conversations,
    };
    await target.append(FILE, `${JSON.stringify(line)}\n`);
  }
}
