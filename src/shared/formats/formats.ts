// The registry of converters; a new format is a file and a line here. Reading and writing with them is `runFormat.ts`,
// and with files `src/host/convert`.
import { csv } from './csv';
import { cvat } from './cvat';
import { datumaro } from './datumaro';
import type { Format } from './format';
import { labelme } from './labelme';
import { llava } from './llava';
import { maskInstance } from './maskInstance';
import { maskSemantic } from './maskSemantic';
import { odvg } from './odvg';
import { panoptic } from './panoptic';
import { sa1b } from './sa1b';
import { stuff } from './stuff';
import { voc } from './voc';
import { vocMasks } from './vocMasks';
import { yoloDetect, yoloPose, yoloSegment } from './yolo';

const all: readonly Format[] = [
  ...[yoloDetect, yoloSegment, yoloPose, voc, labelme, cvat, sa1b, csv],
  ...[maskInstance, maskSemantic, vocMasks, panoptic, stuff, datumaro, odvg, llava],
];

/** All formats beside COCO itself, by id. Every one reads and writes. */
export const formats: ReadonlyMap<string, Format> = new Map(all.map((f) => [f.id, f]));
