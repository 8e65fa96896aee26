// The form of a dataset that Promptmark begins: one entry a line, so that one changed annotation is one changed line.
import { encodeText } from './text';

/** Bytes of a dataset without entries. @param date of its making, ISO 8601 */
export function newDataset(date: string): Uint8Array {
  const info = JSON.stringify({ description: '', version: '1.0', date_created: date }, null, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/^\{ | \}$/g, (edge) => edge.trim());
  return encodeText(
    `{\n  "info": ${info},\n  "licenses": [],\n  "images": [],\n  "annotations": [],\n  "categories": []\n}\n`,
  );
}
