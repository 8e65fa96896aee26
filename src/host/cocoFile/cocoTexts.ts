// COCO files that are open as text: which documents are some, and asking the dataset worker about what they show.
import path from 'node:path';
import { Range, type CancellationToken, type TextDocument } from 'vscode';
import { HEAD_LENGTH, looksLikeCoco } from '../../shared/coco/looksLikeCoco';
import { createCancelSource } from '../../shared/protocol/cancel';
import type { DatasetMethods, TextSpan } from '../../shared/protocol/dataset';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import type { DatasetPort } from '../editor/datasetStore';

/** Lines at the beginning that are looked at; a minified file has all of it on one. */
const HEAD_LINES = 400;

export const COCO_SELECTOR = [
  { language: 'json', scheme: 'file' },
  { language: 'jsonc', scheme: 'file' },
];

type TextMethod = 'dataset/validate' | 'dataset/fix' | 'dataset/entryAt' | 'dataset/outline';
type Params<K extends TextMethod> = Omit<DatasetMethods[K]['params'], 'path' | 'text'>;

/** True for JSON on disk that begins as COCO files do; cheap, because it is asked of every JSON file. */
export function isCocoDocument(document: TextDocument): boolean {
  const { uri, languageId } = document;
  if (
    !COCO_SELECTOR.some(({ language, scheme }) => language === languageId && scheme === uri.scheme)
  )
    return false;
  const head = document.getText(new Range(0, 0, HEAD_LINES, 0)).slice(0, HEAD_LENGTH);
  return looksLikeCoco(path.basename(uri.fsPath), head);
}

export class CocoTexts {
  constructor(readonly port: DatasetPort) {}

  /**
   * Asks about a document: about the file where the document is saved, else about its text.
   *
   * @param exact ask about the text in any case, because the answer will change it
   * @throws DomainError as the worker answers
   */
  async ask<K extends TextMethod>(
    method: K,
    document: TextDocument,
    params: Params<K>,
    signal?: CancelSignal,
    exact = false,
  ): Promise<DatasetMethods[K]['result']> {
    const request = (text?: { version: number; bytes?: ArrayBuffer }) =>
      this.port.request(
        method,
        {
          path: document.uri.fsPath,
          ...(text ? { text } : {}),
          ...params,
        },
        signal,
      );
    if (!document.isDirty && !exact) return request();
    const { version } = document;
    try {
      return await request({ version });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'conflict') throw error;
    }
    const bytes = Uint8Array.from(new TextEncoder().encode(document.getText()));
    return request({ version: document.version, bytes: bytes.buffer });
  }
}

/** Text of a file as one short line of plain text: control and direction characters are spelled out. */
export function plainText(text: string, most = 120): string {
  const short = text.length > most ? `${text.slice(0, most)}…` : text;
  return short.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Lines and columns from 1 as VS Code's range. */
export function toRange({ line, column, endLine, endColumn }: TextSpan): Range {
  return new Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}

/** A token as the worker's signal. */
export function signalOf(token: CancellationToken): CancelSignal {
  const source = createCancelSource();
  if (token.isCancellationRequested) source.cancel();
  else token.onCancellationRequested(() => source.cancel());
  return source.signal;
}

/** The answer, or null where the request was cancelled or the file cannot be read: then there is nothing to show. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
