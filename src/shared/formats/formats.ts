// The registry of converters; a new format is a file and a line here. Reading and writing with them is `runFormat.ts`,
// and with files `src/host/convert`.
import { csv } from './csv';
import { cvat } from './cvat';
import type { Format } from './format';
import { labelme } from './labelme';
import { sa1b } from './sa1b';
import { voc } from './voc';
import { yoloDetect, yoloPose, yoloSegment } from './yolo';

/** All formats beside COCO itself, by id. Every one reads and writes. */
export const formats: ReadonlyMap<string, Format> = new Map(
  [yoloDetect, yoloSegment, yoloPose, voc, labelme, cvat, sa1b, csv].map((f) => [f.id, f]),
);
