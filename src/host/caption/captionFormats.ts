// What captions look like on disk. The same captions give the same bytes: no time, no machine in them.
import type { Size } from '../../shared/geometry/types';

export const CAPTION_FORMATS = ['coco', 'txt', 'jsonl', 'csv', 'sharegpt'] as const;
export type CaptionFormat = (typeof CAPTION_FORMATS)[number];

/** A finished image. */
export interface CaptionRow {
  readonly captionId: number;
  readonly imageId: number;
  readonly fileName: string;
  readonly size: Size;
  readonly caption: string;
  /** what made the caption */
  readonly model: string;
}

/** Text of the one file of every format but `txt`, which has a file an image. */
export function formatCaptions(
  format: Exclude<CaptionFormat, 'txt'>,
  rows: readonly CaptionRow[],
): string {
  switch (format) {
    case 'coco':
      return cocoCaptions(rows);
    case 'jsonl':
      return rows.map((row) => `${JSON.stringify(jsonRow(row))}\n`).join('');
    case 'csv':
      return ['file_name,image_id,caption,model', ...rows.map(csvRow)]
        .map((l) => `${l}\r\n`)
        .join('');
    case 'sharegpt':
      return `${list(rows.map(shareGptRow))}\n`;
  }
}

/** COCO's captions form: images, and annotations that have a caption; one entry a line. */
function cocoCaptions(rows: readonly CaptionRow[]): string {
  const images = rows.map(({ imageId, fileName, size: [height, width] }) => ({
    id: imageId,
    file_name: fileName,
    width,
    height,
  }));
  const annotations = rows.map(({ captionId, imageId, caption, model }) => ({
    id: captionId,
    image_id: imageId,
    caption,
    promptmark: { model },
  }));
  const info = JSON.stringify({ description: 'Captions', contributor: 'Promptmark' });
  return `{\n"info": ${info},\n"images": ${list(images)},\n"annotations": ${list(annotations)}\n}\n`;
}

function list(entries: readonly unknown[]): string {
  if (entries.length === 0) return '[]';
  return `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`;
}

const jsonRow = ({ fileName, imageId, caption, model }: CaptionRow): object => ({
  file_name: fileName,
  image_id: imageId,
  caption,
  model,
});

/** RFC 4180: every text is quoted, quotes are doubled. */
const csvRow = ({ fileName, imageId, caption, model }: CaptionRow): string =>
  [quoted(fileName), imageId, quoted(caption), quoted(model)].join(',');
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** The conversation form that LLaVA and its relatives are trained on. */
const shareGptRow = ({ fileName, imageId, caption }: CaptionRow): object => ({
  id: String(imageId),
  image: fileName,
  conversations: [
    { from: 'human', value: '<image>\nDescribe the image.' },
    { from: 'gpt', value: caption },
  ],
});
