// What captions look like on disk. The same captions give the same bytes: no time, no machine in them.
import type { CaptionAnnotation } from '../../shared/coco/types';
import type { Size } from '../../shared/geometry/types';

/** `changes`: proposals for a dataset, see host/jobs/changeSet.ts */
export const CAPTION_FORMATS = ['coco', 'txt', 'jsonl', 'csv', 'sharegpt', 'changes'] as const;
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

/**
 * Text of the one file of every format but `txt`, which has a file an image; in pieces, so that a million rows need
 * no memory.
 *
 * @param rows gone through once or twice
 */
export function* captionTexts(
  format: Exclude<CaptionFormat, 'txt' | 'changes'>,
  rows: Iterable<CaptionRow>,
): Generator<string> {
  switch (format) {
    case 'coco':
      yield* cocoCaptions(rows);
      return;
    case 'jsonl':
      for (const row of rows) yield `${JSON.stringify(jsonRow(row))}\n`;
      return;
    case 'csv':
      yield 'file_name,image_id,caption,model\r\n';
      for (const row of rows) yield `${csvRow(row)}\r\n`;
      return;
    case 'sharegpt':
      yield* list(rows, shareGptRow);
      yield '\n';
  }
}

/** COCO's captions form: images, and annotations that have a caption; one entry a line. */
function* cocoCaptions(rows: Iterable<CaptionRow>): Generator<string> {
  const info = JSON.stringify({ description: 'Captions', contributor: 'Promptmark' });
  yield `{\n"info": ${info},\n"images": `;
  yield* list(rows, ({ imageId, fileName, size: [height, width] }) => ({
    id: imageId,
    file_name: fileName,
    width,
    height,
  }));
  yield ',\n"annotations": ';
  yield* list(rows, captionEntry);
  yield '\n}\n';
}

/** A caption as COCO stores it. */
export const captionEntry = ({
  captionId,
  imageId,
  caption,
  model,
}: CaptionRow): CaptionAnnotation => ({
  id: captionId,
  image_id: imageId,
  caption,
  promptmark: { model },
});

function* list(
  rows: Iterable<CaptionRow>,
  entryOf: (row: CaptionRow) => object,
): Generator<string> {
  let separator = '[\n';
  for (const row of rows) {
    yield separator + JSON.stringify(entryOf(row));
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]' : '\n]';
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
