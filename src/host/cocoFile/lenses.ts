// Lines above the entries of a COCO file: what the file holds, its problems, and the way to the canvas.
import { CodeLens, Range, type CodeLensProvider, type TextDocument } from 'vscode';
import type { CancellationToken } from 'vscode';
import type { OutlineEntry, OutlineList } from '../../shared/protocol/dataset';
import type { CanvasPlace } from '../commands/openOnCanvas';
import { isCocoDocument, signalOf, toRange, unlessGone, type CocoTexts } from './cocoTexts';
import type { CocoValidation } from './validation';

/** Above this many entries of a list only the first ones have a lens. */
const MOST_ENTRIES = 1000;

export class CocoLenses implements CodeLensProvider {
  readonly onDidChangeCodeLenses;

  constructor(
    private readonly texts: CocoTexts,
    private readonly validation: CocoValidation,
  ) {
    this.onDidChangeCodeLenses = validation.onDidChange;
  }

  async provideCodeLenses(document: TextDocument, token: CancellationToken): Promise<CodeLens[]> {
    if (!isCocoDocument(document)) return [];
    const params = { most: MOST_ENTRIES };
    const answer = await unlessGone(
      this.texts.ask('dataset/outline', document, params, signalOf(token)),
    );
    const images = answer?.lists.find(({ list }) => list === 'images');
    if (!answer || !images) return [];
    const dataset = document.uri.fsPath;
    return [
      ...this.top(document, answer.lists),
      ...answer.lists.flatMap(({ list, entries }) =>
        list === 'categories' ? [] : entries.flatMap((entry) => entryLens(dataset, list, entry)),
      ),
    ];
  }

  private top(document: TextDocument, lists: readonly OutlineList[]): CodeLens[] {
    const start = new Range(0, 0, 0, 0);
    const images = lists.find(({ list }) => list === 'images');
    const count = (list: OutlineList['list']): number =>
      lists.find((each) => each.list === list)?.total ?? 0;
    const what = `${plural(count('images'), 'image')} · ${plural(count('annotations'), 'annotation')}`;
    const first = images?.entries.find(({ imageId }) => imageId !== null);
    const lenses = [
      first?.imageId == null
        ? new CodeLens(start, { title: what, command: '' })
        : openLens(start, `Open dataset · ${what}`, {
            dataset: document.uri.fsPath,
            imageId: first.imageId,
          }),
    ];
    const result = this.validation.resultOf(document);
    if (result) {
      const title = plural(result.total, 'problem');
      lenses.push(new CodeLens(start, { title, command: 'workbench.actions.view.problems' }));
    }
    const command = 'promptmark.showStatistics';
    lenses.push(new CodeLens(start, { title: 'Statistics', command, arguments: [document.uri] }));
    return lenses;
  }
}

/** Annotations written on one line have none: a lens above each would take as much room as the list. */
function entryLens(
  dataset: string,
  list: OutlineList['list'],
  { id, imageId, span }: OutlineEntry,
): CodeLens[] {
  if (imageId === null) return [];
  if (list === 'images') return [openLens(toRange(span), 'Open on canvas', { dataset, imageId })];
  if (id === null || span.line === span.endLine) return [];
  return [openLens(toRange(span), 'Open on canvas', { dataset, imageId, annotationId: id })];
}

const openLens = (range: Range, title: string, place: CanvasPlace): CodeLens =>
  new CodeLens(range, { title, command: 'promptmark.openOnCanvas', arguments: [place] });

const plural = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
